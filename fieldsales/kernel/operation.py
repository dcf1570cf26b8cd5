"""Operations: the verbs of the program. Each is declared once, with what it needs and who may."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from fieldsales.kernel.ids import UUID_PATTERN

Id = Annotated[str, Field(pattern=UUID_PATTERN)]
"""A UUIDv7 minted by whoever makes the thing."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of some bytes, lower-case hex: the name of a blob."""
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""
PositiveMinor = Annotated[int, Field(gt=0, le=10**13)]
"""More than nothing, in minor units."""


class Command(BaseModel):
    """The base of every command: frozen, and refusing what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Need(NamedTuple):
    """A fact an operation must see before it can judge: ``Need("customer", customer_id)``."""

    kind: str
    key: str


#: Statuses of a command whose effects are on record.
DONE = frozenset({"applied", "conflict"})
#: The roles a person can have.
ROLES = ("rep", "manager", "finance", "legal", "admin")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or the system by night (``role`` "system", empty ``user_id``)."""

    user_id: str
    name: str
    role: str
    team_id: str | None = None
    locale: str = "zh"


SYSTEM = Actor(user_id="", name="fieldsales", role="system")

CommandT = TypeVar("CommandT", bound=Command)
#: ``(work, command)``: see ``store.work.Work``, which this floor does not know
Handler = Callable[[Any, Any], None]
Guard = Callable[[Any, Any], None]
Needs = Callable[[Any], Iterable[Need]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to change something. ``name`` is ``<capability>.<verb>``."""

    name: str
    command: type[Command]
    needs: Needs
    guard: Guard
    handler: Handler
    #: rewrites an older payload version into the present one: {old version: function}
    upcasters: dict[int, Callable[[dict[str, Any]], dict[str, Any]]]
    version: int


OPERATIONS: dict[str, Operation] = {}
_OFFICE_GUARDS: set[Guard] = set()


def for_office(guard: Callable[[Any, CommandT], None]) -> Callable[[Any, CommandT], None]:
    """Mark a guard that lets no rep through: what it keeps is not described to reps either."""
    _OFFICE_GUARDS.add(guard)
    return guard


def is_for_office(known: Operation) -> bool:
    """Whether no rep may ever send this command."""
    return known.guard in _OFFICE_GUARDS


def operation(
    name: str,
    command: type[CommandT],
    *,
    needs: Callable[[CommandT], Iterable[Need]],
    guard: Guard,
    version: int = 1,
    upcasters: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
) -> Callable[[Callable[[Any, CommandT], None]], Callable[[Any, CommandT], None]]:
    """Declare the function below as the operation ``name``.

    ``needs(command)`` names the facts to load (one query a kind for the whole batch); ``guard``
    raises NotAllowed or NotFound before anything is decided; the handler adds rows and emits events.
    """

    def declare(handler: Callable[[Any, CommandT], None]) -> Callable[[Any, CommandT], None]:
        if name in OPERATIONS:
            raise ValueError(f"two operations are called {name}")
        OPERATIONS[name] = Operation(name, command, needs, guard, handler, upcasters or {}, version)
        return handler

    return declare


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command on its way in, with what is claimed about it.

    ``payload`` is the command itself or its JSON form. ``digest`` is the SHA-256 of the RFC 8785
    form of the command on the wire: the same id with another digest is another command. ``made_at``
    is the device's claim, aware UTC; ``skew_ms`` its clock's measured distance from ours.
    """

    command_id: str
    operation: str
    payload: Any
    version: int = 1
    digest: str = ""
    made_at: datetime | None = None
    skew_ms: int | None = None
    device_id: str | None = None
    delivered_by: str | None = None
    #: a person of the office who answers for its being judged though its author no longer sees the customer
    vouched_by: Actor | None = None
    needs: tuple[str, ...] = ()
    raw: dict[str, Any] | None = None
    #: what is known of it already that a reader should see (``clock.CLOCK_FLAGS``)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one command.

    ``status``: applied | conflict | held | rejected | retry. ``code`` is the reason's code,
    ``message``/``params`` its translatable sentence, ``data`` what the operation answers.
    """

    command_id: str
    status: str
    code: str = ""
    message: str = ""
    params: dict[str, Any] | None = None
    field: str | None = None
    data: dict[str, Any] | None = None
    duplicate: bool = False
    #: the refusal's kind (``kernel.errors``), for whoever must answer in HTTP
    kind: str = ""


def content_digest(name: str, command: Command | dict[str, Any]) -> str:
    """The SHA-256 (hex) of what an interactive command says; empty when it holds a secret: no hash is kept of one.

    It only tells a form sent twice from a form sent again with other content; phones send the digest of
    the RFC 8785 form of what they sent.
    """
    if any(field.exclude for field in OPERATIONS[name].command.model_fields.values()):
        return ""
    plain = command.model_dump(mode="json") if isinstance(command, Command) else command
    return hashlib.sha256(json.dumps([name, plain], default=str, sort_keys=True).encode()).hexdigest()
