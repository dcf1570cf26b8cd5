"""The ask: the seed's example, the cap at the true balance, the habit learned. The phone's twin reads these cases."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.asks import HIGHEST_BP, LOWEST_BP, ask_for, house_habit, learned

CASES = json.loads((Path(__file__).parent / "ask_cases.json").read_text(encoding="utf-8"))
AMOUNTS = st.integers(0, 10**13)
RATIOS = st.integers(0, 90_000).map(lambda bp: Decimal(bp) / 10_000)


@pytest.mark.parametrize("case", CASES["asks"], ids=lambda case: case[0])
def test_ask_is_hoped_times_habit_capped_at_the_balance(case: list[object]) -> None:
    _, expected, ratio, open_minor, ask, capped = case
    found = ask_for(int(str(expected)), Decimal(str(ratio)), int(str(open_minor)))
    assert (found.ask_minor, found.capped) == (ask, capped)


@pytest.mark.parametrize("case", CASES["habits"], ids=lambda case: case[0])
def test_habit_is_learned_from_asks_and_closes_and_shrunk(case: list[object]) -> None:
    _, closes, prior, weight, ratio = case
    assert learned([(one[0], one[1]) for one in closes], prior, weight) == ratio  # type: ignore[attr-defined, arg-type]


def test_house_begins_with_the_setting_and_learns() -> None:
    assert house_habit([], Decimal("1.8")) == 18_000
    assert house_habit([(130, 100)] * 10, Decimal("1.8")) == 15_500
    assert house_habit([(130, 100)] * 1000, Decimal("1.8")) == pytest.approx(13_000, abs=60)


@given(AMOUNTS, RATIOS, AMOUNTS)
def test_ask_never_exceeds_the_balance_nor_falls_below_what_is_hoped_for(hoped: int, ratio: Decimal, owed: int) -> None:
    ask = ask_for(hoped, ratio, owed)
    assert min(hoped, owed) <= ask.ask_minor <= owed
    assert ask.capped is (owed > 0 and ask.ask_minor == owed)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=30), st.integers(LOWEST_BP, HIGHEST_BP))
def test_habit_stays_within_its_bounds(closes: list[tuple[int, int]], prior: int) -> None:
    assert LOWEST_BP <= learned(closes, prior) <= HIGHEST_BP
