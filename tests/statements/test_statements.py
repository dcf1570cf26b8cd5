"""Statements of account: signed like a plan, agreed part acknowledged, differences listed and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fieldsales.collection.models import Task
from fieldsales.documents.models import Document
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Answer, Envelope
from fieldsales.receivables.models import Interruption
from fieldsales.statements.models import Statement
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import DEVICE, command, enrol, signed, statement

REBATE = {"kind": "rebate", "amount_minor": 230_000, "note": "去年返利"}
RETURNED = {"kind": "returned", "amount_minor": 1_000_000, "note": "角磨机 5 台"}


def push(program: Program, payload: Any, actor: Any = cast.REP, sent: Any = None) -> Answer:
    """Send a signed statement as the phone does."""
    envelope = Envelope(uuid7(), "statements.sign_statement", sent or command(payload), device_id=DEVICE)
    return program.dispatcher.perform_batch(actor, [envelope])[0]


def test_agreed_balance_is_acknowledged(any_url: str, make_app: Callable[..., Flask]) -> None:
    program = with_debt(make_app(any_url))
    enrol(program)
    answer = push(program, statement())
    assert (answer.status, (answer.data or {})["flags"]) == ("applied", [])
    [row] = rows(program, Statement)
    assert (row["balance_minor"], row["agreed_minor"], row["differences"]) == (18_230_000, 18_230_000, [])
    [document] = rows(program, Document)
    assert (document["kind"], document["id"]) == ("statement", row["document_id"])
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"]) == ("acknowledgement", "A")


def test_differences_are_listed_and_make_a_task(owed: Program) -> None:
    answer = push(owed, statement(differences=[REBATE, RETURNED]))
    assert answer.status == "applied"
    [row] = rows(owed, Statement)
    assert row["agreed_minor"] == 17_000_000
    assert [one["kind"] for one in row["differences"]] == ["rebate", "returned"]
    assert [task["kind"] for task in rows(owed, Task)] == ["differences"]


def test_statement_that_agrees_on_nothing_acknowledges_nothing(owed: Program) -> None:
    everything = {"kind": "not_booked", "amount_minor": 18_230_000}
    assert push(owed, statement(differences=[everything])).status == "applied"
    assert rows(owed, Interruption) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agreed_minor": 18_000_000}, "statements.sum"),
        ({"balance_minor": 18_000_000, "agreed_minor": 18_000_000}, "statements.invoices"),
        ({"number": "DZ260312-00000000"}, "statements.number"),
        ({"as_of": cast.TODAY + timedelta(days=2)}, "statements.future"),
        ({"debtor_id": cast.RIVER_DEBTOR}, "paper.debtor"),
        ({"seller_account": "6222 0000 1111 2222"}, "paper.account"),
    ],
)
def test_statement_that_contradicts_itself_is_rejected(owed: Program, change: dict[str, Any], code: str) -> None:
    answer = push(owed, statement(**change))
    assert (answer.status, answer.code) == ("rejected", code)
    assert rows(owed, Statement) == rows(owed, Document) == []


def test_balance_that_moved_is_flagged(owed: Program) -> None:
    owed.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [{
        "payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 100, "received_on": cast.TODAY}]})
    assert (push(owed, statement()).data or {})["flags"] == ["balance_moved"]
    assert (push(owed, statement(18_229_900, invoices=[])).data or {})["flags"] == []


def test_debtor_renamed_meanwhile_is_flagged(owed: Program) -> None:
    assert (push(owed, statement(debtor_name="旧名五金有限公司")).data or {})["flags"] == ["debtor_changed"]


def test_same_signing_twice_is_one_statement(owed: Program) -> None:
    payload = statement()
    sent = command(payload)
    assert [push(owed, payload, sent=sent).status for _ in range(2)] == ["applied", "applied"]
    assert len(rows(owed, Statement)) == 1


def test_other_payload_under_a_known_signing_is_rejected(owed: Program) -> None:
    payload = statement()
    push(owed, payload)
    other = statement(differences=[REBATE])
    answer = push(owed, other, sent=command(other, signed(payload)))
    assert (answer.status, answer.code) == ("rejected", "documents.payload_changed")


def test_statement_of_another_reps_customer_is_not_found(owed: Program) -> None:
    answer = push(owed, statement(), actor=cast.OTHER_REP)
    assert (answer.status, answer.kind) == ("rejected", "not_found")


def test_no_phone_says_that_a_statement_was_signed_by_a_link(owed: Program) -> None:
    sent = command(statement())
    sent["signing"]["remote"] = {"link_id": uuid7(), "signed_at": "2026-03-12T00:00:00Z", "ip": "192.0.2.1",
                                 "user_agent": "a phone nobody opened"}  # fmt: skip
    assert push(owed, None, sent=sent).code == "plans.by_link"
    assert rows(owed, Statement) == []
