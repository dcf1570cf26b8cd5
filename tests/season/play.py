"""A season played with and without the program's rules, on the same debtors. ``python3 -m tests.season.play``"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from tests.season.office import Office, Rules, Tally
from tests.season.world import by_itself, debtors, deliver

FIRST = date(2025, 3, 3)
#: Days before anybody collects, so that a season begins with old debts as well.
BEFORE = 60
SEEDS = (1, 2, 3, 4, 5)
ALL, NONE = Rules(True, True, True), Rules(False, False, False)
ARMS = {
    "none": NONE, "all": ALL, "without cadence": Rules(False, True, True),
    "without checking": Rules(True, False, True), "without measures": Rules(True, True, False),
}


def season(rules: Rules, seed: int, count: int, reps: int, days: int) -> Tally:
    """One season: the same seed gives the same debtors, whatever the rules."""
    people = debtors(random.Random(seed), count)
    office = Office(people, reps, rules, random.Random(seed + 1))
    dice = random.Random(seed + 2)
    for n in range(-BEFORE, days):
        today = FIRST + timedelta(days=n)
        for card in office.cards:
            if (n + int(card.debtor.name)) % 30 == 0:
                deliver(card.debtor, dice, today)
            paid = by_itself(card.debtor, dice, today)
            if paid and n >= 0:
                office.money(card, paid, today)
        office.night(today)
        if n >= 0 and today.weekday() < 5:
            office.day(today)
    return office.tally


def whole_season(rules: Rules, seed: int) -> Tally:
    """The season of the handbook: 20 reps, 2,000 debtors, 90 days."""
    return season(rules, seed, 2000, 20, 90)


def row(tallies: Sequence[Tally]) -> str:
    """The mean of some seasons as a row of the handbook: million yuan, contacts, hours, complaints, cost."""
    mean = [sum(getattr(one, name) for one in tallies) / len(tallies)
            for name in ("collected", "contacts", "minutes", "complaints", "cost")]
    return f"| {mean[0] / 1e6:.2f} | {mean[1]:,.0f} | {mean[2] / 60:,.0f} | {mean[3]:.0f} | {mean[4]:,.0f} |"


if __name__ == "__main__":
    for arm, switched in ARMS.items():
        print(arm, row([whole_season(switched, seed) for seed in SEEDS]))
