"""Operations on disputes and requests to set off. No balance ever changes by one."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.disputes import rules
from fieldsales.disputes.messages import DecideDispute, DisputeDecided, DisputeOpened, OpenDispute
from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.disputes.queries import DisputeFact
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables.facts import InvoiceFact
from fieldsales.store.work import Work


@operation(
    "disputes.open_dispute", OpenDispute,
    needs=lambda c: [Need("customer", c.customer_id), Need("dispute", c.dispute_id),
                     *([Need("invoice", c.invoice_id), Need("contested", c.invoice_id)] if c.invoice_id else [])],
    guard=may_work_with,
)
def open_dispute(work: Work, command: OpenDispute) -> None:
    """Put a dispute (争议), or a request to set off returns or rebates, before the manager.

    The undisputed part goes on being collected; nothing is credited before an approved credit note.
    """
    if command.invoice_id:
        invoice: InvoiceFact = work.require("invoice", command.invoice_id)
        if invoice.customer_id != command.customer_id:
            raise RuleBroken("disputes.other_customer", N_("That invoice belongs to another customer."))
        rules.check_amount(command.amount_minor, command.currency, invoice.currency)
    work.insert(
        Dispute, id=command.dispute_id, customer_id=command.customer_id, invoice_id=command.invoice_id,
        kind=command.kind, amount_minor=command.amount_minor, currency=command.currency, words=command.words,
        visit_id=command.visit_id, proof_sha256=list(command.proof_sha256), by_id=work.actor.user_id,
        opened_at=min(work.occurred, work.now),
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
    dispute: DisputeFact = work.require("dispute", command.dispute_id)
    if dispute.customer_id != command.customer_id:
        raise NotFound("dispute.not_found", N_("There is no such record, or you cannot see it."))
    rules.check_open(dispute.state)
    work.insert(
        DisputeDecision, id=uuid7(), dispute_id=dispute.id, decision=command.decision, note=command.note,
        by_id=work.actor.user_id, at=work.now,
    )
    work.facts.put("dispute", dispute.id, replace(dispute, state=command.decision))
    work.touch(command.customer_id)
    stays = dispute.amount_minor if command.decision in {"granted", "partly"} else None
    together = _contest(work, dispute.invoice_id, dispute.id, stays)
    work.emit(DisputeDecided(dispute.id, dispute.customer_id, command.decision, dispute.invoice_id, together))
