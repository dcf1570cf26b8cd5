"""The log, the bytes and the papers: S2, S6, S7, E1, E2 and R1."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from fieldsales.audit.rules import Finding, finding
from fieldsales.documents.models import Attachment, AuditAnchor, Document, DocumentRevision
from fieldsales.exchange.models import Import
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.receivables.models import InvoicePaper, PaymentReceipt, ReceiptEvent
from fieldsales.receivables.moneymodels import SetOff, SetOffStep
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import AuditBody, AuditLink, Blob, CommandReceipt, OutboxRow
from fieldsales.store.writing import link_hash

_links, _bodies, _receipts = table_of(AuditLink), table_of(AuditBody), table_of(CommandReceipt)
_blobs, _outbox, _documents = table_of(Blob), table_of(OutboxRow), table_of(Document)
_revisions, _anchors = table_of(DocumentRevision), table_of(AuditAnchor)
_SETTLING_S = 60
#: The topic of the errand that seals a paper (documents.service).
SEAL = "documents.seal"


def applied_once(connection: Connection) -> Finding:
    """S2: a command that was applied has one receipt and one link in the log, and the log knows no other."""
    links = Counter(connection.execute(select(_links.c.command_id).where(_links.c.status == "applied")).scalars())
    receipts = set(connection.execute(select(_receipts.c.command_id).where(_receipts.c.status == "applied")).scalars())
    wrong = {command_id for command_id, count in links.items() if count != 1}
    return finding("S2", len(receipts), wrong | (receipts ^ links.keys()))


def chain_is_unbroken(connection: Connection) -> Finding:
    """E1: numbers without a gap, every link made of the one before, every body that is there as it was hashed.

    What a time authority has stamped as the head is still that link.
    """
    anchors = {row.seq: row.link_sha256 for row in connection.execute(select(_anchors.c.seq, _anchors.c.link_sha256))}
    wrong, head, expected = set(), "", 1
    bodies = select(_links, _bodies.c.salt, _bodies.c.body).outerjoin(_bodies, _bodies.c.seq == _links.c.seq)
    for row in connection.execute(bodies.order_by(_links.c.seq).execution_options(yield_per=1000)):
        head = link_hash(head, row.seq, row.command_id, row.status, row.body_sha256)
        body_ok = row.body is None or hashlib.sha256(row.salt + row.body.encode()).hexdigest() == row.body_sha256
        anchored = anchors.pop(row.seq, head) == head
        if row.seq != expected or head != row.link_sha256 or not body_ok or not anchored:
            wrong.add(str(row.seq))
        # One breach is named once: the walk goes on from what is written.
        expected, head = row.seq + 1, row.link_sha256
    return finding("E1", expected - 1, wrong | {str(seq) for seq in anchors})


def attachments_have_their_bytes(connection: Connection, blobs: BlobStore) -> Finding:
    """S6: every hash named by a record is either bytes we hold, unaltered, or still on its way from a phone."""
    named: set[str] = set()
    for table in (table_of(Attachment), table_of(InvoicePaper)):
        for row in connection.execute(select(table.c.sha256, table.c.original_sha256)):
            named |= {one for one in row if one}
    held = set(connection.execute(select(_blobs.c.sha256)).scalars())
    wrong = {sha256 for sha256 in held if not _is_whole(blobs, sha256)}
    waiting = len(named - held)
    return finding("S6", len(held | named), wrong, f"waiting {waiting}" if waiting else "")


def _is_whole(blobs: BlobStore, sha256: str) -> bool:
    return _read(blobs, sha256) is not None


def _read(blobs: BlobStore, sha256: str) -> bytes | None:
    """The bytes, or None when they are not there or are others."""
    try:
        content = blobs.read(sha256)
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def nothing_is_orphaned(connection: Connection, blobs: BlobStore) -> Finding:
    """S7: a paper waiting for its seal has its errand; a sealed one its bytes; a file its row."""
    papers = connection.execute(select(_documents.c.id, _documents.c.state, _documents.c.sha256)).all()
    errands = {payload.get("document_id") for payload in connection.execute(
        select(_outbox.c.payload).where(_outbox.c.topic == SEAL, _outbox.c.done_at.is_(None))).scalars()}
    held = set(connection.execute(select(_blobs.c.sha256)).scalars())
    taken_in = set(connection.execute(select(table_of(Import).c.sha256)).scalars())
    wrong = {row.id for row in papers if row.state == "sealing_pending" and row.id not in errands}
    wrong |= {row.id for row in papers if row.state == "sealed" and row.sha256 not in held}
    # Bytes come first, then the row that names them: a file of this very minute may still get its own.
    settled = time.time() - _SETTLING_S
    stored = blobs.root.glob("??/*") if blobs.root.is_dir() else ()
    files = {path.name for path in stored if path.stat().st_mtime < settled}
    return finding("S7", len(papers) + len(files), wrong | (files - held - taken_in))


def sealed_papers_are_unchanged(connection: Connection, blobs: BlobStore) -> Finding:
    """E2: every revision of a sealed paper hashes to what was written of it, and begins with the whole one before."""
    sealed = {row.id: row.sha256 for row in connection.execute(
        select(_documents.c.id, _documents.c.sha256).where(_documents.c.state == "sealed"))}
    r, wrong, found = _revisions.c, set(), set()
    before: tuple[str, int, bytes] = ("", 0, b"")
    rows = connection.execute(select(r.document_id, r.n, r.sha256, r.size).order_by(r.document_id, r.n)).all()
    for row in rows:
        document_id, n, begins = before if before[0] == row.document_id else (row.document_id, 0, b"")
        content = _read(blobs, row.sha256)
        as_sealed = n > 0 or row.sha256 == sealed.get(document_id, row.sha256)
        grown = content is not None and len(content) == row.size and content.startswith(begins)
        if not (as_sealed and grown and row.n == n + 1):
            wrong.add(document_id)
        found.add(document_id)
        before = (document_id, row.n, content or begins)
    return finding("E2", len(rows), wrong | (sealed.keys() - found))


def states_follow_events(connection: Connection) -> Finding:
    """R1: a receipt stands where its newest event put it, a promise where its newest outcome did, a set-off request
    where its newest step did.
    """
    r, e = table_of(PaymentReceipt), table_of(ReceiptEvent)
    settled = exists().where(e.c.receipt_id == r.c.id, e.c.kind == r.c.state)
    unsettled = exists().where(e.c.receipt_id == r.c.id, e.c.kind.in_(("confirmed", "rejected")))
    receipts = connection.execute(
        select(r.c.id).where(or_(and_(r.c.state != "pending", ~settled), and_(r.c.state == "pending", unsettled)))
    ).scalars()
    p, o = table_of(Promise), table_of(PromiseOutcome)
    any_ = exists().where(o.c.promise_id == p.c.id)
    other = o.alias("other")
    last = select(func.max(other.c.at)).where(other.c.promise_id == p.c.id).correlate(p).scalar_subquery()
    says = exists().where(o.c.promise_id == p.c.id, o.c.at == last, o.c.state == p.c.state)
    promises = connection.execute(select(p.c.id).where(or_(and_(any_, ~says), and_(~any_, p.c.state != "open"))))
    set_offs, steps = table_of(SetOff), table_of(SetOffStep)
    newest = select(steps.c.kind).where(steps.c.set_off_id == set_offs.c.id).order_by(
        steps.c.at.desc(), steps.c.id.desc()).limit(1).scalar_subquery()  # fmt: skip
    requests = connection.execute(
        select(set_offs.c.id).where(set_offs.c.state != func.coalesce(newest, "asked"))).scalars()
    counted: Any = connection.scalar(
        select(select(func.count()).select_from(r).scalar_subquery() + select(func.count()).select_from(p)
               .scalar_subquery()))
    return finding("R1", int(counted), {*receipts, *promises.scalars(), *requests})
