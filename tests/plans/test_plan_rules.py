"""Schedules, what may be signed, and what becomes of it: the pure part."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.errors import Invalid, RuleBroken
from fieldsales.kernel.money import Money
from fieldsales.plans import rules
from fieldsales.plans.rules import Part
from fieldsales.receivables.rules import MoneyIn
from tests.plans.signing import plan

CASES = json.loads((Path(__file__).parent / "schedule_cases.json").read_text("utf-8"))
SIGNED = date(2026, 3, 12)


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one['rhythm']}-{one['first']}-{one['count']}")
def test_schedule_is_the_shared_one(case: dict[str, Any]) -> None:
    made = rules.schedule(Money(case["total"]), case["count"], case["rhythm"], date.fromisoformat(case["first"]))
    assert [[due_on.isoformat(), minor] for _, due_on, minor in made] == case["instalments"]


@given(st.integers(1, 10**13), st.integers(1, 120), st.sampled_from(["weekly", "half_monthly", "monthly"]),
       st.dates(date(2000, 1, 1), date(2090, 1, 1)))  # fmt: skip
def test_schedule_always_sums_exactly_and_runs_on(total: int, count: int, rhythm: Any, first: date) -> None:
    if total < count:
        with pytest.raises(Invalid):
            rules.schedule(Money(total), count, rhythm, first)
        return
    made = rules.schedule(Money(total), count, rhythm, first)
    rules.check_instalments(made, total)
    amounts = [minor for _, _, minor in made]
    assert max(amounts) - min(amounts) <= 1
    assert len({due_on for _, due_on, _ in made}) == count


@pytest.mark.parametrize("count", [0, -1, 121, 2000])
def test_schedule_of_too_few_or_too_many_is_refused(count: int) -> None:
    with pytest.raises(Invalid):
        rules.schedule(Money(10_000_000), count, "monthly", SIGNED)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([(1, date(2026, 4, 1), 60), (2, date(2026, 5, 1), 39)], "plans.sum"),
        ([(1, date(2026, 4, 1), 60), (2, date(2026, 5, 1), 41)], "plans.sum"),
        ([(1, date(2026, 5, 1), 60), (2, date(2026, 4, 1), 40)], "plans.order"),
        ([(1, date(2026, 4, 1), 60), (3, date(2026, 5, 1), 40)], "plans.numbering"),
        ([(2, date(2026, 4, 1), 100)], "plans.numbering"),
    ],
)
def test_instalments_by_hand_must_add_up_and_run_on(parts: list[tuple[int, date, int]], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_instalments(parts, 100)
    assert refusal.value.code == code


def test_payload_that_contradicts_itself_is_refused() -> None:
    rules.check_payload(plan())
    with pytest.raises(RuleBroken):
        rules.check_payload(plan(number="HK260312-00000000"))
    with pytest.raises(Invalid):
        rules.check_payload(plan(first=date(2026, 3, 11)))
    with pytest.raises(Invalid):
        rules.check_payload(plan(first=date(2056, 3, 31)))
    with pytest.raises(Invalid):
        rules.check_payload(plan(total_minor=18_230_001))


def _part(n: int, due: date, amount: int, **more: Any) -> Part:
    return Part(f"part{n}", "plan", n, due, amount, "CNY", SIGNED, "debtor", **more)


PARTS = (_part(1, date(2026, 3, 31), 100), _part(2, date(2026, 4, 30), 100), _part(3, date(2026, 5, 31), 100))


def _states(
    money: list[MoneyIn], as_of: date, parts: tuple[Part, ...] = PARTS, grace: int = 1
) -> list[tuple[str, int]]:
    return [(one.state, one.kept_minor) for one in rules.settle(parts, money, as_of, grace)]


def _money(amount: int, on: date, debtor: str | None = "debtor", currency: str = "CNY") -> MoneyIn:
    return MoneyIn(amount, currency, on, debtor)


def test_nothing_due_yet_is_open() -> None:
    assert _states([], date(2026, 3, 31)) == [("open", 0)] * 3


def test_day_and_grace_over_without_money_is_broken() -> None:
    assert _states([], date(2026, 4, 1)) == [("open", 0)] * 3
    assert _states([], date(2026, 4, 2)) == [("broken", 0), ("open", 0), ("open", 0)]


def test_part_of_it_in_time_is_partly_kept() -> None:
    assert _states([_money(60, date(2026, 3, 30))], date(2026, 4, 2))[0] == ("partly", 60)


def test_money_in_time_keeps_and_the_rest_goes_on_to_the_next() -> None:
    assert _states([_money(150, date(2026, 3, 20))], date(2026, 4, 2)) == [("kept", 100), ("open", 50), ("open", 0)]


def test_late_money_fills_up_and_does_not_unbreak() -> None:
    assert _states([_money(100, date(2026, 4, 10))], date(2026, 4, 11))[0] == ("broken", 100)


def test_money_in_the_grace_is_in_time() -> None:
    assert _states([_money(100, date(2026, 4, 1))], date(2026, 4, 11))[0] == ("kept", 100)


def test_money_of_before_another_debtor_or_currency_does_not_count() -> None:
    foreign = [_money(100, date(2026, 3, 11)), _money(100, date(2026, 3, 20), "other"),
               _money(100, date(2026, 3, 20), currency="USD")]  # fmt: skip
    assert _states(foreign, date(2026, 3, 31)) == [("open", 0)] * 3
    assert _states([_money(100, date(2026, 3, 20), None)], date(2026, 3, 31))[0] == ("kept", 100)


def test_reversed_payment_opens_its_instalment_again() -> None:
    kept = tuple(_part(one.n, one.due_on, 100, state="kept", kept_minor=100) for one in PARTS[:1])
    assert _states([], date(2026, 3, 31), kept) == [("open", 0)]


def test_superseded_plan_keeps_what_came_before_and_takes_nothing_after() -> None:
    old = tuple(_part(one.n, one.due_on, 100, state="superseded", ended_on=date(2026, 4, 15)) for one in PARTS)
    money = [_money(30, date(2026, 4, 14)), _money(100, date(2026, 4, 15))]
    assert _states(money, date(2026, 6, 30), old) == [("superseded", 30), ("superseded", 0), ("superseded", 0)]


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 120)), max_size=8))
def test_no_sum_counts_twice(payments: list[tuple[int, int]]) -> None:
    money = [_money(amount, date.fromordinal(SIGNED.toordinal() + days)) for amount, days in payments]
    kept = sum(one.kept_minor for one in rules.settle(PARTS, money, date(2026, 12, 31)))
    assert kept == min(300, sum(amount for amount, _ in payments))


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([("open", 100, 0)], "open"),
        ([("kept", 100, 100), ("open", 100, 0)], "open"),
        ([("broken", 100, 0), ("open", 100, 0)], "broken"),
        ([("partly", 100, 60)], "broken"),
        ([("broken", 100, 100), ("open", 100, 0)], "open"),
        ([("broken", 100, 100), ("kept", 100, 100)], "late"),
        ([("kept", 100, 100)], "kept"),
        ([("kept", 100, 100), ("superseded", 100, 0)], "superseded"),
    ],
)
def test_plan_state_follows_its_instalments(parts: list[tuple[str, int, int]], state: str) -> None:
    assert rules.state_of(parts) == state
