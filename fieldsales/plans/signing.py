"""Putting a signed plan on record: one path, whether it was signed on the spot or by a link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from fieldsales.documents.attaching import expect_photo
from fieldsales.documents.canonical import document_of
from fieldsales.documents.messages import OrderPaper
from fieldsales.documents.service import order_paper
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need
from fieldsales.plans import rules
from fieldsales.plans.added import clause_flags
from fieldsales.plans.messages import PlanPayload, PlanSigned, SignPlan
from fieldsales.plans.models import Plan, PlanInstalment, PlanRevision
from fieldsales.plans.queries import PlanBook, PlanFact
from fieldsales.plans.writing import write_parts
from fieldsales.receivables.sides import (
    check_sides,
    has_expired,
    has_moved,
    needs_of,
    open_between,
    proof_flags,
    side_flags,
    signed_day,
    signed_source,
)
from fieldsales.store.work import Work


def needs_to_sign(payload: PlanPayload) -> list[Need]:
    """The facts a plan is judged by when it is signed, the same signing sent before apart."""
    return [
        *needs_of(payload), Need("plan_book", payload.customer_id), Need("limitation_acts", payload.customer_id),
        *([Need("plan", payload.predecessor_id)] if payload.predecessor_id else []),
    ]  # fmt: skip


def _signed_at(command: SignPlan) -> datetime:
    """When the hand signed: by a link later than the text was made, else as the text says."""
    remote = command.signing.remote
    return datetime.fromisoformat(remote.signed_at) if remote else command.payload.made_at


def put_on_record(work: Work, command: SignPlan, by_id: str) -> None:
    """Check a signing, write plan and instalments, order the paper, end the predecessor. ``by_id``: who took it."""
    payload = command.payload
    proof = proof_flags(work, payload, command.signing)
    # Only a manifest that was just found to fit this payload may stand for it.
    known: PlanFact | None = work.fact("plan_by_manifest", command.signing.manifest_sha256)
    if known is not None:
        work.answer(plan_id=known.id, number=known.number, document_id=known.document_id, flags=[])
        work.bear_witness(command.signing.manifest_sha256)
        return
    rules.check_payload(payload, work.zone)
    check_sides(work, payload)
    # A signatory's own device is not enrolled with us and cannot be: the record says so in its own words.
    proof = [flag for flag in proof if flag != "device_unproven" or command.signing.remote is None]
    flags = [*proof, *moved_flags(work, payload), *clause_flags(work.plugins, payload)]
    document_id, day = uuid7(), signed_day(work, _signed_at(command))
    _write(work, command, document_id, flags, by_id, day)
    order_paper(work, OrderPaper(
        document_id=document_id, number=payload.number, kind="plan", lang=command.signing.lang,
        customer_id=payload.customer_id, subject_kind="plan", subject_id=payload.plan_id, flags=flags,
        source=signed_source(work, payload, command.signing),
    ))  # fmt: skip
    if payload.predecessor_id:
        _supersede(work, payload, day)
    work.touch(payload.customer_id)
    work.emit(PlanSigned(
        payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, payload.total_minor, payload.currency,
        day, tuple(number for number, _ in payload.invoices), tuple(flags),
    ))  # fmt: skip
    work.answer(plan_id=payload.plan_id, number=payload.number, document_id=document_id, flags=flags)
    work.bear_witness(command.signing.manifest_sha256)


def moved_flags(work: Work, payload: PlanPayload) -> list[str]:
    """What of the books is no longer as the text says: the balance, a side's name; and limitation that has run out."""
    open_now = open_between(work, payload)
    beyond = payload.total_minor > sum(open_minor for _, open_minor in open_now)
    moved = has_moved(payload.invoices, open_now) if payload.invoices else beyond
    expired = ["limitation_expired"] if has_expired(work, payload) else []
    return [*(["balance_moved"] if moved else []), *side_flags(work, payload), *expired]


def _write(work: Work, command: SignPlan, document_id: str, flags: list[str], by_id: str, day: date) -> None:
    payload, signing, signatory = command.payload, command.signing, command.signing.signatory
    work.insert(
        Plan, id=payload.plan_id, number=payload.number, customer_id=payload.customer_id, debtor_id=payload.debtor_id,
        seller_id=payload.seller_id, total_minor=payload.total_minor, currency=payload.currency,
        payload=document_of(payload), payload_sha256=signing.payload_sha256, manifest_sha256=signing.manifest_sha256,
        signatory_name=signatory.name, signatory_role=signatory.role, authority=signatory.authority,
        signed_at=min(_signed_at(command), work.now), received_at=work.now, by_id=by_id,
        device_id=work.envelope.device_id, predecessor_id=payload.predecessor_id, statement_id=payload.statement_id,
        document_id=document_id, flags=flags,
    )  # fmt: skip
    for sha256 in signatory.authority_sha256:
        expect_photo(work, payload.customer_id, "plan", payload.plan_id, "authority", sha256)
    plan = PlanFact(payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, signing.manifest_sha256,
                    document_id)  # fmt: skip
    write_parts(work, payload, plan, day)


def _supersede(work: Work, payload: PlanPayload, today: date) -> None:
    """A new plan takes the place of an earlier one: what is open there is asked for here."""
    old: PlanFact | None = work.fact("plan", payload.predecessor_id or "")
    if old is None or old.customer_id != payload.customer_id:
        raise RuleBroken("plans.predecessor", N_("The plan to replace is not one of this customer's."))
    book: PlanBook = work.fact("plan_book", payload.customer_id)
    changed = []
    for part in book.parts:
        if part.plan_id == old.id and part.state == "open":
            work.update(PlanInstalment, part.id, state="superseded", decided_on=today)
            part = replace(part, state="superseded")
        changed.append(replace(part, ended_on=today) if part.plan_id == old.id else part)
    work.facts.put("plan_book", payload.customer_id, replace(book, parts=tuple(changed)))
    work.insert(
        PlanRevision, id=uuid7(), plan_id=old.id, kind="superseded", sha256=None, original_sha256=None,
        by_id=work.actor.user_id, at=work.now, note=payload.number,
    )  # fmt: skip
