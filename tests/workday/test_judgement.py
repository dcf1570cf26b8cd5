"""What a customer's word is worth, in the dossier: judged today, in a constant number of queries."""

from datetime import timedelta
from typing import Any

import pytest

from fieldsales.collection.models import Claim
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.judgement import QUERIES, read_judgement
from tests import cast
from tests.promises.conftest import promise, settle
from tests.receivables.conftest import Ledger


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program."""
    return Ledger(program.dispatcher)


def test_the_dossier_says_what_his_word_is_worth(ledger: Ledger, program: Program) -> None:
    for months_ago in (1, 2, 3):
        ledger.pay(10_000_00, on=cast.TODAY - timedelta(days=30 * months_ago))
    promise(ledger, 1_00, 0)
    settle(ledger, 5)
    one = promise(ledger, 500_00, 8, funding="own_cash", plan_id=None)
    ledger.perform("promises.note_no_promise", cast.REP, no_promise_id=uuid7(), reason="no_money", words="没钱")
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), purpose="collect", outcome="promised")
    with program.store.writing() as connection:
        connection.execute(table_of(Claim).insert(), [
            {"id": uuid7(), "customer_id": cast.HARBOUR, "code": "downstream", "state": "false", "by_id": "",
             "at": cast.NOON} for _ in range(3)])
    with program.store.reading() as connection:
        found = read_judgement(connection, [cast.HARBOUR, cast.RIVER], cast.TODAY)
    doc, other = found[cast.HARBOUR], found[cast.RIVER]
    assert doc["record"] == {"kept": 0, "partly": 0, "settled": 1, "house_bp": 4545, "truth": [0, 3],
                             "months": {"CNY": [10_000_00, 10_000_00, 10_000_00]}}
    judged = doc["promises"][one]
    assert (judged["klass"], judged["klass_zh"]) == ("costly", "费劲")
    assert "以前给的理由查下来多数不实" in judged["reasons_zh"]
    assert doc["paused"] == {"CNY": 500_00}
    assert doc["asks"] == {"contacts": 1, "received_minor": 30_000_00, "currency": "CNY", "per_10k": 0.3}
    [refusal] = doc["refusals"]
    assert (refusal["reason"], refusal["text_zh"], refusal["words"]) == ("no_money", "说没钱", "没钱")
    assert (other["promises"], other["paused"], other["refusals"], other["asks"]["per_10k"]) == ({}, {}, [], None)


@pytest.mark.parametrize("many", [1, 3])
def test_it_takes_as_many_queries_for_one_as_for_three(
    ledger: Ledger, program: Program, count_queries: Any, many: int
) -> None:
    for _ in range(many):
        promise(ledger)
    customers = [cast.HARBOUR, cast.RIVER][:many]
    with count_queries(program.store.engine) as seen, program.store.reading() as connection:
        read_judgement(connection, customers, cast.TODAY)
    assert len(seen) == QUERIES
