"""Which debts are promised already: by a plan that is running, or by a link that waits to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.documents.canonical import document_of
from fieldsales.kernel.operation import Need
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.models import Plan, PlanInstalment, SigningLink
from fieldsales.plans.queries import PlanBook
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_plans, _parts, _links = table_of(Plan), table_of(PlanInstalment), table_of(SigningLink)


@dataclass(frozen=True, slots=True)
class Cover:
    """What a plan's text is about. No ``numbers``: all that is open between the two sides."""

    debtor_id: str
    seller_id: str
    currency: str
    numbers: frozenset[str]

    def meets(self, other: Cover) -> bool:
        """Whether both are about one debt."""
        if (self.seller_id, self.currency) != (other.seller_id, other.currency):
            return False
        if self.numbers and other.numbers:
            return bool(self.numbers & other.numbers)
        return self.debtor_id == other.debtor_id


@dataclass(frozen=True, slots=True)
class Waiting:
    """A link that was neither signed nor taken back. Past ``ends_at`` nobody can sign by it."""

    link_id: str
    plan_id: str
    ends_at: datetime
    cover: Cover


def cover_of(payload: PlanPayload | Mapping[str, Any]) -> Cover:
    """What a payload, or its JSON form, is about."""
    document = document_of(payload) if isinstance(payload, PlanPayload) else payload
    return Cover(document.get("debtor_id", ""), document.get("seller_id", ""), document.get("currency", "CNY"),
                 frozenset(number for number, _ in document.get("invoices", ())))


@fact("plan_covers")
def load_covers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: plan id to what it covers, of plans with an instalment that is open."""
    p, n = _plans.c, _parts.c
    running = select(n.plan_id).where(n.customer_id.in_(keys), n.state == "open")
    found: dict[str, dict[str, Cover]] = {}
    rows = connection.execute(
        select(p.customer_id, p.id, p.payload).where(p.customer_id.in_(keys), p.id.in_(running)))
    for customer_id, plan_id, payload in rows:
        found.setdefault(customer_id, {})[plan_id] = cover_of(payload)
    return found


@fact("waiting_links")
def load_waiting(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: links that were neither signed nor taken back."""
    c, found = _links.c, dict[str, tuple[Waiting, ...]]()
    rows = connection.execute(select(c.customer_id, c.id, c.plan_id, c.ends_at, c.payload)
                              .where(c.customer_id.in_(keys), c.state == "open"))  # fmt: skip
    for row in rows:
        one = Waiting(row.id, row.plan_id, row.ends_at, cover_of(row.payload))
        found[row.customer_id] = (*found.get(row.customer_id, ()), one)
    return found


def coverage_needs(customer_id: str) -> list[Need]:
    """The facts that tell what is promised already."""
    return [Need("plan_covers", customer_id), Need("plan_book", customer_id)]


def is_promised(work: Work, payload: PlanPayload) -> bool:
    """Whether a running plan that this one does not replace is about one of the same debts."""
    book: PlanBook = work.fact("plan_book", payload.customer_id)
    running = {part.plan_id for part in book.parts if part.state == "open"} - {payload.predecessor_id, payload.plan_id}
    covers, own = work.fact("plan_covers", payload.customer_id) or {}, cover_of(payload)
    return any(own.meets(covers[plan_id]) for plan_id in running & set(covers))


def is_waiting(work: Work, payload: PlanPayload) -> bool:
    """Whether a link to another draft, which can still be signed, is about one of the same debts."""
    own = cover_of(payload)
    return any(one.plan_id != payload.plan_id and work.now <= one.ends_at and own.meets(one.cover)
               for one in work.fact("waiting_links", payload.customer_id) or ())  # fmt: skip


def note_plan(work: Work, payload: PlanPayload) -> None:
    """Let later commands of the batch see what a new plan covers."""
    if work.facts.knows("plan_covers", payload.customer_id):
        known = work.fact("plan_covers", payload.customer_id) or {}
        work.facts.put("plan_covers", payload.customer_id, {**known, payload.plan_id: cover_of(payload)})


def note_links(work: Work, customer_id: str, ended: set[str], new: Waiting | None = None) -> None:
    """Let later commands of the batch see which links wait."""
    if work.facts.knows("waiting_links", customer_id):
        known = work.fact("waiting_links", customer_id) or ()
        left = tuple(one for one in known if one.link_id not in ended)
        work.facts.put("waiting_links", customer_id, (*left, new) if new else left)
