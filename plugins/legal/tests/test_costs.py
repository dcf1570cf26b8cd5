"""Fees by the table at the edges of its steps, costs kept with the case, double interest by stretches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import InterestFacts, Keep, Kept
from fieldsales.plugin_api.clauses import clause
from fieldsales.plugin_api.interest import lines as checked
from fieldsales.plugin_api.testing import case, judge
from fieldsales.plugin_api.validate import excuse

from .. import METHOD
from ..costs import enforcement_fee, estimates, order_fee, preservation_fee, suit_fee
from ..double_interest import RULE
from ..sayings import CLAUSES, EXCUSES
from ..track import Noted, Track, kept, with_step


def yuan(amount: str) -> Money:
    return Money.of(amount)


@pytest.mark.parametrize(("fee", "claim", "is_"), [
    (suit_fee, "0.01", "50"), (suit_fee, "10000", "50"), (suit_fee, "10000.40", "50.01"), (suit_fee, "100000", "2300"),
    (suit_fee, "200000", "4300"), (suit_fee, "500000", "8800"), (suit_fee, "1000000", "13800"),
    (suit_fee, "2000000", "22800"), (suit_fee, "5000000", "46800"), (suit_fee, "10000000", "81800"),
    (suit_fee, "20000000", "141800"), (suit_fee, "30000000", "191800"),
    (order_fee, "10000", "16.67"), (order_fee, "1000000", "4600"),
    (preservation_fee, "1000", "30"), (preservation_fee, "100000", "1020"), (preservation_fee, "896000", "5000"),
    (preservation_fee, "90000000", "5000"),
    (enforcement_fee, "10000", "50"), (enforcement_fee, "500000", "7400"), (enforcement_fee, "5000000", "52400"),
    (enforcement_fee, "10000000", "77400"), (enforcement_fee, "20000000", "87400"),
])  # fmt: skip
def test_fee_by_the_table(fee: Callable[[Money], Money], claim: str, is_: str) -> None:
    assert fee(yuan(claim)) == yuan(is_)


@given(st.integers(1, 10**11), st.integers(1, 10**9))
def test_a_larger_claim_never_costs_less(claim: int, more: int) -> None:
    for fee in (suit_fee, order_fee, preservation_fee, enforcement_fee):
        assert fee(Money(claim)).minor <= fee(Money(claim + more)).minor


def test_no_fee_is_stated_for_another_currency() -> None:
    assert estimates(Money(100, "EUR")) == ()
    assert len(estimates(Money(100))) == 4


def test_costs_are_kept_and_set_against_the_claim() -> None:
    first = judge(METHOD, {"stage": "cost", "cost_kind": "court", "cost": 110_000})
    [keep] = [one for one in first.effects if isinstance(one, Keep)]
    facts = case(kept=(Kept(keep.kind, keep.key, keep.body, 1, "c1"),))
    second = judge(METHOD, {"stage": "cost", "cost_kind": "lawyer", "cost": 640_000}, facts)
    assert second.summary["zh"] == "登记律师费 ¥6,400.00，累计 ¥7,500.00"
    assert second.details[0]["zh"] == "费用合计 ¥7,500.00，占逾期 ¥150,000.00 的 5.0%"
    assert judge(METHOD, {"stage": "cost"}).outcome == "no_cost"


def interest(*steps: Noted, to: str = "2026-05-31") -> list[tuple[int, str, str, int]]:
    track = Track("d1")
    for step in steps:
        track = with_step(track, step)
    record = kept(track)
    facts = InterestFacts("c1", date.fromisoformat(to), kept=(Kept(record.kind, record.key, record.body, 1, "c1"),))
    found = checked(RULE.lines(facts), RULE)
    return [(one.base.minor, one.first.isoformat(), one.last.isoformat(), one.amount.minor) for one in found]


FINAL = Noted("final", date(2026, 3, 12), minor=10_000_000, until=date(2026, 4, 30), number="民初9号")


def test_double_interest_runs_from_the_day_after_the_period() -> None:
    # 100,000 × 0.0175 % × 31 days
    assert interest(FINAL) == [(10_000_000, "2026-05-01", "2026-05-31", 54_250)]
    assert interest(FINAL, to="2026-04-30") == []
    assert interest(FINAL, to="2026-05-01") == [(10_000_000, "2026-05-01", "2026-05-01", 1_750)]
    assert RULE.source["zh"].startswith("法释〔2014〕8号")


def test_payments_go_to_the_debt_first_and_end_a_stretch_that_day() -> None:
    part = Noted("received", date(2026, 5, 10), minor=4_000_000)
    assert interest(FINAL, part) == [(10_000_000, "2026-05-01", "2026-05-10", 17_500),
                                     (6_000_000, "2026-05-11", "2026-05-31", 22_050)]
    early = Noted("received", date(2026, 4, 10), minor=4_000_000)
    assert interest(FINAL, early) == [(6_000_000, "2026-05-01", "2026-05-31", 32_550)]
    whole = Noted("received", date(2026, 5, 10), minor=10_000_000)
    assert interest(FINAL, whole) == [(10_000_000, "2026-05-01", "2026-05-10", 17_500)]


def test_no_judgement_or_no_sum_no_double_interest() -> None:
    assert interest() == []
    assert interest(Noted("final", date(2026, 3, 12))) == []
    assert interest(Noted("judged", date(2026, 3, 12), minor=100)) == []
    assert Decimal("0.000175") == 175 / Decimal(1_000_000)


def test_excuses_and_clauses_are_well_declared() -> None:
    assert [excuse(one).code for one in EXCUSES] == ["time_barred", "not_our_seal"]
    assert [one.effect for one in EXCUSES] == ["none", "dispute"]
    assert all(one.asks and one.rule and one.facts for one in EXCUSES)
    assert [clause(one).name for one in CLAUSES] == ["venue"]
