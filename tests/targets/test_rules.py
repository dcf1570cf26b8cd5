"""The month's arithmetic, from tables and properties: the gap, the split, what counts, what is late."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldsales.kernel.errors import Invalid, RuleBroken
from fieldsales.targets import rules
from fieldsales.targets.rules import Share, Word

MARCH = date(2026, 3, 1)
WAN = 10_000_00


@pytest.mark.parametrize(
    ("target", "received", "weighted", "gap"),
    [
        (30 * WAN, 0, 20 * WAN, 10 * WAN),  # the seed: told 30, he promises 20, the gap is 10
        (30 * WAN, 20 * WAN, 0, 10 * WAN),  # the same once it has come
        (30 * WAN, 20 * WAN, 5 * WAN, 5 * WAN),
        (30 * WAN, 31 * WAN, 0, -1 * WAN),  # ahead
        (0, 5 * WAN, 0, -5 * WAN),
    ],
)
def test_gap_is_target_less_received_and_weighted(target: int, received: int, weighted: int, gap: int) -> None:
    assert rules.gap_of(target, received, weighted) == gap


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        (Word("a", 10_00, 9_000, "easy"), 9_00),
        (Word("a", 10_00, 5_000, "costly"), 5_00),
        (Word("a", 10_00, 4_999, "costly"), 0),  # weak: nobody helps
        (Word("a", 10_00, 4_999, "costly", is_supported=True), 4_99),
        (Word("a", 10_00, 9_000, "evasive"), 0),
        (Word("a", 10_00, 9_000, "impossible"), 0),
        (Word("a", 10_00, 2_000, "impossible", is_supported=True), 2_00),
        (Word("a", 1, 9_999, "easy"), 0),  # rounded down
        (Word("a", 10_00, 12_000, "easy"), 10_00),  # never above the promise
    ],
)
def test_a_weak_promise_counts_only_with_a_support_action(word: Word, counts: int) -> None:
    assert rules.counted_minor(word) == counts


def test_forecast_tells_what_is_held_back() -> None:
    told = rules.forecast([Word("a", 100, 9_000, "easy"), Word("b", 200, 1_000), Word("c", 50, 1_000, "", True)])
    assert (told.open_minor, told.weighted_minor, told.held_back_minor, told.held_back) == (350, 95, 200, 1)


@given(bp=st.integers(0, 10_000), more=st.integers(0, 10_000), minor=st.integers(0, 10**13), helped=st.booleans())
def test_a_likelier_promise_never_counts_less(bp: int, more: int, minor: int, helped: bool) -> None:
    low, high = sorted((bp, more))
    first, second = (rules.counted_minor(Word("a", minor, one, "costly", helped)) for one in (low, high))
    assert 0 <= first <= second <= minor


@pytest.mark.parametrize(
    ("was", "now", "on", "late"),
    [
        (100, 90, date(2026, 3, 21), False),  # the month has ten days left after this one
        (100, 90, date(2026, 3, 22), True),
        (100, 90, date(2026, 4, 2), True),  # and after the month
        (100, 110, date(2026, 3, 31), False),  # raising is no discount
        (100, 100, date(2026, 3, 31), False),
    ],
)
def test_lowering_in_the_last_ten_days_is_a_late_discount(was: int, now: int, on: date, late: bool) -> None:
    assert rules.is_late_discount(was, now, MARCH, on) is late
    february = date(2024, 2, 1)  # a leap month's last ten days begin on the 20th
    assert rules.is_late_discount(2, 1, february, date(2024, 2, 20))
    assert not rules.is_late_discount(2, 1, february, date(2024, 2, 19))


def test_arrears_never_exceed_what_is_due_but_cash_may() -> None:
    with pytest.raises(RuleBroken, match="above_balance"):
        rules.check_claim(10_01, 10_00, "CNY")
    rules.check_claim(10_00, 10_00, "CNY")
    rules.check_numbers(10_00, 500_00)  # prepayments for new stock: nothing caps them
    with pytest.raises(Invalid, match="cash_below_arrears"):
        rules.check_numbers(10_01, 10_00)


def test_a_plan_without_steps_is_not_published() -> None:
    with pytest.raises(RuleBroken, match="no_steps"):
        rules.check_publishable(0)
    rules.check_publishable(1)


@pytest.mark.parametrize("month", [date(2026, 3, 2), date(2030, 1, 1), date(2020, 1, 1)])
def test_a_month_nobody_means_is_refused(month: date) -> None:
    with pytest.raises(Invalid, match="month"):
        rules.check_month(month, date(2026, 3, 12))


# -- the split ---------------------------------------------------------------------------------------

A, B, C = (Share("a", "r1", "t1", 60_000_00, 10_000_00), Share("b", "r1", "t1", 20_000_00, 30_000_00),
           Share("c", "r2", "t2", 0, 0))


def test_split_by_what_is_due_and_what_each_usually_pays() -> None:
    split = rules.split_target(40_000_00, 80_000_00, [A, B, C], "CNY")
    assert {key: part.arrears_minor for key, part in split.parts.items()} == {"a": 30_000_00, "b": 10_000_00, "c": 0}
    # the cash beyond the arrears, 40,000, follows the half year: one to three
    assert {key: part.cash_minor for key, part in split.parts.items()} == {"a": 40_000_00, "b": 40_000_00, "c": 0}
    assert rules.summed(split, [A, B, C], "rep")["r1"].cash_minor == 80_000_00


def test_split_tells_arrears_that_nobody_owes() -> None:
    split = rules.split_target(100_000_00, 120_000_00, [A, B, C], "CNY")
    assert split.unplaced_minor == 20_000_00
    assert split.parts["a"].arrears_minor == 60_000_00
    assert sum(part.cash_minor for part in split.parts.values()) == 120_000_00


def test_split_without_any_history_follows_what_is_due() -> None:
    shares = [Share("a", "r", "t", 30_00, 0), Share("b", "r", "t", 10_00, 0)]
    split = rules.split_target(0, 400_00, shares, "CNY")
    assert [part.cash_minor for part in split.parts.values()] == [300_00, 100_00]


_amount = st.integers(0, 10**9)
_shares = st.lists(st.builds(Share, customer_id=st.uuids().map(str), rep_id=st.sampled_from("rst"),
                             team_id=st.sampled_from("xy"), due_minor=st.integers(-10**6, 10**9),
                             paid_minor=_amount, cleared_minor=_amount), min_size=1, max_size=20,
                   unique_by=lambda one: one.customer_id)


@settings(max_examples=150, deadline=None)
@given(arrears=_amount, more=_amount, shares=_shares, currency=st.sampled_from(["CNY", "JPY", "KWD"]))
def test_split_conserves_money_and_caps_each_claim(arrears: int, more: int, shares: list[Share], currency: str) -> None:
    split = rules.split_target(arrears, arrears + more, shares, currency)
    assert sum(part.arrears_minor for part in split.parts.values()) + split.unplaced_minor == arrears
    assert sum(part.cash_minor for part in split.parts.values()) == arrears + more
    for one in shares:
        assert 0 <= split.parts[one.customer_id].arrears_minor <= one.claim_minor
        assert split.parts[one.customer_id].cash_minor >= split.parts[one.customer_id].arrears_minor
    for level in ("rep", "team"):
        assert sum(part.cash_minor for part in rules.summed(split, shares, level).values()) == arrears + more
    assert split.unplaced_minor == max(0, arrears - sum(one.claim_minor for one in shares))
