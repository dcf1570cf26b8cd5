"""Which debts a payment settles (收款核销): the debtor's word first, else the order the law gives.

Sources: 民法典 art. 560 (the debtor may designate; else due first, then least secured, then heavier,
then earlier due, then in proportion) and art. 561 (costs, then interest, then principal).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Debt:
    """One open instalment as a claim. Amounts in minor units of one currency.

    ``open_minor`` is the principal; ``secured_minor`` what a pledge, mortgage or guarantee covers of
    it; ``late_daily_bp100`` the agreed late rate a day in 1/100 basis point, the measure of which debt
    weighs heavier on the debtor; ``costs_minor`` and ``interest_minor`` come before the principal.
    """

    key: str
    number: str
    due_on: date
    open_minor: int
    secured_minor: int = 0
    late_daily_bp100: int = 0
    costs_minor: int = 0
    interest_minor: int = 0

    @property
    def whole_minor(self) -> int:
        """Costs, interest and principal together."""
        return self.costs_minor + self.interest_minor + self.open_minor


@dataclass(frozen=True, slots=True)
class Share:
    """What one debt gets of a payment, and by which rule (a key of ``EXPLANATIONS``)."""

    key: str
    number: str
    costs_minor: int
    interest_minor: int
    principal_minor: int
    rule: str

    @property
    def amount_minor(self) -> int:
        """Everything this debt gets."""
        return self.costs_minor + self.interest_minor + self.principal_minor


@dataclass(frozen=True, slots=True)
class Split:
    """A payment split over debts: shares and rest sum to the payment exactly."""

    shares: tuple[Share, ...]
    rest_minor: int
    """What is left over; it stays unapplied."""
    missing: tuple[str, ...] = ()
    """Designated numbers that are not among the open debts."""


#: One sentence for each rule, shown beside the allocation.
EXPLANATIONS = {
    "designated": N_("Invoice %(number)s was named by the customer (Civil Code art. 560)."),
    "only": N_("Invoice %(number)s was the only debt open."),
    "due_first": N_("Invoice %(number)s was already due; due debts come first (Civil Code art. 560)."),
    "least_secured": N_("Invoice %(number)s was the least secured of the due debts (Civil Code art. 560)."),
    "heavier": N_("Invoice %(number)s weighed heaviest on the debtor (Civil Code art. 560)."),
    "earlier": N_("Invoice %(number)s fell due earliest (Civil Code art. 560)."),
    "last": N_("Invoice %(number)s was the only due debt left."),
    "pro_rata": N_("Invoice %(number)s fell due on the same day as others: in proportion (Civil Code art. 560)."),
    "not_yet_due": N_("Invoice %(number)s is not yet due; nothing due was left, so the earliest comes first."),
    "costs": N_("Costs of collecting %(number)s: costs come before interest and principal (Civil Code art. 561)."),
    "interest": N_("Interest claimed %(number)s: it comes after costs and before principal (Civil Code art. 561)."),
    "credit_note": N_("Credit note set off against invoice %(number)s."),
    "reversal": N_("Taken back from invoice %(number)s: the payment was reversed."),
}


def explanation(rule: str) -> str:
    """The English msgid that explains a rule; it has one place, ``%(number)s``."""
    return EXPLANATIONS[rule]


def allocate(amount_minor: int, debts: Sequence[Debt], on: date, designated: Sequence[str] = ()) -> Split:
    """Split a payment over debts of one debtor, one currency.

    ``designated``: invoice numbers the debtor named; they are served first, in the order named,
    earliest instalment first. When every named number was found, what is left follows art. 560;
    when one was not found, the rest waits unapplied: the debtor meant a debt we do not know yet.
    Raises ValueError for a negative amount.
    """
    if amount_minor < 0:
        raise ValueError("a payment is positive; a reversal takes back its own shares")
    open_debts = [debt for debt in debts if debt.whole_minor > 0]
    known = {debt.number for debt in open_debts}
    missing = tuple(number for number in dict.fromkeys(designated) if number not in known)
    shares: list[Share] = []
    named: set[str] = set()
    left = amount_minor
    for number in dict.fromkeys(designated):
        for debt in sorted((d for d in open_debts if d.number == number), key=lambda d: (d.due_on, d.key)):
            left = _give(shares, debt, left, "designated")
            named.add(debt.key)
    if missing:
        return Split(tuple(shares), left, missing)
    left = _by_law(shares, [debt for debt in open_debts if debt.key not in named], left, on)
    return Split(tuple(shares), left)


def _by_law(shares: list[Share], debts: list[Debt], left: int, on: date) -> int:
    ordered = sorted(debts, key=lambda debt: (*_rank(debt, on), debt.number, debt.key))
    groups = [list(group) for _, group in groupby(ordered, key=lambda debt: _rank(debt, on))]
    for index, group in enumerate(groups):
        if not left:
            break
        rule = _deciding(group, groups[index + 1][0] if index + 1 < len(groups) else None, on)
        if len(groups) == 1 and len(group) == 1 and not shares:
            rule = "only"
        left = _give_group(shares, group, left, rule)
    return left


def _rank(debt: Debt, on: date) -> tuple[int, int, int, date]:
    # Art. 560 ranks by security and weight only "where several debts are due"; before that only time speaks.
    if debt.due_on > on:
        return 1, 0, 0, debt.due_on
    return 0, debt.secured_minor, -debt.late_daily_bp100, debt.due_on


def _deciding(group: list[Debt], following: Debt | None, on: date) -> str:
    """The criterion that put this group before the next."""
    if group[0].due_on > on:
        return "not_yet_due"
    if len(group) > 1:
        return "pro_rata"
    if following is None:
        return "last"
    names = ("due_first", "least_secured", "heavier", "earlier")
    pairs = zip(names, _rank(group[0], on), _rank(following, on), strict=True)
    return next((name for name, mine, theirs in pairs if mine != theirs), "earlier")


def _give_group(shares: list[Share], group: list[Debt], left: int, rule: str) -> int:
    whole = sum(debt.whole_minor for debt in group)
    if left >= whole:
        for debt in group:
            left = _give(shares, debt, left, rule)
        return left
    for debt, part in zip(group, Money(left).split([debt.whole_minor for debt in group]), strict=True):
        _give(shares, debt, part.minor, rule)
    return 0


def _give(shares: list[Share], debt: Debt, left: int, rule: str) -> int:
    """Give one debt what it can take: costs, then interest, then principal (art. 561)."""
    if not left:
        return 0
    costs = min(left, debt.costs_minor)
    interest = min(left - costs, debt.interest_minor)
    principal = min(left - costs - interest, debt.open_minor)
    shares.append(Share(debt.key, debt.number, costs, interest, principal, rule))
    return left - costs - interest - principal
