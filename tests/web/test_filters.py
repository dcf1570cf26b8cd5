"""How amounts, days and dates are written, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fieldsales.web.filters import (
    age_step,
    day_text,
    headline_text,
    moment_text,
    money_text,
    overdue_text,
    percent_text,
    phone_name,
)

TODAY = date(2026, 3, 12)
GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(("minor", "zh", "en"), [
    (0, "0", "0"), (99, "1", "1"), (842_050, "8,420", "8,420"), (999_949, "9,999", "9,999"),
    (1_000_000, f"1{GAP}万", f"10{GAP}k"), (123_500_000, f"123.5{GAP}万", f"1.24{GAP}M"),
    (225_354_207_88, f"2.25{GAP}亿", f"225.35{GAP}M"), (-18_230_000, f"-18.2{GAP}万", f"-182.3{GAP}k"),
    (10**13, f"1,000{GAP}亿", f"100{GAP}B"),
])
def test_headline_is_short_in_both_languages(minor: int, zh: str, en: str) -> None:
    assert (headline_text(minor, "zh"), headline_text(minor, "en")) == (zh, en)


def test_headline_names_a_foreign_currency() -> None:
    assert headline_text(123_500_000, "zh", "USD") == f"USD{GAP}123.5{GAP}万"


def test_money_is_exact_with_its_sign() -> None:
    assert (money_text(123_456_789), money_text(-5), money_text(5, "JPY")) == ("¥1,234,567.89", "-¥0.05", "JPY 5")


def test_day_has_its_weekday_and_another_year_its_year() -> None:
    assert day_text(TODAY, "zh", TODAY) == "3月12日(周四)"
    assert day_text(TODAY, "en", TODAY) == "Thu 12 Mar"
    assert day_text(date(2020, 5, 31), "zh", TODAY) == "2020年5月31日"
    assert day_text(date(2020, 5, 31), "en", TODAY) == "31 May 2020"


def test_moment_is_told_in_the_branchs_zone_and_today_by_the_clock_alone() -> None:
    late = datetime(2026, 3, 11, 16, 30, tzinfo=UTC)
    assert moment_text(late, "zh", TODAY) == "今天 00:30"
    assert moment_text(late, "en", TODAY) == "today 00:30"
    assert moment_text(datetime(2026, 3, 1, 1, 41, tzinfo=UTC), "zh", TODAY) == "3月1日 09:41"


@pytest.mark.parametrize(("days", "zh", "en"), [
    (37, "逾期 37 天", "37 days overdue"), (1, "逾期 1 天", "1 day overdue"), (0, "今天到期", "due today"),
    (-1, "还有 1 天", "in 1 day"), (-9, "还有 9 天", "in 9 days"),
])
def test_overdue_is_counted_in_days(days: int, zh: str, en: str) -> None:
    assert (overdue_text(days, "zh"), overdue_text(days, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("days", "step"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_age_step_turns_at_the_edges(days: int, step: int) -> None:
    assert age_step(days) == step


def test_percent_of_nothing_is_a_dash() -> None:
    assert (percent_text(None), percent_text(0.876)) == ("–", "88%")


_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(("said", "name"), [
    (f"Mozilla/5.0 (Linux; Android 14; V2244A Build/UP1A) {_WEBKIT} Chrome/120.0 Mobile Safari/537.36",
     "V2244A · Chrome"),
    (f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/130.0 Mobile Safari/537.36", "Android · Chrome"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
     "iPhone · Safari"),
    (f"Mozilla/5.0 (Linux; Android 13; M2102J2SC; wv) {_WEBKIT} Chrome/116.0 MicroMessenger/8.0",
     "M2102J2SC · WeChat"),
    ("王芳的手机", "王芳的手机"), ("", ""), ("Mozilla/5.0", "Mozilla/5.0"),
])
def test_phone_is_named_as_people_do(said: str, name: str) -> None:
    assert phone_name(said) == name
