"""What may be offered by a link: a draft that names what there is, over debts that nobody has promised already."""

from __future__ import annotations

from fieldsales.documents import canonical
from fieldsales.documents.clauses import shown_text, text_sha256
from fieldsales.documents.editions import edition
from fieldsales.documents.onetime import check_address, check_channel, plain_address
from fieldsales.documents.signs import check_printable
from fieldsales.kernel.clock import SKEW
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.operation import Need
from fieldsales.plans import rules
from fieldsales.plans.added import clause_flags
from fieldsales.plans.coverage import coverage_needs, is_promised, is_waiting
from fieldsales.plans.messages import OfferLink, PlanPayload
from fieldsales.plans.queries import PlanFact
from fieldsales.plans.signing import moved_flags, needs_to_sign
from fieldsales.receivables.sides import check_sides
from fieldsales.store.work import Work

#: What makes a text that nobody has signed yet one that nobody should sign.
MOVED = frozenset({"balance_moved", "debtor_changed", "seller_changed"})
#: Proofs that somebody present looks at: of a signatory who is away nobody saw them.
SEEN_IN_PERSON = frozenset({"id_shown", "business_card"})


def draft_needs(payload: PlanPayload) -> list[Need]:
    """The facts a draft is judged by when it is offered, and again when it is opened and signed."""
    return [*needs_to_sign(payload), *coverage_needs(payload.customer_id)]


def statement_needs(payload: PlanPayload) -> list[Need]:
    """The fact of the statement a draft names, if it names one: (customer id, debtor id)."""
    return [Need("statement", payload.statement_id)] if payload.statement_id else []


def check_draft(work: Work, command: OfferLink) -> None:
    """Refuse a draft that nobody should sign: another text, untrue references, moved books, promised debts."""
    payload = command.payload
    _check_kind(work, command)
    if clause_flags(work.plugins, payload):
        raise RuleBroken("plans.link_clause", N_("The clauses have changed since this text was made. Exchange with "
                                                  "the office, then make it anew."))
    document, signatory = canonical.document_of(payload), command.signatory.model_dump(mode="json")
    text = shown_text("plan", command.lang, document, signatory, "", command.clause_version)
    if text_sha256(text) != command.text_sha256:
        raise RuleBroken("documents.text_changed", N_("The text shown was not this text. Nothing is lost; sign again."))
    check_printable(text)
    rules.check_payload(payload, work.zone)
    check_sides(work, payload)
    _check_references(work, payload)
    if command.code_channel:
        check_channel(command.code_channel)
        check_address(command.code_channel, plain_address(command.code_channel, command.code_to))
    refuse_moved(work, payload)
    refuse_promised(work, payload)
    if is_waiting(work, payload):
        raise RuleBroken("plans.link_twice", N_("Another link over one of these invoices waits for a signature. Take "
                                                "it back first."))


def _check_kind(work: Work, command: OfferLink) -> None:
    payload, signatory = command.payload, command.signatory
    if payload.channel != "remote" or signatory.authority_sha256:
        raise Invalid("plans.link_text", N_("This text is not one for signing by a link."))
    if signatory.authority in SEEN_IN_PERSON:
        raise Invalid("plans.link_authority", N_("Nobody sees an identity document or a business card of somebody who "
                                                 "signs by a link. Choose what else shows the authority, or nothing."),
                      field="authority")
    if work.fact("plan", payload.plan_id) is not None:
        raise RuleBroken("plans.link_signed", N_("This plan is signed already."))
    zh = edition(command.clause_version)["plan"]["zh"]
    if not any(block.get("when") == "remote" for block in zh):
        raise RuleBroken("plans.link_clauses", N_("The house's clauses have no words for signing by a link. The "
                                                  "administrator can add them."))


def _check_references(work: Work, payload: PlanPayload) -> None:
    """What a draft refers to must be there, and the same debtor's; its day must not lie ahead."""
    if payload.made_at > work.now + SKEW or payload.acknowledged_on > work.today:
        raise Invalid("plans.link_ahead", N_("This text is dated ahead. Check the phone's clock."), field="made_at")
    sides = (payload.customer_id, payload.debtor_id)
    if payload.statement_id and work.fact("statement", payload.statement_id) != sides:
        raise RuleBroken("plans.statement", N_("The statement this plan refers to is not on record for this debtor."),
                         field="statement_id")
    if payload.predecessor_id:
        old: PlanFact | None = work.fact("plan", payload.predecessor_id)
        if old is None or (old.customer_id, old.debtor_id) != sides:
            raise RuleBroken("plans.predecessor", N_("The plan to replace is not one of this customer's."))


def is_moved(work: Work, payload: PlanPayload) -> bool:
    """Whether the books no longer say what an unsigned text says."""
    return bool(MOVED & set(moved_flags(work, payload)))


def refuse_moved(work: Work, payload: PlanPayload) -> None:
    """Raise RuleBroken when the books no longer say what an unsigned text says."""
    if is_moved(work, payload):
        raise RuleBroken("plans.link_moved",
                         N_("The account has changed since this text was made. A new one is needed."))


def refuse_promised(work: Work, payload: PlanPayload) -> None:
    """Raise RuleBroken when a running plan that this one does not replace covers one of its invoices."""
    if is_promised(work, payload):
        raise RuleBroken("plans.link_promised", N_("A repayment plan over one of these invoices is running. A new one "
                                                   "must say that it replaces it."))
