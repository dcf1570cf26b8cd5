"""A visit on which everything happened at once goes on record in one go, in a process that has learned nothing yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldsales.collection.models import Claim, Task
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.promises.models import Promise
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger


@pytest.mark.parametrize("outcome", ["refused", "absent", "promised", "account_differs", "not_discussed"])
def test_a_visit_with_every_reason_at_once_and_broken_words_behind_it_is_recorded(program: Program, outcome: str
                                                                                 ) -> None:
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 50_000_00, late=200)
    for days in (0, 1):
        ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=9_00,
                       due_on=cast.TODAY + timedelta(days=days))
    ledger.perform("promises.settle_promises", SYSTEM, as_of=cast.TODAY + timedelta(days=9))
    codes = sorted(program.plugins.excuses)
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), outcome=outcome, said="没钱，再逼就不做了",
                   absent_person="林海港", excuses=[{"id": uuid7(), "code": code, "words": "x"} for code in codes])
    assert len(ledger.rows(Claim, "id")) == len(codes)
    assert cast.MANAGER.user_id in ledger.rows(Task, "assignee_id", kind="threat")
    assert ledger.rows(Promise, "state") == ["broken", "broken"]
