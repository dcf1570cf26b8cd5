"""What belongs to the case of one repayment plan: papers, originals, and where the log speaks of them.

Read here is all a bundle is made of. What the house thinks of its customers (class, asks, scores, coaching,
visits, notes) is not read, and so cannot get into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from fieldsales.documents.models import Attachment, AuditAnchor, Document, DocumentRevision, SigningCode
from fieldsales.plans.models import Plan, PlanRevision, SigningLink
from fieldsales.receivables.models import Invoice, InvoicePaper
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody, AuditLink, Blob, CommandReceipt

_documents, _revisions, _anchors = table_of(Document), table_of(DocumentRevision), table_of(AuditAnchor)
_plans, _after, _attachments = table_of(Plan), table_of(PlanRevision), table_of(Attachment)
_papers, _invoices, _blobs = table_of(InvoicePaper), table_of(Invoice), table_of(Blob)
_codes, _signing_links = table_of(SigningCode), table_of(SigningLink)
_links, _bodies, _receipts = table_of(AuditLink), table_of(AuditBody), table_of(CommandReceipt)
#: Acts that brought a paper about or changed its file; only they are told of from the log.
SIGNINGS = ("plans.sign_plan", "plans.sign_by_link", "statements.sign_statement")
ACTS = (*SIGNINGS, "documents.order_paper", "documents.record_seal", "documents.record_revision")
#: How long after a row was written its link may have been.
_NEAR = timedelta(minutes=10)
#: What stands in the bundle for a record that the database no longer has: one missing row stops no bundle.
NOT_HERE = {"note": "not found here"}


@dataclass(frozen=True, slots=True)
class Act:
    """A link of the log that speaks of a paper: its number, its command, and the salted body it was made of."""

    seq: int
    operation: str
    command_id: str
    salted_body: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A sealed paper with the states of its file and the acts that speak of it.

    ``shown_by``: what else shows who signed, by file name: the one-time code's way, the link's.
    """

    document: Any
    revisions: tuple[Any, ...]
    acts: tuple[Act, ...]
    shown_by: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Original:
    """A file that belongs to the case. ``slot``: authority, stamped_copy, delivery_note …; ``held``: its bytes came."""

    sha256: str
    mime: str
    slot: str
    of: str
    by_id: str
    at: Any
    held: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a bundle is made of. ``links``: from before the first act to the stamped head."""

    plan: Any
    papers: tuple[Paper, ...]
    originals: tuple[Original, ...]
    history: tuple[Any, ...]
    links: tuple[Any, ...]
    before: str
    anchor: Any
    receipts: dict[str, dict[str, Any]]


def read_case(connection: Connection, plan_id: str) -> Case | None:
    """The case of a plan: its customer's sealed papers, theirs alone; None where there is no such plan."""
    plan = connection.execute(select(_plans).where(_plans.c.id == plan_id)).first()
    if plan is None:
        return None
    papers = _papers_of(connection, plan)
    acts = [act for paper in papers for act in paper.acts]
    anchor = _anchor(connection, max((act.seq for act in acts), default=0))
    links, before = _chain(connection, [act.seq for act in acts], anchor)
    history = connection.execute(
        select(_after.c.kind, _after.c.sha256, _after.c.by_id, _after.c.at, _after.c.note)
        .where(_after.c.plan_id == plan_id).order_by(_after.c.at, _after.c.id)).all()
    originals = _originals(connection, plan, papers)
    return Case(plan, papers, originals, tuple(history), links, before, anchor, _signed_receipts(connection, acts))


def _papers_of(connection: Connection, plan: Any) -> tuple[Paper, ...]:
    d, r = _documents.c, _revisions.c
    documents = connection.execute(
        select(_documents).where(d.customer_id == plan.customer_id, d.state == "sealed")
        .order_by(d.made_at, d.id)).all()
    theirs = [one for one in documents if one.source.get("payload", {}).get("debtor_id", plan.debtor_id)
              == plan.debtor_id]
    files: dict[str, list[Any]] = {one.id: [] for one in theirs}
    for row in connection.execute(select(_revisions).where(r.document_id.in_(files)).order_by(r.document_id, r.n)):
        files[row.document_id].append(row)
    return tuple(Paper(one, tuple(files[one.id]), _acts(connection, one, files[one.id]), _shown_by(connection, one))
                 for one in theirs)


def _shown_by(connection: Connection, document: Any) -> dict[str, dict[str, Any]]:
    """How a one-time code went and was found right, and how a signing link fared; addresses masked, no code."""
    signing = document.source.get("signing") or {}
    code, remote, found = signing.get("confirmation"), signing.get("remote"), dict[str, dict[str, Any]]()
    if code:
        c = _codes.c
        row = connection.execute(
            select(c.id, c.channel, c.masked, c.on_file, c.number, c.text_sha256, c.asked_at, c.sent_at, c.answer,
                   c.tries, c.confirmed_at).where(c.id == code["code_id"])).mappings().first()
        found["one-time-code.json"] = dict(row or {"id": code["code_id"], **NOT_HERE})
    if remote:
        s = _signing_links.c
        row = connection.execute(
            select(s.id, s.number, s.text_sha256, s.by_id, s.made_at, s.ends_at, s.opened_at, s.ended_at)
            .where(s.id == remote["link_id"])).mappings().first()
        kept = dict(row or {"id": remote["link_id"], **NOT_HERE})
        found["link.json"] = {**kept, "ip": remote["ip"], "user_agent": remote["user_agent"]}
    return found


def _acts(connection: Connection, document: Any, files: list[Any]) -> tuple[Act, ...]:
    """The links whose bodies name the paper or what it is about; looked for near the moments they were written."""
    moments = [document.made_at, *(one.recorded_at for one in files)]
    near = or_(*(_links.c.at.between(moment - _NEAR, moment + _NEAR) for moment in moments))
    rows = connection.execute(
        select(_links.c.seq, _links.c.operation, _links.c.command_id, _bodies.c.salt, _bodies.c.body)
        .join(_bodies, _bodies.c.seq == _links.c.seq)
        .where(_links.c.operation.in_(ACTS), _links.c.status == "applied", near,
               or_(_bodies.c.body.contains(document.id), _bodies.c.body.contains(document.subject_id)))
        .order_by(_links.c.seq))
    return tuple(Act(row.seq, row.operation, row.command_id, bytes(row.salt) + row.body.encode()) for row in rows)


def _anchor(connection: Connection, seq: int) -> Any:
    a = _anchors.c
    return connection.execute(select(_anchors).where(a.seq >= max(seq, 1)).order_by(a.seq).limit(1)).first()


def _chain(connection: Connection, acts: list[int], anchor: Any) -> tuple[tuple[Any, ...], str]:
    """Every link from the first act to the stamped head (else to the last act), and the one before them."""
    if not acts:
        return (), ""
    c, last = _links.c, anchor.seq if anchor else max(acts)
    rows = connection.execute(
        select(c.seq, c.command_id, c.status, c.body_sha256, c.link_sha256)
        .where(c.seq.between(min(acts), last)).order_by(c.seq)).all()
    before = connection.execute(select(c.link_sha256).where(c.seq == min(acts) - 1)).scalar()
    return tuple(rows), before or ""


def _originals(connection: Connection, plan: Any, papers: tuple[Paper, ...]) -> tuple[Original, ...]:
    subjects = {paper.document.subject_id: paper.document.number for paper in papers}
    a, p = _attachments.c, _papers.c
    numbers = [number for number, _ in plan.payload.get("invoices", ())]
    rows = [
        *((row, row.slot, subjects[row.subject_id]) for row in connection.execute(
            select(_attachments).where(a.customer_id == plan.customer_id, a.subject_id.in_(subjects))
            .order_by(a.at, a.id))),
        *((row, row.kind, row.number) for row in connection.execute(
            select(_papers, _invoices.c.number).join(_invoices, _invoices.c.id == p.invoice_id)
            .where(p.customer_id == plan.customer_id, _invoices.c.number.in_(numbers)).order_by(p.at, p.id))),
    ]
    named = {sha256 for row, _, _ in rows for sha256 in (row.sha256, row.original_sha256) if sha256}
    held = set(connection.execute(select(_blobs.c.sha256).where(_blobs.c.sha256.in_(named))).scalars())
    found: dict[str, Original] = {}
    for row, slot, of in rows:
        for sha256 in dict.fromkeys((row.original_sha256, row.sha256)):
            if sha256:
                found.setdefault(sha256, Original(sha256, row.mime, slot, of, row.by_id, row.at, sha256 in held))
    return tuple(found.values())


def _signed_receipts(connection: Connection, acts: list[Act]) -> dict[str, dict[str, Any]]:
    """The server's signed receipts of the signings, by command."""
    signed = [act.command_id for act in acts if act.operation in SIGNINGS]
    rows = connection.execute(
        select(_receipts.c.command_id, _receipts.c.answer).where(_receipts.c.command_id.in_(signed)))
    answered = {row.command_id: (row.answer.get("data") or {}).get("receipt") for row in rows}
    return {command_id: receipt for command_id, receipt in answered.items() if receipt}
