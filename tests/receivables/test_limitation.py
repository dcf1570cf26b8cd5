"""The limitation period: 民法典 188, 189, 192, 195, 202."""

from datetime import date

import pytest

from fieldsales.receivables.limitation import Interruption, alert_of, last_day, reckon, years_after

DUE = date(2024, 3, 10)


def act(day: date, ground: str = "demand", grade: str = "A", **more: object) -> Interruption:
    return Interruption(day, ground, grade, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("acts", "ends"),
    [
        ([], date(2027, 3, 10)),
        ([act(date(2025, 6, 1))], date(2028, 6, 1)),
        ([act(date(2025, 6, 1)), act(date(2026, 6, 1))], date(2029, 6, 1)),
        ([act(date(2026, 6, 1)), act(date(2025, 6, 1))], date(2029, 6, 1)),
        ([act(date(2024, 1, 1))], date(2027, 3, 10)),  # before the debt was due: nothing restarts
        ([act(date(2025, 6, 1), grade="C")], date(2027, 3, 10)),  # asserted only: not relied on
        ([act(date(2027, 3, 10))], date(2030, 3, 10)),  # on the last day
        ([act(date(2027, 3, 11))], date(2027, 3, 10)),  # a day late
        ([act(date(2027, 3, 11), "part_payment")], date(2027, 3, 10)),
        ([act(date(2028, 3, 11), "acknowledgement")], date(2031, 3, 11)),  # art. 192 revives
    ],
)
def test_interruptions_restart_the_three_years(acts: list[Interruption], ends: date) -> None:
    assert last_day(DUE, acts) == ends


def test_nothing_helps_beyond_twenty_years() -> None:
    acts = [act(date(2024 + 2 * n, 4, 1)) for n in range(12)]
    assert last_day(DUE, acts) == date(2044, 3, 10)


def test_a_leap_day_ends_on_the_months_last() -> None:
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_both_readings_of_instalments_and_the_earlier_rules() -> None:
    reckoning = reckon(DUE, date(2025, 3, 10), [])
    assert (reckoning.each_on, reckoning.last_on) == (date(2027, 3, 10), date(2028, 3, 10))
    assert reckoning.earliest_on == date(2027, 3, 10)


def test_what_is_only_asserted_is_shown_apart() -> None:
    reckoning = reckon(DUE, DUE, [act(date(2026, 1, 1), grade="C")])
    assert (reckoning.earliest_on, reckoning.asserted_on) == (date(2027, 3, 10), date(2029, 1, 1))


def test_an_act_reaches_its_debtor_and_invoices_only() -> None:
    scoped = act(DUE, debtor_id="d1", invoice_ids=frozenset({"i1"}))
    assert scoped.covers("d1", "i1")
    assert scoped.covers(None, "i1")
    assert not scoped.covers("d2", "i1")
    assert not scoped.covers("d1", "i2")
    assert act(DUE).covers("d2", "i9")


@pytest.mark.parametrize(
    ("today", "alert"),
    [
        (date(2025, 1, 1), None),
        (date(2026, 3, 10), 12),
        (date(2026, 12, 1), 6),
        (date(2026, 12, 10), 3),
        (date(2027, 2, 11), 1),
        (date(2027, 3, 10), 1),
        (date(2027, 3, 11), 0),
    ],
)
def test_reminders_tighten_towards_the_last_day(today: date, alert: int | None) -> None:
    assert alert_of(date(2027, 3, 10), today) == alert
