"""What a plugin is shown: the case as it stands, frozen. No session, no model, no app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.keeping import Kept

_NOTHING = Money(0)


def _nothing() -> Mapping[str, object]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Who buys from us. ``tier`` and ``credit_grade`` as the house sets them, "" when unset.

    ``faith``: "" | good_faith | bad_faith, a class a manager approved. For deciding only: it must never be
    written where the customer reads it.
    """

    id: str
    name: str
    code: str = ""
    phone: str = ""
    address: str = ""
    tier: str = ""
    credit_grade: str = ""
    supply_stopped: bool = False
    faith: str = ""


@dataclass(frozen=True, slots=True)
class DebtorFacts:
    """The legal person who owes. ``kind``: company | sole_trader | person."""

    id: str
    name: str
    kind: str = "company"
    reg_no: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A person at the customer's. ``standing``: third_party | family | refused | left: not to be pressed; "" may be."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    id: str = ""
    standing: str = ""
    email_failed: str = ""
    """The address mail came back from; ``email`` is then empty."""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """One open invoice (应收单). ``papers``: kinds on file (delivery_note, contract, fapiao …)."""

    id: str
    number: str
    issued_on: date
    due_on: date
    total: Money
    open: Money
    debtor_id: str = ""
    disputed: bool = False
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """A promise to pay. ``state``: open | kept | partly_kept | broken | superseded."""

    id: str
    amount: Money
    due_on: date
    state: str = "open"
    made_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A signed repayment plan. ``broken`` counts instalments past their day and not paid in full.

    ``state``: open, kept, late (all of it came, not all in time), broken, superseded by a later plan, or
    void.
    """

    id: str
    number: str
    total: Money
    signed_on: date
    state: str = "open"
    broken: int = 0
    next_due_on: date | None = None
    debtor_id: str = ""


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A signed statement of account: ``agreed`` is what the debtor acknowledged."""

    id: str
    number: str
    agreed: Money
    as_of: date
    debtor_id: str = ""


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """An open dispute (争议) or request to set off."""

    id: str
    kind: str
    amount: Money
    opened_on: date


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An earlier collection action. ``fields`` are the answers given then, as JSON values."""

    id: str
    method: str
    outcome: str
    on: date
    grade: str = ""
    effect: str = ""
    fields: Mapping[str, object] = field(default_factory=_nothing)
    follows: str = ""
    """The id of the earlier action it goes on from; "" begins a thread of its own."""


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """Something on file that proves something. ``kind``: contract, delivery_note, plan, visit …"""

    kind: str
    name: str
    on: date | None = None
    invoice_number: str = ""
    sha256: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The event a method subscribed to. ``name``: ``visits.logged``; ``data``: its own values.

    For ``visits.logged``: purpose, outcome, persons (names met), excuses (codes), said, next_step,
    next_on (date or None), minutes (from check-in to check-out, or None), papers (``"plan HK…"``,
    ``"statement DZ…"``: signed on the spot).
    """

    name: str
    source_id: str
    data: Mapping[str, object] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything a method may know of a case. Balances are of the whole customer, in ``currency``.

    ``balance`` is all that is open, ``overdue`` the part past its due date, ``disputed`` the part
    that stands disputed. ``days_past_due`` counts from the oldest open due date, 0 when none is
    overdue. Lists hold the newest first, at most fifty each (invoices: oldest due first, at most
    five hundred).
    """

    today: date
    now: datetime
    customer: CustomerFacts
    currency: str = "CNY"
    debtor: DebtorFacts | None = None
    seller_name: str = ""
    seller_account: str = ""
    actor_name: str = ""
    actor_role: str = "rep"
    balance: Money = _NOTHING
    overdue: Money = _NOTHING
    disputed: Money = _NOTHING
    oldest_due_on: date | None = None
    days_past_due: int = 0
    invoices: tuple[InvoiceFacts, ...] = ()
    promises: tuple[PromiseFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()
    statements: tuple[StatementFacts, ...] = ()
    disputes: tuple[DisputeFacts, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    excuses: tuple[str, ...] = ()
    """Codes of excuses heard and not yet found true or false."""
    trigger: Trigger | None = None
    stops: tuple[str, ...] = ()
    """Kinds of stops that stand (objection, asked_to_leave, police); known while a method judges an act."""
    kept: tuple[Kept, ...] = ()
    """What the plugin that is asked keeps: of this customer, then of the house, newest first, two hundred of each."""
    settings: Mapping[str, object] = field(default_factory=_nothing)
    """What the administrator set for the plugin that is asked, read as its fields say."""
    extra: Mapping[str, object] = field(default_factory=_nothing)
    """Room for facts of later versions; empty in this one."""

    def last(self, method: str) -> ActionFacts | None:
        """The newest earlier action by ``method``, or None."""
        return next((action for action in self.actions if action.method == method), None)
