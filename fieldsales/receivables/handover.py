"""What a handover moves of the money: cash a leaver holds is the successor's to hand in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.guards import system_only
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.receivables.models import PaymentReceipt, ReceiptEvent
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact


class MoveCash(Command):
    """Cash that ``from_user_id`` has not handed in is now held by ``to_user_id`` (by the system)."""

    from_user_id: Id
    to_user_id: Id


@fact("cash_held")
def load_cash_held(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """(receipt id, customer id) of the cash somebody holds."""
    r, found = table_of(PaymentReceipt).c, dict[str, list[tuple[str, str]]]()
    for row in connection.execute(select(r.id, r.customer_id, r.holder_id).where(
            r.holder_id.in_(keys), r.state == "pending", r.handed_in_at.is_(None))):
        found.setdefault(row.holder_id, []).append((row.id, row.customer_id))
    return {user_id: tuple(rows) for user_id, rows in found.items()}


@operation("receivables.move_cash", MoveCash, needs=lambda c: [Need("cash_held", c.from_user_id)], guard=system_only)
def move_cash(work: Work, command: MoveCash) -> None:
    """Move cash that was not handed in to the successor: it stays visible until finance has it."""
    held = work.fact("cash_held", command.from_user_id) or ()
    # By the customers' versions: finance may confirm one of these sums at this very moment.
    work.facts.by_key("customer", [customer_id for _, customer_id in held])
    for receipt_id, customer_id in held:
        work.update(PaymentReceipt, receipt_id, holder_id=command.to_user_id)
        work.insert(ReceiptEvent, id=uuid7(), receipt_id=receipt_id, kind="moved", by_id=work.actor.user_id,
                    at=work.now, note="")
        work.touch(customer_id)
