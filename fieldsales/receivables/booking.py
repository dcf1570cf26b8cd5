"""Turning a posting into rows: allocations added, what is open lowered, later commands shown the change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.messages import NewPayment, PaymentPosted
from fieldsales.receivables.models import Allocation, Due, Invoice, Payment
from fieldsales.receivables.posting import Applied, LooseMoney, OpenDebt, Posting, post_money, settle
from fieldsales.receivables.rules import check_payment
from fieldsales.store.work import Work


@dataclass
class Fresh:
    """Rows of this very command, not yet in the buffer, whose open amounts may still change."""

    invoices: dict[str, dict[str, object]] = field(default_factory=dict)
    dues: dict[str, dict[str, object]] = field(default_factory=dict)


def book(work: Work, customer_id: str, before: Sequence[OpenDebt], posting: Posting,
         loose: Iterable[LooseMoney] = (), fresh: Fresh | None = None) -> None:
    """Write a posting. ``before``: the debts as they stood; ``loose``: payments on record before it."""
    fresh = fresh or Fresh()
    for row in posting.applied:
        insert_allocation(work, customer_id, row)
    old = {debt.due_id: debt for debt in before}
    opened: dict[str, int] = {}
    for debt in posting.debts:
        was = old[debt.due_id]
        if was.open_minor != debt.open_minor:
            _set_open(work, Due, fresh.dues, debt.due_id, debt.open_minor)
        if was.invoice_open_minor != debt.invoice_open_minor:
            opened[debt.invoice_id] = debt.invoice_open_minor
    for invoice_id, open_minor in opened.items():
        _set_open(work, Invoice, fresh.invoices, invoice_id, open_minor)
    unapplied = {money.payment_id: money.unapplied_minor for money in posting.money}
    for money in loose:
        if unapplied.get(money.payment_id, money.unapplied_minor) != money.unapplied_minor:
            work.update(Payment, money.payment_id, unapplied_minor=unapplied[money.payment_id])
    show(work, customer_id, posting.debts, posting.money)


def show(work: Work, customer_id: str, debts: Iterable[OpenDebt], money: Iterable[LooseMoney]) -> None:
    """Lay the new state over the facts, for the commands that follow in the batch."""
    left = tuple(debt for debt in debts if debt.open_minor)
    if work.facts.knows("open_debts", customer_id):
        work.facts.put("open_debts", customer_id, left)
    if work.facts.knows("open_credits", customer_id):
        work.facts.put("open_credits", customer_id, any(debt.open_minor < 0 for debt in left))
    if work.facts.knows("loose_money", customer_id):
        work.facts.put("loose_money", customer_id, tuple(each for each in money if each.unapplied_minor > 0))


def settle_loose(work: Work, customer_id: str, debts: Sequence[OpenDebt], fresh: Fresh | None = None) -> None:
    """Set everything loose (credit notes, unapplied money) off against what is now open, and write it."""
    loose: tuple[LooseMoney, ...] = work.fact("loose_money", customer_id)
    book(work, customer_id, debts, settle(debts, loose, work.today), loose, fresh)


def insert_allocation(work: Work, customer_id: str, row: Applied, reverses_id: str | None = None) -> None:
    """Add one allocation."""
    work.insert(
        Allocation, id=uuid7(), customer_id=customer_id, payment_id=row.payment_id, credit_id=row.credit_id,
        invoice_id=row.invoice_id, due_id=row.due_id, amount_minor=row.amount_minor, currency=row.currency,
        rule=row.rule, reverses_id=reverses_id, at=work.now,
    )


def _set_open(work: Work, model: type[Due] | type[Invoice], fresh: dict[str, dict[str, object]], row_id: str,
              open_minor: int) -> None:
    if row_id in fresh:
        fresh[row_id]["open_minor"] = open_minor
    else:
        work.update(model, row_id, open_minor=open_minor)


def post_payment(work: Work, new: NewPayment, *, import_id: str | None = None, receipt_id: str | None = None,
                 collector_id: str | None = None, owner_id: str | None = None) -> int:
    """Post one payment with its allocations; returns what stays unapplied, in minor units."""
    check_payment(new)
    customer = work.require("customer", new.customer_id)
    debts: tuple[OpenDebt, ...] = work.fact("open_debts", new.customer_id)
    loose: tuple[LooseMoney, ...] = work.fact("loose_money", new.customer_id)
    money = LooseMoney(new.payment_id, new.debtor_id, new.seller_id, new.currency, new.received_on, new.amount_minor,
                       tuple(new.invoice_numbers))
    posting = post_money(debts, money)
    rest = posting.money[0].unapplied_minor
    work.insert(
        Payment, id=new.payment_id, customer_id=new.customer_id, debtor_id=new.debtor_id, seller_id=new.seller_id,
        amount_minor=new.amount_minor, currency=new.currency, received_on=new.received_on, method=new.method,
        reference=new.reference, payer_name=new.payer_name, designation=list(new.invoice_numbers),
        unapplied_minor=rest, receipt_id=receipt_id, reverses_id=None, reason="",
        external_key=new.external_key or None, import_id=import_id, collector_id=collector_id,
        owner_id=owner_id or customer.owner_id, posted_at=work.now,
    )
    book(work, new.customer_id, debts, posting)
    show(work, new.customer_id, posting.debts, (*loose, *posting.money))
    work.touch(new.customer_id)
    work.emit(PaymentPosted(new.payment_id, new.customer_id, new.debtor_id, new.amount_minor, new.currency,
                            new.received_on, receipt_id))
    return rest
