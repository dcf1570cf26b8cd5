"""Posting money against debts: payments, credit notes and reversals, as rows still to be written. Pure.

A debt and a payment belong together when debtor, seller and currency agree; one that names no debtor
or seller agrees with any. We are several selling companies: money paid to one settles its debts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fieldsales.receivables.allocation import Debt, Share, allocate


@dataclass(frozen=True, slots=True)
class OpenDebt:
    """An instalment with something open. Amounts in minor units; a credit note's are negative."""

    due_id: str
    invoice_id: str
    number: str
    debtor_id: str | None
    seller_id: str | None
    currency: str
    due_on: date
    open_minor: int
    invoice_open_minor: int
    late_daily_bp100: int = 0
    #: what a guarantee, mortgage or pledge covers of it
    secured_minor: int = 0
    #: of a charge (costs of collecting, interest claimed): the invoice it belongs to, and ``costs`` or ``interest``
    charge_for: str = ""
    charge_kind: str = ""


@dataclass(frozen=True, slots=True)
class LooseMoney:
    """A confirmed payment with something not yet allocated."""

    payment_id: str
    debtor_id: str | None
    seller_id: str | None
    currency: str
    received_on: date
    unapplied_minor: int
    designation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """One allocation to write: from a payment or a credit note (its invoice id), to a due."""

    due_id: str
    invoice_id: str
    amount_minor: int
    currency: str
    rule: str
    payment_id: str | None = None
    credit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What a posting comes to: allocations to write, and debts and money as they stand after it."""

    applied: tuple[Applied, ...]
    debts: tuple[OpenDebt, ...]
    money: tuple[LooseMoney, ...] = ()


def agree(debt: OpenDebt, debtor_id: str | None, seller_id: str | None, currency: str) -> bool:
    """Whether money of this debtor, seller and currency may settle the debt."""
    return (
        debt.currency == currency
        and (debt.debtor_id is None or debtor_id is None or debt.debtor_id == debtor_id)
        and (debt.seller_id is None or seller_id is None or debt.seller_id == seller_id)
    )


def claims_of(debts: Sequence[OpenDebt], named: Sequence[str] = ()) -> list[Debt]:
    """The debts as the law sees them: costs and interest go with the principal they belong to (民法典 561).

    A charge stands by itself when its invoice is paid, or when the debtor named the charge's own number.
    """
    open_debts = [debt for debt in debts if debt.open_minor > 0]
    heads = {debt.due_id: _head(open_debts, debt, named) for debt in open_debts}
    extra: dict[tuple[str, str], int] = {}
    for debt in open_debts:
        head = heads[debt.due_id]
        if head != debt.due_id:
            extra[head, debt.charge_kind] = extra.get((head, debt.charge_kind), 0) + debt.open_minor
    return [
        Debt(debt.due_id, debt.number, debt.due_on, debt.open_minor, min(debt.secured_minor, debt.open_minor),
             debt.late_daily_bp100, extra.get((debt.due_id, "costs"), 0), extra.get((debt.due_id, "interest"), 0))
        for debt in open_debts if heads[debt.due_id] == debt.due_id
    ]


def _head(open_debts: Sequence[OpenDebt], debt: OpenDebt, named: Sequence[str]) -> str:
    """The due a debt is served with: its own, or for a charge the earliest open due of its invoice."""
    if not debt.charge_for or debt.number in named:
        return debt.due_id
    dues = [one for one in open_debts if one.invoice_id == debt.charge_for]
    return min(dues, key=lambda one: (one.due_on, one.due_id)).due_id if dues else debt.due_id


def _placed(debts: Sequence[OpenDebt], shares: Iterable[Share], named: Sequence[str]
            ) -> list[tuple[OpenDebt, int, str]]:
    """(due, minor units, rule) of every part: costs and interest on their own dues, in the order they arose."""
    by_due = {debt.due_id: debt for debt in debts}
    open_debts = [debt for debt in debts if debt.open_minor > 0]
    found: list[tuple[OpenDebt, int, str]] = []
    for share in shares:
        theirs = sorted((one for one in open_debts if one.charge_for and one.due_id != share.key
                         and _head(open_debts, one, named) == share.key), key=lambda one: (one.due_on, one.due_id))
        for kind, left in (("costs", share.costs_minor), ("interest", share.interest_minor)):
            for charge in (one for one in theirs if one.charge_kind == kind):
                part = min(left, charge.open_minor)
                left -= part
                if part:
                    found.append((charge, part, kind))
        if share.principal_minor:
            found.append((by_due[share.key], share.principal_minor, share.rule))
    return found


def post_money(debts: Sequence[OpenDebt], money: LooseMoney) -> Posting:
    """Allocate one payment: designation first, else 民法典 560 as things stood when it was received, and 561."""
    ours = [debt for debt in debts if agree(debt, money.debtor_id, money.seller_id, money.currency)]
    split = allocate(money.unapplied_minor, claims_of(ours, money.designation), money.received_on, money.designation)
    applied = tuple(
        Applied(debt.due_id, debt.invoice_id, minor, money.currency, rule, money.payment_id)
        for debt, minor, rule in _placed(ours, split.shares, money.designation)
    )
    return Posting(applied, lowered(debts, applied), (replace(money, unapplied_minor=split.rest_minor),))


def set_off_credits(debts: Sequence[OpenDebt], on: date) -> Posting:
    """Set open credit notes off against debts they agree with, oldest credit first."""
    current, applied = tuple(debts), list[Applied]()
    for credit in sorted((d for d in debts if d.open_minor < 0), key=lambda d: (d.due_on, d.number, d.due_id)):
        ours = [
            debt for debt in current
            if debt.open_minor > 0 and agree(debt, credit.debtor_id, credit.seller_id, credit.currency)
        ]
        shares = allocate(-credit.open_minor, claims_of(ours), on).shares
        rows = tuple(
            Applied(debt.due_id, debt.invoice_id, minor, credit.currency, "credit_note", None, credit.invoice_id)
            for debt, minor, _ in _placed(ours, shares, ())
        )
        current = lowered(current, rows)
        applied += rows
    return Posting(tuple(applied), current)


def settle(debts: Sequence[OpenDebt], money: Iterable[LooseMoney], on: date) -> Posting:
    """Everything loose against everything open: credit notes first, then payments as they came in."""
    first = set_off_credits(debts, on)
    applied, current, after = list(first.applied), first.debts, list[LooseMoney]()
    for payment in sorted(money, key=lambda each: (each.received_on, each.payment_id)):
        posting = post_money(current, payment)
        applied += posting.applied
        current = posting.debts
        after += posting.money
    return Posting(tuple(applied), current, tuple(after))


def lowered(debts: Sequence[OpenDebt], applied: Iterable[Applied]) -> tuple[OpenDebt, ...]:
    """The debts after allocations: each due by its own, its invoice by all, a credit note by what it gave.

    A credit note has a single due, so what it gave lies on that one. Debts keep their place at zero.
    """
    by_due: dict[str, int] = {}
    by_invoice: dict[str, int] = {}
    for row in applied:
        by_due[row.due_id] = by_due.get(row.due_id, 0) + row.amount_minor
        by_invoice[row.invoice_id] = by_invoice.get(row.invoice_id, 0) + row.amount_minor
        if row.credit_id:
            by_invoice[row.credit_id] = by_invoice.get(row.credit_id, 0) - row.amount_minor
    if not by_due:
        return tuple(debts)
    changed = []
    for debt in debts:
        off_invoice = by_invoice.get(debt.invoice_id, 0)
        off_due = off_invoice if debt.invoice_open_minor < 0 else by_due.get(debt.due_id, 0)
        changed.append(
            replace(debt, open_minor=debt.open_minor - off_due,
                    invoice_open_minor=debt.invoice_open_minor - off_invoice)
            if off_due or off_invoice
            else debt
        )
    return tuple(changed)
