"""The whole program to promise in, and short ways to do it."""

from datetime import timedelta
from typing import Any

import pytest

from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.promises.models import Promise
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def promise(ledger: Ledger, amount: int = 100_00, days: int = 5, **more: Any) -> str:
    promise_id = uuid7()
    ledger.perform("promises.make_promise", cast.REP, **{
        "promise_id": promise_id, "amount_minor": amount, "due_on": cast.TODAY + timedelta(days=days),
        "promisor_name": "林海港", "words": "周二打款", **more})
    return promise_id


def settle(ledger: Ledger, days: int) -> None:
    ledger.perform("promises.settle_promises", SYSTEM, as_of=cast.TODAY + timedelta(days=days))


def state(ledger: Ledger, promise_id: str) -> tuple[str, int]:
    found: tuple[str, int] = ledger.rows(Promise, "state", "kept_minor", id=promise_id)[0]
    return found
