"""Reading the wire: digests, envelopes, cursors. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from fieldsales.documents.canonical import canonical
from fieldsales.kernel.clock import SKEW
from fieldsales.kernel.errors import N_
from fieldsales.kernel.operation import OPERATIONS, Answer, Envelope
from fieldsales.people.rules import Scope
from fieldsales.sync.messages import WireCommand

UNREADABLE = N_("This record cannot be read.")
NOT_HERE = N_("This can only be done on its own page.")


_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def digest_of(command: dict[str, Any], *, whole: bool = False) -> str:
    """SHA-256 of the command's RFC 8785 form. Raises ValueError for numbers that JSON does not carry exactly.

    ``whole``: there is no number with a point in it. Then Python's own writer gives the same bytes,
    as long as no sign beyond U+FFFF is there (UTF-16 sorts it elsewhere), in a quarter of the time.
    """
    if whole:
        text = _plain(command)
        if len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
            return hashlib.sha256(text.encode()).hexdigest()
    return hashlib.sha256(canonical(command)).hexdigest()


def read_body(body: bytes) -> tuple[Any, bool]:
    """The JSON of a request, and whether all its numbers are whole. Raises ValueError, also for NaN and Infinity."""
    whole = True

    def pointed(text: str) -> float:
        nonlocal whole
        whole = False
        return float(text)

    def counted(text: str) -> int:
        nonlocal whole
        whole = whole and len(text) < 16
        return int(text)

    def refuse(text: str) -> float:
        raise ValueError(f"{text} is not JSON")

    return json.loads(body, parse_float=pointed, parse_int=counted, parse_constant=refuse), whole


def envelope_of(raw: Any, *, device: str | None, skew_ms: int | None, whole: bool = False) -> Envelope | None:
    """The envelope of one command on the wire, or None when it cannot be read."""
    if not isinstance(raw, dict):
        return None
    try:
        wire = WireCommand.model_validate(raw)
        digest = digest_of(raw, whole=whole)
    except (ValidationError, ValueError, RecursionError):
        return None
    return Envelope(
        wire.command_id, wire.operation, wire.payload, wire.v, digest=digest, made_at=wire.made_at, skew_ms=skew_ms,
        device_id=device, needs=tuple(wire.needs), raw=raw,
    )


def carries_secret(operation: str) -> bool:
    """Whether an operation's command holds a password: a refused one is kept as it came, so it may not come here."""
    known = OPERATIONS.get(operation)
    return known is not None and any(one.exclude for one in known.command.model_fields.values())


def refused(raw: Any, *, secret: bool = False) -> Answer:
    """The answer to what is no command, or not one for this way in: rejected, naming the id it claims, if any."""
    claimed = raw.get("command_id") if isinstance(raw, dict) else None
    command_id = claimed if isinstance(claimed, str) else ""
    if secret:
        return Answer(command_id, "rejected", "not_by_sync", NOT_HERE)
    return Answer(command_id, "rejected", "unreadable", UNREADABLE)


def result_of(answer: Answer, say: Callable[[str, dict[str, Any]], str]) -> dict[str, Any]:
    """An answer as it goes over the wire; ``say`` puts its sentence into the reader's language."""
    return {
        "command_id": answer.command_id or None,
        "status": answer.status,
        "code": answer.code,
        "text": say(answer.message, answer.params or {}) if answer.message else "",
        "field": answer.field,
        "data": answer.data,
        "duplicate": answer.duplicate,
    }


def in_order(envelopes: list[Envelope]) -> list[Envelope]:
    """The same commands with times that follow the phone's own order.

    A later command cannot have been made earlier. Where the clock says so, it was set back in between: the
    estimate of the earlier one is moved down to that of the next, and it is marked ``jump``. What the phone
    claims stays as it is.
    """
    found: list[Envelope] = []
    latest: datetime | None = None
    for one in reversed(envelopes):
        if one.made_at is None:
            found.append(one)
            continue
        try:
            at = one.made_at + timedelta(milliseconds=one.skew_ms or 0)
        except OverflowError:
            found.append(one)
            continue
        if latest is not None and at > latest + SKEW:
            at = latest
            back = round((latest - one.made_at).total_seconds() * 1000)
            one = replace(one, skew_ms=back, flags=(*one.flags, "jump"))
        latest = at if latest is None else min(at, latest)
        found.append(one)
    return found[::-1]


def skew_ms(sent_at: datetime | None, now: datetime) -> int | None:
    """How far the device's clock is behind ours, in milliseconds (negative: ahead)."""
    return None if sent_at is None else round((now - sent_at).total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a phone stands. Opaque to it; written ``<seq>[~<customer id>].<mark>.<sight>``.

    ``seq``: the last change taken in. ``after``: within a first pull, the last customer sent (pages
    of customers by id, then the changes since ``seq``). ``mark``: of the small documents last sent.
    ``sight``: of whose customers the person could see; another one means starting over.
    """

    seq: int = 0
    after: str | None = None
    mark: str = ""
    sight: str = ""

    @property
    def fresh(self) -> bool:
        """Whether the phone has pulled nothing yet."""
        return not self.sight

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor; what cannot be read is a fresh start."""
        place, _, rest = text.partition(".")
        mark, _, sight = rest.partition(".")
        number, tilde, after = place.partition("~")
        if not (number.isascii() and number.isdigit() and len(number) < 19) or len(text) > 120:
            return cls()
        return cls(int(number), after if tilde else None, mark, sight)

    def __str__(self) -> str:
        return f"{self.seq}{'' if self.after is None else '~' + self.after}.{self.mark}.{self.sight}"


def sight_of(scope: Scope) -> str:
    """A short mark of a scope: it changes with role and team, not with single customers."""
    return hashlib.sha256(f"{scope.kind} {scope.team_id if scope.kind == 'team' else ''}".encode()).hexdigest()[:8]
