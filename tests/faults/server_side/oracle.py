"""What must be true once the storm is over: acknowledged is applied, each once, hashes right, nothing forgotten."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.audit.queries import audit_all
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import AuditLink, CommandReceipt
from fieldsales.visits.models import Note, Visit
from tests.faults.server_side.phones import Phone

#: operation → the table in which its effect lies, by the command's entity id
EFFECTS = {"visits.log_visit": Visit, "visits.add_note": Note, "promises.make_promise": Promise,
           "receivables.register_receipt": PaymentReceipt}


def flaws_of(connection: Connection, phones: Sequence[Phone], blobs: BlobStore, *, drained: bool = True) -> list[str]:
    """Everything that breaks S1 to S8, in words; empty when all is well.

    ``drained``: every phone has sent everything, so that nothing may be missing or left over.
    """
    found = [flaw for phone in phones for flaw in phone.flaws]
    receipts = {row.command_id: row for row in connection.execute(select(table_of(CommandReceipt)))}
    links = Counter(connection.execute(
        select(table_of(AuditLink).c.command_id).where(table_of(AuditLink).c.status == "applied")).scalars())
    effects = {name: Counter(connection.execute(select(table_of(model).c.id)).scalars())
               for name, model in EFFECTS.items()}
    for number, phone in enumerate(phones):
        who = f"phone {number}"
        found += [f"{who}: {one}" for one in _promised(phone, receipts)]
        found += [f"{who}: {one}" for one in _effects(phone, receipts, links, effects)]
        found += [f"{who}: {one}" for one in _accounted_for(phone, drained)]
        found += [f"{who}: photo {sha256} was acknowledged and is not there" for sha256 in phone.arrived
                  if not _whole(blobs, sha256)]
    created = {name for phone in phones for name in phone.created}
    if drained:
        found += [f"{name} came from nobody" for name, row in receipts.items()
                  if name not in created and row.operation in EFFECTS]
    found += [f"audit {one.code}: {one.breaches}" for one in audit_all(connection, blobs) if one.breaches]
    return found


def _promised(phone: Phone, receipts: dict[str, Any]) -> list[str]:
    """S1: what was acknowledged is on record, with the same verdict."""
    wrong = []
    for name, result in phone.settled.items():
        row = receipts.get(name)
        if row is None and result["code"] != "unreadable":
            wrong.append(f"{name} was acknowledged ({result['status']}) and is lost")
        elif row is not None and (row.status, row.answer.get("data")) != (result["status"], result["data"]):
            wrong.append(f"{name} was acknowledged as {result['status']}, the record says {row.status}")
    wrong += [f"{name} was held and is lost" for name in phone.held if name not in receipts]
    return wrong


def _effects(phone: Phone, receipts: dict[str, Any], links: Counter[str], effects: dict[str, Counter[str]]
             ) -> list[str]:
    """S2: applied is exactly one effect and one link of the log; anything else has none."""
    wrong = []
    for name, command in phone.created.items():
        row = receipts.get(name)
        expected = int(row is not None and row.status == "applied")
        there = effects[command["operation"]][command["entity_id"]] if command["operation"] in EFFECTS else expected
        if (there, links[name]) != (expected, expected):
            wrong.append(f"{name} should be there {expected} times: {there} effects, {links[name]} links")
    return wrong


def _accounted_for(phone: Phone, drained: bool) -> list[str]:
    """S4: created is unsent, acknowledged or rejected; drained, nothing is unsent."""
    book = Counter([*phone.outbox, *phone.settled, *phone.held])
    wrong = [f"{name} is in the book {book[name]} times" for name in phone.created if book[name] != 1]
    if drained:
        wrong += [f"{name} was never answered" for name in phone.outbox]
    return wrong


def _whole(blobs: BlobStore, sha256: str) -> bool:
    return blobs.has(sha256) and hashlib.sha256(blobs.read(sha256)).hexdigest() == sha256
