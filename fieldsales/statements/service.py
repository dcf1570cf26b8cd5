"""The operation on statements of account: signed with the same machinery as a plan."""

from __future__ import annotations

from fieldsales.customers.guards import may_work_with
from fieldsales.documents.attaching import expect_photo
from fieldsales.documents.canonical import document_of
from fieldsales.documents.messages import OrderPaper
from fieldsales.documents.service import order_paper
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables.sides import (
    check_sides,
    has_moved,
    needs_of,
    open_between,
    proof_flags,
    side_flags,
    signed_day,
    signed_source,
)
from fieldsales.statements import rules
from fieldsales.statements.messages import SignStatement, StatementPayload, StatementSigned
from fieldsales.statements.models import Statement
from fieldsales.statements.queries import StatementFact
from fieldsales.store.work import Work


def may_sign(work: Work, command: SignStatement) -> None:
    """Guard: whoever may work with the customer the paper names."""
    may_work_with(work, command.payload)


@operation(
    "statements.sign_statement", SignStatement,
    needs=lambda c: [*needs_of(c.payload), Need("statement_by_manifest", c.signing.manifest_sha256)], guard=may_sign,
)  # fmt: skip
def sign_statement(work: Work, command: SignStatement) -> None:
    """Put a signed statement of account (对账单) on record and have its paper sealed.

    The debtor acknowledges the agreed part; the differences go on being looked into, and nothing of
    them is waived. What moved meanwhile is accepted and flagged. Answers ``statement_id``, ``number``,
    ``document_id`` and ``flags``.
    """
    if command.signing.remote:
        raise RuleBroken("plans.by_link", N_("This text is signed by a link, on the signatory's own device."))
    payload = command.payload
    proof = proof_flags(work, payload, command.signing)
    # Only a manifest that was just found to fit this payload may stand for it.
    known: StatementFact | None = work.fact("statement_by_manifest", command.signing.manifest_sha256)
    if known is not None:
        work.answer(statement_id=known.id, number=known.number, document_id=known.document_id, flags=[])
        work.bear_witness(command.signing.manifest_sha256)
        return
    rules.check_payload(payload, work.zone)
    check_sides(work, payload)
    flags = [*proof, *_moved(work, payload), *side_flags(work, payload)]
    document_id = uuid7()
    _write(work, command, document_id, flags)
    order_paper(work, OrderPaper(
        document_id=document_id, number=payload.number, kind="statement", lang=command.signing.lang,
        customer_id=payload.customer_id, subject_kind="statement", subject_id=payload.statement_id, flags=flags,
        source=signed_source(work, payload, command.signing),
    ))  # fmt: skip
    work.touch(payload.customer_id)
    work.emit(StatementSigned(
        payload.statement_id, payload.customer_id, payload.debtor_id, payload.agreed_minor, payload.currency,
        signed_day(work, payload.made_at),
        tuple((one.kind, one.amount_minor, one.note) for one in payload.differences), tuple(flags),
    ))  # fmt: skip
    work.answer(statement_id=payload.statement_id, number=payload.number, document_id=document_id, flags=flags)
    work.bear_witness(command.signing.manifest_sha256)


def _moved(work: Work, payload: StatementPayload) -> list[str]:
    open_now = open_between(work, payload)
    if payload.invoices:
        moved = has_moved([(number, minor) for number, _, minor in payload.invoices], open_now)
    else:
        moved = payload.balance_minor != max(0, sum(minor for _, minor in open_now))
    return ["balance_moved"] if moved else []


def _write(work: Work, command: SignStatement, document_id: str, flags: list[str]) -> None:
    payload, signing, signatory = command.payload, command.signing, command.signing.signatory
    work.insert(
        Statement, id=payload.statement_id, number=payload.number, customer_id=payload.customer_id,
        debtor_id=payload.debtor_id, seller_id=payload.seller_id, as_of=payload.as_of,
        balance_minor=payload.balance_minor, agreed_minor=payload.agreed_minor, currency=payload.currency,
        differences=[one.model_dump(mode="json") for one in payload.differences], payload=document_of(payload),
        manifest_sha256=signing.manifest_sha256, signatory_name=signatory.name, signatory_role=signatory.role,
        authority=signatory.authority, signed_at=min(payload.made_at, work.now), received_at=work.now,
        by_id=work.actor.user_id, device_id=work.envelope.device_id, document_id=document_id, flags=flags,
    )  # fmt: skip
    for sha256 in signatory.authority_sha256:
        expect_photo(work, payload.customer_id, "statement", payload.statement_id, "authority", sha256)
    work.facts.put("statement", payload.statement_id, (payload.customer_id, payload.debtor_id))
    work.facts.put("statement_by_manifest", signing.manifest_sha256, StatementFact(
        payload.statement_id, payload.number, signing.manifest_sha256, document_id))  # fmt: skip
