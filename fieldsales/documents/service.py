"""Operations on papers: ordered with the act they prove, recorded once the worker has sealed them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldsales.customers.guards import seen_customer
from fieldsales.documents import onetime  # noqa: F401 - it declares operations
from fieldsales.documents.messages import (
    Countersign,
    DocumentSealed,
    OrderPaper,
    RecordAnchor,
    RecordRevision,
    RecordSeal,
    RecordSealFailure,
    WantTime,
)
from fieldsales.documents.models import AuditAnchor, Document, DocumentRevision
from fieldsales.documents.queries import DocumentFact
from fieldsales.documents.rules import SIGNED_KINDS
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work

SEAL_TOPIC = "documents.seal"
STAMP_TOPIC = "documents.stamp"
COUNTERSIGN_TOPIC = "documents.countersign"
#: What the night's work asks of the worker, who alone talks to time authorities.
PROOFS_TOPIC, ANCHOR_TOPIC = "documents.keep_proofs", "documents.anchor_log"


def only_system(work: Work, command: Any) -> None:
    """The worker and reactions alone may do this."""
    if work.actor.role != "system":
        raise NotAllowed("documents.system_only", N_("Only the system itself may do this."))


def order_paper(work: Work, order: OrderPaper) -> None:
    """Have a paper made: for other capabilities, inside their own operation.

    The row is there at once as ``sealing_pending``; the outbox makes the worker seal it.
    """
    work.insert(
        Document, id=order.document_id, number=order.number, kind=order.kind, lang=order.lang,
        customer_id=order.customer_id, subject_kind=order.subject_kind, subject_id=order.subject_id,
        source=order.source.model_dump(mode="json"), state="sealing_pending", level="", certificate="",
        flags=list(order.flags), made_at=work.now, by_id=work.actor.user_id,
    )  # fmt: skip
    work.after(SEAL_TOPIC, {"document_id": order.document_id})
    work.touch(order.customer_id)


@operation("documents.order_paper", OrderPaper, needs=lambda c: [Need("document", c.document_id)], guard=only_system)
def order_paper_operation(work: Work, command: OrderPaper) -> None:
    """Have a paper made that follows from an event (a receipt for money). The same paper twice is made once."""
    if work.fact("document", command.document_id) is None:
        order_paper(work, command)


def _waiting(work: Work, document_id: str) -> DocumentFact:
    document: DocumentFact = work.require("document", document_id)
    return document


@operation("documents.record_seal", RecordSeal, needs=lambda c: [Need("document", c.document_id)], guard=only_system)
def record_seal(work: Work, command: RecordSeal) -> None:
    """Note the sealed bytes of a paper. Sealed twice (a lease ran out), the first bytes stand."""
    document = _waiting(work, command.document_id)
    if document.state == "sealed":
        if document.sha256 != command.sha256:
            work.answer(sha256=document.sha256)
        return
    work.update(
        Document, document.id, state="sealed", sha256=command.sha256, unsealed_sha256=command.unsealed_sha256,
        size=command.size, level=command.level, certificate=command.certificate, sealed_at=work.now,
        time_wanted_at=work.now if command.time_wanted else None,
    )  # fmt: skip
    work.insert(
        DocumentRevision, id=uuid7(), document_id=document.id, n=1, kind="sealed", level=command.level,
        sha256=command.sha256, size=command.size, at=None, authority="", checkable_until=None, recorded_at=work.now,
        by_id="",
    )  # fmt: skip
    work.facts.put("document", document.id, replace(
        document, state="sealed", sha256=command.sha256, level=command.level, newest=(1, command.sha256),
        time_wanted_at=work.now if command.time_wanted else None,
    ))  # fmt: skip
    if command.time_wanted:
        work.after(STAMP_TOPIC, {"document_id": document.id})
    work.touch(document.customer_id)
    work.answer(sha256=command.sha256)
    work.emit(
        DocumentSealed(
            document.id, document.customer_id, document.kind, document.subject_kind, document.subject_id, command.sha256
        )
    )


@operation(
    "documents.record_seal_failure", RecordSealFailure, needs=lambda c: [Need("document", c.document_id)],
    guard=only_system,
)  # fmt: skip
def record_seal_failure(work: Work, command: RecordSealFailure) -> None:
    """Note that a paper cannot be made as it stands: it is shown as failed, nothing of it is lost."""
    document = _waiting(work, command.document_id)
    if document.state == "sealed":
        raise RuleBroken("documents.sealed_already", N_("This paper is sealed already."))
    flags = [*(flag for flag in document.flags if flag != command.reason), command.reason]
    work.update(Document, document.id, state="failed", flags=flags)
    work.touch(document.customer_id)


@operation(
    "documents.record_revision", RecordRevision, needs=lambda c: [Need("document", c.document_id)], guard=only_system,
)  # fmt: skip
def record_revision(work: Work, command: RecordRevision) -> None:
    """Note that a sealed file has grown. Appended to anything but the newest revision, nothing is recorded.

    A time stamp is followed by long-term proofs, a countersignature by a time stamp of its own.
    """
    document = _waiting(work, command.document_id)
    n, newest = document.newest
    if document.state != "sealed" or command.previous_sha256 != newest:
        work.answer(recorded=False, n=n, sha256=newest)
        return
    work.insert(
        DocumentRevision, id=uuid7(), document_id=document.id, n=n + 1, kind=command.kind, level=command.level,
        sha256=command.sha256, size=command.size, at=command.at, authority=command.authority,
        checkable_until=command.checkable_until, recorded_at=work.now, by_id=command.by_id,
    )  # fmt: skip
    wanted = work.now if command.time_wanted else None
    work.update(Document, document.id, level=command.level, time_wanted_at=wanted)
    work.facts.put("document", document.id, replace(
        document, level=command.level, newest=(n + 1, command.sha256), time_wanted_at=wanted,
        countersigned=document.countersigned or command.kind == "countersigned",
    ))  # fmt: skip
    if command.time_wanted or command.kind == "time":
        work.after(STAMP_TOPIC, {"document_id": document.id})
    work.touch(document.customer_id)
    work.answer(recorded=True, n=n + 1, sha256=command.sha256)


def speaks_for_the_creditor(work: Work, command: Countersign) -> None:
    """Guard: a manager or the legal clerk, for a customer they see."""
    if work.actor.role not in {"manager", "legal", "admin"}:
        raise NotAllowed("documents.not_the_creditor", N_("Only a manager or the legal clerk can countersign."))
    seen_customer(work, command.customer_id)


@operation(
    "documents.countersign", Countersign, guard=speaks_for_the_creditor,
    needs=lambda c: [Need("document", c.document_id), Need("customer", c.customer_id)],
)  # fmt: skip
def countersign(work: Work, command: Countersign) -> None:
    """Have a signed paper countersigned for the creditor: once, as a revision after the newest one."""
    document: DocumentFact | None = work.fact("document", command.document_id)
    if document is None or document.customer_id != command.customer_id:
        raise NotFound("not_found", N_("There is no such record, or you cannot see it."))
    if document.kind not in SIGNED_KINDS:
        raise RuleBroken("documents.not_signed", N_("Only what the debtor has signed can be countersigned."))
    if document.state != "sealed":
        raise RuleBroken("documents.not_sealed", N_("The paper must be sealed before it is countersigned."))
    if document.countersigned:
        raise RuleBroken("documents.countersigned", N_("This paper is countersigned already."))
    work.facts.put("document", document.id, replace(document, countersigned=True))
    work.after(COUNTERSIGN_TOPIC, {"document_id": document.id, "by_id": work.actor.user_id, "by": work.actor.name})


@operation("documents.want_time", WantTime, needs=lambda c: [Need("document", c.document_id)], guard=only_system)
def want_time(work: Work, command: WantTime) -> None:
    """Have a sealed paper stamped that has no time yet, or whose proofs are missing or about to run out."""
    document = _waiting(work, command.document_id)
    if document.state != "sealed" or document.time_wanted_at is not None:
        return
    if document.level == "B-B":
        work.update(Document, document.id, time_wanted_at=work.now)
        work.facts.put("document", document.id, replace(document, time_wanted_at=work.now))
    work.after(STAMP_TOPIC, {"document_id": document.id})


@operation("documents.record_anchor", RecordAnchor, needs=lambda c: [Need("audit_anchor", str(c.seq))],
           guard=only_system)  # fmt: skip
def record_anchor(work: Work, command: RecordAnchor) -> None:
    """Note a time stamp over the head of the log. The same head is stamped once."""
    if work.fact("audit_anchor", str(command.seq)) is not None:
        return
    work.insert(
        AuditAnchor, seq=command.seq, link_sha256=command.link_sha256, token_sha256=command.token_sha256,
        at=command.at, authority=command.authority, recorded_at=work.now,
    )  # fmt: skip
    work.facts.put("audit_anchor", str(command.seq), command.link_sha256)
