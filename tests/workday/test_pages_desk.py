"""The manager's page: each figure is the ledger's, and of his own team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.rules import scope_of
from fieldsales.web.here import Program
from fieldsales.workday.desk import Day, read_day
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import said

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def day_of(program: Program, who: Any = cast.MANAGER) -> Day:
    with program.store.reading() as connection:
        return read_day(connection, scope_of(who), program.clock.now(), program.today, "CNY", "Asia/Shanghai", 1)


def cash(ledger: Ledger, amount: int) -> str:
    receipt = uuid7()
    ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, amount_minor=amount, method="cash",
                   number=paper_number("SJ", receipt, cast.TODAY), received_at=cast.NOON.isoformat())
    return receipt


def promise(ledger: Ledger, amount: int, due: int) -> None:
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=amount,
                   due_on=cast.TODAY + timedelta(days=due))


def test_desk_money_in_counts_confirmed_and_registered_apart(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A-1", 500_00, late=3)
    ledger.pay(120_00)
    ledger.pay(30_00, on=cast.TODAY - timedelta(days=1))
    cash(ledger, 40_00)
    figures = day_of(program).figures
    today = (figures.confirmed_today_minor, figures.registered_today_minor, figures.cash_out_minor)
    assert today == (120_00, 40_00, 40_00)
    assert figures.cash_late_count == 0


def test_desk_cash_is_late_after_a_day_and_gone_when_handed_in(
    ledger: Ledger, program: Program, clock: FixedClock
) -> None:
    receipt = cash(ledger, 40_00)
    clock.at = cast.NOON + timedelta(hours=24, minutes=1)
    figures = day_of(program).figures
    assert (figures.cash_late_count, figures.registered_today_minor, figures.cash_out_minor) == (1, 0, 40_00)
    ledger.perform("receivables.hand_in_cash", cast.REP, receipt_id=receipt)
    assert day_of(program).figures.cash_out_minor == 0


def test_desk_ageing_and_over_90_are_the_ledgers(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A-1", 500_00, late=95)
    ledger.invoice("A-2", 300_00, late=-5)
    figures = day_of(program).figures
    assert figures.ageing == (300_00, 0, 0, 0, 500_00)
    assert (figures.over_90_minor, figures.over_90_count, figures.open_minor) == (500_00, 1, 800_00)


def test_desk_awaits_what_is_promised_for_seven_days_and_what_is_past_its_day(ledger: Ledger, program: Program) -> None:
    for due in (-1, 0, 6, 7):
        promise(ledger, (due + 2) * 100_00, due)
    ledger.pay(30_00)
    assert [line.short_minor for line in day_of(program).awaited] == [70_00, 200_00, 800_00]
    assert day_of(program).due_sums == (("CNY", 1_070_00),)


def test_desk_sum_of_the_week_counts_what_is_not_listed(ledger: Ledger, program: Program) -> None:
    for _ in range(14):
        promise(ledger, 100_00, 1)
    day = day_of(program)
    assert (len(day.awaited), day.due_sums) == (12, (("CNY", 1_400_00),))


def test_desk_says_what_is_owed_in_another_currency_and_never_adds_it(
    ledger: Ledger, program: Program, log_in: Enter
) -> None:
    ledger.invoice("A-1", 500_00, late=95)
    ledger.invoice("U-1", 700_00, late=95, currency="USD")
    ledger.invoice("U-2", 200_00, late=-5, currency="USD")
    figures = day_of(program).figures
    assert (figures.open_minor, figures.over_90_minor, figures.over_90_count) == (500_00, 500_00, 1)
    assert figures.others == (("USD", 900_00, 700_00),)
    assert "另欠 $900.00，其中逾期 $700.00" in log_in("manager").get("/desk").get_data(as_text=True)


def test_desk_broken_promise_shows_what_did_not_come(ledger: Ledger, program: Program, clock: FixedClock) -> None:
    ledger.invoice("A-1", 500_00, late=3)
    promise(ledger, 200_00, 0)
    ledger.pay(50_00)
    clock.at = cast.NOON + timedelta(days=2)
    program.dispatcher.perform(SYSTEM, "promises.settle_promises", {
        "customer_id": cast.HARBOUR, "as_of": program.today.isoformat()})
    broken = day_of(program).broken
    assert [(line.amount_minor, line.short_minor, line.owner_name) for line in broken] == [
        (200_00, 150_00, cast.REP.name)]
    clock.at = cast.NOON + timedelta(days=4)
    assert day_of(program).broken == ()


def test_desk_supply_stop_is_suggested_until_somebody_decides(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A-1", 500_00, late=70)
    assert [stop.customer_id for stop in day_of(program).stops] == [cast.HARBOUR]
    ledger.perform("collection.decide_supply", cast.MANAGER, decision_id=uuid7(), stop=True, reason="逾期太久")
    assert day_of(program).stops == ()


def test_desk_weeks_begin_on_mondays_and_sum_the_money(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A-1", 900_00, late=3)
    ledger.pay(100_00, on=cast.TODAY)
    ledger.pay(200_00, on=cast.TODAY - timedelta(days=7))
    weeks = day_of(program).weeks
    assert [week.minor for week in weeks] == [0, 0, 0, 0, 200_00, 100_00]
    assert {week.begins.weekday() for week in weeks} == {0}


def test_desk_shows_nothing_of_another_team(ledger: Ledger, program: Program, log_in: Enter) -> None:
    ledger.invoice("A-1", 500_00, late=95)
    cash(ledger, 40_00)
    promise(ledger, 100_00, 1)
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), outcome="refused")
    day = day_of(program, cast.OTHER_MANAGER)
    assert (day.figures.open_minor, day.figures.cash_out_minor) == (0, 0)
    assert (day.broken, day.awaited, day.stops, day.plans, day.visits) == ((), (), (), (), ())
    assert cast.HARBOUR_NAME not in log_in("other_manager").get("/desk").get_data(as_text=True)
    assert cast.HARBOUR_NAME in log_in("manager").get("/desk").get_data(as_text=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_costs_the_same_with_one_row_and_three(
    ledger: Ledger, put: Callable[..., str], program: Program, log_in: Enter, count_queries: Any, rows: int
) -> None:
    client = log_in("manager")
    for n in range(rows):
        ledger.invoice(f"A-{n}", 100_00, late=95)
        cash(ledger, 40_00)
        said(put, 100_00, n)
    with count_queries(program.store.engine) as seen:
        assert client.get("/desk").status_code == 200
    # session; three for the figures, broken, due and its sums, stops, plans, visits, weeks; ten for the month's
    # targets; what waits in the rail and beside it; one for the red alerts
    assert len(seen) == 75


def test_desk_with_nothing_in_it_says_so(log_in: Enter) -> None:
    shown = log_in("other_manager").get("/desk").get_data(as_text=True)
    for words in ("没有失约。", "七天内没有该到的承诺。", "还没有签署还款计划。", "还没有拜访。"):
        assert words in shown
