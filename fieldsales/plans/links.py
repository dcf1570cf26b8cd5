"""Links by which an absent signatory signs a drafted plan: on their own device, the same text, once.

A link is one text with one hash. Whoever opens it reads that text, says who they are, and signs; what follows is what
follows a signing on the spot (``signing.put_on_record``). The text is refused once the books have moved: unlike a
phone without a network, the server can say so before anybody has signed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from fieldsales.config import as_set
from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.documents import canonical
from fieldsales.documents.messages import Remote, Signing
from fieldsales.documents.onetime import (
    CodeFact,
    confirmation_of,
    instant_of,
    plain_address,
)
from fieldsales.documents.rules import manifest_bytes
from fieldsales.kernel.errors import N_, Invalid, NotFound, RuleBroken
from fieldsales.kernel.operation import SYSTEM, Envelope, Need, operation
from fieldsales.plans.coverage import Waiting, cover_of, is_promised, note_links
from fieldsales.plans.drafts import (
    check_draft,
    draft_needs,
    is_moved,
    refuse_moved,
    refuse_promised,
    statement_needs,
)
from fieldsales.plans.messages import OfferLink, OpenLink, PlanPayload, SignByLink, SignPlan, WithdrawLink
from fieldsales.plans.models import SigningLink
from fieldsales.plans.signing import put_on_record
from fieldsales.store.base import table_of
from fieldsales.store.work import Buffer, Facts, Work, fact

_links = table_of(SigningLink)


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A link as an operation and its page see it."""

    id: str
    customer_id: str
    plan_id: str
    number: str
    payload: dict[str, Any]
    signatory: dict[str, Any]
    lang: str
    clause_version: int
    text_sha256: str
    code_channel: str
    code_to: str
    state: str
    by_id: str
    ends_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None

    def standing(self, now: datetime) -> str:
        """open, signed, withdrawn, over."""
        return "over" if self.state == "open" and now > self.ends_at else self.state


def _columns() -> list[Any]:
    c = _links.c
    return [c.id, c.customer_id, c.plan_id, c.number, c.payload, c.signatory, c.lang, c.clause_version, c.text_sha256,
            c.code_channel, c.code_to, c.state, c.by_id, c.ends_at, c.opened_at, c.ended_at]  # fmt: skip


@fact("signing_link")
def load_links(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Links by id."""
    rows = connection.execute(select(*_columns()).where(_links.c.id.in_(keys)))
    return {row.id: LinkFact(*row) for row in rows}


@fact("links_of_plan")
def load_of_plan(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The open links of a drafted plan: (link id, customer id)."""
    found: dict[str, list[tuple[str, str]]] = {}
    c = _links.c
    rows = connection.execute(select(c.plan_id, c.id, c.customer_id).where(c.plan_id.in_(keys), c.state == "open"))
    for plan_id, link_id, customer_id in rows:
        found.setdefault(plan_id, []).append((link_id, customer_id))
    return found


def _may_offer(work: Work, command: OfferLink) -> None:
    may_work_with(work, command.payload)


def _offer_needs(command: OfferLink) -> list[Need]:
    payload = command.payload
    return [*draft_needs(payload), *statement_needs(payload), Need("signing_link", command.link_id),
            Need("plan", payload.plan_id), Need("links_of_plan", payload.plan_id),
            Need("waiting_links", payload.customer_id)]  # fmt: skip


@operation("plans.offer_link", OfferLink, needs=_offer_needs, guard=_may_offer)
def offer_link(work: Work, command: OfferLink) -> None:
    """Make a drafted plan into a link for an absent signatory. A new link to the same draft takes back the one before.

    Refused: another text than the books and clauses give, books that have moved, debts that a running plan or
    another link covers, clauses without words for signing from afar. The same link twice is made once. Answers
    ``link_id`` and ``ends_at``.
    """
    payload, known = command.payload, work.fact("signing_link", command.link_id)
    if known is not None:
        if known.customer_id != payload.customer_id or known.text_sha256 != command.text_sha256:
            raise RuleBroken("plans.link_reused", N_("This link was made for another text."))
        work.answer(link_id=known.id, ends_at=known.ends_at.isoformat())
        return
    check_draft(work, command)
    earlier = work.fact("links_of_plan", payload.plan_id) or ()
    if any(customer_id != payload.customer_id for _, customer_id in earlier):
        # The id of somebody else's draft: taking that link back is not this rep's to do.
        raise RuleBroken("plans.link_reused", N_("This link was made for another text."))
    for link_id, _ in earlier:
        work.update(SigningLink, link_id, state="withdrawn", ended_at=work.now, ended_by=work.actor.user_id)
    ends_at = _ends_at(work, payload)
    work.insert(
        SigningLink, id=command.link_id, customer_id=payload.customer_id, plan_id=payload.plan_id,
        number=payload.number, payload=canonical.document_of(payload),
        signatory=command.signatory.model_dump(mode="json"), lang=command.lang, clause_version=command.clause_version,
        text_sha256=command.text_sha256, code_channel=command.code_channel,
        code_to=plain_address(command.code_channel, command.code_to) if command.code_channel else "", state="open",
        by_id=work.actor.user_id, made_at=work.now, ends_at=ends_at, ended_by="",
    )  # fmt: skip
    work.facts.put("links_of_plan", payload.plan_id, [(command.link_id, payload.customer_id)])
    note_links(work, payload.customer_id, {link_id for link_id, _ in earlier},
               Waiting(command.link_id, payload.plan_id, ends_at, cover_of(payload)))
    work.touch(payload.customer_id)
    work.answer(link_id=command.link_id, ends_at=ends_at.isoformat())


def _ends_at(work: Work, payload: PlanPayload) -> datetime:
    """As long as the house says, and never beyond the day of the first instalment."""
    first = datetime.combine(payload.instalments[0].due_on + timedelta(days=1), time(), ZoneInfo(work.zone))
    return min(work.now + timedelta(hours=as_set().signing_link_hours), first)


def is_outdated(connection: Connection, link: LinkFact, now: datetime, zone: str) -> bool:
    """Whether the books no longer say what the text of an open link says: asked before anybody reads it."""
    payload, facts = PlanPayload.model_validate(link.payload), Facts()
    facts.load(connection, draft_needs(payload))
    work = Work(facts, Buffer(), SYSTEM, Envelope(link.id, "plans.sign_by_link", {}), now, zone=zone)
    return is_moved(work, payload) or is_promised(work, payload)


def _own_link(work: Work, command: WithdrawLink | OpenLink | SignByLink) -> LinkFact:
    link: LinkFact | None = work.fact("signing_link", command.link_id)
    if link is None or link.customer_id != command.customer_id:
        raise NotFound("not_found", N_("There is no such record, or you cannot see it."))
    return link


def _link_needs(command: WithdrawLink | OpenLink | SignByLink) -> list[Need]:
    return [Need("customer", command.customer_id), Need("signing_link", command.link_id)]


def _end(work: Work, link: LinkFact, state: str, by_id: str) -> None:
    work.update(SigningLink, link.id, state=state, ended_at=work.now, ended_by=by_id)
    work.facts.put("signing_link", link.id, replace(link, state=state, ended_at=work.now))
    note_links(work, link.customer_id, {link.id})
    work.touch(link.customer_id)


@operation("plans.withdraw_link", WithdrawLink, needs=_link_needs, guard=may_work_with)
def withdraw_link(work: Work, command: WithdrawLink) -> None:
    """Take a link back. One that was signed stays signed: to undo a plan, declare it void."""
    link = _own_link(work, command)
    if link.state == "signed":
        raise RuleBroken("plans.link_signed", N_("This plan is signed already."))
    if link.state == "open":
        _end(work, link, "withdrawn", work.actor.user_id)


@operation("plans.open_link", OpenLink, needs=_link_needs, guard=system_only)
def open_link(work: Work, command: OpenLink) -> None:
    """Note when a link was first opened."""
    link = _own_link(work, command)
    if link.opened_at is None:
        work.update(SigningLink, link.id, opened_at=work.now)
        work.facts.put("signing_link", link.id, replace(link, opened_at=work.now))
        work.touch(link.customer_id)


_ENDED = {
    "signed": N_("This text is signed already."),
    "withdrawn": N_("This link was taken back. Ask for a new one."),
    "over": N_("This link has run out. Ask for a new one."),
}


@operation("plans.sign_by_link", SignByLink, needs=_link_needs, guard=system_only)
def sign_by_link(work: Work, command: SignByLink) -> None:
    """Put a plan on record that an absent signatory signed by a link; it then counts as signed on the spot.

    Refused: a link that was used, taken back or has run out, another name than the text's, a code that is wanted and
    was not confirmed, books that have moved, debts that a running plan covers. Answers as ``plans.sign_plan``.
    """
    link = _own_link(work, command)
    if link.plan_id != command.plan_id:
        raise NotFound("not_found", N_("There is no such record, or you cannot see it."))
    standing = link.standing(work.now)
    if standing != "open":
        raise RuleBroken(f"plans.link_{standing}", _ENDED[standing])
    payload = PlanPayload.model_validate(link.payload)
    work.facts.expect(draft_needs(payload))
    if _squeezed(command.name) != _squeezed(link.signatory["name"]):
        raise Invalid("plans.link_name", N_("This text names %(name)s as the one who signs. If that is not you, ask "
                                            "for a new link."), field="name", name=link.signatory["name"])
    refuse_moved(work, payload)
    refuse_promised(work, payload)
    signing = _signing(work, command, link, payload)
    put_on_record(work, SignPlan(payload=payload, signing=signing), link.by_id)
    _end(work, link, "signed", "")


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()


def _signing(work: Work, command: SignByLink, link: LinkFact, payload: PlanPayload) -> Signing:
    """The signing as a phone would have sent it, with what the server saw of the other side."""
    document = canonical.document_of(payload)
    remote = Remote(link_id=link.id, signed_at=instant_of(work.now), ip=command.ip, user_agent=command.user_agent)
    signing = Signing.model_validate({
        "lang": link.lang, "clause_set": "plan", "clause_version": link.clause_version,
        "payload_sha256": canonical.digest(document), "text_sha256": link.text_sha256, "strokes": command.strokes,
        "strokes_sha256": canonical.digest(command.strokes.model_dump(mode="json")), "signatory": link.signatory,
        "manifest_sha256": "0" * 64, "remote": remote, "confirmation": _confirmed(work, command, link),
    })  # fmt: skip
    manifest = canonical.sha256(manifest_bytes(payload, signing, ""))
    return signing.model_copy(update={"manifest_sha256": manifest})


def _confirmed(work: Work, command: SignByLink, link: LinkFact) -> Any:
    """The confirmed code of a link that wants one, sent to the very address the link names."""
    if not link.code_channel:
        return None
    code: CodeFact | None = work.fact("signing_code", command.code_id) if command.code_id else None
    wanted = (link.code_channel, link.code_to, link.text_sha256)
    if code is None or code.state != "confirmed" or (code.channel, code.to_address, code.text_sha256) != wanted:
        raise RuleBroken("plans.link_code", N_("Enter the code that was sent to you first."), field="code")
    return confirmation_of(code)
