"""Reads of what plugins keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from fieldsales.extensions.models import PluginRecord
from fieldsales.extensions.rules import HOUSE, Record
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

Kepts = dict[str, tuple[Record, ...]]


@fact("kept")
def load_kept(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """What all plugins keep, by customer, newest first; under ``HOUSE`` what they keep for the whole house."""
    r, found = table_of(PluginRecord).c, defaultdict(list)
    asked = r.customer_id.in_([key for key in keys if key != HOUSE])
    if HOUSE in keys:
        asked = or_(asked, r.customer_id.is_(None))
    for row in connection.execute(
        select(r.id, r.plugin, r.kind, r.key, r.customer_id, r.body, r.version).where(asked)
        .order_by(r.changed_at.desc(), r.id)
    ):
        owner = row.customer_id or HOUSE
        found[owner].append(Record(row.id, row.plugin, row.kind, row.key, owner, row.body, row.version))
    return {key: tuple(records) for key, records in found.items()}


def kept_of(connection: Connection, customer_ids: Sequence[str]) -> Kepts:
    """What all plugins keep for these customers, and for the house under ``HOUSE``. One query.

    ``rules.shown(plugin, kept.get(customer_id), kept.get(HOUSE))`` is what one plugin may see of it.
    """
    found: Kepts = load_kept(connection, [*customer_ids, HOUSE])
    return found
