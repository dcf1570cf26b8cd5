"""A season of twenty reps and two thousand debtors, with the rules and without: the same debtors, another office."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from fieldsales.handbook.views import FOLDER
from tests.season.office import Office, Tally
from tests.season.play import ALL, ARMS, FIRST, NONE, SEEDS, row, season, whole_season
from tests.season.world import MIX, answer, by_itself, debtors, deliver

SMALL = {"count": 200, "reps": 2, "days": 60}


def test_same_seed_gives_the_same_season() -> None:
    assert season(ALL, 5, **SMALL) == season(ALL, 5, **SMALL)
    assert season(ALL, 5, **SMALL) != season(ALL, 6, **SMALL)


def test_market_has_the_habits_in_their_shares() -> None:
    people = debtors(random.Random(1), 1000)
    assert {habit: sum(one.habit == habit for one in people) for habit in MIX} == MIX


def test_nobody_pays_more_than_he_owes() -> None:
    dice = random.Random(3)
    for one in debtors(dice, 60):
        owed = paid = 0
        for n in range(120):
            today = FIRST + timedelta(days=n)
            if n % 30 == 0:
                deliver(one, dice, today)
                owed += one.monthly
            if one.overdue(today):
                answer(one, dice, today, dice.choice(("email", "phone", "visit", "letter", "legal")))
            paid += by_itself(one, dice, today)
            assert sum(bill.open for bill in one.bills) == owed - paid >= 0
            assert all(bill.open >= 0 for bill in one.bills)
            assert one.purse >= 0


def test_day_of_a_rep_has_an_end() -> None:
    people = debtors(random.Random(2), 100)
    for one in people:
        deliver(one, random.Random(1), FIRST - timedelta(days=60))
    office = Office(people, 1, NONE, random.Random(4))
    office.day(FIRST)
    assert 120 <= office.tally.minutes < 120 + 75 + 2 * 25 + 1


def test_rules_bring_more_money_and_fewer_complaints_than_the_gut() -> None:
    def sums(tallies: list[Tally]) -> tuple[int, int]:
        return sum(one.collected for one in tallies), sum(one.complaints for one in tallies)

    gut, ruled = (sums([season(rules, seed, **SMALL) for seed in range(4)]) for rules in (NONE, ALL))
    assert ruled[0] > gut[0]
    assert ruled[1] < gut[1]


@pytest.mark.soak
@pytest.mark.parametrize("name", ARMS)
def test_handbook_says_what_the_season_came_to(name: str) -> None:
    """The figures of the handbook are those of this very code; ``python3 -m tests.season.play`` prints them."""
    line = row([whole_season(ARMS[name], seed) for seed in SEEDS])
    for language in ("zh", "en"):
        assert line in (FOLDER / f"season.{language}.md").read_text(encoding="utf-8"), line
