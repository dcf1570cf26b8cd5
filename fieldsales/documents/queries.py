"""Reads of papers and of what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Attachment, AuditAnchor, Document, DocumentRevision
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditLink
from fieldsales.store.work import fact

_documents, _revisions, _anchors = table_of(Document), table_of(DocumentRevision), table_of(AuditAnchor)
_attachments = table_of(Attachment)


#: A paper that waits longer than this for its seal or its time stamp needs a person.
PAPERS_LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A paper as an operation sees it. ``sha256``: as it was sealed; ``newest``: (number, SHA-256) of its file now."""

    id: str
    number: str
    kind: str
    customer_id: str
    subject_kind: str
    subject_id: str
    state: str
    sha256: str | None
    flags: tuple[str, ...]
    level: str = ""
    time_wanted_at: datetime | None = None
    newest: tuple[int, str] = (0, "")
    countersigned: bool = False


def newest_revisions() -> Select[Any]:
    """The number of every paper's newest revision, by ``document_id``."""
    r = _revisions.c
    return select(r.document_id, func.max(r.n).label("n")).group_by(r.document_id)


@fact("document")
def load_documents(connection: Connection, keys: list[str]) -> dict[str, DocumentFact]:
    """Papers by id."""
    c, r = _documents.c, _revisions.c
    last = newest_revisions().where(r.document_id.in_(keys)).subquery("last")
    other = _revisions.alias("other")
    signed = select(other.c.id).where(other.c.document_id == c.id, other.c.kind == "countersigned").exists()
    rows = connection.execute(
        select(c.id, c.number, c.kind, c.customer_id, c.subject_kind, c.subject_id, c.state, c.sha256, c.flags, c.level,
               c.time_wanted_at, r.n, r.sha256.label("newest"), signed.label("countersigned"))
        .outerjoin(last, last.c.document_id == c.id)
        .outerjoin(_revisions, (r.document_id == c.id) & (r.n == last.c.n)).where(c.id.in_(keys)))
    return {
        row.id: DocumentFact(
            row.id, row.number, row.kind, row.customer_id, row.subject_kind, row.subject_id, row.state, row.sha256,
            tuple(row.flags or ()), row.level, row.time_wanted_at, (row.n or 0, row.newest or ""),
            bool(row.countersigned),
        )
        for row in rows
    }  # fmt: skip


@fact("audit_anchor")
def load_anchors(connection: Connection, keys: list[str]) -> dict[str, str]:
    """The hash that was stamped, by the number of its link."""
    rows = connection.execute(select(_anchors.c.seq, _anchors.c.link_sha256).where(_anchors.c.seq.in_(map(int, keys))))
    return {str(row.seq): row.link_sha256 for row in rows}


def document_row(connection: Connection, document_id: str) -> dict[str, Any] | None:
    """Everything about one paper, or None."""
    row = connection.execute(select(_documents).where(_documents.c.id == document_id)).mappings().first()
    return dict(row) if row else None


def document_in_sight(connection: Connection, scope: Scope, document_id: str) -> dict[str, Any] | None:
    """The paper, when its customer is in sight; else None."""
    customers = table_of(Customer)
    joined = _documents.join(customers, customers.c.id == _documents.c.customer_id)
    query = select(_documents).select_from(joined).where(_documents.c.id == document_id, visible(scope))
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def document_by_number(connection: Connection, number: str) -> dict[str, Any] | None:
    """The paper with this number printed on it, or None."""
    row = connection.execute(select(_documents).where(_documents.c.number == number)).mappings().first()
    return dict(row) if row else None


def document_by_sha256(connection: Connection, sha256: str) -> tuple[dict[str, Any], Any] | None:
    """(the paper, the revision) of which these are exactly the bytes, or None."""
    revision = connection.execute(select(_revisions).where(_revisions.c.sha256 == sha256).limit(1)).first()
    if revision is None:
        return None
    document = document_row(connection, revision.document_id)
    return (document, revision) if document else None


def revisions_of(connection: Connection, document_id: str) -> list[Any]:
    """The states of a paper's file, oldest first."""
    r = _revisions.c
    return list(connection.execute(select(_revisions).where(r.document_id == document_id).order_by(r.n)))


def newest_revision(connection: Connection, document_id: str) -> Any:
    """The state a paper's file is in now, or None before it is sealed."""
    return next(reversed(revisions_of(connection, document_id)), None)


def wanting_time(connection: Connection, until: datetime) -> list[tuple[str, str]]:
    """(paper, customer) whose file has no trusted time, no long-term proofs, or proofs that end before ``until``.

    What waits for a time already is left out: its errand is on its way.
    """
    c, r = _documents.c, _revisions.c
    last = newest_revisions().subquery("last")
    query = (
        select(c.id, c.customer_id)
        .join(last, last.c.document_id == c.id)
        .join(_revisions, (r.document_id == c.id) & (r.n == last.c.n))
        .where(c.state == "sealed", c.time_wanted_at.is_(None), (c.level != "B-LTA") | (r.checkable_until < until))
        .order_by(c.id))
    return [(row.id, row.customer_id) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Papers without their seal or time stamp, and since when the oldest of each waits."""

    unsealed: int
    unsealed_since: datetime | None
    untimed: int
    untimed_since: datetime | None
    failed: int

    def is_late(self, before: datetime) -> bool:
        """Whether anything waits since before that moment."""
        return any(since is not None and since < before for since in (self.unsealed_since, self.untimed_since))


def waiting_papers(connection: Connection) -> Waiting:
    """What waits for its seal or its time, over the whole house."""
    c = _documents.c
    unsealed, since = connection.execute(
        select(func.count(), func.min(c.made_at)).where(c.state == "sealing_pending")).one()
    untimed, wanted = connection.execute(
        select(func.count(), func.min(c.time_wanted_at)).where(c.time_wanted_at.is_not(None))).one()
    failed = connection.execute(select(func.count()).where(c.state == "failed")).scalar_one()
    return Waiting(int(unsealed), since, int(untimed), wanted, int(failed))


def last_anchor(connection: Connection) -> Any:
    """The newest time stamp over the log's head, or None."""
    return connection.execute(select(_anchors).order_by(_anchors.c.seq.desc()).limit(1)).first()


def log_head(connection: Connection) -> Any:
    """The newest link of the log (seq, link_sha256), or None."""
    links = table_of(AuditLink).c
    return connection.execute(select(links.seq, links.link_sha256).order_by(links.seq.desc()).limit(1)).first()


def customer_documents(connection: Connection, customer_id: str) -> list[dict[str, Any]]:
    """A customer's papers, newest first: id, number, kind, state, level, time_wanted_at, sha256, lang, made_at."""
    c = _documents.c
    query = (
        select(c.id, c.number, c.kind, c.state, c.level, c.time_wanted_at, c.sha256, c.lang, c.made_at)
        .where(c.customer_id == customer_id)
        .order_by(c.made_at.desc(), c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
