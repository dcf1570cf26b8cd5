"""The curve of a month, pay days, what a customer can pay, the basic work: tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.targets import health, pacing, paydays, potential
from fieldsales.targets.potential import Sheet

MARCH, NOON = date(2026, 3, 1), date(2026, 3, 12)


# -- pacing ------------------------------------------------------------------------------------------


def test_the_line_rises_on_weekdays_and_ends_on_the_target() -> None:
    line = pacing.target_line(MARCH, 22_00)  # March 2026 begins on a Sunday and has 22 weekdays
    assert line[0] == 0
    assert line[1] == 1_00
    assert line[6] == line[5]  # Saturday
    assert line[-1] == 22_00


def test_the_curve_knows_the_past_and_expects_the_rest() -> None:
    points = pacing.curve(MARCH, 31_00, {date(2026, 3, 2): 5_00, NOON: 1_00},
                          {date(2026, 3, 10): 2_00, date(2026, 3, 31): 7_00}, NOON)
    assert [one.received_minor for one in points[:2]] == [0, 5_00]
    today = points[11]
    assert (today.received_minor, today.forecast_minor) == (6_00, 8_00)  # what is late and stands is expected today
    assert (points[10].forecast_minor, points[12].received_minor) == (None, None)
    assert points[-1].forecast_minor == 15_00


def test_a_month_to_come_is_expected_whole_and_one_that_is_over_is_not() -> None:
    ahead = pacing.curve(date(2026, 4, 1), 10, {}, {date(2026, 3, 30): 1, date(2026, 4, 2): 2}, NOON)
    assert (ahead[0].forecast_minor, ahead[-1].forecast_minor) == (0, 2)
    over = pacing.curve(date(2026, 2, 1), 10, {date(2026, 2, 3): 4}, {}, NOON)
    assert (over[-1].received_minor, over[-1].forecast_minor) == (4, None)


@given(st.integers(0, 10**13), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_the_line_never_falls(target: int, day: date) -> None:
    line = pacing.target_line(day.replace(day=1), target)
    assert line == sorted(line)
    assert line[-1] == target


def test_month_end_slippage_is_the_last_five_days_share() -> None:
    assert pacing.slipped_bp(MARCH, {date(2026, 3, 26): 1_00, date(2026, 3, 27): 3_00}) == 7_500
    assert pacing.slipped_bp(MARCH, {}) is None
    assert pacing.slipped_bp(date(2024, 2, 1), {date(2024, 2, 25): 1, date(2024, 2, 24): 1}) == 5_000


def test_the_drawing_stays_in_its_box() -> None:
    points = pacing.curve(MARCH, 10_00, {date(2026, 3, 2): 50_00}, {}, NOON)
    drawn = pacing.drawing(points, NOON)
    pairs = [tuple(map(float, pair.split(","))) for run in (drawn.line, drawn.received) for pair in run.split()]
    assert all(0 <= x <= pacing.WIDTH and 0 <= y <= pacing.HEIGHT for x, y in pairs)
    assert drawn.top_minor == 50_00
    assert float(drawn.today_x) == pytest.approx(220, abs=1)
    assert pacing.drawing(points, date(2026, 5, 1)).today_x == ""


# -- pay days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "today", "run"),
    [
        (["d25"], NOON, date(2026, 3, 25)),
        (["d12"], NOON, NOON),  # today still counts
        (["d11"], NOON, date(2026, 4, 11)),
        (["d31"], date(2026, 4, 1), date(2026, 4, 30)),  # the month's last day
        (["d30"], date(2028, 2, 1), date(2028, 2, 29)),  # a leap February
        (["w5"], NOON, date(2026, 3, 13)),
        (["d25", "w1"], NOON, date(2026, 3, 16)),
        ([], NOON, None),
    ],
)
def test_the_next_pay_run(codes: list[str], today: date, run: date | None) -> None:
    assert paydays.next_on(codes, today) == run


@pytest.mark.parametrize(
    ("run", "today", "ask"),
    [
        (date(2026, 3, 25), NOON, date(2026, 3, 20)),  # the 22nd is a Sunday: the Friday before
        (date(2026, 3, 20), NOON, date(2026, 3, 17)),
        (date(2026, 3, 13), NOON, NOON),  # too late for three days: today
    ],
)
def test_one_asks_before_the_run_on_a_working_day(run: date, today: date, ask: date) -> None:
    assert paydays.ask_on(run, today) == ask


@given(st.lists(st.sampled_from([*(f"d{n}" for n in range(1, 32)), *(f"w{n}" for n in range(1, 8))]), min_size=1),
       st.dates(date(2020, 1, 1), date(2032, 1, 1)))
def test_a_pay_run_is_never_past_nor_more_than_a_month_away(codes: list[str], today: date) -> None:
    run = paydays.next_on(codes, today)
    assert run is not None
    assert today <= run <= today + timedelta(days=31)
    assert today <= paydays.ask_on(run, today) <= max(run, today)


# -- potential ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "kept", "can", "will"),
    [
        (Sheet(cash_minor=10_00, sales_minor=100_00, stock_minor=60_00), 5_000, 70_00, 35_00),  # no more than the stock
        (Sheet(sales_minor=100_00, season="low"), None, 70_00, None),
        (Sheet(sales_minor=100_00, season="high"), 10_000, 130_00, 130_00),
        (Sheet(downstream_minor=80_00), 10_000, 40_00, 40_00),
        (Sheet(cash_minor=10_00, others_minor=30_00), 10_000, 0, 0),  # others take more than there is
        (Sheet(others_minor=30_00), 10_000, None, None),  # nothing is known of what he has
        (Sheet(), 10_000, None, None),
    ],
)
def test_what_he_can_and_will_pay(sheet: Sheet, kept: int | None, can: int | None, will: int | None) -> None:
    judged = potential.assess(sheet, kept, None)
    assert (judged.can_minor, judged.will_minor) == (can, will)


def test_he_pays_on_his_run_or_when_his_own_customers_pay() -> None:
    run, theirs = date(2026, 3, 25), date(2026, 3, 28)
    assert potential.assess(Sheet(cash_minor=50, downstream_minor=20, downstream_on=theirs), 1, run).when == run
    assert potential.assess(Sheet(cash_minor=5, downstream_minor=20, downstream_on=theirs), 1, run).when == theirs
    assert potential.assess(Sheet(cash_minor=5), 1, None).when is None
    assert potential.assess(Sheet(cash_minor=5), 1, None).unknown == ("stock", "sales", "downstream", "others")


# -- the basic work ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "score", "causes", "measures"),
    [
        ({}, None, (), ()),
        ({"sells": "good"}, 100, (), ()),
        ({"sells": "good", "stock_moves": "bad"}, 50, ("stock_moves",), ("promotion",)),
        ({"promoters_able": "weak", "stock_moves": "bad", "outlets_served": "bad"}, 16,
         ("stock_moves", "outlets_served", "promoters_able"), ("promotion", "outlets", "training")),
    ],
)
def test_the_basic_work_is_scored_and_its_weak_points_named(
    answers: dict[str, str], score: int | None, causes: tuple[str, ...], measures: tuple[str, ...]
) -> None:
    judged = health.judge(answers)
    assert (judged.score, judged.causes, judged.measures) == (score, causes, measures)
