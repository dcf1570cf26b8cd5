"""What an invoice, a payment and a receipt must satisfy, and who may do what with money. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.messages import NewInvoice, NewPayment, RegisterReceipt

#: Cash not handed in after this alerts finance.
HAND_IN_WITHIN = timedelta(hours=24)
#: Dates outside these years are a slip of the pen or of the file.
FIRST_YEAR, LAST_YEAR = 1990, 2099


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """Confirmed money (a reversed payment is left out by whoever asks)."""

    amount_minor: int
    currency: str
    received_on: date
    debtor_id: str | None = None
    taken_at: datetime | None = field(default=None, compare=False)
    """When a rep was given it, where he registered it; else only the day is known."""
    visit_id: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """A receipt for money (收据) as an operation sees it. Amounts in minor units."""

    id: str
    customer_id: str
    debtor_id: str | None
    seller_id: str | None
    amount_minor: int
    currency: str
    method: str
    state: str
    collector_id: str
    holder_id: str | None
    owner_id: str | None
    handed_in_at: datetime | None
    designation: tuple[str, ...]
    number: str
    payer_name: str
    bill_number: str


def check_dates(*days: date) -> None:
    """Refuse a year nobody means."""
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise Invalid("receivables.year", N_("Check the year: it must lie between 1990 and 2099."), field="due_on")


def dues_of(invoice: NewInvoice) -> list[tuple[date, int]]:
    """The invoice's instalments (date, minor units); they sum to its total.

    A credit note has a single due, whatever the file says: it is money for the debtor to use at once.
    Raises Invalid when the instalments do not add up, or one goes against the invoice's sign.
    """
    check_dates(invoice.issued_on, invoice.due_on)
    if (invoice.kind == "credit_note") != (invoice.total_minor < 0) and invoice.kind != "opening":
        raise Invalid(
            "receivables.sign", N_("Invoice %(number)s: only a credit note is negative, and always."),
            field="total_minor", number=invoice.number,
        )
    if not invoice.dues:
        return [(invoice.due_on, invoice.total_minor)]
    if sum(amount for _, amount in invoice.dues) != invoice.total_minor:
        raise Invalid(
            "receivables.dues_sum", N_("Invoice %(number)s: the instalments do not add up to its total."),
            field="dues", number=invoice.number,
        )
    if invoice.total_minor < 0:
        return [(invoice.due_on, invoice.total_minor)]
    if any(amount <= 0 for _, amount in invoice.dues):
        raise Invalid(
            "receivables.dues_positive", N_("Invoice %(number)s: every instalment must be more than nothing."),
            field="dues", number=invoice.number,
        )
    check_dates(*(day for day, _ in invoice.dues))
    return sorted(invoice.dues)


def check_payment(payment: NewPayment) -> None:
    """Refuse a payment of a year nobody means."""
    check_dates(payment.received_on)


def taken_at(receipt: RegisterReceipt, occurred: datetime, now: datetime) -> datetime:
    """When the money was taken: as claimed, else when the record was made; never later than it reached us."""
    return min(receipt.received_at or occurred, now)


def gaps_of(receipt: RegisterReceipt) -> list[str]:
    """What a bill's receipt lacks; it is saved all the same, and asked for."""
    if receipt.method != "bill":
        return []
    lacking = [("bill_number", receipt.bill_number.strip()), ("bill_acceptor", receipt.bill_acceptor.strip()),
               ("bill_matures_on", receipt.bill_matures_on)]
    return [name for name, value in lacking if not value]


def shown_state(method: str, state: str, handed_in: bool) -> str:
    """How a receipt stands, for people: ``unhonoured`` (未兑付), ``pending`` (待确认), ``handed_in`` …

    A bill is unhonoured until finance confirms that it was paid; nothing else changes a balance.
    """
    if state != "pending":
        return state
    if method == "bill":
        return "unhonoured"
    return "handed_in" if method == "cash" and handed_in else "pending"


def is_cash_late(method: str, state: str, handed_in_at: datetime | None, received_at: datetime, now: datetime) -> bool:
    """Whether cash should have been handed in by now and has not."""
    return method == "cash" and state == "pending" and handed_in_at is None and now - received_at > HAND_IN_WITHIN


def check_pending(receipt: ReceiptFact) -> None:
    """Refuse to confirm or reject a receipt twice."""
    if receipt.state != "pending":
        raise RuleBroken("receivables.receipt_settled", N_("Receipt %(number)s has been settled already."),
                         number=receipt.number)


def check_not_own(actor: Actor, receipt: ReceiptFact) -> None:
    """Refuse whoever took the money to confirm it: four eyes on every sum."""
    if actor.user_id and actor.user_id == receipt.collector_id:
        raise NotAllowed("receivables.own_receipt", N_("Whoever took the money cannot confirm it."))


def check_hand_in(actor: Actor, receipt: ReceiptFact) -> None:
    """Refuse to hand in what is not cash, is settled, or lies in someone else's pocket."""
    check_pending(receipt)
    if receipt.method != "cash":
        raise RuleBroken("receivables.not_cash", N_("Only cash is handed in."))
    if receipt.handed_in_at is not None:
        raise RuleBroken("receivables.handed_in", N_("This cash has been handed in already."))
    if actor.role == "rep" and actor.user_id != receipt.holder_id:
        raise NotAllowed("receivables.not_holder", N_("Only whoever holds the cash can hand it in."))


def disputed_part(open_minor: int, amount_minor: int) -> int:
    """The part of an invoice that counts as disputed: no amount given means all that is open."""
    return min(max(0, open_minor), amount_minor or max(0, open_minor))
