"""Whom to see, what was counted there, what it cost and who was left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import (
    Card,
    CaseFacts,
    DayCustomer,
    DayFacts,
    Keep,
    Kept,
    Refused,
    RepCustomer,
    RepFacts,
    RepVisit,
    TaskFacts,
    words,
)
from fieldsales.plugin_api.cards import card
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.testing import NOON, TODAY, case, contract, judge, objections

from .. import CARD, METRICS, PANEL, SETTINGS, STOCK

PLANNED = (TaskFacts("planned_visit", "", TODAY),)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def customer(key: str, overdue: int = 100_00, tier: str = "B", **more: Any) -> DayCustomer:
    facts = case(overdue=Money(overdue))
    return DayCustomer(replace(facts, customer=replace(facts.customer, id=key, tier=tier)), **more)


def day(*customers: DayCustomer, **settings: object) -> Card | None:
    facts = DayFacts(TODAY, NOON, "Asia/Shanghai", customers=customers, settings=settings)
    return card(CARD.show(facts), facts)


def texts(*customers: DayCustomer, **settings: object) -> list[tuple[str, str]]:
    found = day(*customers, **settings)
    return [(row.customer_id, row.text["zh"]) for row in found.rows] if found else []


def test_planned_visits_come_first_and_the_nearest_of_them() -> None:
    assert texts(
        customer("rich", 9_000_00, visited_on=ago(31)), customer("far", tasks=PLANNED, distance_m=9_000),
        customer("near", tasks=(TaskFacts("planned_visit", "", ago(2)),), distance_m=300),
        customer("where", 0, tasks=PLANNED), customer("new", visited_on=None),
    ) == [
        ("near", "计划已过 2 天；逾期 ¥100"), ("far", "计划今天拜访；逾期 ¥100"), ("where", "计划今天拜访"),
        ("rich", "31 天没去；逾期 ¥9,000"), ("new", "还没去过；逾期 ¥100"),
    ]


@pytest.mark.parametrize(("tier", "days", "is_there"), [
    ("A", 14, False), ("A", 15, True), ("B", 30, False), ("B", 31, True), ("C", 45, False), ("C", 46, True),
    ("", 31, True), ("", 30, False),
])
def test_each_tier_has_its_interval(tier: str, days: int, is_there: bool) -> None:
    assert bool(texts(customer("a", tier=tier, visited_on=ago(days)))) is is_there


def test_interval_is_the_houses_to_set() -> None:
    assert texts(customer("a", tier="A", visited_on=ago(8)), days_a=7)
    assert not texts(customer("a", tier="A", visited_on=ago(40)), days_a=60)


def test_nobody_is_visited_for_nothing_and_a_refused_one_says_why() -> None:
    assert day(customer("a", 0)) is None
    found = day(customer("a", refused={"visit": Refused(words("对方要求不再上门", "They asked us to leave"))}))
    assert found is not None
    assert found.rows[0].stop == {"zh": "对方要求不再上门", "en": "They asked us to leave"}


def test_those_beyond_ten_are_counted() -> None:
    found = day(*(customer(f"c{n:02}") for n in range(13)))
    assert found is not None
    assert (len(found.rows), found.note) == (10, words("另有 3 户超过拜访间隔", "3 more beyond their interval"))


def counts(facts: CaseFacts) -> dict[str, Any]:
    [keep] = judge(STOCK, {"items": ROWS}, facts).effects
    assert isinstance(keep, Keep)
    return dict(keep.body["items"])


ROWS = [{"item": "水管 DN50", "delivered": 20, "counted": 30, "unit": "根"}, {"item": "阀门", "counted": 8},
        {"item": " ", "counted": 9}]
BEFORE = (Kept("stock", "counts", {"items": {
    "水管 DN50": {"counted": 100, "unit": "根", "sold": None, "on": "2026-02-01"},
    "弯头": {"counted": 5, "unit": "", "sold": 1, "on": "2026-02-01"}}}, 3),)


def test_stock_keeps_the_contract() -> None:
    contract(STOCK)
    assert STOCK.as_form()["on_site"] is True


def test_what_is_sold_is_what_was_there_and_came_less_what_is_left() -> None:
    decision = judge(STOCK, {"items": ROWS}, case(kept=BEFORE))
    assert [line["zh"] for line in decision.details] == [
        "水管 DN50：上次 100，送来 20，现存 30根，卖出 90", "阀门：现存 8"]
    assert decision.next_step == words("按卖掉的部分要款", "Ask for payment of what is sold")
    assert (decision.effect, decision.grade, decision.next_on) == ("", "", TODAY)
    kept = counts(case(kept=BEFORE))
    assert (kept["水管 DN50"]["sold"], kept["阀门"]["sold"], kept["弯头"]["counted"]) == (90, None, 5)


def test_first_count_against_what_was_delivered_and_nothing_to_ask_when_nothing_is_overdue() -> None:
    assert counts(case())["水管 DN50"]["sold"] == -10
    assert judge(STOCK, {"items": ROWS[1:2]}, case()).next_step is None
    assert judge(STOCK, {"items": ROWS}, case(kept=BEFORE, overdue=Money(0))).next_step is None


def test_more_than_there_can_be_is_a_warning() -> None:
    [problem] = objections(STOCK, {"items": ROWS}, case())
    assert (problem.blocking, problem.text["zh"]) == (False, "水管 DN50：比应有的还多 10，请核对送货数。")


def test_panel_shows_the_newest_count_of_each_item() -> None:
    assert panel(PANEL.show(case())) is None
    shown = panel(PANEL.show(case(kept=(Kept("stock", "counts", {"items": counts(case(kept=BEFORE))}, 4),))))
    assert shown is not None
    assert shown.table is not None
    assert [row[:3] for row in shown.table.rows] == [
        ("水管 DN50", "30根", 90), ("阀门", "8", "–"), ("弯头", "5", 1)]


def test_measures_of_visits() -> None:
    owing = tuple(RepCustomer(str(n), f"客户{n}", "A", Money(n * 100), 40, on) for n, on in enumerate(
        (ago(1), ago(14), ago(15), None, ago(90), ago(60)), 1))
    facts = RepFacts("u", "李", TODAY.replace(day=1), TODAY, TODAY,
                     (*owing, RepCustomer("x", "不欠", "A", Money(0), 0)), received=Money(10_000_00),
                     visits=(RepVisit("1", "collect", "paid", TODAY, 60, None),
                             RepVisit("2", "collect", "paid", TODAY, 30, 12_000),
                             RepVisit("3", "collect", "paid", TODAY, None, 3_000)),
                     km_cost=Money(2_00), settings={"hour_cost": Money(80_00)})  # fmt: skip
    covered, cost, share = (one.measure(facts) for one in METRICS)
    assert covered is not None
    assert covered.note is not None
    assert (covered.numerator, covered.denominator) == (2, 6)
    assert covered.note["zh"] == "客户4没去过、客户5 90 天、客户6 60 天，另 1 户"
    assert cost is not None
    assert (cost.numerator, cost.denominator) == (120_00 + 30_00, 3)
    assert share is not None
    assert (share.numerator, share.denominator) == (150_00, 10_000_00)
    assert [one.measure(RepFacts("u", "李", TODAY, TODAY, TODAY)) for one in METRICS] == [None, None, None]


def test_settings_have_the_defaults_the_rules_use() -> None:
    assert SETTINGS.read({}) == {"hour_cost": Money(60_00), "days_a": 14, "days_b": 30, "days_c": 45}
