"""Lists out on both engines: columns, words, scope, what was taken back; and text no spreadsheet runs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.exchange.importing import Importer, Source
from fieldsales.exchange.ledger import read_ledger
from fieldsales.exchange.lists import EXPORTS, Narrowed, listing
from fieldsales.exchange.messages import UndoImport
from fieldsales.exchange.tablefiles import guarded, write_csv, write_xlsx
from fieldsales.exchange.tables import GUARDED, Row, read_table, tidy
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import scope_of
from fieldsales.promises.messages import MakePromise
from fieldsales.receivables.messages import RegisterReceipt
from fieldsales.web.here import Program
from tests.cast import FINANCE, HARBOUR, MANAGER, NOON, OTHER_REP, REP, RIVER, TODAY

HEAD: Row = ["客户编码", "客户名称", "单据编号", "单据日期", "到期日", "价税合计", "已收金额"]
LEDGER: list[Row] = [
    HEAD, ["C001", "海港", "A1", "2026-01-05", "2026-02-04", 1000, 400], ["C001", "海港", "A1", "2026-01-05",
                                                                        "2026-03-04", 500, ""],
    ["C002", "江边", "B1", "2026-01-05", "2026-02-04", 70, ""], ["C002", "江边", "B2", "2026-01-06", "2026-02-04",
                                                               -20, ""],
]  # fmt: skip


def words(message: str) -> str:
    return message


def taken(program: Program, kind: str, actor: Actor = FINANCE, **narrowed: str) -> list[tuple[object, ...]]:
    with program.store.reading() as connection:
        return list(listing(connection, kind, scope_of(actor), Narrowed(**narrowed), words).rows)


@pytest.fixture
def both(make_app: Callable[..., Flask], any_url: str) -> Program:
    """The program with a small ledger in it, on SQLite and on PostgreSQL."""
    program: Program = make_app(any_url).extensions["fieldsales"]
    Importer(program.dispatcher, FINANCE).run(read_ledger(LEDGER, "invoices"), Source("a", "a" * 64))
    for actor, customer in ((REP, HARBOUR), (OTHER_REP, RIVER)):
        receipt = uuid7()
        program.dispatcher.perform(actor, "receivables.register_receipt", RegisterReceipt(
            receipt_id=receipt, number=paper_number("SJ", receipt, TODAY), customer_id=customer, amount_minor=5000,
            method="cash", received_at=NOON))
        program.dispatcher.perform(actor, "promises.make_promise", MakePromise(
            promise_id=uuid7(), customer_id=customer, amount_minor=7000, due_on=TODAY, words="=月底付"))
    return program


def test_every_list_is_taken_out(both: Program) -> None:
    assert {kind: len(taken(both, kind)) for kind in EXPORTS} == {
        "customers": 2, "invoices": 4, "payments": 1, "ageing": 2, "receipts": 2, "promises": 2}
    assert [str(cell) for cell in taken(both, "receipts", REP)[0][1:7]] == [
        "2026-03-12", "C001", "海港五金商行", "50.00", "CNY", "Cash"]
    assert [str(cell) for cell in taken(both, "promises", REP)[0][2:8]] == [
        "70.00", "CNY", "2026-03-12", "", "=月底付", "Open promise"]
    first = taken(both, "invoices")[0]
    assert [str(cell) for cell in first[:9]] == [
        "C001", "海港五金商行", "A1", "Receivable", "2026-01-05", "2026-02-04", "1000.00", "400.00", "600.00"]


@pytest.mark.parametrize("kind", EXPORTS)
def test_list_holds_what_one_may_see_and_no_more(both: Program, kind: str) -> None:
    whole, mine, other = (str(taken(both, kind, actor)) for actor in (FINANCE, REP, OTHER_REP))
    assert "海港五金商行" in mine
    assert "江边" not in mine
    assert "海港" not in other
    assert "海港五金商行" in whole
    assert str(taken(both, kind, MANAGER)) == mine


def test_list_is_narrowed_as_its_page(both: Program) -> None:
    assert {row[0] for row in taken(both, "customers", owner_id=REP.user_id)} == {"C001"}
    assert {row[0] for row in taken(both, "invoices", show="overdue")} == {"C001", "C002"}
    assert taken(both, "invoices", show="over90") == []
    assert {row[0] for row in taken(both, "ageing", team_id=str(OTHER_REP.team_id))} == {"C002"}


def test_what_was_taken_back_is_in_no_list(both: Program) -> None:
    rows: list[Row] = [HEAD[:6], ["C001", "海港", "X9", "2026-01-05", "2026-02-04", 5]]
    outcome = Importer(both.dispatcher, FINANCE).run(read_ledger(rows, "invoices"), Source("b", "b" * 64))
    assert "X9" in str(taken(both, "invoices"))
    both.dispatcher.perform(FINANCE, "exchange.undo_import", UndoImport(import_id=outcome.import_id, reason="错"))
    assert "X9" not in str(taken(both, "invoices"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=20))
def test_any_text_comes_back_from_a_file_as_it_went_in(text: str) -> None:
    kept = tidy(text)  # what a record can hold: clean, one line, trimmed
    kept = tidy(kept) if kept != tidy(kept) else kept
    for write in (write_csv, write_xlsx):
        stream = io.BytesIO()
        write(stream, ("a", "b"), [(kept, "x")])  # type: ignore[operator]
        assert read_table(stream.getvalue()).rows[1][0] == kept
    assert guarded(kept)[:1] not in GUARDED
