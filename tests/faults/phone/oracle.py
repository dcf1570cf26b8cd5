"""What must be true of phones and server after every accident: S1 to S4, S6, and the audit.

Everything is read from the disks: the phone's own database through the kernel's storage, the server's
tables and files. Nothing is believed because a signal or an answer said so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import Connection, select

from fieldsales.audit.queries import audit_all
from fieldsales.collection.models import Action
from fieldsales.promises.models import Promise
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import AuditLink, CommandReceipt
from fieldsales.sync.rules import digest_of
from fieldsales.visits.models import Note, Visit
from tests.browser.inside import run
from tests.faults.server import House

#: operation → the table its effect lies in, by the command's entity id
EFFECTS = {"visits.log_visit": Visit, "visits.add_note": Note, "promises.make_promise": Promise,
           "collection.take_action": Action}

SHELVES = """
const open = async (name) => (await storage.readAll(name)).map(([record, value]) => ({id: record.id, record, value}));
const pictures = await storage.transact(["blobstate"], "readonly", (at) => storage.asked(at("blobstate").getAll()));
const rows = (await open("outbox")).map(({id, record, value}) => [id, answers.wire({seq: record.seq, command: value})]);
const kept = async (name) => (await open(name)).map(({id, record, value}) =>
  [id, {...value, state: record.index.state, wire: answers.wire({seq: record.index.seq, command: value.command})}]);
const waiting = await storage.transact(["drafts"], "readonly", (at) => storage.asked(at("drafts").getAllKeys()));
return {outbox: rows, held: await kept("held"), sent: await kept("sent"), photos: pictures, drafts: waiting,
        shown: outbox.queue.value.map(({command_id, state, text, code}) => ({command_id, state, text, code})),
        damaged: storage.damaged.value};
"""


@dataclass
class Shelves:
    """What lies on one phone's disk, and what its person is shown of it."""

    outbox: dict[str, Any]
    held: dict[str, Any]
    sent: dict[str, Any]
    photos: list[dict[str, Any]]
    shown: dict[str, Any]
    damaged: list[str]
    drafts: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Shelves:
        """Read them inside the page."""
        raw = run(page, SHELVES)
        shown = {one["command_id"]: one for one in raw["shown"]}
        return cls(dict(raw["outbox"]), dict(raw["held"]), dict(raw["sent"]), raw["photos"], shown, raw["damaged"],
                   raw["drafts"])


def flaws_of(house: House, phones: Iterable[Any], *, drained: bool = True) -> list[str]:
    """Everything that is wrong, in words; empty when all is well. ``phones``: ``rig.Phone``s whose pages are open.

    ``drained``: every phone was given the time to send everything, so nothing may still be waiting.
    """
    found: list[str] = []
    with house.store() as store, store.reading() as connection:
        blobs = BlobStore(house.home / "blobs")
        book = _Book.of(connection)
        for phone in phones:
            shelves = Shelves.of(phone.page)
            complaints = [*_accounted(phone, shelves, drained), *_judged(shelves, book),
                          *_effects(phone, shelves, book), *_photos(shelves, blobs, drained)]
            found += [f"{phone.name}: {one}" for one in complaints]
        found += [f"audit {one.code}: {one.breaches}" for one in audit_all(connection, blobs) if one.breaches]
    return found


@dataclass
class _Book:
    """What the server's tables say."""

    receipts: dict[str, Any]
    links: Counter[str]
    effects: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, connection: Connection) -> _Book:
        links = table_of(AuditLink)
        return cls(
            {row.command_id: row for row in connection.execute(select(table_of(CommandReceipt)))},
            Counter(connection.execute(select(links.c.command_id).where(links.c.status == "applied")).scalars()),
            {name: {row.id: row for row in connection.execute(select(table_of(model)))}
             for name, model in EFFECTS.items()},
        )


def _accounted(phone: Any, shelves: Shelves, drained: bool) -> list[str]:
    """S4: created = unsent + acknowledged + shown as rejected, each in one place."""
    places = Counter([*shelves.outbox, *shelves.held, *shelves.sent])
    lost = phone.made.keys() - places.keys() - phone.spoilt
    wrong = [f"{name} was saved and is nowhere on the phone" for name in lost]
    wrong += [f"{name} lies in {count} places" for name, count in places.items() if count != 1]
    wrong += [f"{name} was refused and is not shown" for name, one in shelves.held.items()
              if one["state"] in ("rejected", "held", "conflict") and name not in shelves.shown]
    if drained:
        wrong += [f"{name} still waits" for name in shelves.outbox]
    return wrong


def _judged(shelves: Shelves, book: _Book) -> list[str]:
    """S1, S3: what the phone was told is what the server has on record, of the very same bytes."""
    wrong = []
    for name, one in {**shelves.sent, **shelves.held}.items():
        row, state, code = book.receipts.get(name), one["state"], one["result"].get("code", "")
        if state == "discarded" or code == "too_large":
            if row is not None:
                wrong.append(f"{name} was {state} on the phone, the server knows it as {row.status}")
        elif row is None:
            wrong.append(f"{name} was acknowledged as {state} and is not on the server")
        elif row.status != state and not (state == "held" and row.status == "applied"):
            wrong.append(f"{name} was acknowledged as {state}, the server says {row.status}")
        elif row.digest != digest_of(one["wire"]) and code != "id_reused":
            wrong.append(f"{name} is not on the server as it was saved")
    return wrong


def _effects(phone: Any, shelves: Shelves, book: _Book) -> list[str]:
    """S2: applied is one effect with the words that were written and one link of the log; else there is none."""
    wrong = []
    for name, what in phone.made.items():
        row = book.receipts.get(name)
        applied = int(row is not None and row.status in ("applied", "conflict"))
        there = book.effects[what["operation"]].get(what["entity_id"])
        if (book.links[name], int(there is not None)) != (applied, applied):
            wrong.append(f"{name}: {applied} applied, {book.links[name]} links, {int(there is not None)} effects")
        said = what["payload"].get("said") or what["payload"].get("words") or what["payload"].get("text")
        if there is not None and said and said not in tuple(there):
            wrong.append(f"{name} lost its words")
    return wrong


def _photos(shelves: Shelves, blobs: BlobStore, drained: bool) -> list[str]:
    """S6: a photo called done is on the server, whole; one that is not is waiting or shown."""
    wrong = []
    for photo in shelves.photos:
        name = photo["id"]
        if photo.get("lost"):
            continue  # the person was told, and read it
        there = blobs.has(name) and hashlib.sha256(blobs.read(name)).hexdigest() == name
        if photo["done"] and not there:
            wrong.append(f"photo {name[:8]} is called done and is not on the server")
        if drained and not photo["done"] and not photo.get("refused"):
            wrong.append(f"photo {name[:8]} still waits")
        if photo.get("refused") and not any(one["state"] == "rejected" for one in shelves.shown.values()):
            wrong.append(f"photo {name[:8]} was refused and nobody is told")
    return wrong
