"""A case handed to outside counsel by a link that expires: one customer's papers, read-only, every look on record.

Whoever has the address reads what a lawyer needs of this case and fetches the evidence bundles the link names, and
nothing else of this house. It runs out, can be taken back, and closes by itself after ten wrong codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.customers.guards import system_only
from fieldsales.documents import canonical
from fieldsales.exchange.bundles import case_keepers
from fieldsales.exchange.counselmodels import CounselLink, CounselVisit
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Line, Name
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_links, _visits = table_of(CounselLink), table_of(CounselVisit)
#: Wrong codes after which a link is closed for good: with six digits nobody guesses one in ten.
MOST_WRONG = 10


class OfferCounsel(Command):
    """Open a case to a law firm. ``days``: how long; ``bundle_ids``: the evidence bundles it may fetch."""

    link_id: Id
    customer_id: Id
    firm: Name
    purpose: Line = ""
    bundle_ids: Annotated[list[Id], Field(max_length=10)] = []
    days: Annotated[int, Field(ge=1, le=30)] = 7
    with_code: bool = True


class WithdrawCounsel(Command):
    """Take a link back."""

    link_id: Id
    customer_id: Id


class NoteCounsel(Command):
    """A look at a case by a link (by the system)."""

    visit_id: Id
    link_id: Id
    customer_id: Id
    what: Literal["opened", "bundle", "wrong_code"]
    bundle_id: Id | Literal[""] = ""
    ip: Annotated[str, Field(max_length=60)] = ""
    user_agent: Annotated[str, Field(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class CounselFact:
    """A link as an operation and its page see it."""

    id: str
    customer_id: str
    firm: str
    purpose: str
    bundle_ids: tuple[str, ...]
    with_code: bool
    wrong_codes: int
    by_id: str
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    def standing(self, now: datetime) -> str:
        """open, withdrawn, locked (too many wrong codes), over."""
        if self.ended_at is not None:
            return "withdrawn"
        if self.wrong_codes >= MOST_WRONG:
            return "locked"
        return "over" if now > self.ends_at else "open"

    @property
    def scope(self) -> str:
        """What its address is bound to: another customer, bundle or end is another address."""
        return canonical.digest({"counsel": self.id, "customer": self.customer_id, "bundles": list(self.bundle_ids),
                                 "ends_at": self.ends_at.isoformat()})


@fact("counsel_link")
def load_counsel_links(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Links by id."""
    c, v = _links.c, _visits.c
    wrong = select(func.count()).where(v.link_id == c.id, v.what == "wrong_code").scalar_subquery()
    rows = connection.execute(select(_links, wrong.label("wrong")).where(c.id.in_(keys)))
    return {row.id: CounselFact(row.id, row.customer_id, row.firm, row.purpose, tuple(row.bundle_ids), row.with_code,
                                row.wrong, row.by_id, row.made_at, row.ends_at, row.ended_at) for row in rows}


def _offer_needs(command: OfferCounsel) -> list[Need]:
    return [Need("customer", command.customer_id), Need("counsel_link", command.link_id),
            *(Need("bundle", one) for one in command.bundle_ids)]


@operation("exchange.offer_counsel", OfferCounsel, needs=_offer_needs, guard=case_keepers)
def offer_counsel(work: Work, command: OfferCounsel) -> None:
    """Open a case to outside counsel. Refused: a bundle of another customer. The same link twice is made once."""
    if work.fact("counsel_link", command.link_id) is not None:
        return
    for bundle_id in command.bundle_ids:
        bundle = work.fact("bundle", bundle_id)
        if bundle is None or bundle.customer_id != command.customer_id:
            raise NotFound("bundle.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(
        CounselLink, id=command.link_id, customer_id=command.customer_id, firm=command.firm, purpose=command.purpose,
        bundle_ids=list(dict.fromkeys(command.bundle_ids)), with_code=command.with_code,
        by_id=work.actor.user_id, made_at=work.now, ends_at=work.now + timedelta(days=command.days), ended_at=None,
        ended_by="")
    work.answer(link_id=command.link_id)


def _own(work: Work, command: WithdrawCounsel | NoteCounsel) -> CounselFact:
    link: CounselFact | None = work.fact("counsel_link", command.link_id)
    if link is None or link.customer_id != command.customer_id:
        raise NotFound("not_found", N_("There is no such record, or you cannot see it."))
    return link


def _needs(command: WithdrawCounsel | NoteCounsel) -> list[Need]:
    return [Need("customer", command.customer_id), Need("counsel_link", command.link_id)]


@operation("exchange.withdraw_counsel", WithdrawCounsel, needs=_needs, guard=case_keepers)
def withdraw_counsel(work: Work, command: WithdrawCounsel) -> None:
    """Take a link back: from this moment its address shows nothing."""
    link = _own(work, command)
    if link.ended_at is not None:
        raise RuleBroken("exchange.counsel_ended", N_("This link was taken back already."))
    work.update(CounselLink, link.id, ended_at=work.now, ended_by=work.actor.user_id)
    work.facts.put("counsel_link", link.id, replace(link, ended_at=work.now))


@operation("exchange.note_counsel", NoteCounsel, needs=_needs, guard=system_only)
def note_counsel(work: Work, command: NoteCounsel) -> None:
    """Write down a look at a case; a wrong code counts towards the link's end."""
    link = _own(work, command)
    work.insert(
        CounselVisit, id=command.visit_id, link_id=link.id, customer_id=link.customer_id, what=command.what,
        bundle_id=command.bundle_id, ip=command.ip, user_agent=command.user_agent, at=work.now)
    if command.what == "wrong_code":
        work.facts.put("counsel_link", link.id, replace(link, wrong_codes=link.wrong_codes + 1))
