"""Operations on repayment plans: signed on the spot, immutable, settled against confirmed money."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.operation import Need, operation
from fieldsales.plans import links, onpaper, rules, voiding  # noqa: F401 - they declare operations
from fieldsales.plans.messages import AttachStampedCopy, InstalmentSettled, SettlePlans, SignPlan
from fieldsales.plans.models import PlanInstalment, PlanRevision
from fieldsales.plans.queries import PlanBook, PlanFact
from fieldsales.plans.signing import needs_to_sign, put_on_record
from fieldsales.receivables.earmarks import left_over
from fieldsales.receivables.moneyseen import seen_by
from fieldsales.store.work import Work


def _needs(command: SignPlan) -> list[Need]:
    return [*needs_to_sign(command.payload), Need("plan_by_manifest", command.signing.manifest_sha256)]


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
    if command.signing.remote or command.payload.channel:
        raise RuleBroken("plans.by_link", N_("This text is signed by a link, on the signatory's own device."))
    put_on_record(work, command, work.actor.user_id)


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
    verdicts = rules.settle(book.parts, money, command.as_of, book.grace_days, book.waiting.values())
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


seen_by("plan_book")
