"""Records that wait for a person of the office: held, refused, under an id that was used, in conflict.

A manager sees his team's; finance and the legal clerk see those of their own trade; an administrator all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, false, func, or_, select, true

from fieldsales.collection.models import Action
from fieldsales.customers.models import Contact, ContactClash, Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.operation import Actor
from fieldsales.people.models import Device, User
from fieldsales.people.rules import RECORD_TRADES, RECORD_WATCHERS, scope_of
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandMark, CommandReceipt, ReusedId

_receipts, _reused, _marks = table_of(CommandReceipt), table_of(ReusedId), table_of(CommandMark)
_clashes, _contacts, _customers = table_of(ContactClash), table_of(Contact), table_of(Customer)
_users, _devices = table_of(User), table_of(Device)
_r, _x, _k = _receipts.c, _reused.c, _clashes.c

#: Marks after which a record waits no longer.
FINAL = ("read", "closed", "put_right")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One record that waits. ``kind``: held, rejected, reused, clash."""

    id: str
    kind: str
    command_id: str
    operation: str
    actor_id: str
    actor_name: str
    code: str
    #: the verdict's sentence with its values, and the field it belongs to
    answer: dict[str, Any]
    #: the command as it came
    raw: dict[str, Any]
    made_at: datetime | None
    received_at: datetime
    flags: tuple[str, ...]
    device_id: str | None
    delivered_by: str | None
    skew_ms: int | None = None

    @property
    def payload(self) -> dict[str, Any]:
        """What the command says."""
        found = self.raw.get("payload")
        return found if isinstance(found, dict) else {}

    @property
    def customer_id(self) -> str:
        """Whom it is about, if it says so. A signed paper says so in what was signed."""
        inner = self.payload.get("payload")
        found = self.payload.get("customer_id") or (inner.get("customer_id") if isinstance(inner, dict) else "")
        return found if isinstance(found, str) else ""


def _mine(actor: Actor, operation: Any, of_id: Any) -> ColumnElement[bool]:
    """Whether a record of a user (joined) is this person's to look at: by trade, by team, or handed to him."""
    scope = scope_of(actor)
    handed = select(_marks.c.id).where(
        _marks.c.of_id == of_id, _marks.c.kind == "handed", _marks.c.to_id == actor.user_id).exists()
    if actor.role in RECORD_TRADES:
        return or_(handed, *(operation.startswith(trade) for trade in RECORD_TRADES[actor.role]))
    if scope.kind == "all":
        return true()
    return or_(handed, _users.c.team_id == scope.team_id) if scope.kind == "team" else handed


def _unmarked(of_id: Any) -> ColumnElement[bool]:
    return ~select(_marks.c.id).where(_marks.c.of_id == of_id, _marks.c.kind.in_(FINAL)).exists()


def _held(actor: Actor, *columns: Any) -> Select[Any]:
    # a record without a digest is no phone's: a night's errand, a row of an import
    return select(*columns).select_from(_receipts.outerjoin(_users, _users.c.id == _r.actor_id)).where(
        _r.status.in_(("held", "rejected")), _r.digest != "", _unmarked(_r.command_id),
        _mine(actor, _r.operation, _r.command_id))


def _apart(actor: Actor, *columns: Any) -> Select[Any]:
    return select(*columns).select_from(_reused.outerjoin(_users, _users.c.id == _x.actor_id)).where(
        _unmarked(_x.id), _mine(actor, _x.operation, _x.id))


def _clashing(actor: Actor, *columns: Any) -> Select[Any]:
    return select(*columns).select_from(
        _clashes.join(_customers, _customers.c.id == _k.customer_id).outerjoin(_users, _users.c.id == _k.by_id)
    ).where(_k.decided_at.is_(None), false() if actor.role in RECORD_TRADES else visible(scope_of(actor)))


def count_waiting(connection: Connection, actor: Actor) -> int:
    """How many records wait for this person. One query."""
    if actor.role not in RECORD_WATCHERS:
        return 0
    parts = (_held(actor, func.count()), _apart(actor, func.count()), _clashing(actor, func.count()))
    first, second, third = (part.scalar_subquery() for part in parts)
    return int(connection.execute(select(first + second + third)).scalar() or 0)


def waiting(connection: Connection, actor: Actor, limit: int = 200) -> tuple[Waiting, ...]:
    """The records that wait for this person, the held ones first, then by when they came. Three queries."""
    return (*held(connection, actor, limit=limit), *apart(connection, actor, limit=limit),
            *clashes(connection, actor, limit=limit))


def held(connection: Connection, actor: Actor, record_id: str = "", limit: int = 1) -> tuple[Waiting, ...]:
    """Held and refused commands, or one of them."""
    query = _held(actor, _receipts, func.coalesce(_users.c.name, "").label("actor_name"))
    query = query.where(_r.command_id == record_id) if record_id else query
    rows = connection.execute(query.order_by(_r.status, _r.received_at, _r.command_id).limit(limit))
    return tuple(
        Waiting(row.command_id, row.status, row.command_id, row.operation, row.actor_id, row.actor_name, row.code,
                row.answer or {}, row.raw or {}, row.made_at, row.received_at, tuple(row.flags or ()), row.device_id,
                row.delivered_by, row.skew_ms) for row in rows)


def apart(connection: Connection, actor: Actor, record_id: str = "", limit: int = 1) -> tuple[Waiting, ...]:
    """Commands that came under another's id, or one of them."""
    query = _apart(actor, _reused, func.coalesce(_users.c.name, "").label("actor_name"))
    query = query.where(_x.id == record_id) if record_id else query
    rows = connection.execute(query.order_by(_x.received_at, _x.id).limit(limit))
    return tuple(
        Waiting(row.id, "reused", row.command_id, row.operation, row.actor_id, row.actor_name, "id_reused", {},
                row.raw or {}, row.made_at, row.received_at, (), row.device_id, row.delivered_by) for row in rows)


def clashes(connection: Connection, actor: Actor, record_id: str = "", limit: int = 1) -> tuple[Waiting, ...]:
    """Proposals for contacts that wait for a decision, or one of them."""
    query = _clashing(actor, _clashes, func.coalesce(_users.c.name, "").label("actor_name"))
    query = query.where(_k.id == record_id) if record_id else query
    rows = connection.execute(query.order_by(_k.at, _k.id).limit(limit))
    return tuple(
        Waiting(row.id, "clash", row.command_id, "customers.change_contact", row.by_id, row.actor_name,
                f"contact_{row.kind}", {"fields": row.fields, "contact_id": row.contact_id},
                {"payload": {"customer_id": row.customer_id}}, None, row.at, (), None, None) for row in rows)


def one_waiting(connection: Connection, actor: Actor, record_id: str) -> Waiting | None:
    """One record that waits, or None when it does not, or is not this person's to look at."""
    for find in (held, apart, clashes):
        found = find(connection, actor, record_id)
        if found:
            return found[0]
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids on a page are called. A customer this person may not see has no name."""

    customers: dict[str, str]
    users: dict[str, str]
    devices: dict[str, str]
    #: a contact's name, by id
    contacts: dict[str, str]
    #: whom a record was handed to last, by record id
    handed: dict[str, str]


def names_for(connection: Connection, actor: Actor, records: Sequence[Waiting]) -> Names:
    """Every name a list of records needs, in five queries."""
    ids = [one.customer_id for one in records if one.customer_id]
    customers = connection.execute(select(_customers.c.id, _customers.c.name).where(
        _customers.c.id.in_(ids), visible(scope_of(actor))))
    handed = connection.execute(
        select(_marks.c.of_id, _marks.c.to_id).where(_marks.c.of_id.in_([one.id for one in records]),
                                                     _marks.c.kind == "handed").order_by(_marks.c.at)).all()
    people = {one.delivered_by for one in records if one.delivered_by} | {row.to_id for row in handed}
    users = {row.id: row.name for row in connection.execute(
        select(_users.c.id, _users.c.name).where(_users.c.id.in_(people)))}
    devices = connection.execute(select(_devices.c.id, _devices.c.name).where(
        _devices.c.id.in_([one.device_id for one in records if one.device_id])))
    contacts = connection.execute(select(_contacts.c.id, _contacts.c.name).where(
        _contacts.c.id.in_([one.answer.get("contact_id", "") for one in records])))
    return Names({row.id: row.name for row in customers}, users, {row.id: row.name for row in devices},
                 {row.id: row.name for row in contacts}, {row.of_id: users.get(row.to_id, "") for row in handed})


@dataclass(frozen=True, slots=True)
class Beyond:
    """An act that went beyond the house's measure of pressing."""

    id: str
    customer_id: str
    customer_name: str
    by_name: str
    occurred_at: datetime
    flags: tuple[str, ...]


def beyond_measure(connection: Connection, actor: Actor, since: datetime, limit: int = 30) -> tuple[Beyond, ...]:
    """Acts since then that were flagged when they arrived, newest first. One query."""
    a = table_of(Action).c
    rows = connection.execute(
        select(a.id, a.customer_id, _customers.c.name, func.coalesce(_users.c.name, ""), a.occurred_at, a.flags)
        .join(_customers, _customers.c.id == a.customer_id).outerjoin(_users, _users.c.id == a.by_id)
        .where(visible(scope_of(actor)), a.received_at >= since, cast(a.flags, String) != "[]")
        .order_by(a.occurred_at.desc(), a.id).limit(limit))
    return tuple(Beyond(*row[:5], tuple(row[5])) for row in rows)
