"""The demo tells a true story: every page has something to show, and the books are sound."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from fieldsales import demo
from fieldsales.collection.models import Claim, SupplyDecision, Task
from fieldsales.customers.models import Customer, Helper
from fieldsales.demo.commands import sample
from fieldsales.demo.files import write_all
from fieldsales.demo.ledger import make_ledger
from fieldsales.disputes.models import Dispute
from fieldsales.exchange.headers import guess_kind
from fieldsales.exchange.ledger import read_ledger
from fieldsales.exchange.tables import read_table
from fieldsales.plans.links import is_outdated, load_links
from fieldsales.plans.models import PlanInstalment, SigningLink
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney, Invoice, Payment, PaymentReceipt
from fieldsales.schema import metadata
from fieldsales.store import make_engine
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.web.here import Program

TODAY = date(2026, 3, 12)


@pytest.fixture
def bare(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """The program over an empty database."""
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    engine = make_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    return make_app(url)


def test_same_seed_and_day_give_the_same_ledger() -> None:
    assert make_ledger(TODAY) == make_ledger(TODAY)
    assert make_ledger(TODAY) != make_ledger(TODAY, seed=21)


def test_generated_files_come_in_whole_in_both_shapes(tmp_path: Path) -> None:
    ledger = make_ledger(TODAY)
    made = write_all(tmp_path, ledger)
    total = sum(invoice.minor for invoice in ledger.invoices)
    for kind in ("invoices", "invoices-yonyou"):
        reading = read_ledger(read_table(made[kind].read_bytes()).rows, "invoices")
        assert reading.problems == []
        assert sum(record.minor for record in reading.invoices) == total
        assert any("agrees" in notice.message for notice in reading.notices)
        assert {record.kind for record in reading.invoices} == {"invoice", "credit_note", "opening"}
    paid = read_ledger(read_table(made["payments"].read_bytes()).rows, "payments")
    assert any(not record.invoice_numbers for record in paid.payments)
    assert any(record.invoice_numbers for record in paid.payments)
    ages = {min(4, max(0, (TODAY - i.due_on).days + 29) // 30) for i in ledger.invoices if i.minor > i.paid_minor}
    assert ages == {0, 1, 2, 3, 4}


def test_sample_is_written_as_a_file_or_a_folder(tmp_path: Path) -> None:
    runner = CliRunner()
    for kind, name in (("invoices", "a.csv"), ("invoices", "a.xlsx"), ("customers", "c.xlsx"), ("payments", "p.csv")):
        ran = runner.invoke(sample, [kind, "-o", str(tmp_path / name), "--as-of", "2026-03-12"])
        assert ran.exit_code == 0, ran.output
        assert guess_kind(read_table((tmp_path / name).read_bytes()).rows) == kind
    assert runner.invoke(sample, ["customers", "-o", str(tmp_path / "c.csv")]).exit_code == 2
    assert runner.invoke(sample, ["-o", str(tmp_path / "all")]).exit_code == 0
    assert len(list((tmp_path / "all").iterdir())) == 4


@pytest.mark.slow
def test_demo_fills_every_page_and_is_filled_once(bare: Flask) -> None:
    program: Program = bare.extensions["fieldsales"]
    assert demo.is_wanted(bare)
    assert demo.logins(bare) == []
    started = time.monotonic()
    demo.fill(bare)
    print(f"demo: {time.monotonic() - started:.1f} s")
    assert not demo.is_wanted(bare)
    assert len(demo.logins(bare)) == 10

    def count(model: type, *where: object) -> int:
        with program.store.reading() as connection:
            query = select(func.count()).select_from(table_of(model)).where(*where)  # type: ignore[arg-type]
            return int(connection.execute(query).scalar_one())

    assert count(Customer, Customer.owner_id.is_(None)) == 0
    assert count(Invoice, Invoice.open_minor < 0) == 0  # every credit note found its debt
    for model in (Visit, Dispute, Helper, SupplyDecision, Claim, Task, PlanInstalment, PaymentReceipt):
        assert count(model) > 0, model
    assert count(Payment, Payment.unapplied_minor < 0) == 0
    for state in ("kept", "broken", "open"):
        assert count(Promise, Promise.state == state) > 0, state
    assert count(PlanInstalment, PlanInstalment.state == "kept") == 1
    m = table_of(CustomerMoney).c
    with program.store.reading() as connection:
        buckets = connection.execute(select(*(func.sum(column) for column in (
            m.not_due_minor, m.d1_30_minor, m.d31_60_minor, m.d61_90_minor, m.d91p_minor)))).one()
        link_id = connection.execute(select(table_of(SigningLink).c.id)).scalar_one()
        link = load_links(connection, [link_id])[link_id]
        assert not is_outdated(connection, link, program.clock.now(), program.settings.zone), "to be signed"
    assert all(bucket > 0 for bucket in buckets), buckets
