"""Phones and the server: S1, S3, S4, S8 and E4, as far as the server's own books can show them.

S5 (nothing depends on batching, doubles or interleaving) leaves no trace to look at: it is proved by the
tests that send the same commands twice in different ways.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from fieldsales.audit.rules import Finding, finding
from fieldsales.collection.models import Action
from fieldsales.disputes.models import Dispute
from fieldsales.documents.canonical import canonical
from fieldsales.documents.models import Document
from fieldsales.kernel.operation import DONE
from fieldsales.plans.models import Plan
from fieldsales.promises.models import NoPromise, Promise, PromiseEvidence
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.statements.models import Statement
from fieldsales.store.base import Base, table_of
from fieldsales.store.models import AuditLink, Change, CommandReceipt, ReusedId
from fieldsales.visits.models import Lead, Note, Visit

_receipts, _links, _reused = table_of(CommandReceipt), table_of(AuditLink), table_of(ReusedId)
#: What a phone's operation leaves behind under the command's own entity id, and nobody ever takes away.
MAKES: dict[str, type[Base]] = {
    "visits.log_visit": Visit, "visits.add_note": Note, "visits.add_lead": Lead, "promises.make_promise": Promise,
    "receivables.register_receipt": PaymentReceipt, "disputes.open_dispute": Dispute, "plans.sign_plan": Plan,
    "statements.sign_statement": Statement, "collection.take_action": Action,
    "promises.add_evidence": PromiseEvidence, "promises.note_no_promise": NoPromise,
}


def acknowledged_is_there(connection: Connection) -> Finding:
    """S1: what a phone was told is on record is on record."""
    wrong: set[str] = set()
    checked = 0
    for operation, model in MAKES.items():
        table = table_of(model)
        told = and_(_receipts.c.operation == operation, _receipts.c.status.in_(sorted(DONE)),
                    _receipts.c.entity_id.is_not(None))
        checked += int(connection.scalar(select(func.count()).select_from(_receipts).where(told)) or 0)
        made = exists().where(table.c.id == _receipts.c.entity_id)
        wrong |= set(connection.execute(select(_receipts.c.command_id).where(told, ~made)).scalars())
    return finding("S1", checked, wrong)


def ids_stand_for_one_command(connection: Connection) -> Finding:
    """S3: what came under another command's id is another command, and was never applied; what is kept is unaltered."""
    kept = connection.execute(select(_receipts.c.command_id, _receipts.c.digest, _receipts.c.raw)
                              .where(_receipts.c.status != "applied", _receipts.c.digest != "")).all()
    apart = connection.execute(select(_reused.c.id, _reused.c.digest, _reused.c.raw)).all()
    wrong = {row[0] for row in (*kept, *apart) if row.raw is not None and _digest(row.raw) != row.digest}
    same = and_(_receipts.c.command_id == _reused.c.command_id, _receipts.c.digest == _reused.c.digest,
                _receipts.c.actor_id == _reused.c.actor_id)
    wrong |= set(connection.execute(select(_reused.c.id).where(exists().where(same))).scalars())
    orphan = ~exists().where(_receipts.c.command_id == _reused.c.command_id)
    wrong |= set(connection.execute(select(_reused.c.id).where(orphan)).scalars())
    return finding("S3", len(kept) + len(apart), wrong)


def _digest(raw: dict[str, Any]) -> str:
    try:
        return hashlib.sha256(canonical(raw)).hexdigest()
    except ValueError:
        return ""


def nothing_is_dropped(connection: Connection) -> Finding:
    """S4, the server's half: what was not applied is kept as it came, and nothing waits for what has long arrived."""
    rows = connection.execute(select(_receipts.c.command_id, _receipts.c.status, _receipts.c.raw, _receipts.c.waits_for,
                                     _receipts.c.code)
                              .where(_receipts.c.status.not_in(("applied",)), _receipts.c.digest != "")).all()
    wrong = {row.command_id for row in rows if row.raw is None}
    waited_for = {row.waits_for for row in rows if row.status == "held" and row.waits_for}
    wrong |= {row.command_id for row in rows if row.code == "needs_missing" and not row.waits_for}
    there: set[str] = set()
    names = sorted(waited_for)
    for start in range(0, len(names), 500):
        there |= set(connection.execute(select(_receipts.c.entity_id).where(
            _receipts.c.entity_id.in_(names[start : start + 500]), _receipts.c.status.in_(sorted(DONE)))).scalars())
    wrong |= {row.command_id for row in rows if row.status == "held" and row.waits_for in there}
    return finding("S4", len(rows), wrong, f"waiting {len(waited_for - there)}" if waited_for - there else "")


def the_server_orders(connection: Connection) -> Finding:
    """S8: a command was taken in when the log says so, not when a phone did; change numbers have no gap."""
    first = select(_links.c.command_id, func.min(_links.c.seq).label("seq")).group_by(_links.c.command_id).subquery()
    rows = connection.execute(
        select(_receipts.c.command_id).join(first, first.c.command_id == _receipts.c.command_id)
        .join(_links, _links.c.seq == first.c.seq).where(_links.c.at != _receipts.c.received_at))
    changes = table_of(Change)
    low, high, count = connection.execute(
        select(func.min(changes.c.seq), func.max(changes.c.seq), func.count()).select_from(changes)).one()
    wrong = set(rows.scalars())
    if count and high - low + 1 != count:
        wrong.add(f"{high - low + 1 - count} change numbers missing")
    return finding("S8", count, wrong)


def plans_have_their_paper(connection: Connection) -> Finding:
    """E4: a plan as signed has one paper, and it is the plan's own."""
    plans, papers = table_of(Plan), table_of(Document)
    mine = and_(papers.c.subject_kind == "plan", papers.c.subject_id == plans.c.id)
    own = exists().where(mine, papers.c.id == plans.c.document_id)
    other = exists().where(mine, papers.c.kind == "plan", papers.c.id != plans.c.document_id)
    rows = connection.execute(select(plans.c.id).where(or_(~own, other))).scalars()
    return finding("E4", int(connection.scalar(select(func.count()).select_from(plans)) or 0), set(rows))
