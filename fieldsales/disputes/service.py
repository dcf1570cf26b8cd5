"""Operations on disputes and requests to set off. No balance ever changes by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fieldsales.config import as_set
from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.disputes import rules
from fieldsales.disputes.messages import (
    AnswerDispute,
    AssignDispute,
    DecideDispute,
    DisputeAnswered,
    DisputeAssigned,
    DisputeDecided,
    DisputeOpened,
    OpenDispute,
)
from fieldsales.disputes.models import Dispute, DisputeAssignment, DisputeDecision, DisputeFinding
from fieldsales.disputes.queries import DisputeFact
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.queries import UserFact
from fieldsales.receivables.facts import InvoiceFact
from fieldsales.store.work import Work


@operation(
    "disputes.open_dispute", OpenDispute,
    needs=lambda c: [Need("customer", c.customer_id), Need("dispute", c.dispute_id),
                     *([Need("invoice", c.invoice_id), Need("contested", c.invoice_id)] if c.invoice_id else [])],
    guard=may_work_with,
)
def open_dispute(work: Work, command: OpenDispute) -> None:
    """Put a dispute (争议), or a request to set off returns or rebates, before the manager and whoever settles it.

    The undisputed part goes on being collected; nothing is credited before an approved credit note. The desk that
    settles such things has so many days (setting ``dispute_days``).
    """
    if command.invoice_id:
        invoice: InvoiceFact = work.require("invoice", command.invoice_id)
        if invoice.customer_id != command.customer_id:
            raise RuleBroken("disputes.other_customer", N_("That invoice belongs to another customer."))
        rules.check_amount(command.amount_minor, command.currency, invoice.currency)
    work.insert(
        Dispute, id=command.dispute_id, customer_id=command.customer_id, invoice_id=command.invoice_id,
        kind=command.kind, amount_minor=command.amount_minor, currency=command.currency, words=command.words,
        visit_id=command.visit_id, claim_id=command.claim_id, proof_sha256=list(command.proof_sha256),
        by_id=work.actor.user_id, opened_at=min(work.occurred, work.now),
    )
    for sha256 in command.proof_sha256:
        expect_photo(work, command.customer_id, "dispute", command.dispute_id, "proof", sha256)
    work.facts.put("dispute", command.dispute_id, DisputeFact(
        command.dispute_id, command.customer_id, command.invoice_id, command.kind, command.amount_minor,
        command.currency, "open"))
    work.touch(command.customer_id)
    together = _contest(work, command.invoice_id, command.dispute_id, command.amount_minor)
    work.emit(DisputeOpened(command.dispute_id, command.customer_id, command.kind, command.amount_minor,
                            command.currency, command.invoice_id, together))
    desk = rules.DESK_OF.get(command.kind, "") if command.desk is None else command.desk
    due_on = work.today + timedelta(days=as_set().dispute_days)
    _assign(work, work.require("dispute", command.dispute_id), desk, _person_of(work, desk), due_on, "")


def _person_of(work: Work, desk: str) -> str:
    """Whoever answers for a desk: by the setting, for finance whoever has had the role longest; "" for nobody."""
    login = rules.people_of(as_set().dispute_desks).get(desk, "")
    if login:
        return work.fact("user_by_login", login) or ""
    return (work.fact("first_of_role", "finance") or ("",))[0] if desk == "finance" else ""


def _assign(work: Work, dispute: DisputeFact, desk: str, owner_id: str, due_on: date, reason: str) -> None:
    n = dispute.n + 1
    work.insert(
        DisputeAssignment, id=derived_id(dispute.id, f"assignment {n}"), dispute_id=dispute.id, n=n, desk=desk,
        owner_id=owner_id, due_on=due_on, reason=reason, by_id=work.actor.user_id, at=work.now,
    )
    work.facts.put("dispute", dispute.id, replace(dispute, n=n, desk=desk, owner_id=owner_id, due_on=due_on))
    work.touch(dispute.customer_id)
    work.emit(DisputeAssigned(dispute.id, dispute.customer_id, n, desk, owner_id, due_on))


def _dispute(work: Work, command: AssignDispute | AnswerDispute | DecideDispute) -> DisputeFact:
    """The dispute, if it is this customer's and not decided yet."""
    dispute: DisputeFact = work.require("dispute", command.dispute_id)
    if dispute.customer_id != command.customer_id:
        raise NotFound("dispute.not_found", N_("There is no such record, or you cannot see it."))
    rules.check_open(dispute.state)
    return dispute


@operation(
    "disputes.assign_dispute", AssignDispute,
    needs=lambda c: [Need("customer", c.customer_id), Need("dispute", c.dispute_id),
                     *([Need("user", c.owner_id)] if c.owner_id else [])],
    guard=manager_of,
)
def assign_dispute(work: Work, command: AssignDispute) -> None:
    """A manager says who settles a dispute, and by when; it may be given on, and who had it stays on record."""
    dispute = _dispute(work, command)
    rules.check_due(command.due_on, work.today)
    if command.owner_id:
        person: UserFact | None = work.fact("user", command.owner_id)
        if person is None or not person.active:
            raise NotFound("user.not_found", N_("There is no such person, or they have left."), field="owner_id")
    _assign(work, dispute, command.desk, command.owner_id or _person_of(work, command.desk), command.due_on,
            command.reason)


def may_answer(work: Work, command: AnswerDispute) -> None:
    """Guard: whoever the dispute was given to, though the customer be not theirs; else the office that sees it."""
    dispute: DisputeFact | None = work.fact("dispute", command.dispute_id)
    if dispute is not None and dispute.owner_id and dispute.owner_id == work.actor.user_id:
        return
    may_work_with(work, command)
    if work.actor.role == "rep":
        raise NotAllowed("disputes.not_owner", N_("Only whoever settles this dispute can answer it."))


@operation(
    "disputes.answer_dispute", AnswerDispute,
    needs=lambda c: [Need("customer", c.customer_id), Need("dispute", c.dispute_id)], guard=may_answer,
)
def answer_dispute(work: Work, command: AnswerDispute) -> None:
    """Put on record what the owner found. The manager decides on it; a second answer stands beside the first."""
    dispute = _dispute(work, command)
    finding_id = derived_id(work.command_id, "finding")
    work.insert(
        DisputeFinding, id=finding_id, dispute_id=dispute.id, finding=command.finding, words=command.words,
        proof_sha256=list(command.proof_sha256), by_id=work.actor.user_id, at=work.now,
    )
    for sha256 in command.proof_sha256:
        expect_photo(work, dispute.customer_id, "dispute", dispute.id, "finding", sha256)
    work.touch(dispute.customer_id)
    work.emit(DisputeAnswered(dispute.id, dispute.customer_id, dispute.n, command.finding))


def _contest(work: Work, invoice_id: str | None, dispute_id: str, amount_minor: int | None) -> int | None:
    """What is contested of the invoice once this dispute contests ``amount_minor`` of it (None: no longer)."""
    if invoice_id is None:
        return None
    standing: dict[str, int] = {**(work.fact("contested", invoice_id) or {})}
    standing.pop(dispute_id, None)
    if amount_minor is not None:
        standing[dispute_id] = amount_minor
    work.facts.put("contested", invoice_id, standing)
    return rules.contested(standing.values())


@operation(
    "disputes.decide_dispute", DecideDispute,
    needs=lambda c: [Need("customer", c.customer_id), Need("dispute", c.dispute_id)], guard=manager_of,
)
def decide_dispute(work: Work, command: DecideDispute) -> None:
    """A manager decides, once. What is granted still needs its credit note before any balance changes."""
    dispute = _dispute(work, command)
    work.insert(
        DisputeDecision, id=uuid7(), dispute_id=dispute.id, decision=command.decision, note=command.note,
        by_id=work.actor.user_id, at=work.now,
    )
    work.facts.put("dispute", dispute.id, replace(dispute, state=command.decision))
    work.touch(command.customer_id)
    stays = dispute.amount_minor if command.decision in {"granted", "partly"} else None
    together = _contest(work, dispute.invoice_id, dispute.id, stays)
    work.emit(DisputeDecided(dispute.id, dispute.customer_id, command.decision, dispute.invoice_id, together,
                            dispute.n))
