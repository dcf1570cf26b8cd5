"""The acts on record that restart limitation, as the rules want them, and their taking back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.guards import system_only
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables import limitation
from fieldsales.receivables.facts import stands
from fieldsales.receivables.limitation import WITHDRAWN
from fieldsales.receivables.messages import DoubtSuits, ReverseInterruption
from fieldsales.receivables.models import Interruption, InterruptionReversal
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_acts = table_of(Interruption)


@dataclass(frozen=True, slots=True)
class StandingSuit:
    """A suit or payment order on record whose interruption stands."""

    id: str
    debtor_id: str | None
    invoice_ids: tuple[str, ...]
    occurred_on: date
    grade: str


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


@fact("standing_suits")
def load_suits(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: the suits and payment orders that stand."""
    a = _acts.c
    found: dict[str, Any] = dict.fromkeys(keys, ())
    for row in connection.execute(
        select(a.customer_id, a.id, a.debtor_id, a.invoice_ids, a.occurred_on, a.grade)
        .where(a.customer_id.in_(keys), a.ground == "suit", stands(_acts)).order_by(a.occurred_on, a.id)
    ):  # fmt: skip
        found[row.customer_id] += (StandingSuit(row.id, row.debtor_id, tuple(row.invoice_ids or ()), row.occurred_on,
                                                row.grade),)
    return found


def is_doubted(connection: Connection, interruption_id: str) -> bool:
    """Whether a suit came to nothing since, so that it is doubtful what it restarted. One query."""
    r = table_of(InterruptionReversal).c
    return connection.execute(select(r.id).where(r.interruption_id == interruption_id, r.reason == WITHDRAWN)
                              ).first() is not None


def see_suit(work: Work, customer_id: str, suit: StandingSuit) -> None:
    """Later commands of the batch see a suit that was just put on record."""
    if work.facts.knows("standing_suits", customer_id):
        work.facts.put("standing_suits", customer_id, (*(work.fact("standing_suits", customer_id) or ()), suit))


@operation(
    "receivables.doubt_suits", DoubtSuits,
    needs=lambda c: [Need("customer", c.customer_id), Need("standing_suits", c.customer_id)], guard=system_only,
)  # fmt: skip
def doubt_suits(work: Work, command: DoubtSuits) -> None:
    """Mark suits that came to nothing as doubtful (sources: ``limitation``). Nothing is erased: each act gets a
    reversal and stands on as ``withdrawn_suit``, grade C. Where the complaint was served, its arrival is a demand of
    that day, grade B if the suit itself was proven."""
    suits: tuple[StandingSuit, ...] = work.fact("standing_suits", command.customer_id) or ()
    doubted = [one for one in suits if command.since <= one.occurred_on <= command.until
               and (None in (command.debtor_id, one.debtor_id) or command.debtor_id == one.debtor_id)]
    for one in doubted:
        work.insert(
            InterruptionReversal, id=derived_id(one.id, "reversal"), interruption_id=one.id,
            customer_id=command.customer_id, reason=WITHDRAWN, proof_kind=command.proof_kind,
            proof_id=command.proof_id, by_id=work.actor.user_id, at=work.now,
        )  # fmt: skip
        _put(work, command, replace(one, id=derived_id(one.id, WITHDRAWN), grade="C"), WITHDRAWN)
    if doubted and command.served_on is not None:
        grade = "C" if all(one.grade == "C" for one in doubted) else "B"
        served = replace(doubted[0], id=derived_id(doubted[0].id, "served"), grade=grade,
                         occurred_on=command.served_on)
        _put(work, command, served, "demand")
    left = tuple(one for one in suits if one not in doubted)
    work.facts.put("standing_suits", command.customer_id, left)
    if doubted:
        work.touch(command.customer_id)


def _put(work: Work, command: DoubtSuits, act: StandingSuit, ground: str) -> None:
    work.insert(
        Interruption, id=act.id, customer_id=command.customer_id, debtor_id=act.debtor_id,
        invoice_ids=list(act.invoice_ids), occurred_on=act.occurred_on, ground=ground, grade=act.grade,
        proof_kind=command.proof_kind, proof_id=command.proof_id, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
