"""The queue of calls, what stands beside the customer, and what calls bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import ActionFacts, Card, DayCustomer, DayFacts, Kept, Refused, RepAction, RepFacts, words
from fieldsales.plugin_api.cards import card
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.testing import NOON, TODAY, case

from .. import CARD, METRICS, PANEL


def customer(key: str, overdue: int = 100_00, *, next_on: date | None = TODAY, **more: Any) -> DayCustomer:
    """A customer whose next step is a call."""
    facts = case(overdue=Money(overdue), contacts=(), **more)
    facts = replace(facts, customer=replace(facts.customer, id=key))
    return DayCustomer(facts, "phone" if next_on else "", next_on, contacted_on=TODAY - timedelta(days=3))


def agreed(on: date, at: str = "", who: str = "") -> tuple[Kept, ...]:
    """A call agreed on."""
    return (Kept("callback", "next", {"on": on.isoformat(), "at": at, "who": who}, 1, "x"),)


def rung(on: date, outcome: str = "refused") -> tuple[ActionFacts, ...]:
    """One call of a day."""
    return (ActionFacts("a", "phone", outcome, on),)


def queue(*customers: DayCustomer) -> Card | None:
    facts = DayFacts(TODAY, NOON, "Asia/Shanghai", customers=customers)
    return card(CARD.show(facts), facts)


def keys(*customers: DayCustomer) -> list[str]:
    found = queue(*customers)
    return [row.customer_id for row in found.rows] if found else []


def test_agreed_hours_come_first_then_what_most_is_overdue_of() -> None:
    assert keys(
        customer("small", 1_00), customer("big", 900_000_00), customer("late", kept=agreed(TODAY, "16:00")),
        customer("early", next_on=None, kept=agreed(TODAY, "09:30")),
        customer("missed", next_on=None, kept=agreed(TODAY - timedelta(days=1), "17:00")),
    ) == ["missed", "early", "late", "big", "small"]


@pytest.mark.parametrize("one", [
    customer("a", next_on=None),
    customer("a", next_on=TODAY + timedelta(days=1)),
    customer("a", next_on=None, kept=agreed(TODAY + timedelta(days=1), "09:00")),
    customer("a", actions=rung(TODAY)),
    replace(customer("a"), next_method="visit"),
    replace(customer("a"), next_method="message", contacted_on=TODAY - timedelta(days=13)),
    customer("a", kept=(Kept("bad_number", "057188881234", {}, 1),)),
])
def test_who_needs_no_call_today_is_not_in_the_queue(one: DayCustomer) -> None:
    assert keys(one) == []


@pytest.mark.parametrize("contacted_on", [None, TODAY - timedelta(days=14)])
def test_whose_turn_it_is_by_cadence_is_rung_though_another_way_is_suggested(contacted_on: date | None) -> None:
    assert keys(replace(customer("a"), next_method="message", contacted_on=contacted_on)) == ["a"]
    assert keys(replace(customer("a", 0), next_method="message", contacted_on=contacted_on)) == []


def test_rung_today_and_agreed_for_a_later_hour_stays_in_the_queue() -> None:
    found = queue(customer("a", actions=rung(TODAY, "callback"), kept=agreed(TODAY, "16:30", "王会计")))
    assert found is not None
    [row] = found.rows
    assert row.when == datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
    assert row.text["zh"].startswith("约好再打给王会计；逾期 ¥100")
    assert found.method == "phone"


def test_call_the_gate_refuses_stands_last_with_the_reason() -> None:
    no = replace(customer("no", 900_000_00), refused={"phone": Refused(words("本周已催两次", "Twice this week"))})
    found = queue(no, customer("yes", 1_00))
    assert found is not None
    assert [(row.customer_id, row.stop and row.stop["en"]) for row in found.rows] == [
        ("yes", None), ("no", "Twice this week")]


def test_attempts_are_told_and_another_way_after_the_third() -> None:
    def text(n: int) -> str:
        found = queue(customer("a", actions=tuple(
            ActionFacts(str(i), "phone", "no_answer", TODAY - timedelta(days=i + 1)) for i in range(n))))
        assert found is not None
        return found.rows[0].text["zh"]

    assert text(1).endswith("已 1 次未接")
    assert text(3).endswith("已 3 次未接，换个方式")


def test_record_that_cannot_be_read_takes_nobody_else_out() -> None:
    unread = (Kept("callback", "next", {"on": "soon"}, 1),)
    assert keys(customer("a", next_on=None, kept=unread), customer("b")) == ["b"]


def test_queue_of_a_large_day_holds_thirty() -> None:
    assert len(keys(*(customer(f"c{n:02}", n) for n in range(60)))) == 30


def test_panel_tells_attempts_the_call_agreed_on_and_wrong_numbers() -> None:
    assert panel(PANEL.show(case())) is None
    facts = case(
        actions=(*(ActionFacts(str(n), "phone", "no_answer", TODAY) for n in range(3)), *rung(date(2026, 2, 3))),
        kept=(*agreed(date(2026, 3, 16), "15:00"), Kept("bad_number", "13805712222", {}, 1)))
    shown = panel(PANEL.show(facts))
    assert shown is not None
    assert [(line.label["en"], line.value if isinstance(line.value, str | int) else line.value["zh"], line.tone)  # type: ignore[index]
            for line in shown.lines] == [
        ("Calls / answered", "4 / 1", ""), ("Last call", "03-12 无人接听", ""), ("Unanswered in a row", 3, "bad"),
        ("To ring again", "3月16日 15:00", "warn"), ("Wrong numbers", "13805712222", "bad")]


def test_measures_of_a_month_of_calls() -> None:
    actions = tuple(RepAction("c", method, outcome, TODAY) for method, outcome in (
        ("phone", "promised"), ("phone", "no_answer"), ("phone", "refused"), ("phone", "wrong_number"),
        ("email", "sent")))
    reached, per_promise = (one.measure(RepFacts("u", "李", TODAY, TODAY, TODAY, actions=actions)) for one in METRICS)
    assert (reached.numerator, reached.denominator) == (2, 4)
    assert (per_promise.numerator, per_promise.denominator) == (4, 1)
    assert [one.measure(RepFacts("u", "李", TODAY, TODAY, TODAY)) for one in METRICS] == [None, None]
