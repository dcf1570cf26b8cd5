"""Debtors with habits the office does not know: who forgets, who haggles, who is short, who has a quarrel, who lies.

Every number here is an assumption, listed for people in the handbook (how good the judgement is). Money is whole yuan.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

#: Of a thousand debtors, so many of each habit.
MIX = {"prompt": 350, "forgetful": 250, "haggler": 150, "short": 120, "aggrieved": 70, "bad": 60}
#: How much of a contact's force each way has, and the rep's minutes it takes.
FORCE = {"email": 0.35, "phone": 0.6, "visit": 0.85, "letter": 0.5, "legal": 1.0}
MINUTES = {"email": 3, "phone": 8, "visit": 75, "letter": 15, "legal": 90}
GRADES = {"prompt": "ABB", "forgetful": "ABBC", "haggler": "BCC", "short": "BCD", "aggrieved": "ABC", "bad": "CDD"}


@dataclass(slots=True)
class Bill:
    """An invoice: what of it is open."""

    due_on: date
    open: int


@dataclass(slots=True)
class Debtor:
    """One debtor. ``purse``: money he could pay with; ``income`` comes into it every day."""

    name: str
    habit: str
    grade: str
    monthly: int
    purse: int
    income: int
    patience: int
    """Contacts within seven days before he complains."""
    km: int
    bills: list[Bill] = field(default_factory=list)
    moved: float = 0.0
    """How willing the last contacts have made him; fades."""
    instalment: int = 0
    """What he has signed to pay each week."""
    grievance: bool = False
    helped: bool = False
    contacts: list[date] = field(default_factory=list)

    def overdue(self, today: date) -> int:
        """What should have been paid."""
        return sum(bill.open for bill in self.bills if bill.due_on < today)

    def pay(self, amount: int) -> int:
        """Pay the oldest bills first; returns what was paid."""
        left = amount = min(amount, sum(bill.open for bill in self.bills))
        for bill in self.bills:
            part = min(left, bill.open)
            bill.open -= part
            left -= part
        self.purse = max(0, self.purse - amount)
        return amount


def debtors(dice: random.Random, count: int) -> list[Debtor]:
    """A market of debtors, in the shares of ``MIX``, the sums spread as trade debts are (log-normal)."""
    kinds = [kind for kind, share in MIX.items() for _ in range(round(share * count / 1000))]
    kinds += ["prompt"] * (count - len(kinds))
    dice.shuffle(kinds)
    return [_debtor(dice, n, kind) for n, kind in enumerate(kinds)]


def _debtor(dice: random.Random, n: int, kind: str) -> Debtor:
    monthly = max(500, min(200_000, int(dice.lognormvariate(8.8, 1.0))))
    earns = {"short": 0.6, "haggler": 0.9}.get(kind, 1.3)
    return Debtor(f"{n:05}", kind, dice.choice(GRADES[kind]), monthly, int(monthly * earns), int(monthly * earns / 30),
                  dice.choice((2, 3, 3, 4)), dice.choice((2, 5, 10, 25)))


def deliver(debtor: Debtor, dice: random.Random, today: date) -> None:
    """The month's goods, on thirty days; an aggrieved one has been sent something wrong now and then."""
    debtor.bills.append(Bill(today + timedelta(days=30), debtor.monthly))
    if debtor.habit == "aggrieved" and dice.random() < 0.5:
        debtor.grievance = True


def by_itself(debtor: Debtor, dice: random.Random, today: date) -> int:
    """What a debtor pays this day without being asked, or of what he was moved to before."""
    debtor.purse += int(debtor.income * (1.25 if debtor.helped else 1.0))
    owed = debtor.overdue(today + timedelta(days=1))
    if owed <= 0:
        return 0
    moved, debtor.moved = debtor.moved, debtor.moved * 0.7
    if debtor.instalment:
        pays = today.weekday() == 4 and dice.random() < 0.9
        return debtor.pay(min(debtor.instalment, owed, debtor.purse)) if pays else 0
    if debtor.habit == "prompt":
        return debtor.pay(owed) if dice.random() < 0.45 else 0
    if debtor.habit == "forgetful" or (debtor.habit == "aggrieved" and not debtor.grievance):
        return debtor.pay(owed) if dice.random() < 0.01 + 0.4 * moved else 0
    if debtor.habit == "haggler":
        return debtor.pay(min(owed // 4 + 1, debtor.purse)) if dice.random() < 0.005 + 0.4 * moved else 0
    if debtor.habit == "short":
        return debtor.pay(min(owed, debtor.purse * 2 // 5)) if dice.random() < 0.02 + 0.15 * moved else 0
    return debtor.pay(min(owed, debtor.purse)) if debtor.habit == "bad" and dice.random() < 0.02 * moved else 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a contact brings to the ear: a promise (sum, days), a reason, and whether he takes offence."""

    promised: int = 0
    days: int = 0
    excuse: str = ""
    complains: bool = False


def answer(debtor: Debtor, dice: random.Random, today: date, way: str) -> Reply:
    """A contact: it moves him, and he says something, true or not."""
    debtor.contacts = [day for day in debtor.contacts if day > today - timedelta(days=7)] + [today]
    complains = len(debtor.contacts) > debtor.patience and dice.random() < 0.5
    force = FORCE[way]
    owed = debtor.overdue(today)
    if debtor.habit == "aggrieved" and debtor.grievance:
        return Reply(excuse="quality", complains=complains or dice.random() < 0.2)
    if debtor.habit == "bad":
        debtor.moved = max(debtor.moved, {"letter": 1.5, "legal": 10.0}.get(way, 0.1 * force))
        return Reply(owed, dice.choice((7, 10, 14)), dice.choice(("", "not_received", "cash_tight")), complains)
    debtor.moved = max(debtor.moved, force)
    if debtor.habit == "short":
        return Reply(owed, dice.choice((7, 14)), "cash_tight", complains)
    if debtor.habit == "haggler":
        return Reply(owed // 2, dice.choice((5, 7, 10)), dice.choice(("", "downstream_owes", "cash_tight")), complains)
    return Reply(owed, dice.choice((2, 3, 5)), "", complains)
