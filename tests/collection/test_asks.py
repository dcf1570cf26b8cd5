"""The ask: the seed's example, the cap at the true balance, the habit learned. The phone's twin reads these cases."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.asks import (
    HIGHEST_BP,
    LOWEST_BP,
    PayerFacts,
    ask_for,
    ceiling,
    house_habit,
    is_hard,
    learned,
    pays_himself,
)

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
    assert house_habit(0, 0, Decimal("1.8")) == 18_000
    assert house_habit(13_000 * 10, 10, Decimal("1.8")) == 15_500
    assert house_habit(13_000 * 1000, 1000, Decimal("1.8")) == 13_000


@pytest.mark.parametrize("case", CASES["ceilings"], ids=lambda case: case[0])
def test_ceiling_is_what_is_owed_undisputed_and_not_on_its_way(case: list[object]) -> None:
    _, *amounts, most = case
    assert ceiling(*[int(str(one)) for one in amounts]) == most


PAYERS = [
    ("nine of ten on time, nothing late", PayerFacts(10, 9, days_past_due=0), "on_time"),
    ("a week late is human", PayerFacts(10, 10, days_past_due=7), "on_time"),
    ("eight days late is asked", PayerFacts(10, 10, days_past_due=8), ""),
    ("eight of ten is not proven", PayerFacts(10, 8), ""),
    ("two dues prove nothing", PayerFacts(2, 2), ""),
    ("three do", PayerFacts(3, 3), "on_time"),
    ("a core customer who keeps his word", PayerFacts(0, 0, 3, 3, 0, "a"), "keeps_word"),
    ("keeping one's word without the tier", PayerFacts(0, 0, 3, 3, 0, "B"), ""),
    ("the tier alone proves nothing", PayerFacts(0, 0, 0, 0, 0, "A"), ""),
]


@pytest.mark.parametrize(("name", "facts", "why"), PAYERS, ids=[one[0] for one in PAYERS])
def test_self_payer_is_proven_by_what_he_did(name: str, facts: PayerFacts, why: str) -> None:
    assert pays_himself(facts) == why


@pytest.mark.parametrize(("answer", "before", "hard"), [
    ("refused", (), True), ("excuse", (), False), ("excuse", (None,), False), ("excuse", (None, 0), True),
    ("none", (None, 0, 500), True), ("counter", (500, None), False), ("promised", (None, None), False),
])  # fmt: skip
def test_hard_contact_is_a_refusal_or_the_third_without_a_close(answer: str, before: tuple[int | None, ...],
                                                                hard: bool) -> None:
    assert is_hard(answer, before) is hard


@given(AMOUNTS, RATIOS, AMOUNTS)
def test_ask_never_exceeds_the_balance_nor_falls_below_what_is_hoped_for(hoped: int, ratio: Decimal, owed: int) -> None:
    ask = ask_for(hoped, ratio, owed)
    assert min(hoped, owed) <= ask.ask_minor <= owed
    assert ask.capped is (owed > 0 and ask.ask_minor == owed)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=30), st.integers(LOWEST_BP, HIGHEST_BP))
def test_habit_stays_within_its_bounds(closes: list[tuple[int, int]], prior: int) -> None:
    assert LOWEST_BP <= learned(closes, prior) <= HIGHEST_BP
