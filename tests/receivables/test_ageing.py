"""Ageing by days past due, per instalment."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.receivables.ageing import OpenDue, age, bucket_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-400, 0), (-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (9999, 4)],
)
def test_bucket_edges(days: int, bucket: int) -> None:
    assert bucket_of(days) == bucket


def test_an_invoice_in_instalments_ages_by_each_due() -> None:
    dues = [OpenDue(TODAY + timedelta(days=10), 300), OpenDue(TODAY, 200), OpenDue(TODAY - timedelta(days=45), 500)]
    ageing = age(dues, TODAY)
    assert ageing.buckets == (500, 0, 500, 0, 0)
    assert (ageing.open_minor, ageing.overdue_minor, ageing.days_past_due) == (1000, 500, 45)


def test_a_disputed_part_stays_open_and_is_shown_apart() -> None:
    ageing = age([OpenDue(TODAY - timedelta(days=5), 500, disputed_minor=200)], TODAY)
    assert (ageing.open_minor, ageing.disputed_minor) == (500, 200)
    assert ageing.disputed == (0, 200, 0, 0, 0)


def test_the_disputed_part_is_never_more_than_what_is_open() -> None:
    assert age([OpenDue(TODAY, 50, disputed_minor=200)], TODAY).disputed_minor == 50


def test_an_unapplied_credit_note_lowers_what_is_overdue_and_is_never_the_oldest_debt() -> None:
    dues = [OpenDue(TODAY - timedelta(days=100), -300), OpenDue(TODAY - timedelta(days=10), 500)]
    ageing = age(dues, TODAY)
    assert ageing.buckets == (0, 500, 0, 0, -300)
    assert (ageing.open_minor, ageing.overdue_minor) == (200, 200)
    assert ageing.oldest_due_on == TODAY - timedelta(days=10)


def test_credit_beyond_the_debt_is_not_a_negative_overdue() -> None:
    ageing = age([OpenDue(TODAY - timedelta(days=1), -300)], TODAY)
    assert (ageing.open_minor, ageing.overdue_minor, ageing.oldest_due_on) == (-300, 0, None)


def test_nothing_open_is_nothing_owed() -> None:
    ageing = age([], TODAY)
    assert (ageing.buckets, ageing.days_past_due) == ((0, 0, 0, 0, 0), 0)


@given(st.lists(st.tuples(st.integers(-800, 800), st.integers(-(10**9), 10**12)), max_size=40))
def test_buckets_sum_to_what_is_open(rows: list[tuple[int, int]]) -> None:
    ageing = age([OpenDue(TODAY - timedelta(days=days), amount) for days, amount in rows], TODAY)
    assert sum(ageing.buckets) == ageing.open_minor == sum(amount for _, amount in rows)
