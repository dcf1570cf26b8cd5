"""Commands and events of a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.clock import Claimed
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id, Sha256
from fieldsales.kernel.text import Line, Name, Prose

Purpose = Literal["collect", "return_visit", "delivery", "complaint"]  # 收款 回访 送货 投诉
#: 已付 承诺 口头同意但拒签 负责人不在 要求退货/返利抵款 对账不符 拒绝 未谈款
Outcome = Literal[
    "paid", "promised", "oral_only", "absent", "set_off_asked", "account_differs", "refused", "not_discussed"
]


class Place(Command):
    """A check-in. Degrees WGS-84 as decimal strings, ``accuracy_m`` metres, ``at`` the fix's own time."""

    lat: Annotated[str, Field(pattern=r"^-?\d{1,2}(\.\d{1,8})?$")]
    lon: Annotated[str, Field(pattern=r"^-?\d{1,3}(\.\d{1,8})?$")]
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)]
    at: Claimed = None


class Person(Command):
    """Someone met on a visit."""

    name: Name
    role: Line = ""
    phone: Line = ""
    contact_id: Id | None = None


class ExcuseGiven(Command):
    """A reason for not paying, as it was given: a claim, not a fact."""

    id: Id
    code: Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]
    words: Prose = ""


class Photo(Command):
    """A photo taken on a visit. ``sha256`` names the bytes sent, ``original_sha256`` the camera's own."""

    sha256: Sha256
    original_sha256: Sha256 | None = None
    slot: Line = "photo"
    mime: Line = "image/jpeg"
    size: Annotated[int, Field(ge=1, le=50_000_000)]


class NextStep(Command):
    """What was agreed to do next, and when."""

    text: Line = ""
    on: date | None = None


class SignedPaper(Command):
    """A statement of account or a plan that was signed during the visit; it is sent by a command of its own."""

    kind: Literal["statement", "plan"]
    id: Id
    number: Line = ""


class LogVisit(Command):
    """A visit as the rep saw it. What was not asked or answered has a default: it is never refused."""

    visit_id: Id
    customer_id: Id
    purpose: Purpose = "collect"
    outcome: Outcome = "not_discussed"
    arrived_at: Claimed = None
    left_at: Claimed = None
    place: Place | None = None
    place_note: Line = ""
    """Why there is no place: refused, unavailable, timed out."""
    persons: Annotated[list[Person], Field(max_length=20)] = []
    said: Prose = ""
    excuses: Annotated[list[ExcuseGiven], Field(max_length=20)] = []
    photos: Annotated[list[Photo], Field(max_length=40)] = []
    next_step: NextStep | None = None
    absent_person: Line = ""
    """Whom one came to see, when the outcome is ``absent``."""
    confirmation_text: Prose = ""
    """The text sent to the customer after an oral agreement, as sent."""
    papers: Annotated[list[SignedPaper], Field(max_length=10)] = []
    """What was signed on the spot."""


class AddNote(Command):
    """A note on a customer, outside any visit. ``kind``: note, complaint, lead."""

    note_id: Id
    customer_id: Id
    kind: Literal["note", "complaint", "lead"] = "note"
    text: Annotated[Prose, Field(min_length=1)]
    photos: Annotated[list[Photo], Field(max_length=40)] = []


class AddLead(Command):
    """Somebody who might buy, and is nobody's customer yet. ``customer_id``: the customer one heard of them from."""

    lead_id: Id
    name: Name
    phone: Line = ""
    address: Line = ""
    text: Prose = ""
    """How one knows, what they need."""
    customer_id: Id | None = None
    photos: Annotated[list[Photo], Field(max_length=10)] = []
    """A business card, a shop front."""


@dataclass(frozen=True, slots=True)
class VisitLogged(Event):
    """A visit is on record."""

    visit_id: str
    customer_id: str
    user_id: str
    purpose: str
    outcome: str
    occurred_at: datetime
    persons: tuple[str, ...]
    excuses: tuple[tuple[str, str, str], ...]
    """(claim id, excuse code, exact words)"""
    said: str
    next_step: str
    next_on: date | None
    gaps: tuple[str, ...] = ()
    """What was not asked or answered (``visits.rules.GAPS``): a task for each visit that has any."""
    minutes: int | None = None
    """From check-in to check-out by the phone's clock; None where either is missing or they make no sense."""
    papers: tuple[tuple[str, str], ...] = ()
    """(kind, number) of what was signed on the spot"""


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    """A note is on record."""

    note_id: str
    customer_id: str
    kind: str
