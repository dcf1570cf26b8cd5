"""What is told at once, and what is not: by sums, days and switches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import Happened
from fieldsales.plugin_api.testing import NOON, TODAY

from .. import news

STANDING = news.SETTINGS.read({})
PAID = {"payment_id": "p1", "customer_id": "c1", "amount_minor": 50_000_00, "currency": "CNY",
        "received_on": TODAY.isoformat()}  # fmt: skip
SIGNED = {"plan_id": "n1", "customer_id": "c1", "number": "HK260312-1", "total_minor": 120_000_00, "currency": "CNY"}
BROKEN = {"promise_id": "q1", "customer_id": "c1", "state": "broken", "kept_minor": 0, "amount_minor": 20_000_00,
          "currency": "CNY"}  # fmt: skip
INSTALMENT = {"plan_id": "n1", "customer_id": "c1", "n": 3, "state": "broken", "kept_minor": 0}


def told(event: str, data: dict[str, Any], settings: dict[str, Any] | None = None, owner: str = "王小明") -> list[str]:
    """Everything the groups read, in Chinese: title and lines."""
    happened = Happened(event, data, NOON, "Asia/Shanghai", owner, STANDING | (settings or {}))
    [observer] = [one for one in news.OBSERVERS if event in one.events]
    assert observer.tell is not None
    return [text["zh"] for tell in observer.tell(happened) for text in (tell.title, *tell.lines)]


@pytest.mark.parametrize(("change", "settings", "said"), [
    ({}, {}, ["到账 ¥50,000.00", "业务员：王小明"]),
    ({"amount_minor": 10_000_00}, {}, ["到账 ¥10,000.00", "业务员：王小明"]),
    ({"amount_minor": 9_999_99}, {}, []),
    ({"amount_minor": 9_999_99}, {"money_from": Money(0)}, ["到账 ¥9,999.99", "业务员：王小明"]),
    ({"amount_minor": 100_00, "currency": "USD"}, {}, ["到账 $100.00", "业务员：王小明"]),
    ({"amount_minor": -50_000_00}, {}, []),
    ({}, {"money": False}, []),
    ({"received_on": "2026-03-09"}, {}, ["到账 ¥50,000.00", "业务员：王小明"]),
    ({"received_on": "2026-03-08"}, {}, []),
])  # fmt: skip
def test_money_is_told_from_a_sum_on_while_it_is_news(
    change: dict[str, Any], settings: dict[str, Any], said: list[str]
) -> None:
    assert told("payments.posted", PAID | change, settings) == said


def test_plan_is_told_unless_it_is_switched_off() -> None:
    assert told("plans.signed", SIGNED) == ["还款计划已签署 ¥120,000.00", "编号 HK260312-1", "业务员：王小明"]
    assert told("plans.signed", SIGNED, {"plans": False}) == []


@pytest.mark.parametrize(("event", "data", "said"), [
    ("promises.settled", BROKEN, ["付款承诺没有兑现 ¥20,000.00", "业务员：王小明"]),
    ("promises.settled", BROKEN | {"state": "kept"}, []),
    ("plans.instalment_settled", INSTALMENT, ["还款计划第 3 期没有按期付", "业务员：王小明"]),
    ("plans.instalment_settled", INSTALMENT | {"state": "partly_kept"}, []),
])  # fmt: skip
def test_what_was_not_kept_is_told_only_where_it_is_wanted(event: str, data: dict[str, Any], said: list[str]) -> None:
    assert told(event, data) == [], "the reminders count it already"
    assert told(event, data, {"broken": True}) == said


def test_customer_whom_nobody_looks_after_has_no_line_of_a_rep() -> None:
    assert told("payments.posted", PAID, owner="") == ["到账 ¥50,000.00"]


def test_both_languages_say_the_same_and_neither_names_the_customer() -> None:
    happened = Happened("plans.signed", SIGNED | {"name": "海港五金商行"}, NOON, "Asia/Shanghai", "王小明", STANDING)
    for event, data in (("payments.posted", PAID), ("plans.signed", SIGNED), ("promises.settled", BROKEN),
                        ("plans.instalment_settled", INSTALMENT)):  # fmt: skip
        one = replace(happened, event=event, data=data | {"name": "海港五金商行"}, settings=STANDING | {"broken": True})
        [observer] = [each for each in news.OBSERVERS if event in each.events]
        for tell in observer.tell(one) if observer.tell else ():
            for text in (tell.title, *tell.lines):
                assert text["en"].isascii() or "¥" in text["en"] or "王小明" in text["en"]
                assert "海港" not in text["zh"] + text["en"]
