"""A debtor of another customer is nobody's to name: not in a promise, not in an act that restarts the period."""

from __future__ import annotations

import pytest

from fieldsales.kernel.errors import RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests.cast import HARBOUR, HARBOUR_DEBTOR, REP, RIVER_DEBTOR

PROMISE = {"customer_id": HARBOUR, "amount_minor": 100, "due_on": "2026-03-20"}
ACT = {"customer_id": HARBOUR, "occurred_on": "2026-03-12", "ground": "demand", "grade": "C", "proof_kind": "note",
       "proof_id": "x"}


@pytest.mark.parametrize(("operation", "command", "key"), [
    ("promises.make_promise", PROMISE, "promise_id"), ("receivables.interrupt", ACT, "interruption_id")])
def test_debtor_of_another_customer_is_refused(program: Program, operation: str, command: dict, key: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        program.dispatcher.perform(REP, operation, {**command, key: uuid7(), "debtor_id": RIVER_DEBTOR})
    assert caught.value.field == "debtor_id"
    program.dispatcher.perform(REP, operation, {**command, key: uuid7(), "debtor_id": HARBOUR_DEBTOR})
