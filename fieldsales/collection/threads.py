"""The thread with a debtor: what was mailed, what came of it, what came back; and what nobody knows the place of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection.arrival_facts import failed_addresses
from fieldsales.collection.arrival_models import ReceivedMessage
from fieldsales.collection.gate_facts import stamp
from fieldsales.collection.models import Mail
from fieldsales.customers.models import Customer
from fieldsales.documents.models import Document
from fieldsales.plugin_api.fields import Labels, words
from fieldsales.store.base import table_of

_mails, _received, _customers, _documents = (table_of(m) for m in (Mail, ReceivedMessage, Customer, Document))
#: Statements ``read_threads`` runs, whatever the page; how many entries a thread carries, and how much of each.
QUERIES = 3
NEWEST, EXCERPT = 20, 600

#: What stands by an entry: (words, how it is coloured).
_OUT: Mapping[str, tuple[Labels, str]] = {
    "queued": (words("等待发出", "waiting to go"), ""),
    "sending": (words("正在发出", "going out"), ""),
    "sent": (words("对方服务器已接收", "taken by their server"), "good"),
    "refused": (words("没有发出去：被拒收", "not taken: refused"), "alert"),
    "ambiguous": (words("不确定是否送到，不会重发", "perhaps delivered; not sent again"), "wait"),
    "failed": (words("被退回：没有送到", "came back: not delivered"), "alert"),
    "delayed": (words("还在路上：对方服务器延迟", "still on its way: delayed"), "wait"),
    "relayed": (words("已转交，之后没有消息", "passed on, nothing more is said"), ""),
    "delivered": (words("已送达", "delivered"), "good"),
    "answered": (words("对方已回复", "answered"), "good"),
}  # fmt: skip
_IN: Mapping[str, tuple[Labels, str]] = {
    "reply": (words("对方回信", "answer"), "good"),
    "auto_reply": (words("自动回复，不算答复", "automatic answer: does not count"), ""),
    "opt_out": (words("退订催款邮件", "wants no more demands by mail"), "alert"),
    "failed": (words("退信", "mail came back"), "alert"),
    "delayed": (words("延迟通知", "notice of delay"), "wait"),
    "delivered": (words("送达通知", "notice of delivery"), "good"),
    "relayed": (words("转交通知", "notice of passing on"), ""),
    "unreadable": (words("无法读取", "cannot be read"), "wait"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter of a thread. ``way``: out | in. ``tone``: good, wait, alert or nothing."""

    id: str
    way: str
    #: what came in, as its kind is called; "" for what we sent
    kind: str
    at: datetime
    who: str
    subject: str
    text: str
    detail: str
    label: Labels
    tone: str
    files: tuple[dict[str, Any], ...] = ()
    document_id: str | None = None
    number: str = ""


def _out(row: Any) -> Entry:
    label, tone = _OUT[row.fate or row.state]
    return Entry(row.id, "out", "", row.sent_at or row.queued_at, row.to_address, row.subject, row.body,
                 row.server_answer if row.state in ("refused", "ambiguous") else "", label, tone,
                 document_id=row.document_id, number=row.number or "")


def _in(row: Any) -> Entry:
    label, tone = _IN[row.kind]
    return Entry(row.id, "in", row.kind, row.received_at, row.sender, row.subject, row.body, row.detail, label, tone,
                 tuple(row.files))


def threads(connection: Connection, customer_ids: Sequence[str], newest: int = NEWEST) -> dict[str, list[Entry]]:
    """By customer: the newest letters of either way, the newest first. Two queries."""
    m, r, d = _mails.c, _received.c, _documents.c
    found: dict[str, list[Entry]] = defaultdict(list)
    sent = func.row_number().over(partition_by=m.customer_id, order_by=(m.queued_at.desc(), m.id.desc())).label("rank")
    ranked = select(_mails, d.number, sent).outerjoin(_documents, d.id == m.document_id).where(
        m.customer_id.in_(customer_ids)).subquery("sent")
    for row in connection.execute(select(ranked).where(ranked.c.rank <= newest)):
        found[row.customer_id].append(_out(row))
    came = func.row_number().over(partition_by=r.customer_id, order_by=(r.received_at.desc(), r.id.desc()))
    ranked = select(_received, came.label("rank")).where(r.customer_id.in_(customer_ids)).subquery("came")
    for row in connection.execute(select(ranked).where(ranked.c.rank <= newest)):
        found[row.customer_id].append(_in(row))
    return {key: sorted(entries, key=lambda one: (one.at, one.id), reverse=True)[:newest]
            for key, entries in found.items()}


def read_threads(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """The section ``thread`` of dossiers: the newest letters, shortened, and the addresses that failed."""
    failed = failed_addresses(connection, customer_ids)
    found = threads(connection, customer_ids)
    return {
        key: {"failed": sorted(failed.get(key, ())), "letters": [_doc(one) for one in found.get(key, ())]}
        for key in {*found, *failed}
    }


def _doc(one: Entry) -> dict[str, Any]:
    text = one.text if len(one.text) <= EXCERPT else one.text[:EXCERPT] + " …"
    return {"id": one.id, "way": one.way, "at": stamp(one.at), "who": one.who, "subject": one.subject, "text": text,
            "detail": one.detail[:200], "written": one.kind in ("reply", "opt_out"),
            "label_zh": one.label["zh"], "label_en": one.label["en"], "tone": one.tone,
            "files": [file["name"] for file in one.files if file["name"] != "message.eml"],
            "document_id": one.document_id, "number": one.number}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message nobody knows the place of. ``candidates``: (id, name) of customers it may be from."""

    id: str
    at: datetime
    sender: str
    subject: str
    text: str
    label: Labels
    state: str
    files: tuple[dict[str, Any], ...]
    candidates: tuple[tuple[str, str], ...]


def unmatched(connection: Connection, seen: Any, state: str = "unmatched", limit: int = 100) -> list[Unmatched]:
    """Messages without a case, the newest first; ``seen``: the predicate of customers the reader sees."""
    r, c = _received.c, _customers.c
    rows = connection.execute(
        select(_received).where(r.state == state, r.customer_id.is_(None)).order_by(r.received_at.desc(), r.id.desc())
        .limit(limit)).all()
    wanted = {key for row in rows for key in row.candidates}
    names = {row.id: row.name for row in connection.execute(select(c.id, c.name).where(c.id.in_(wanted), seen))}
    return [Unmatched(row.id, row.received_at, row.sender, row.subject, row.body, _IN[row.kind][0], row.state,
                      tuple(row.files), tuple((key, names[key]) for key in row.candidates if key in names))
            for row in rows]


def count_unmatched(connection: Connection) -> int:
    """How many messages wait for somebody to say whose they are."""
    r = _received.c
    return connection.scalar(
        select(func.count()).select_from(_received).where(r.state == "unmatched", r.customer_id.is_(None))) or 0


def file_of(connection: Connection, message_id: str, sha256: str) -> tuple[str | None, dict[str, Any]] | None:
    """(whose the message is, the file) or None when the message has no such file."""
    r = _received.c
    row = connection.execute(select(r.customer_id, r.files).where(r.id == message_id)).first()
    file = next((one for one in row.files if one["sha256"] == sha256), None) if row else None
    return (row.customer_id, file) if row and file else None
