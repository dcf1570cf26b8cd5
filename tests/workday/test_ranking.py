"""Who comes first today, and why."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.workday.rules import LENGTH, PHRASES, Missed, Standing, rank

TODAY = date(2026, 3, 12)


def standing(key: str = "a", **more: Any) -> Standing:
    values = {"currency": "CNY", "overdue_minor": 0, "days_past_due": 0, "last_contact_on": TODAY - timedelta(days=1)}
    return Standing(customer_id=key, **(values | more))


def codes(**more: Any) -> list[str]:
    ranked = rank([standing(**more)], TODAY)
    return [reason.code for reason in ranked[0].reasons] if ranked else []


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, []),
        ({"distance_m": 10}, []),  # being near is no reason by itself
        ({"last_contact_on": None}, []),
        ({"overdue_minor": 1, "days_past_due": 1}, ["overdue"]),
        ({"due_today_minor": 5}, ["due_today"]),
        ({"tasks_due": 2}, ["task"]),
        ({"missed": (Missed(ago(1), 5),)}, ["broken"]),
        ({"missed": (Missed(ago(20), 5), Missed(ago(30), 5))}, ["broken_before"]),
        ({"missed": (Missed(ago(91), 5),)}, []),
        ({"missed": (Missed(ago(1), 5, in_grace=True),)}, ["awaited"]),
        ({"missed": (Missed(ago(1), 5, in_grace=True), Missed(ago(20), 5))}, ["awaited", "broken_before"]),
        ({"limitation_on": TODAY + timedelta(days=30)}, ["limitation"]),
        ({"limitation_on": TODAY + timedelta(days=400)}, []),
        ({"limitation_on": ago(1)}, ["lapsed"]),
        ({"overdue_minor": 1, "last_contact_on": ago(40)}, ["silent", "overdue"]),
        ({"overdue_minor": 1, "last_contact_on": None, "distance_m": 900}, ["never", "overdue", "near"]),
        ({"overdue_minor": 1, "last_contact_on": TODAY}, []),  # seen today
        ({"overdue_minor": 2_000_000_00, "days_past_due": 99, "last_contact_on": TODAY}, ["overdue"]),
    ],
)
def test_reasons(more: dict[str, Any], expected: list[str]) -> None:
    assert codes(**more) == expected


def test_every_reason_has_its_phrase() -> None:
    assert {"broken", "awaited", "broken_before", "due_today", "limitation", "lapsed", "overdue", "task", "silent",
            "never", "near"} == PHRASES.keys()


def test_a_freshly_broken_promise_comes_before_the_same_debt_without() -> None:
    debt = {"overdue_minor": 50_000_00, "days_past_due": 46}
    ranked = rank([standing("quiet", **debt), standing("broke", missed=(Missed(ago(1), 50_000_00),), **debt)], TODAY)
    assert [one.standing.customer_id for one in ranked] == ["broke", "quiet"]


def test_more_money_older_debt_and_less_distance_come_first() -> None:
    for better, worse in (
        ({"overdue_minor": 400_000_00}, {"overdue_minor": 4_000_00}),
        ({"overdue_minor": 1_00, "days_past_due": 95}, {"overdue_minor": 1_00, "days_past_due": 5}),
        ({"overdue_minor": 1_00, "distance_m": 500}, {"overdue_minor": 1_00, "distance_m": 90_000}),
    ):
        ranked = rank([standing("worse", **worse), standing("better", **better)], TODAY)
        assert [one.standing.customer_id for one in ranked] == ["better", "worse"]


OVERDUE = {"overdue_minor": 182_300_00, "days_past_due": 46}


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        # what the card shows in figures is said only when there is nothing else to say
        ({}, "逾期¥182,300，最久46天。", "¥182,300 overdue, the oldest by 46 days."),
        ({"distance_m": 900}, "逾期¥182,300，最久46天。", "¥182,300 overdue, the oldest by 46 days."),
        ({"missed": (Missed(ago(1), 50_000_00),)}, "3月11日承诺的¥50,000失约。",
         "A promise of ¥50,000 for 11 Mar was not kept."),
        ({"missed": (Missed(ago(1), 50_000_00, in_grace=True),), "tasks_due": 1},
         "3月11日承诺的¥50,000还没到账，有1项待办到期。",
         "¥50,000 promised for 11 Mar has not come yet; tasks due: 1."),
    ],
)
def test_why_is_one_sentence_in_both_languages(more: dict[str, Any], zh: str, en: str) -> None:
    one = rank([standing(**(OVERDUE | more))], TODAY)[0]
    assert (one.why("zh"), one.why("en")) == (zh, en)


def test_amounts_of_a_currency_without_cents_are_weighed_in_full_units() -> None:
    yen = rank([standing(currency="JPY", overdue_minor=1_000_000)], TODAY)[0]
    assert yen.reasons[0].points == rank([standing(overdue_minor=1_000_000_00)], TODAY)[0].reasons[0].points


STANDINGS = st.lists(
    st.builds(
        standing, st.sampled_from("abcdefgh"), overdue_minor=st.integers(0, 10**9), days_past_due=st.integers(0, 400),
        due_today_minor=st.integers(0, 9), tasks_due=st.integers(0, 2), distance_m=st.none() | st.integers(0, 50_000),
        last_contact_on=st.none() | st.integers(0, 60).map(ago),
    ),
    max_size=8, unique_by=lambda one: one.customer_id,
)


@given(STANDINGS)
def test_the_list_does_not_depend_on_the_order_of_reading(standings: list[Standing]) -> None:
    first = rank(standings, TODAY)
    assert first == rank(list(reversed(standings)), TODAY)
    assert [one.score for one in first] == sorted((one.score for one in first), reverse=True)
    assert all(one.score <= sum(reason.points for reason in one.reasons) for one in first)


def test_a_days_list_has_an_end() -> None:
    assert len(rank([standing(str(n), overdue_minor=1_00 + n) for n in range(LENGTH + 20)], TODAY)) == LENGTH
