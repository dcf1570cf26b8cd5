"""The acts on record that restart limitation, as the rules want them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fieldsales.receivables import limitation
from fieldsales.receivables.facts import stands
from fieldsales.receivables.models import Interruption
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_acts = table_of(Interruption)


def standing_acts(connection: Connection, customer_ids: list[str]) -> dict[str, tuple[limitation.Interruption, ...]]:
    """By customer: the acts that still stand, oldest first. A reversed payment restarted nothing."""
    a = _acts.c
    found: dict[str, list[limitation.Interruption]] = {key: [] for key in customer_ids}
    for row in connection.execute(
        select(a.customer_id, a.occurred_on, a.ground, a.grade, a.debtor_id, a.invoice_ids)
        .where(a.customer_id.in_(customer_ids), stands(_acts)).order_by(a.occurred_on, a.id)
    ):  # fmt: skip
        found[row.customer_id].append(limitation.Interruption(
            row.occurred_on, row.ground, row.grade, row.debtor_id, frozenset(row.invoice_ids or ())))
    return {key: tuple(acts) for key, acts in found.items()}


@fact("limitation_acts")
def load_acts(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The same for operations."""
    return dict(standing_acts(connection, keys))
