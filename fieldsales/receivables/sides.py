"""The two sides of a signed paper, as the books have them: one debtor of the customer, one of our companies.

Plans and statements are signed by the same machinery; what they share stands here, below both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy import Connection, select

from fieldsales.customers.models import Debtor
from fieldsales.documents.canonical import document_of
from fieldsales.documents.messages import PaperSource, Signing
from fieldsales.documents.onetime import check_confirmation
from fieldsales.documents.rules import check_signing
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.operation import Need
from fieldsales.people.queries import DeviceFact
from fieldsales.receivables.interruptions import load_acts  # noqa: F401 - it declares a fact
from fieldsales.receivables.limitation import reckon
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_debtors, _sellers = table_of(Debtor), table_of(Seller)


class TwoSided(Protocol):
    """What every signed paper's payload says of its sides."""

    customer_id: str
    debtor_id: str
    debtor_name: str
    debtor_kind: Any
    seller_id: str
    seller_name: str
    seller_account: str
    currency: str


@dataclass(frozen=True, slots=True)
class DebtorFact:
    """A legal debtor of a customer."""

    id: str
    customer_id: str
    name: str
    kind: str
    reg_no: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class SellerFact:
    """One of our own companies and its account."""

    id: str
    name: str
    bank_account: str
    bank_name: str = ""


@fact("debtor")
def load_debtors(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Debtors by id."""
    d = _debtors.c
    rows = connection.execute(select(d.id, d.customer_id, d.name, d.kind, d.reg_no, d.address).where(d.id.in_(keys)))
    return {row.id: DebtorFact(*row) for row in rows}


@fact("seller")
def load_sellers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Our own companies by id."""
    s = _sellers.c
    rows = connection.execute(select(s.id, s.name, s.bank_account, s.bank_name).where(s.id.in_(keys)))
    return {row.id: SellerFact(*row) for row in rows}


def needs_of(payload: TwoSided) -> list[Need]:
    """The facts a signed paper is judged by, whichever it is."""
    return [Need("customer", payload.customer_id), Need("debtor", payload.debtor_id),
            Need("seller", payload.seller_id), Need("open_debts", payload.customer_id)]  # fmt: skip


def same_account(printed: str, bank_account: str) -> bool:
    """Whether the account printed on a paper is the company's own, spaces apart."""
    own = "".join(bank_account.split())
    return own in "".join(printed.split()) if own else not printed.strip()


def own_debtor(work: Work, customer_id: str, debtor_id: str) -> DebtorFact:
    """The debtor, when it is this customer's. Raises RuleBroken: a paper would print another customer's name."""
    debtor: DebtorFact | None = work.fact("debtor", debtor_id)
    if debtor is None or debtor.customer_id != customer_id:
        raise RuleBroken("paper.debtor", N_("This debtor does not belong to the customer."), field="debtor_id")
    return debtor


def check_sides(work: Work, payload: TwoSided) -> None:
    """A paper names one debtor of this customer, one of our companies, and that company's own account."""
    own_debtor(work, payload.customer_id, payload.debtor_id)
    seller: SellerFact | None = work.fact("seller", payload.seller_id)
    if seller is None:
        raise RuleBroken("paper.seller", N_("The selling company is not known."), field="seller_id")
    if not same_account(payload.seller_account, seller.bank_account):
        raise RuleBroken(
            "paper.account", N_("The account printed is not the company's. Only the company's account may stand here."),
            field="seller_account",
        )  # fmt: skip


def side_flags(work: Work, payload: TwoSided) -> list[str]:
    """What the books no longer call as the paper does.

    ``debtor_changed``: the debtor's name or kind; ``seller_changed``: the creditor's name.
    """
    debtor: DebtorFact = work.require("debtor", payload.debtor_id)
    seller: SellerFact = work.require("seller", payload.seller_id)
    same_debtor = (debtor.name, debtor.kind) == (payload.debtor_name, payload.debtor_kind)
    same_seller = "".join(seller.name.split()) == "".join(payload.seller_name.split())
    return [*([] if same_debtor else ["debtor_changed"]), *([] if same_seller else ["seller_changed"])]


def open_between(work: Work, payload: TwoSided) -> list[tuple[str, int]]:
    """(number, open minor units) of what the debtor owes this seller now; one that names no side fits any."""
    return [
        (debt.number, debt.open_minor) for debt in work.fact("open_debts", payload.customer_id) or ()
        if debt.debtor_id in ("", None, payload.debtor_id) and debt.seller_id in ("", None, payload.seller_id)
        and debt.currency == payload.currency
    ]  # fmt: skip


def has_expired(work: Work, payload: TwoSided) -> bool:
    """Whether, by proven acts, the limitation period has run out for something open between the two sides."""
    debts = [
        debt for debt in work.fact("open_debts", payload.customer_id) or ()
        if debt.open_minor > 0 and debt.debtor_id in ("", None, payload.debtor_id)
        and debt.seller_id in ("", None, payload.seller_id)
    ]  # fmt: skip
    last: dict[str, date] = {}
    for debt in debts:
        last[debt.invoice_id] = max(last.get(debt.invoice_id, debt.due_on), debt.due_on)
    acts = work.fact("limitation_acts", payload.customer_id) or ()
    return any(
        reckon(debt.due_on, last[debt.invoice_id],
               (act for act in acts if act.covers(payload.debtor_id, debt.invoice_id))).earliest_on < work.today
        for debt in debts
    )  # fmt: skip


def has_moved(listed: Iterable[tuple[str, int]], open_now: Iterable[tuple[str, int]]) -> bool:
    """Whether an invoice printed with its open amount is no longer open to that amount."""
    now: dict[str, int] = {}
    for number, open_minor in open_now:
        now[number] = now.get(number, 0) + open_minor
    return any(now.get(number, 0) != open_minor for number, open_minor in listed)


def device_of(work: Work) -> DeviceFact | None:
    """The phone a signing came from, when it is enrolled, the actor's own and not revoked."""
    device_id = work.envelope.device_id
    device: DeviceFact | None = work.fact("device", device_id) if device_id else None
    return device if device and device.user_id == work.actor.user_id and not device.revoked else None


def proof_flags(work: Work, payload: Any, signing: Signing) -> list[str]:
    """Check the signing against what was shown; what must be printed as unproven. Raises as check_signing."""
    device = device_of(work)
    check_confirmation(work, payload.customer_id, signing)
    return check_signing(payload, signing, work.envelope.device_id or "", device.public_key if device else None)


def signed_source(work: Work, payload: BaseModel, signing: Signing) -> PaperSource:
    """All the press needs of a signed paper."""
    device = device_of(work)
    return PaperSource(
        payload=document_of(payload), signing=signing.model_dump(mode="json"),
        device_id=work.envelope.device_id or "", device_key=dict(device.public_key) if device else None,
    )  # fmt: skip


def signed_day(work: Work, made_at: datetime) -> date:
    """The calendar day of a signing, never after today: a clock that runs ahead signs today."""
    return min(on_date(made_at, work.zone), work.today)
