"""Commands of files in: an import opened, closed and taken back; a mapping saved; selling companies made known."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from fieldsales.kernel.operation import Command, Currency, Id, Sha256
from fieldsales.kernel.text import Line, Name

Columns = Annotated[dict[Name, Annotated[int, Field(ge=-1, le=200)]], Field(max_length=60)]
"""Field name -> column index in the file; -1 leaves the field out."""
DateOrder = Literal["", "ymd", "mdy", "dmy"]
LedgerKind = Literal["invoices", "payments", "customers"]


class NewSeller(Command):
    """One of our own selling companies, by its code in the books."""

    seller_id: Id
    code: Name
    name: Name
    currency: Currency = "CNY"
    reg_no: Line = ""
    address: Line = ""
    phone: Line = ""
    bank_name: Line = ""
    bank_account: Line = ""


class AddSellers(Command):
    """Selling companies; those whose code is known are passed over."""

    sellers: Annotated[list[NewSeller], Field(min_length=1, max_length=1000)]


class OpenImport(Command):
    """A file is about to be taken in: what it is, and how it is read."""

    import_id: Id
    kind: LedgerKind
    filename: Name
    sha256: Sha256
    columns: Columns = {}
    date_order: DateOrder = ""
    options: dict[str, Any] = {}
    by_worker: bool = False
    """The worker takes it in; else whoever opened it does."""


class CloseImport(Command):
    """The file is in: rows and sums, as they add up."""

    import_id: Id
    counts: dict[str, Any]
    sums: dict[str, Any]


class UndoImport(Command):
    """Take back everything an import added: all of it, or nothing."""

    import_id: Id
    reason: Name


class SaveMapping(Command):
    """Remember how a header is read. The same name replaces the earlier mapping."""

    mapping_id: Id
    name: Name
    kind: LedgerKind
    signature: Sha256
    columns: Columns
    date_order: DateOrder = ""


class OrderBundle(Command):
    """Pack the evidence of a plan into a ZIP."""

    bundle_id: Id
    plan_id: Id
    customer_id: Id


class RecordBundle(Command):
    """The bundle is packed (by the worker)."""

    bundle_id: Id
    sha256: Sha256
    size: Annotated[int, Field(ge=1)]
