"""Every invariant holds on real books, and finds the breach planted against it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from fieldsales.audit.commands import audit
from fieldsales.audit.queries import audit_all
from fieldsales.audit.rules import WORDS
from fieldsales.documents.models import Document, DocumentRevision
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import Blob
from fieldsales.sync.messages import Push
from fieldsales.sync.service import push
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from tests import cast
from tests.receivables.conftest import Ledger
from tests.sync.phone import visit

Plant = Callable[..., None]
CUSTOMER = f"customer_id = '{cast.HARBOUR}'"


@pytest.fixture
def books(program: Program) -> Program:
    """Books with one of everything in them."""
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 100_00, late=100)
    ledger.invoice("B", 100_00, dues=[(cast.TODAY, 40_00), (cast.TODAY + timedelta(days=30), 60_00)])
    ledger.invoice("R", -20_00)
    ledger.invoice("D", 30_00, currency="USD")
    cancelled = ledger.invoice("C", 5_00)
    ledger.perform("receivables.cancel_invoices", invoice_ids=[cancelled], reason="误")
    ledger.pay(50_00, "A")
    back = ledger.pay(500_00)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=back, reason="退票")
    receipt = uuid7()
    ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number="SJ1", amount_minor=7_00,
                   method="cash", received_at=cast.NOON)
    ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(), received_on=cast.TODAY)
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=5, due_on=cast.TODAY)
    ledger.perform("promises.settle_promises", SYSTEM, as_of=cast.TODAY + timedelta(days=5))
    _paper(program)
    _phone(program)
    return program


def _phone(program: Program) -> None:
    """What a phone sent: a visit, one that waits for another, one that is refused, and one under a used id."""
    first = visit()
    waiting, refused = visit(needs=[uuid7()]), visit(purpose="fishing")
    other = first | {"payload": first["payload"] | {"said": "不付"}}
    answers = [push(program.dispatcher, cast.REP, Push(commands=[one])) for one in (first, waiting, refused, other)]
    assert [one[0].status for one in answers] == ["applied", "held", "rejected", "rejected"]


def _paper(program: Program) -> None:
    """A sealed paper with its bytes, and the plan on it."""
    blobs: BlobStore = program.parts["blobs"]
    sha256 = blobs.put(b"%PDF sealed")
    document, plan = uuid7(), uuid7()
    rows: list[tuple[Any, dict[str, Any]]] = [
        (Blob, {"sha256": sha256, "size": 11, "mime": "application/pdf", "stored_at": cast.NOON, "by_id": ""}),
        (Document, {"id": document, "number": "HK1", "kind": "plan", "lang": "zh", "customer_id": cast.HARBOUR,
                    "subject_kind": "plan", "subject_id": plan, "source": {}, "state": "sealed", "level": "B-B",
                    "sha256": sha256, "flags": [], "certificate": "", "made_at": cast.NOON, "by_id": ""}),
        (DocumentRevision, {"id": uuid7(), "document_id": document, "n": 1, "kind": "sealed", "level": "B-B",
                            "sha256": sha256, "size": 11, "recorded_at": cast.NOON}),
        (Plan, {"id": plan, "number": "HK1", "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
                "seller_id": cast.SELLER, "total_minor": 30, "currency": "CNY", "payload": {}, "payload_sha256": "",
                "manifest_sha256": "m", "signatory_name": "x", "signatory_role": "self", "authority": "self",
                "signed_at": cast.NOON, "received_at": cast.NOON, "by_id": "", "document_id": document, "flags": []}),
        *((PlanInstalment, {"id": uuid7(), "plan_id": plan, "customer_id": cast.HARBOUR, "n": n, "kept_minor": 0,
                            "due_on": cast.TODAY, "amount_minor": 15, "currency": "CNY", "state": "open"})
          for n in (1, 2)),
    ]
    with program.store.writing() as connection:
        for model, row in rows:
            connection.execute(model.__table__.insert().values(**row))


def broken(program: Program) -> list[str]:
    with program.store.reading() as connection:
        found = audit_all(connection, program.parts["blobs"])
    assert [one.code for one in found] == list(WORDS)
    return [one.code for one in found if not one.holds]


def test_sound_books_hold_on_every_count(books: Program) -> None:
    with books.store.reading() as connection:
        found = audit_all(connection, books.parts["blobs"])
    assert {one.code: one.breaches for one in found if one.breaches} == {}
    assert all(one.checked for one in found if one.code != "S6")


def test_empty_books_hold(program: Program) -> None:
    assert broken(program) == []


#: One planted breach each, as somebody with a database prompt would make it, and all it must be found by.
BREACHES = {
    "allocation beyond its payment": (
        "UPDATE allocations SET amount_minor = 6000 WHERE amount_minor = 5000 AND reverses_id IS NULL", {"M1", "M2"}),
    "unapplied made up": (f"UPDATE payments SET unapplied_minor = 1 WHERE amount_minor = 5000 AND {CUSTOMER}",
                          {"M1", "M4", "K1"}),
    "case pressed on by hand": ("UPDATE collection_cases SET stage = 'legal'", {"K1"}),
    "open lowered by hand": ("UPDATE invoices SET open_minor = open_minor - 1 WHERE number = 'B'", {"M2", "M4"}),
    "due raised by hand": ("UPDATE dues SET open_minor = open_minor + 1 WHERE n = 2", {"M2", "M4"}),
    "instalment changed": ("UPDATE plan_instalments SET amount_minor = 16 WHERE n = 1", {"M3"}),
    "instalment of nothing": ("UPDATE plan_instalments SET amount_minor = CASE n WHEN 1 THEN 30 ELSE 0 END", {"M3"}),
    "summary changed": ("UPDATE customer_money SET d91p_minor = d91p_minor + 1", {"M4"}),
    "summary lost": ("DELETE FROM customer_money", {"M4"}),
    "sort key changed": ("UPDATE customers SET overdue_minor = overdue_minor + 1", {"M4"}),
    "invoice and balance changed together": (
        "UPDATE invoices SET total_minor = total_minor + 1, open_minor = open_minor + 1 WHERE number = 'D'",
        {"M2", "M5"}),
    "reversal not its original": ("UPDATE payments SET amount_minor = -49999 WHERE amount_minor = -50000",
                                  {"M4", "M5"}),
    "currency changed": ("UPDATE dues SET currency = 'EUR' WHERE currency = 'USD'", {"M4", "M6"}),
    "receipt of a command lost": ("DELETE FROM command_receipts WHERE operation = 'receivables.hand_in_cash' OR "
                                  "operation = 'promises.make_promise'", {"S2"}),
    "acknowledged visit lost": ("DELETE FROM visits", {"S1"}),
    "other command kept with changed bytes": ("UPDATE reused_ids SET raw = '{}'", {"S3"}),
    "other command that is no other": (
        "UPDATE reused_ids SET raw = 'null', digest = (SELECT digest FROM command_receipts "
        "WHERE command_receipts.command_id = reused_ids.command_id)", {"S3"}),
    "held command thrown away": ("UPDATE command_receipts SET raw = 'null' WHERE status = 'held'", {"S4"}),
    "what it waited for came and nobody looked": (
        "UPDATE command_receipts SET entity_id = (SELECT waits_for FROM command_receipts WHERE status = 'held') "
        "WHERE status = 'applied' AND operation = 'promises.make_promise'", {"S1", "S4"}),
    "a phone's clock as the server's": (
        "UPDATE command_receipts SET received_at = '2031-01-01 00:00:00' WHERE operation = 'visits.log_visit'", {"S8"}),
    "change number cut out": ("DELETE FROM changes WHERE seq = 2", {"S8"}),
    "plan without its paper": ("UPDATE plans SET document_id = ''", {"E4"}),
    "two papers of one plan": (
        "INSERT INTO documents (id, number, kind, lang, customer_id, subject_kind, subject_id, source, state, level, "
        "flags, certificate, made_at, by_id) SELECT 'twin', 'HK2', kind, lang, customer_id, subject_kind, subject_id, "
        "source, 'failed', level, flags, certificate, made_at, by_id FROM documents", {"E4"}),
    "log link doubled": ("UPDATE audit_chain SET command_id = (SELECT command_id FROM audit_chain WHERE seq = 1) "
                         "WHERE seq = 2", {"S2", "E1"}),
    "log body rewritten": ("UPDATE audit_bodies SET body = replace(body, '误', '对')", {"E1"}),
    "log link cut out": ("DELETE FROM audit_chain WHERE seq = 2", {"S2", "E1"}),
    "paper without errand": ("UPDATE documents SET state = 'sealing_pending'", {"S7"}),
    "paper's hash changed": (f"UPDATE documents SET sha256 = '{'0' * 64}'", {"S7", "E2"}),
    "blob row lost": ("DELETE FROM blobs", {"S7"}),
    "receipt settled by hand": ("UPDATE payment_receipts SET state = 'rejected'", {"R1"}),
    "promise broken by hand": ("UPDATE promises SET state = 'broken'", {"R1"}),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_found(books: Program, breach: str) -> None:
    statement, expected = BREACHES[breach]
    with books.store.writing() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    assert set(broken(books)) == expected


def test_every_invariant_has_a_planted_breach() -> None:
    assert set().union(*(expected for _, expected in BREACHES.values())) | {"S6"} == WORDS.keys()


def test_bytes_changed_on_disk_are_found(books: Program) -> None:
    (path,) = books.parts["blobs"].root.glob("??/*")
    path.write_bytes(b"%PDF tampered")
    assert broken(books) == ["S6", "E2"]


def test_bytes_lost_from_disk_are_found(books: Program) -> None:
    (path,) = books.parts["blobs"].root.glob("??/*")
    path.unlink()
    assert broken(books) == ["S6", "E2"]


def test_a_file_nobody_knows_is_found(books: Program) -> None:
    """Once it has lain there for more than a minute: until then its row may still be on its way."""
    blobs = books.parts["blobs"]
    path = blobs.path(blobs.put(b"stray"))
    assert broken(books) == []
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 61))
    assert broken(books) == ["S7"]


def test_an_erased_body_does_not_break_the_chain(books: Program) -> None:
    with books.store.writing() as connection:
        connection.execute(text("DELETE FROM audit_bodies WHERE seq < 4"))
    assert broken(books) == []


def test_the_command_says_what_it_checked_and_ends_with_one_on_a_breach(books: Program) -> None:
    runner = CliRunner()
    fine = runner.invoke(audit, ["--json"], obj=lambda: books)
    assert fine.exit_code == 0
    assert [json.loads(line)["invariant"] for line in fine.output.splitlines()] == list(WORDS)
    with books.store.writing() as connection:
        connection.execute(text("UPDATE invoices SET open_minor = open_minor - 1 WHERE number = 'B'"))
    bad = runner.invoke(audit, [], obj=lambda: books, env={"LANG": "C", "LC_ALL": "C"})
    assert bad.exit_code == 1
    assert "M2" in bad.output


def test_night_and_audit_run_on_both_engines(make_app: Callable[..., Any], any_url: str) -> None:
    program: Program = make_app(any_url).extensions["fieldsales"]
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 100_00, late=30)
    ledger.pay(50_00)
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=500_00, due_on=cast.TODAY)
    program.clock.at += timedelta(days=5)  # type: ignore[attr-defined]
    figures = run_night(program.dispatcher)
    assert (figures["promises"], figures["rolled"], figures["refused"]) == (1, 1, 0)
    assert broken(program) == []
