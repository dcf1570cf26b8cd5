"""The acts on record that restart limitation, as the rules want them, and their taking back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.guards import system_only
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables import limitation
from fieldsales.receivables.facts import stands
from fieldsales.receivables.messages import ReverseInterruption
from fieldsales.receivables.models import Interruption, InterruptionReversal
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

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


@fact("interruption_standing")
def load_standing(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By an act's own id: whose it is, when it stands."""
    a = _acts.c
    rows = connection.execute(select(a.id, a.customer_id).where(a.id.in_(keys), stands(_acts)))
    return {row.id: row.customer_id for row in rows}


@operation(
    "receivables.reverse_interruption", ReverseInterruption,
    needs=lambda c: [Need("customer", c.customer_id), Need("interruption_standing", c.interruption_id)],
    guard=system_only,
)  # fmt: skip
def reverse_interruption(work: Work, command: ReverseInterruption) -> None:
    """Take back what an act did to the limitation period, because it never reached the debtor.

    Nothing happens when there is no such act, or it does not stand any more: the act itself stays on record.
    """
    if work.fact("interruption_standing", command.interruption_id) != command.customer_id:
        return
    work.insert(
        InterruptionReversal, id=derived_id(command.interruption_id, "reversal"),
        interruption_id=command.interruption_id, customer_id=command.customer_id, reason=command.reason,
        proof_kind=command.proof_kind, proof_id=command.proof_id, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    work.facts.put("interruption_standing", command.interruption_id, None)
    work.touch(command.customer_id)
