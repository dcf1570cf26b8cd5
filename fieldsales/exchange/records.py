"""What the rows of a ledger say once they are understood, and what was said of those that were not."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from fieldsales.exchange.columns import Kind
from fieldsales.exchange.dates import Order, OrderFinding
from fieldsales.exchange.headers import Header
from fieldsales.kernel.errors import N_, TradeError

Sums = defaultdict[str, Decimal]
"""Exact major units by currency."""

SkipReason = Literal["empty", "total", "note", "header", "repeat", "zero"]
SKIP_WORDS: dict[str, str] = {
    "total": N_("total row"),
    "note": N_("not a record"),
    "header": N_("repeated header"),
    "repeat": N_("the same row again"),
    "zero": N_("amount is zero"),
    "empty": N_("empty row"),
}


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """How a row names a customer. Without a code the name is the key."""

    code: str
    name: str

    @property
    def key(self) -> str:
        """What makes it the same customer: its number, else its name."""
        return self.code or "=" + self.name

    def new_code(self) -> str:
        """The customer number a new customer gets: the file's, else one made from the name."""
        return self.code or "N" + hashlib.sha256(self.name.encode()).hexdigest()[:8].upper()


@dataclass(slots=True)
class InvoiceRecord:
    """One invoice, credit note (``minor`` < 0) or opening balance; lines of one number are merged."""

    rows: list[int]
    customer: CustomerRef
    key: str
    number: str
    kind: Literal["invoice", "credit_note", "opening"]
    issued_on: date
    due_on: date
    minor: int
    currency: str
    dues: list[tuple[date, int]] = field(default_factory=list)
    paid_minor: int = 0
    settled_on: date | None = None
    seller_code: str = ""
    terms: str = ""
    fapiao_number: str = ""
    disputed: bool = False
    rep: str = ""
    team: str = ""
    value: Decimal = Decimal(0)
    """The amount as the file has it, in major units, before rounding."""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class PaymentRecord:
    """Money received. Without invoice numbers the statutory order decides."""

    rows: list[int]
    customer: CustomerRef
    key: str
    minor: int
    currency: str
    received_on: date
    method: Literal["transfer", "cash", "qr", "bill", "set_off", "other"] = "transfer"
    reference: str = ""
    payer: str = ""
    invoice_numbers: tuple[str, ...] = ()
    seller_code: str = ""
    value: Decimal = Decimal(0)
    number: str = ""


@dataclass(slots=True)
class CustomerRecord:
    """A customer as a row describes it: field -> text."""

    rows: list[int]
    customer: CustomerRef
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was not taken: an English sentence with places, translated where it is shown."""

    row: int
    field: str
    code: str
    message: str
    params: dict[str, Any]

    @classmethod
    def of(cls, row: int, error: TradeError) -> Problem:
        """A refusal as a row's problem."""
        return cls(row, error.field or "", error.code, error.message, dict(error.params))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing that kept no row out."""

    message: str
    params: dict[str, Any]


@dataclass
class Reading:
    """A whole file understood: its records, its rows left out, its rows refused, and why."""

    kind: Kind
    header: Header
    order: OrderFinding
    chosen_order: Order | None
    rows_read: int = 0
    """Rows below the header that are not empty."""
    invoices: list[InvoiceRecord] = field(default_factory=list)
    payments: list[PaymentRecord] = field(default_factory=list)
    customers: list[CustomerRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[int, SkipReason]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    read_sums: Sums = field(default_factory=lambda: Sums(Decimal))
    error_sums: Sums = field(default_factory=lambda: Sums(Decimal))
    skipped_sums: Sums = field(default_factory=lambda: Sums(Decimal))
    """By currency, exact major units as the file has them; total rows are in none of the sums."""
    names: dict[str, Counter[str]] = field(default_factory=dict)
    """Customer key -> the names its rows gave it, with how often."""
    rounded: int = 0
    cleaned: int = 0
    adds_customers: bool = True
    """Whether customers that are not on record are added; else their rows are refused."""

    def skip_counts(self) -> dict[str, int]:
        """How many rows were left out, by reason."""
        return dict(Counter(reason for _, reason in self.skipped))

    def names_of(self, key: str) -> tuple[str, tuple[str, ...]]:
        """A customer number's name and its other names.

        The name is the one all others begin with (SYSC among SYSC llc, SYSC us), else the commonest.
        """
        ranked = [name for name, _ in self.names.get(key, Counter()).most_common()]
        if not ranked:
            return "", ()
        plain = min(ranked, key=len)
        chosen = plain if all(name.startswith(plain) for name in ranked) else ranked[0]
        return chosen, tuple(name for name in ranked if name != chosen)
