"""Posting money against debts: payments, credit notes and reversals, as rows still to be written. Pure.

A debt and a payment belong together when debtor, seller and currency agree; one that names no debtor
or seller agrees with any. We are several selling companies: money paid to one settles its debts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fieldsales.receivables.allocation import Debt, allocate


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


def post_money(debts: Sequence[OpenDebt], money: LooseMoney) -> Posting:
    """Allocate one payment: designation first, else 民法典 560 as things stood when it was received."""
    ours = [debt for debt in debts if agree(debt, money.debtor_id, money.seller_id, money.currency)]
    claims = [
        Debt(debt.due_id, debt.number, debt.due_on, debt.open_minor, late_daily_bp100=debt.late_daily_bp100)
        for debt in ours
        if debt.open_minor > 0
    ]
    split = allocate(money.unapplied_minor, claims, money.received_on, money.designation)
    invoice_of = {debt.due_id: debt.invoice_id for debt in ours}
    applied = tuple(
        Applied(share.key, invoice_of[share.key], share.amount_minor, money.currency, share.rule, money.payment_id)
        for share in split.shares
    )
    return Posting(applied, lowered(debts, applied), (replace(money, unapplied_minor=split.rest_minor),))


def set_off_credits(debts: Sequence[OpenDebt], on: date) -> Posting:
    """Set open credit notes off against debts they agree with, oldest credit first."""
    current, applied = tuple(debts), list[Applied]()
    for credit in sorted((d for d in debts if d.open_minor < 0), key=lambda d: (d.due_on, d.number, d.due_id)):
        claims = [
            Debt(debt.due_id, debt.number, debt.due_on, debt.open_minor, late_daily_bp100=debt.late_daily_bp100)
            for debt in current
            if debt.open_minor > 0 and agree(debt, credit.debtor_id, credit.seller_id, credit.currency)
        ]
        invoice_of = {debt.due_id: debt.invoice_id for debt in current}
        rows = tuple(
            Applied(share.key, invoice_of[share.key], share.amount_minor, credit.currency, "credit_note", None,
                    credit.invoice_id)
            for share in allocate(-credit.open_minor, claims, on).shares
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
