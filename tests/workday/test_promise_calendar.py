"""The promise calendar: by day, by currency, by what is judged; plans beside promises and never twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import Scope, scope_of
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.probability import house_bp
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.promisecalendar import QUERIES, beside, month_of, read_month
from tests import cast
from tests.promises.conftest import promise, settle
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]
MARCH = date(2026, 3, 1)
EVERYBODY = Scope("all", "", None)


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program."""
    return Ledger(program.dispatcher)


def test_months_at_the_edges() -> None:
    assert month_of("2026-02", cast.TODAY) == date(2026, 2, 1)
    assert [month_of(text, cast.TODAY) for text in ("", "2026-13", "x", "0001-01")] == [MARCH] * 4
    assert (beside(date(2026, 1, 1), -1), beside(date(2026, 12, 1), 1)) == (date(2025, 12, 1), date(2027, 1, 1))


def test_a_month_holds_promises_and_instalments_once(ledger: Ledger, program: Program) -> None:
    plan = uuid7()
    with program.store.writing() as connection:
        connection.execute(insert(table_of(Plan)).values(
            id=plan, number="HK1", customer_id=cast.HARBOUR, debtor_id=cast.HARBOUR_DEBTOR, seller_id=cast.SELLER,
            total_minor=100_00, currency="CNY", payload={}, payload_sha256="a", manifest_sha256="b",
            signatory_name="林", signatory_role="", authority="", signed_at=cast.NOON, received_at=cast.NOON,
            by_id=cast.REP.user_id, document_id=uuid7(), flags=[]))
        connection.execute(insert(table_of(PlanInstalment)).values(
            id=uuid7(), plan_id=plan, customer_id=cast.HARBOUR, n=1, due_on=date(2026, 3, 20), amount_minor=100_00,
            currency="CNY", state="open", kept_minor=0))
    promise(ledger, 80_00, 8, plan_id=plan)     # repeats the instalment
    promise(ledger, 60_00, 8, funding="own_cash")
    promise(ledger, 9_00, 8, currency="USD")
    promise(ledger, 50_00, 30)                  # in April
    promise(ledger, 40_00, 0)
    settle(ledger, 5)
    with program.store.reading() as connection:
        month = read_month(connection, EVERYBODY, MARCH)
        open_only = read_month(connection, EVERYBODY, MARCH, state="open")
        nobody = read_month(connection, scope_of(cast.OTHER_REP), MARCH)
    assert [(one.due_on.day, one.amount_minor, one.number) for one in month.entries] == [
        (12, 40_00, ""), (20, 100_00, "HK1"), (20, 80_00, ""), (20, 60_00, ""), (20, 9_00, "")]
    yuan, dollars = month.totals
    assert (yuan.promised_minor, yuan.open_minor, yuan.short_minor, yuan.count) == (200_00, 160_00, 40_00, 4)
    assert 0 < yuan.expected_minor < yuan.open_minor
    [signed] = [one for one in month.entries if one.number]
    assert (signed.klass, signed.probability_bp) == ("signed", (4 * house_bp(0, 0, 1)) // 5)
    assert (dollars.currency, dollars.promised_minor) == ("USD", 9_00)
    assert [len(week) for week in month.weeks] == [7] * 6
    assert (month.weeks[0][0].on, month.weeks[0][0].in_month) == (date(2026, 2, 23), False)
    assert {day.on.day for week in month.weeks for day in week if day.sums} == {12, 20}
    assert [one.state for one in open_only.entries] == ["open"] * 4
    assert nobody.entries == ()
    assert [(one.klass, one.count, one.kept_bp) for one in month.fared] == [("costly", 1, 0)]
    assert nobody.fared == ()


@pytest.mark.parametrize("many", [1, 3])
def test_a_month_takes_as_many_queries_however_much_it_holds(
    ledger: Ledger, program: Program, count_queries: Any, many: int
) -> None:
    for days in range(many):
        promise(ledger, days=days + 1)
    with count_queries(program.store.engine) as statements, program.store.reading() as connection:
        read_month(connection, EVERYBODY, MARCH)
    assert len(statements) == QUERIES


def test_the_page_is_for_whoever_sees_the_customer_and_its_file_is_of_that_month(
    ledger: Ledger, log_in: Enter
) -> None:
    promise(ledger, 80_00, 8, words="二十号付", funding="bank_loan")
    promise(ledger, 70_00, 40)
    text = log_in("manager").get("/promises").get_data(as_text=True)
    assert "二十号付" in text
    assert "要等银行贷款下来" in text
    assert "¥70.00" not in text
    assert "¥70.00" in log_in("manager").get("/promises?month=2026-04").get_data(as_text=True)
    assert "二十号付" not in log_in("other_manager").get("/promises").get_data(as_text=True)
    assert "二十号付" not in log_in("manager").get("/promises?show=broken").get_data(as_text=True)
    answer = log_in("rep").get("/export/promises?month=2026-03&format=csv")
    file = answer.get_data(as_text=True)
    answer.close()
    assert "二十号付" in file
    assert "银行贷款" in file
    assert "70.00" not in file
