"""The registry of promotions (优惠政策): only what is approved and in force may be quoted, and each quote is on record.

"虚构一些优惠政策或措施 … 容易伤害客户，客户不会接二连三地吃亏上当".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.collection.tablemodels import Promotion, PromotionEnd, PromotionQuote
from fieldsales.customers.guards import may_work_with
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Line, Prose
from fieldsales.people.models import User
from fieldsales.people.rules import Scope, may_manage, scope_of
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_promotions, _ends, _quotes = table_of(Promotion), table_of(PromotionEnd), table_of(PromotionQuote)
_users, _customers = table_of(User), table_of(Customer)
Words = Annotated[Prose, Field(min_length=1, max_length=600)]


class RegisterPromotion(Command):
    """An approved policy, from its first day to its last, and the words it may be quoted in."""

    promotion_id: Id
    name: Annotated[Line, Field(min_length=1)]
    text_zh: Words
    text_en: Annotated[Prose, Field(max_length=600)] = ""
    from_on: date
    to_on: date
    approved_by: Annotated[Line, Field(min_length=1)]
    """Who approved it, and the paper it stands in."""


class EndPromotion(Command):
    """Take a policy back before its last day."""

    promotion_id: Id
    reason: Annotated[Line, Field(min_length=1)]


class QuotePromotion(Command):
    """A registered policy was quoted to a customer, at a contact or on its own."""

    quote_id: Id
    promotion_id: Id
    customer_id: Id
    contact_id: Annotated[Line, Field(max_length=64)] = ""


@dataclass(frozen=True, slots=True)
class PromotionFact:
    """A policy as an operation sees it."""

    id: str
    from_on: date
    to_on: date
    ended_at: datetime | None
    by_id: str

    def holds(self, at: datetime, zone: str) -> bool:
        """Whether it was in force at that instant: between its days, and not taken back before."""
        return self.from_on <= on_date(at, zone) <= self.to_on and (self.ended_at is None or at < self.ended_at)


@fact("promotion")
def load_promotions(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Policies by id."""
    p = _promotions.c
    rows = connection.execute(select(p.id, p.from_on, p.to_on, _ends.c.at, p.by_id)
                              .outerjoin(_ends, _ends.c.promotion_id == p.id).where(p.id.in_(keys)))
    return {row.id: PromotionFact(*row) for row in rows}


def may_keep_promotions(work: Work, command: Command) -> None:
    """Guard: a manager or the administrator."""
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))


@operation("collection.register_promotion", RegisterPromotion, guard=may_keep_promotions, needs=lambda c: [])
def register_promotion(work: Work, command: RegisterPromotion) -> None:
    """Enter an approved policy: from its first day to its last it may be quoted."""
    if command.to_on < command.from_on:
        raise Invalid("collection.promotion_days", N_("The last day lies before the first."), field="to_on")
    work.insert(
        Promotion, id=command.promotion_id, name=command.name, text_zh=command.text_zh, text_en=command.text_en,
        from_on=command.from_on, to_on=command.to_on, approved_by=command.approved_by, by_id=work.actor.user_id,
        at=work.now,
    )


def may_end(work: Work, command: EndPromotion) -> None:
    """Guard: whoever entered the policy, or who leads the whole company."""
    may_keep_promotions(work, command)
    promotion: PromotionFact | None = work.fact("promotion", command.promotion_id)
    if promotion is not None and promotion.by_id != work.actor.user_id and scope_of(work.actor).kind != "all":
        raise NotAllowed("collection.not_your_policy", N_("Only who entered a policy, or leads the company, ends it."))


@operation("collection.end_promotion", EndPromotion, guard=may_end,
           needs=lambda c: [Need("promotion", c.promotion_id)])
def end_promotion(work: Work, command: EndPromotion) -> None:
    """Take a policy back; from now on nobody may quote it. What was quoted stays quoted."""
    promotion: PromotionFact = work.require("promotion", command.promotion_id)
    if promotion.ended_at is not None:
        raise RuleBroken("collection.promotion_ended", N_("This policy has been taken back already."))
    work.insert(PromotionEnd, id=uuid7(), promotion_id=promotion.id, reason=command.reason,
                by_id=work.actor.user_id, at=work.now)
    work.facts.put("promotion", promotion.id, replace(promotion, ended_at=work.now))


@operation("collection.quote_promotion", QuotePromotion, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("promotion", c.promotion_id)])
def quote_promotion(work: Work, command: QuotePromotion) -> None:
    """Put a quote on record. One that was not in force any more when it was said is marked for the manager: the
    customer heard it all the same. What is not registered cannot be quoted."""
    promotion: PromotionFact = work.require("promotion", command.promotion_id)
    said_at = min(work.occurred, work.now)
    work.insert(
        PromotionQuote, id=command.quote_id, promotion_id=promotion.id, customer_id=command.customer_id,
        contact_id=command.contact_id, flags=[] if promotion.holds(said_at, work.zone) else ["not_valid"],
        by_id=work.actor.user_id, quoted_at=said_at, received_at=work.now,
    )
    work.touch(command.customer_id)


def registered(connection: Connection, limit: int = 100) -> list[Any]:
    """Policies, those that end last first, with how often each was quoted. One query."""
    p = _promotions.c
    quoted = select(func.count()).select_from(_quotes).where(_quotes.c.promotion_id == p.id).scalar_subquery()
    return list(connection.execute(
        select(_promotions, _ends.c.reason.label("ended_reason"), _ends.c.at.label("ended_at"),
               func.coalesce(_users.c.name, "").label("by_name"), quoted.label("quoted"))
        .outerjoin(_ends, _ends.c.promotion_id == p.id).outerjoin(_users, _users.c.id == p.by_id)
        .order_by(p.to_on.desc(), p.id.desc()).limit(limit)))


def quotes(connection: Connection, scope: Scope, limit: int = 100) -> list[Any]:
    """What was quoted to customers of one's own, newest first. One query."""
    q = _quotes.c
    return list(connection.execute(
        select(q.id, q.customer_id, _customers.c.name.label("customer_name"), _promotions.c.name.label("promotion"),
               func.coalesce(_users.c.name, "").label("by_name"), q.quoted_at, q.flags)
        .join(_customers, _customers.c.id == q.customer_id).join(_promotions, _promotions.c.id == q.promotion_id)
        .outerjoin(_users, _users.c.id == q.by_id).where(visible(scope))
        .order_by(q.quoted_at.desc(), q.id.desc()).limit(limit)))


def quoted_to(connection: Connection, customer_ids: Sequence[str]) -> list[Any]:
    """What was quoted to these customers, newest first. One query."""
    q = _quotes.c
    return list(connection.execute(
        select(q.id, q.customer_id, q.promotion_id, _promotions.c.name.label("promotion"), q.quoted_at,
               func.coalesce(_users.c.name, "").label("by_name"))
        .join(_promotions, _promotions.c.id == q.promotion_id).outerjoin(_users, _users.c.id == q.by_id)
        .where(q.customer_id.in_(list(customer_ids))).order_by(q.quoted_at.desc(), q.id.desc())))
