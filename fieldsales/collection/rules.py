"""What the core does with a case and a decision. Pure: frozen records in, frozen records out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fieldsales.kernel.errors import N_, Invalid, NotAllowed
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.facts import CaseFacts, DebtorFacts, InvoiceFacts, Trigger
from fieldsales.plugin_api.types import CollectionMethod, Excuse
from fieldsales.receivables.interest import Rate
from fieldsales.receivables.limitation import Interruption

#: Days until an excuse should have been looked into.
VERIFY_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SellerFact:
    """One of our own companies, and the only account a debtor may pay to."""

    id: str
    name: str
    account: str
    reg_no: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Debt:
    """One due of an open invoice or credit note (negative). Amounts in minor units."""

    invoice: InvoiceFacts
    seller_id: str | None
    currency: str
    due_on: date
    open_minor: int
    disputed_minor: int
    #: invoice, opening …; costs and interest claimed bear no interest
    kind: str = "invoice"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it was read. ``whole``: with every list; else balances and debtors only."""

    id: str
    version: int
    facts: CaseFacts
    debtors: tuple[DebtorFacts, ...] = ()
    debts: tuple[Debt, ...] = ()
    sellers: tuple[SellerFact, ...] = ()
    rates: tuple[Rate, ...] = ()
    acts: tuple[Interruption, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A demand letter to be: one debtor, one seller, the whole debt between them."""

    debtor: DebtorFacts
    seller: SellerFact
    currency: str
    debts: tuple[Debt, ...]

    def total_minor(self) -> int:
        """All that is open, credit notes taken off."""
        return sum(debt.open_minor for debt in self.debts)

    def overdue_minor(self, today: date) -> int:
        """What of it is past its due date, never more than the whole."""
        overdue = sum(debt.open_minor for debt in self.debts if debt.due_on < today)
        return max(0, min(overdue, self.total_minor()))


def main_currency(debts: Iterable[Debt], default: str = "CNY") -> str:
    """The currency most is owed in: a plugin is shown one, and sums never mix two."""
    sums: dict[str, int] = {}
    for debt in debts:
        sums[debt.currency] = sums.get(debt.currency, 0) + debt.open_minor
    return max(sums, key=lambda currency: (sums[currency], currency)) if sums else default


def main_debtor(file: CaseFile, debtor_id: str | None) -> DebtorFacts | None:
    """The debtor meant: the one named, else whoever owes most, else the first."""
    if debtor_id:
        found = next((one for one in file.debtors if one.id == debtor_id), None)
        if found is None:
            raise Invalid("collection.debtor", N_("This debtor does not belong to the customer."), field="debtor_id")
        return found
    owed: dict[str, int] = {}
    for debt in file.debts:
        owed[debt.invoice.debtor_id] = owed.get(debt.invoice.debtor_id, 0) + debt.open_minor
    return max(file.debtors, key=lambda one: owed.get(one.id, 0), default=None)


def _of_debtor(file: CaseFile, debtor: DebtorFacts | None) -> tuple[Debt, ...]:
    """The debts of one debtor; an invoice that names none counts for every debtor of the customer."""
    if debtor is None or len(file.debtors) < 2:
        return file.debts
    return tuple(debt for debt in file.debts if debt.invoice.debtor_id in ("", debtor.id))


def case_for(
    file: CaseFile, actor: Actor, now: datetime, today: date, *, debtor_id: str | None = None,
    trigger: Trigger | None = None,
) -> CaseFacts:  # fmt: skip
    """The case as a method is shown it: one debtor, one currency, reckoned for today."""
    seen = replace(file.facts, now=now, today=today, actor_name=actor.name, actor_role=actor.role, trigger=trigger)
    debtor = main_debtor(file, debtor_id)
    if not file.whole:
        late = (today - seen.oldest_due_on).days if seen.oldest_due_on else 0
        return replace(seen, debtor=debtor, days_past_due=max(0, late))
    debts = _of_debtor(file, debtor)
    currency = main_currency(debts, seen.currency)
    debts = tuple(debt for debt in debts if debt.currency == currency)
    owed = [debt for debt in debts if debt.open_minor > 0]
    total = sum(debt.open_minor for debt in debts)
    late_minor = sum(debt.open_minor for debt in debts if debt.due_on < today)
    overdue = max(0, min(total, late_minor))
    oldest = min((debt.due_on for debt in owed), default=None)
    seller = _main_seller(file, debts)
    invoices: dict[str, InvoiceFacts] = {}
    for debt in owed:
        invoices.setdefault(debt.invoice.id, debt.invoice)
    return replace(
        seen, debtor=debtor, currency=currency, balance=Money(total, currency), overdue=Money(overdue, currency),
        disputed=Money(sum({d.invoice.id: d.disputed_minor for d in owed}.values()), currency), oldest_due_on=oldest,
        days_past_due=max(0, (today - oldest).days) if oldest and overdue else 0,
        invoices=tuple(invoices.values()), seller_name=seller.name if seller else "",
        seller_account=seller.account if seller else "",
    )  # fmt: skip


def _main_seller(file: CaseFile, debts: Iterable[Debt]) -> SellerFact | None:
    owed: dict[str | None, int] = {}
    for debt in debts:
        owed[debt.seller_id] = owed.get(debt.seller_id, 0) + debt.open_minor
    return max(file.sellers, key=lambda one: owed.get(one.id, 0), default=None)


def letters_of(file: CaseFile, debtor: DebtorFacts | None) -> list[Letter]:
    """The letters that state everything a debtor owes: one for each of our companies and currencies.

    A paper names exactly one debtor and one seller, so a debt to two sellers takes two letters. An
    invoice without a seller goes with the main one. Nothing is left out (诉讼时效规定 art. 9).
    """
    if debtor is None or not file.sellers:
        return []
    debts = _of_debtor(file, debtor)
    main = _main_seller(file, debts)
    groups: dict[tuple[str, str], list[Debt]] = {}
    by_id = {seller.id: seller for seller in file.sellers}
    for debt in debts:
        seller = by_id.get(debt.seller_id or "", main)
        if seller is not None:
            groups.setdefault((seller.id, debt.currency), []).append(debt)
    letters = [Letter(debtor, by_id[key[0]], key[1], tuple(group)) for key, group in groups.items()]
    return sorted((one for one in letters if one.total_minor() > 0), key=lambda one: -one.total_minor())


def as_date(text: str) -> date | None:
    """An ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def trigger_of(event: str, source_id: str, fields: Mapping[str, Any]) -> Trigger:
    """What a subscribed method is shown of an event: tuples for lists, dates for ISO dates."""
    data: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, list):
            data[name] = tuple(value)
        elif name.endswith("_on") and isinstance(value, str):
            data[name] = as_date(value)
        else:
            data[name] = value
    return Trigger(event, source_id, MappingProxyType(data))


def may_use(actor: Actor, method: CollectionMethod) -> bool:
    """Whether a role may collect by this method; the administrator may by any."""
    return actor.role in (*method.can, "admin", "system")


def check_may_use(actor: Actor, method: CollectionMethod) -> None:
    """Refuse a method that is not for this role."""
    if not may_use(actor, method):
        raise NotAllowed("collection.not_for_role", N_("Your role does not collect by this method."), field="method")


def claim_title(code: str, excuse: Excuse | None, locale: str) -> str:
    """What the verification task says: the excuse and how to find out, at most 120 characters."""
    if excuse is None:
        return code
    mark = "：" if locale == "zh" else ": "
    return f"{excuse.labels[locale]}{mark}{excuse.verify[locale]}"[:120]
