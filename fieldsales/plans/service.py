"""Operations on repayment plans: signed on the spot, immutable, settled against confirmed money."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.documents.attaching import expect_photo
from fieldsales.documents.canonical import document_of
from fieldsales.documents.messages import OrderPaper
from fieldsales.documents.service import order_paper
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.plans import onpaper, rules, voiding  # noqa: F401 - they declare operations
from fieldsales.plans.messages import (
    AttachStampedCopy,
    InstalmentSettled,
    PlanPayload,
    PlanSigned,
    SettlePlans,
    SignPlan,
)
from fieldsales.plans.models import Plan, PlanInstalment, PlanRevision
from fieldsales.plans.queries import PlanBook, PlanFact
from fieldsales.plans.writing import write_parts
from fieldsales.receivables.earmarks import left_over
from fieldsales.receivables.messages import PaymentPosted
from fieldsales.receivables.sides import (
    check_sides,
    debtor_flags,
    has_expired,
    has_moved,
    needs_of,
    open_between,
    proof_flags,
    signed_day,
    signed_source,
)
from fieldsales.store.work import Facts, Work, after


def _needs(command: SignPlan) -> list[Need]:
    payload = command.payload
    return [
        *needs_of(payload), Need("plan_book", payload.customer_id), Need("limitation_acts", payload.customer_id),
        Need("plan_by_manifest", command.signing.manifest_sha256),
        *([Need("plan", payload.predecessor_id)] if payload.predecessor_id else []),
    ]  # fmt: skip


def may_sign(work: Work, command: SignPlan) -> None:
    """Guard: whoever may work with the customer the paper names."""
    may_work_with(work, command.payload)


@operation("plans.sign_plan", SignPlan, needs=_needs, guard=may_sign)
def sign_plan(work: Work, command: SignPlan) -> None:
    """Put a signed plan on record and have its paper sealed. What was signed is never changed.

    The debt that moved between showing and sending is accepted and flagged. Refused: sums or dates
    that contradict themselves, another text or signature than was shown, an account that is not the
    company's. The same signing twice is one plan. Answers ``plan_id``, ``number``, ``document_id``
    and ``flags``.
    """
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
    flags = [*proof, *_moved(work, payload)]
    document_id = uuid7()
    _write(work, command, document_id, flags)
    order_paper(work, OrderPaper(
        document_id=document_id, number=payload.number, kind="plan", lang=command.signing.lang,
        customer_id=payload.customer_id, subject_kind="plan", subject_id=payload.plan_id, flags=flags,
        source=signed_source(work, payload, command.signing),
    ))  # fmt: skip
    if payload.predecessor_id:
        _supersede(work, payload)
    work.touch(payload.customer_id)
    work.emit(PlanSigned(
        payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, payload.total_minor, payload.currency,
        signed_day(work, payload.made_at), tuple(number for number, _ in payload.invoices),
        tuple(flags),
    ))  # fmt: skip
    work.answer(plan_id=payload.plan_id, number=payload.number, document_id=document_id, flags=flags)
    work.bear_witness(command.signing.manifest_sha256)


def _moved(work: Work, payload: PlanPayload) -> list[str]:
    open_now = open_between(work, payload)
    beyond = payload.total_minor > sum(open_minor for _, open_minor in open_now)
    moved = has_moved(payload.invoices, open_now) if payload.invoices else beyond
    expired = ["limitation_expired"] if has_expired(work, payload) else []
    return [*(["balance_moved"] if moved else []), *debtor_flags(work, payload), *expired]


def _write(work: Work, command: SignPlan, document_id: str, flags: list[str]) -> None:
    payload, signing, signatory = command.payload, command.signing, command.signing.signatory
    work.insert(
        Plan, id=payload.plan_id, number=payload.number, customer_id=payload.customer_id, debtor_id=payload.debtor_id,
        seller_id=payload.seller_id, total_minor=payload.total_minor, currency=payload.currency,
        payload=document_of(payload), payload_sha256=signing.payload_sha256, manifest_sha256=signing.manifest_sha256,
        signatory_name=signatory.name, signatory_role=signatory.role, authority=signatory.authority,
        signed_at=min(payload.made_at, work.now), received_at=work.now, by_id=work.actor.user_id,
        device_id=work.envelope.device_id, predecessor_id=payload.predecessor_id, statement_id=payload.statement_id,
        document_id=document_id, flags=flags,
    )  # fmt: skip
    for sha256 in signatory.authority_sha256:
        expect_photo(work, payload.customer_id, "plan", payload.plan_id, "authority", sha256)
    plan = PlanFact(payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, signing.manifest_sha256,
                    document_id)  # fmt: skip
    write_parts(work, payload, plan, signed_day(work, payload.made_at))


def _supersede(work: Work, payload: PlanPayload) -> None:
    """A new plan takes the place of an earlier one: what is open there is asked for here."""
    old: PlanFact | None = work.fact("plan", payload.predecessor_id or "")
    if old is None or old.customer_id != payload.customer_id:
        raise RuleBroken("plans.predecessor", N_("The plan to replace is not one of this customer's."))
    book: PlanBook = work.fact("plan_book", payload.customer_id)
    today, changed = signed_day(work, payload.made_at), []
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


@operation(
    "plans.attach_stamped_copy", AttachStampedCopy,
    needs=lambda c: [Need("customer", c.customer_id), Need("plan", c.plan_id)], guard=may_work_with,
)  # fmt: skip
def attach_stamped_copy(work: Work, command: AttachStampedCopy) -> None:
    """Keep a photo of the paper copy with the company seal (公章): a revision of its own, after the plan."""
    plan: PlanFact | None = work.fact("plan", command.plan_id)
    if plan is None or plan.customer_id != command.customer_id:
        raise NotFound("plan.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(
        PlanRevision, id=command.revision_id, plan_id=plan.id, kind="stamped_copy", sha256=command.sha256,
        original_sha256=command.original_sha256, by_id=work.actor.user_id, at=work.now, note="",
    )  # fmt: skip
    expect_photo(work, plan.customer_id, "plan", plan.id, "stamped_copy", command.sha256, command.original_sha256,
                 command.mime, command.size)  # fmt: skip
    work.touch(plan.customer_id)


@operation(
    "plans.settle_plans", SettlePlans,
    needs=lambda c: [Need("customer", c.customer_id), Need("plan_book", c.customer_id),
                     Need("earmarked", c.customer_id)], guard=system_only,
)  # fmt: skip
def settle_plans(work: Work, command: SettlePlans) -> None:
    """Measure a customer's instalments against confirmed money: kept, partly kept, broken, or open again.

    Money that counts for a promise of its own is not counted again here.
    """
    book: PlanBook = work.fact("plan_book", command.customer_id)
    money = left_over(book.money, work.fact("earmarked", command.customer_id))
    verdicts = rules.settle(book.parts, money, command.as_of, book.grace_days)
    changed = []
    for part, verdict in zip(book.parts, verdicts, strict=True):
        if (part.state, part.kept_minor) != (verdict.state, verdict.kept_minor):
            work.update(PlanInstalment, part.id, state=verdict.state, kept_minor=verdict.kept_minor,
                        decided_on=None if verdict.state == "open" else command.as_of)  # fmt: skip
            if part.state != verdict.state:
                work.emit(InstalmentSettled(part.plan_id, command.customer_id, part.n, verdict.state,
                                            verdict.kept_minor))  # fmt: skip
            part = replace(part, state=verdict.state, kept_minor=verdict.kept_minor)
        changed.append(part)
    if tuple(changed) != book.parts:
        work.facts.put("plan_book", command.customer_id, replace(book, parts=tuple(changed)))
        work.touch(command.customer_id)


@after(PaymentPosted)
def see_money(facts: Facts, event: PaymentPosted) -> None:
    """A payment of this batch counts for the instalments judged after it; a reversal takes its money out."""
    if facts.knows("plan_book", event.customer_id):
        book: PlanBook = facts.get("plan_book", event.customer_id)
        facts.put("plan_book", event.customer_id, book.with_money(event))
