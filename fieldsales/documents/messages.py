"""Papers: what a signing carries, what each paper says, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from fieldsales.documents.contents import InterestShown
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Name

Lang = Literal["zh", "en", "zh-en"]
"""A paper's language; zh-en: Chinese with the English below it, and the Chinese prevails."""
Point = tuple[int, int, int]
"""x, y in CSS pixels × 10 from the canvas's top left; milliseconds since the first point."""


class Strokes(Command):
    """A signature as it was drawn. Points, never a picture: drawn again from these on paper."""

    width: Annotated[int, Field(ge=100, le=100_000)]
    height: Annotated[int, Field(ge=50, le=100_000)]
    strokes: Annotated[list[Annotated[list[Point], Field(max_length=5000)]], Field(max_length=200)]


class Signatory(Command):
    """Who signs, in what role, and how their authority was shown."""

    name: Name
    role: Literal["legal_representative", "person_in_charge", "finance", "agent", "self", "other"]
    role_text: Line = ""
    id_last4: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,4}$")] = ""
    phone: Line = ""
    authority: Literal[
        "legal_representative", "power_of_attorney", "id_shown", "business_card", "self", "none"
    ] = "none"
    authority_sha256: Annotated[list[Sha256], Field(max_length=5)] = []
    """Photos proving authority. Empty with ``none``: the paper is printed 'authority unproven'."""


Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
"""An instant as it stands in a manifest: UTC, whole seconds."""


class Confirmation(Command):
    """What the server answered when the signatory's one-time code was right.

    ``masked``: the address with its middle hidden; ``on_file``: whether it stood in the customer's file before;
    ``text_sha256``: the text that was confirmed.
    """

    code_id: Id
    channel: Literal["email", "sms"]
    masked: Name
    on_file: bool
    confirmed_at: Instant
    text_sha256: Sha256


class Remote(Command):
    """A signing by link, as the server saw it. ``ip`` and ``user_agent`` are claims of a device nobody here knows."""

    link_id: Id
    signed_at: Instant
    ip: Annotated[str, Field(max_length=60)]
    user_agent: Annotated[str, Field(max_length=200)]


class Signing(Command):
    """The signature, and what exactly was shown before it.

    ``payload_sha256``: of the RFC 8785 form of the paper's payload; ``text_sha256``: of the whole
    text shown (UTF-8, NFC, LF); ``manifest_sha256`` and ``device_signature`` (base64url, ECDSA P-256
    over the manifest's RFC 8785 bytes, raw r‖s) bind them to the rep's device, not to the debtor.
    ``remote`` is set by the server alone.
    """

    lang: Lang = "zh"
    clause_set: Line
    clause_version: Annotated[int, Field(ge=1)]
    payload_sha256: Sha256
    text_sha256: Sha256
    strokes: Strokes
    strokes_sha256: Sha256
    signatory: Signatory
    witness: Line = ""
    manifest_sha256: Sha256
    device_signature: Annotated[str, Field(max_length=200)] = ""
    confirmation: Confirmation | None = None
    remote: Remote | None = None


class ReceiptPayload(Command):
    """What a receipt for money (收据) says. It is 待确认 until finance has seen the money."""

    receipt_id: Id
    number: Name
    debtor_name: Name
    payer_name: Line = ""
    seller_name: Name
    seller_account: Line = ""
    amount_minor: PositiveMinor
    currency: Currency = "CNY"
    method: Literal["cash", "transfer", "qr", "bill"]
    bill_number: Line = ""
    bill_acceptor: Line = ""
    bill_matures_on: date | None = None
    invoice_numbers: Annotated[list[Name], Field(max_length=200)] = []
    collector_name: Name
    received_on: date
    made_at: datetime
    note: Annotated[str, Field(max_length=500)] = ""


class LetterPayload(Command):
    """What a demand letter (催告函) says: the whole debt, never a part of it (诉讼时效规定 9).

    ``invoices``: (number, due date, open amount in minor units); ``total_minor`` is the whole open
    debt, ``overdue_minor`` what of it is overdue on ``as_of``.
    """

    letter_id: Id
    number: Name
    debtor_name: Name
    debtor_address: Line = ""
    seller_name: Name
    seller_account: Line = ""
    as_of: date
    pay_by: date
    currency: Currency = "CNY"
    total_minor: PositiveMinor
    overdue_minor: Annotated[int, Field(ge=0, le=10**13)]
    invoices: Annotated[list[tuple[Name, date, int]], Field(max_length=500)] = []
    carrier: Line = ""
    tracking_number: Line = ""
    contact_name: Line = ""
    contact_phone: Line = ""
    note: Annotated[str, Field(max_length=1000)] = ""
    made_at: datetime
    tone: Literal["friendly", "firm", "final"] = "firm"
    interest: InterestShown | None = None
    expired: bool = False
    """Whether the limitation period may have run out for some of it: then the letter claims no interruption."""


class PaperSource(Command):
    """All the press needs: the payload, and for a signed paper the signing and the device's key.

    ``payload`` is the JSON form (``canonical.document_of``) of PlanPayload, StatementPayload,
    ReceiptPayload, LetterPayload, CasePayload or BroughtPayload.
    """

    payload: dict[str, Any]
    signing: dict[str, Any] | None = None
    device_id: str = ""
    device_key: dict[str, Any] | None = None


class OrderPaper(Command):
    """Have a paper made and sealed. ``subject_kind``: plan, statement, receipt, action."""

    document_id: Id
    number: Name
    kind: Literal["plan", "statement", "receipt", "letter", "application", "lawyer", "report", "transcript", "plugin"]
    lang: Lang = "zh"
    customer_id: Id
    subject_kind: Name
    subject_id: Id
    source: PaperSource
    flags: list[Name] = []


class RecordSeal(Command):
    """The paper is made, sealed and kept (by the worker)."""

    document_id: Id
    customer_id: Id
    sha256: Sha256
    unsealed_sha256: Sha256
    size: Annotated[int, Field(ge=1)]
    level: Name
    certificate: Name
    """The sealing certificate: ``development`` or ``production``, its subject, its SHA-256's first 16 signs."""
    time_wanted: bool = False
    """Whether an authority is named that a time stamp is to be had from."""


class RecordRevision(Command):
    """The sealed file has grown: a time stamp, long-term proofs, a countersignature (by the worker).

    ``previous_sha256``: the revision it was appended to; any other than the newest, and nothing is recorded.
    """

    document_id: Id
    customer_id: Id
    kind: Literal["time", "archive", "countersigned"]
    previous_sha256: Sha256
    sha256: Sha256
    size: Annotated[int, Field(ge=1)]
    level: Name
    at: AwareDatetime | None = None
    authority: Line = ""
    checkable_until: AwareDatetime | None = None
    by_id: Line = ""
    time_wanted: bool = False


class Countersign(Command):
    """The creditor countersigns a sealed paper with the house's key, in the field made ready for it."""

    document_id: Id
    customer_id: Id


class WantTime(Command):
    """A sealed paper is to have a time stamp, or its proofs made to last longer (by the night's work)."""

    document_id: Id
    customer_id: Id


class RecordAnchor(Command):
    """The head of the log was stamped by a time authority (by the worker)."""

    seq: Annotated[int, Field(ge=1)]
    link_sha256: Sha256
    token_sha256: Sha256
    at: AwareDatetime
    authority: Line


class RecordSealFailure(Command):
    """The paper cannot be made as it stands (by the worker). ``reason`` is an error code."""

    document_id: Id
    customer_id: Id
    reason: Name


@dataclass(frozen=True, slots=True)
class DocumentSealed(Event):
    """A paper's bytes are final; it may be shared."""

    document_id: str
    customer_id: str
    kind: str
    subject_kind: str
    subject_id: str
    sha256: str
