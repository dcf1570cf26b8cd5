"""How often a customer is contacted: the table, the caps, and that worse credit never waits longer."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection import cadence
from fieldsales.collection.cadence import Debt, due_on, interval
from tests.cast import TODAY


@pytest.mark.parametrize(
    ("debt", "days"),
    [
        (Debt("A", 50_000, 10), 21), (Debt("B", 50_000, 10), 14), (Debt("C", 50_000, 10), 7),
        (Debt("D", 50_000, 10), 4), (Debt("", 50_000, 10), 14),
        (Debt("C", 120_000, 10), 5), (Debt("C", 300_000, 10), 3), (Debt("C", 800, 10), 10),
        (Debt("C", 50_000, 31), 5), (Debt("C", 50_000, 91), 3), (Debt("A", 50_000, 0), 30),
        (Debt("C", 50_000, 10, "bad_faith"), 3), (Debt("C", 50_000, 10, "good_faith"), 7),
        (Debt("C", 50_000, 10, has_broken=True), 3), (Debt("D", 900_000, 200, "bad_faith", True), 1),
        (Debt("D", 900_000, 200, "", True), 2), (Debt("A", 900_000, 5, is_self_payer=True), 30),
    ],
)
def test_interval_follows_credit_amount_days_class_and_promises(debt: Debt, days: int) -> None:
    assert interval(debt) == days


@pytest.mark.parametrize(("per_week", "days"), [(0, 1), (7, 1), (4, 2), (3, 3), (2, 4), (1, 7)])
def test_interval_is_never_below_what_the_cap_allows(per_week: int, days: int) -> None:
    assert interval(Debt("D", 900_000, 200, "bad_faith", True), per_week) == days


DEBTS = st.builds(
    Debt, st.sampled_from(["A", "B", "C", "D", "E", "", "x"]), st.integers(-10, 5_000_000), st.integers(0, 2_000),
    st.sampled_from(["", "good_faith", "bad_faith"]), st.booleans(), st.booleans())


@given(DEBTS, st.integers(1, 30))
def test_following_the_cadence_never_exceeds_the_cap_in_any_seven_days(debt: Debt, per_week: int) -> None:
    contacts, on = [], TODAY
    while on < TODAY + timedelta(days=90):
        contacts.append(on)
        on = due_on(on, interval(debt, per_week), on)
    for last in contacts:
        assert sum(last - timedelta(days=7) < one <= last for one in contacts) <= per_week


@given(DEBTS, st.integers(0, 30))
def test_a_worse_grade_never_gives_a_longer_interval(debt: Debt, per_week: int) -> None:
    days = [interval(Debt(grade, debt.overdue, debt.days_past_due, debt.faith, debt.has_broken, debt.is_self_payer),
                     per_week) for grade in "ABCDE"]
    assert days == sorted(days, reverse=True)
    assert all(1 <= one <= cadence.LONGEST for one in days)


@given(DEBTS, st.integers(0, 30), st.integers(0, 1_000_000), st.integers(0, 400))
def test_more_money_or_more_days_never_give_a_longer_interval(debt: Debt, per_week: int, more: int, days: int) -> None:
    heavier = Debt(debt.grade, debt.overdue + more, debt.days_past_due + days, debt.faith, debt.has_broken,
                   debt.is_self_payer)
    assert interval(heavier, per_week) <= interval(debt, per_week)


def test_the_next_contact_is_due_today_when_nobody_was_in_touch_and_not_before_the_gate_opens() -> None:
    assert due_on(None, 7, TODAY) == TODAY
    assert due_on(TODAY - timedelta(days=3), 7, TODAY) == TODAY + timedelta(days=4)
    assert due_on(TODAY - timedelta(days=30), 7, TODAY) == TODAY - timedelta(days=23)
    later = TODAY + timedelta(days=9)
    assert due_on(TODAY - timedelta(days=3), 7, TODAY, not_before=later) == later
