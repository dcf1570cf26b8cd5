"""What an operation works with: facts to look at, a buffer to write into, events to emit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table

from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.errors import N_, NotFound
from fieldsales.kernel.events import Event
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Envelope, Need
from fieldsales.store.base import Base, table_of
from fieldsales.store.models import CommandReceipt, OutboxRow

Loader = Callable[[Connection, list[str]], dict[str, Any]]
_UNKNOWN = object()
Roll = Callable[[Connection, list[str], date], None]


@dataclass(frozen=True, slots=True)
class FactKind:
    """How facts of one kind are read, and the table whose ``version`` says they have not moved."""

    load: Loader
    stamp: type[Base] | None


FACTS: dict[str, FactKind] = {}
AFTER: dict[type[Event], list[Callable[[Facts, Any], None]]] = {}
#: recomputed at the end of a write that touched one of the tables: (tables, fn(connection, customer_ids, today))
ROLLUPS: list[tuple[frozenset[str], Roll]] = []


def fact(kind: str, *, stamp: type[Base] | None = None) -> Callable[[Loader], Loader]:
    """Declare how facts of ``kind`` are loaded: one query for all the keys of a batch.

    With ``stamp``, each fact has ``id`` and ``version`` of a row of that table, and a batch is judged
    again when the row's version moved before the write.
    """

    def declare(load: Loader) -> Loader:
        FACTS[kind] = FactKind(load, stamp)
        return load

    return declare


def after(event_type: type[Event]) -> Callable[[Callable[[Facts, Any], None]], Callable[[Facts, Any], None]]:
    """Declare a pure function that shows later commands of the batch what ``event_type`` changed."""

    def declare(function: Callable[[Facts, Any], None]) -> Callable[[Facts, Any], None]:
        AFTER.setdefault(event_type, []).append(function)
        return function

    return declare


def rollup(*tables: type[Base]) -> Callable[[Roll], Roll]:
    """Declare a summary recomputed, for the touched customers, whenever ``tables`` were written."""

    def declare(function: Roll) -> Roll:
        ROLLUPS.append((frozenset(table.__tablename__ for table in tables), function))
        return function

    return declare


class FactsMissing(Exception):
    """A fact was asked for that ``needs`` did not name: load it for all, and judge again."""


class Facts:
    """Frozen facts by kind and key, with what this batch has changed laid over them."""

    def __init__(self) -> None:
        self._known: dict[Need, Any] = {}
        self._undo: list[tuple[Need, Any]] = []
        self.missing: set[Need] = set()
        #: (stamp table, id) -> version seen
        self.stamps: dict[tuple[str, str], int] = {}

    def load(self, connection: Connection, needs: Iterable[Need]) -> None:
        """Read what is not known yet, one query a kind, stamped kinds first.

        On PostgreSQL each statement sees what was committed meanwhile: a version read before the facts it
        stands for is found moved at the write, one read after them would not be.
        """
        wanted: dict[str, list[str]] = {}
        for need in dict.fromkeys(needs):
            if need not in self._known:
                wanted.setdefault(need.kind, []).append(need.key)
        for kind, keys in sorted(wanted.items(), key=lambda one: FACTS[one[0]].stamp is None):
            found = FACTS[kind].load(connection, keys)
            stamp = FACTS[kind].stamp
            for key in keys:
                value = found.get(key)
                self._known[Need(kind, key)] = value
                if stamp is not None and value is not None:
                    self.stamps[stamp.__tablename__, value.id] = value.version

    def get(self, kind: str, key: str) -> Any:
        """The fact, or None when there is no such thing."""
        need = Need(kind, key)
        if need not in self._known:
            self.missing.add(need)
            raise FactsMissing(need)
        return self._known[need]

    def expect(self, needs: Iterable[Need]) -> None:
        """What follows will ask for these: what is missing of them is read in one go."""
        missing = {need for need in needs if need not in self._known}
        if missing:
            self.missing |= missing
            raise FactsMissing(next(iter(missing)))

    def knows(self, kind: str, key: str) -> bool:
        """Whether the fact was asked for before (and may have to be laid over)."""
        return Need(kind, key) in self._known

    def by_key(self, kind: str, keys: Iterable[str]) -> dict[str, Any]:
        """The facts of several keys; what is missing is asked for all at once, not one a pass."""
        wanted = list(dict.fromkeys(keys))
        self.expect(Need(kind, key) for key in wanted)
        return {key: self._known[Need(kind, key)] for key in wanted}

    def put(self, kind: str, key: str, value: Any) -> None:
        """Lay a changed fact over the known one, for the commands that follow."""
        need = Need(kind, key)
        self._undo.append((need, self._known.get(need, _UNKNOWN)))
        self._known[need] = value

    def mark(self) -> int:
        """A place to cut back to."""
        return len(self._undo)

    def cut(self, mark: int) -> None:
        """Forget what was laid over since ``mark``."""
        while len(self._undo) > mark:
            need, value = self._undo.pop()
            if value is _UNKNOWN:  # nobody had asked for it: it must still be read
                del self._known[need]
            else:
                self._known[need] = value


@dataclass
class Buffer:
    """Rows a batch will write. A refusal cuts it back, so no savepoint is needed."""

    inserts: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)
    updates: list[tuple[Table, str, dict[str, Any]]] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    #: held commands whose receipts this batch settles: written only while they are still held
    settles: list[str] = field(default_factory=list)

    def mark(self) -> tuple[int, int, int, int, int]:
        """A place to cut back to."""
        return len(self.inserts), len(self.updates), len(self.touched), len(self.changes), len(self.settles)

    def cut(self, mark: tuple[int, int, int, int, int]) -> None:
        """Forget every row since ``mark``."""
        inserts, updates, touched, changes, settles = mark
        del self.inserts[inserts:], self.updates[updates:], self.touched[touched:], self.changes[changes:]
        del self.settles[settles:]


class Work:
    """One command being judged: who, when, what is known, and what shall be written."""

    def __init__(self, facts: Facts, buffer: Buffer, actor: Actor, envelope: Envelope, now: datetime,
                 plugins: Any = None, zone: str = DEFAULT_ZONE) -> None:
        self.facts = facts
        self.buffer = buffer
        self.actor = actor
        self.envelope = envelope
        self.now = now
        self.plugins = plugins
        self.zone = zone
        self.events: list[Event] = []
        #: what observers are told of this command, all in one row of the outbox
        self.heard: list[dict[str, Any]] = []
        self.data: dict[str, Any] = {}
        self.clash: tuple[str, str] | None = None
        self.witnessed: str | None = None

    @property
    def today(self) -> date:
        """The calendar date on the server, in the branch's zone."""
        return on_date(self.now, self.zone)

    @property
    def command_id(self) -> str:
        """The command's own id: its idempotency key."""
        return self.envelope.command_id

    @property
    def occurred(self) -> datetime:
        """When it happened, as best known: the device's claim corrected by its measured skew."""
        made = self.envelope.made_at
        if made is None:
            return self.now
        try:
            return made + timedelta(milliseconds=self.envelope.skew_ms or 0)
        except OverflowError:  # a clock at the end of time is no reason to refuse
            return self.now

    def fact(self, kind: str, key: str) -> Any:
        """The fact, or None."""
        return self.facts.get(kind, key)

    def require(self, kind: str, key: str) -> Any:
        """The fact, or NotFound."""
        value = self.facts.get(kind, key)
        if value is None:
            raise NotFound(f"{kind}.not_found", N_("There is no such record, or you cannot see it."))
        return value

    def insert(self, model: type[Base], **values: Any) -> None:
        """Add a row."""
        self.buffer.inserts.append((table_of(model), values))

    def update(self, model: type[Base], row_id: str, **values: Any) -> None:
        """Change columns of the row whose primary key (one column) is ``row_id``."""
        self.buffer.updates.append((table_of(model), row_id, values))

    def hold(self, model: type[Base], row_id: str, version: int) -> None:
        """What is written holds only while that row has this version (0: while there is none); else judge again."""
        self.facts.stamps.setdefault((model.__tablename__, row_id), version)

    def settle(self, command_id: str, **values: Any) -> None:
        """Change the receipt of a held command. Judged anew by another meanwhile, this is judged anew as well."""
        self.buffer.settles.append(command_id)
        self.update(CommandReceipt, command_id, **values)

    def touch(self, customer_id: str) -> None:
        """The customer's facts change: its version moves on, and phones are told."""
        self.buffer.touched.append(customer_id)

    def changed(self, kind: str, entity_id: str, *, customer_id: str | None = None,
                audience: str | None = None) -> None:
        """Tell phones of a change other than to a customer's dossier."""
        self.buffer.changes.append(
            {"kind": kind, "entity_id": entity_id, "customer_id": customer_id, "audience": audience}
        )

    def emit(self, event: Event) -> None:
        """Say what has happened; reactions follow in the same transaction."""
        self.events.append(event)

    def after(self, topic: str, payload: dict[str, Any], *, delay: timedelta = timedelta(0)) -> None:
        """Write down something the worker must do once this is committed."""
        self.insert(OutboxRow, id=uuid7(), topic=topic, payload=payload, made_at=self.now, due_at=self.now + delay,
                    attempts=0, error="")

    def conflict(self, code: str, message: str, **data: Any) -> None:
        """Done as far as it may be, but another's value stands: the caller is told which, and why."""
        self.clash = (code, message)
        self.data.update(data)

    def bear_witness(self, manifest_sha256: str) -> None:
        """What was signed was checked and is on record: the answer carries the server's signed receipt of it."""
        self.witnessed = manifest_sha256

    def testimony(self) -> dict[str, Any]:
        """What the server says of a signing it has checked: which, when it came, by which phone."""
        return {"v": 1, "command_id": self.command_id, "manifest_sha256": self.witnessed,
                "received_at": self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "device_id": self.envelope.device_id or ""}

    def answer(self, **data: Any) -> None:
        """What the caller is told."""
        self.data.update(data)
