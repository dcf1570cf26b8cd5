"""Who is on the solvency watch, what was seen there, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from fieldsales.collection.solvency import REMEMBERED, Seen, Watch, judge
from fieldsales.collection.watchmodels import Sighting, WatchClosing
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Attachment
from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of

_sightings, _closings, _customers = table_of(Sighting), table_of(WatchClosing), table_of(Customer)
_users, _attachments = table_of(User), table_of(Attachment)
_s, _c = _sightings.c, _customers.c


@dataclass(frozen=True, slots=True)
class SightingLine:
    """One sighting as it is shown. ``photos``: SHA-256 of each."""

    at: datetime
    signs: tuple[str, ...]
    words: str
    by_name: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A customer on the watch. Amounts in minor units of the largest overdue currency."""

    customer_id: str
    customer_name: str
    owner_name: str
    overdue_minor: int
    watch: Watch
    sightings: tuple[SightingLine, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """An alert a person closed."""

    customer_id: str
    customer_name: str
    reason: str
    by_name: str
    at: datetime


def _standing(today: date) -> ColumnElement[bool]:
    """A sighting that is young enough, and received after the last closing."""
    closed = select(func.max(_closings.c.at)).where(_closings.c.customer_id == _s.customer_id).scalar_subquery()
    since = datetime.combine(today, datetime.min.time()).astimezone() - REMEMBERED - timedelta(days=1)
    return and_(_s.occurred_at >= since, or_(closed.is_(None), _s.received_at > closed))


def watched(connection: Connection, scope: Scope, today: date, zone: str = DEFAULT_ZONE) -> tuple[Watched, ...]:
    """Everybody with an open alert, red first, then the largest sum. Two queries."""
    owner = _users.alias("owner")
    rows = connection.execute(
        select(_s.id, _s.customer_id, _c.name, func.coalesce(owner.c.name, "").label("owner_name"), _c.overdue_minor,
               _s.occurred_at, _s.signs, _s.words, func.coalesce(_users.c.name, "").label("by_name"))
        .select_from(_sightings.join(_customers, _c.id == _s.customer_id).outerjoin(_users, _users.c.id == _s.by_id)
                     .outerjoin(owner, owner.c.id == _c.owner_id))
        .where(visible(scope), _standing(today)).order_by(_s.occurred_at.desc(), _s.id.desc())
    ).all()
    photos = _photos(connection, [row.id for row in rows])
    groups: defaultdict[str, list[SightingLine]] = defaultdict(list)
    heads: dict[str, Any] = {}
    for row in rows:
        heads.setdefault(row.customer_id, row)
        groups[row.customer_id].append(SightingLine(row.occurred_at, tuple(row.signs), row.words, row.by_name,
                                                    photos.get(row.id, ())))
    found = [
        Watched(key, head.name, head.owner_name, head.overdue_minor, _judged(groups[key], today, zone),
                tuple(groups[key])) for key, head in heads.items()
    ]
    return tuple(sorted((one for one in found if one.watch.level),
                        key=lambda one: (one.watch.level != "red", -one.overdue_minor, one.customer_id)))


def _judged(lines: Iterable[SightingLine], today: date, zone: str) -> Watch:
    return judge([Seen(on_date(line.at, zone), line.signs) for line in lines], today)


def _photos(connection: Connection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    a, found = _attachments.c, defaultdict[str, tuple[str, ...]](tuple)
    for row in connection.execute(select(a.subject_id, a.sha256).where(
            a.subject_kind == "sighting", a.subject_id.in_(ids)).order_by(a.id)):
        found[row.subject_id] += (row.sha256,)
    return found


def open_sightings(connection: Connection, customer_ids: Iterable[str], today: date, zone: str = DEFAULT_ZONE
                   ) -> dict[str, tuple[Watch, tuple[Seen, ...]]]:
    """The watch of each of these customers with anything that still counts, and what was seen. One query."""
    seen: defaultdict[str, list[Seen]] = defaultdict(list)
    for row in connection.execute(select(_s.customer_id, _s.occurred_at, _s.signs).where(
            _s.customer_id.in_(list(customer_ids)), _standing(today)).order_by(_s.occurred_at, _s.id)):
        seen[row.customer_id].append(Seen(on_date(row.occurred_at, zone), tuple(row.signs)))
    return {key: (judge(sightings, today), tuple(sightings)) for key, sightings in seen.items()}


def red_alerts(connection: Connection, scope: Scope, today: date, zone: str = DEFAULT_ZONE
               ) -> tuple[tuple[str, str], ...]:
    """(customer id, name) of every open red alert, for the banner. One query."""
    seen: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for row in connection.execute(
        select(_s.customer_id, _c.name, _s.occurred_at, _s.signs)
        .select_from(_sightings.join(_customers, _c.id == _s.customer_id)).where(visible(scope), _standing(today))
    ):
        seen[row.customer_id, row.name].append(Seen(on_date(row.occurred_at, zone), tuple(row.signs)))
    return tuple(sorted(key for key, sightings in seen.items() if judge(sightings, today).level == "red"))


def lately_closed(connection: Connection, scope: Scope, limit: int = 10) -> tuple[Closed, ...]:
    """Alerts closed lately, newest first. One query."""
    k = _closings.c
    rows = connection.execute(
        select(k.customer_id, _c.name, k.reason, func.coalesce(_users.c.name, ""), k.at)
        .select_from(_closings.join(_customers, _c.id == k.customer_id).outerjoin(_users, _users.c.id == k.by_id))
        .where(visible(scope)).order_by(k.at.desc(), k.id.desc()).limit(limit))
    return tuple(Closed(*row) for row in rows)
