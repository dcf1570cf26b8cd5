"""B13: a hundred phones bring thirty commands each, with photos, all at once; nothing lost, doubled or broken."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from sqlalchemy import func, insert, select

from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.store import Store, make_engine
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob
from fieldsales.visits.models import Visit
from tests import cast
from tests.bench.rig import Served, fieldsales_and_floor
from tests.sync.phone import visit

PHONES, COMMANDS, BATCH, PHOTO_EVERY = 100, 30, 10, 6


@dataclass
class Load:
    """One phone's outbox, and what became of it."""

    batches: list[bytes]
    photos: list[bytes]
    statuses: Counter[int] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    got: int = 0
    photo_bytes: int = 0


def _photo(seed: int) -> bytes:
    """What the field app sends: longest side some hundred pixels here, noise, so that it does not pack."""
    noise = Image.frombytes("RGB", (160, 120), random.Random(seed).randbytes(3 * 160 * 120))
    target = io.BytesIO()
    noise.save(target, "JPEG", quality=80)
    return target.getvalue()


def _outbox(number: int, customer_id: str) -> Load:
    photos = [_photo(number * 100 + n) for n in range(COMMANDS // PHOTO_EVERY)]
    commands = []
    for n in range(COMMANDS):
        shown = []
        if n % PHOTO_EVERY == 0:
            data = photos[n // PHOTO_EVERY]
            shown = [{"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "slot": "photo"}]
        commands.append(visit(customer_id, outcome="paid", photos=shown))
    bodies = [json.dumps({"device": None, "epoch": "", "sent_at": None, "pending": COMMANDS,
                          "commands": commands[start : start + BATCH]}, ensure_ascii=False).encode()
              for start in range(0, COMMANDS, BATCH)]
    return Load(bodies, photos)


def _customers(url: str) -> list[str]:
    ids = [uuid7() for _ in range(PHONES)]
    engine = make_engine(url)
    with Store(engine).writing() as connection:
        connection.execute(insert(table_of(Customer)), [
            {"id": one, "code": f"K{n:04}", "name": f"第{n}号店", "owner_id": cast.REP.user_id, "team_id": cast.TEAM,
             "search_text": "", "created_at": cast.NOON} for n, one in enumerate(ids)])
    engine.dispose()
    return ids


def _ask(line: http.client.HTTPConnection, load: Load, method: str, path: str, body: bytes, headers: dict[str, str]
         ) -> Any:
    """Ask until it is not put off; what is put off must say for how long."""
    while True:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        content = answer.read()
        load.statuses[answer.status] += 1
        load.sent, load.got = load.sent + len(body), load.got + len(content)
        if answer.status not in (429, 503, 507):
            return json.loads(content)
        time.sleep(float(answer.headers["Retry-After"]))


def _push(side: Served, load: Load, path: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", side.port, timeout=300)
    for body in load.batches:
        waiting = json.loads(body)
        while waiting["commands"]:
            said = _ask(line, load, "POST", path, json.dumps(waiting, ensure_ascii=False).encode(), side.headers)
            again = {one["command_id"] for one in said["results"] if one["status"] == "retry"}
            load.verdicts.update(one["status"] for one in said["results"])
            waiting["commands"] = [one for one in waiting["commands"] if one["command_id"] in again]
    line.close()


def _upload(side: Served, load: Load, path: str) -> None:
    line = http.client.HTTPConnection("127.0.0.1", side.port, timeout=300)
    before = load.sent + load.got
    for data in load.photos:
        headers = side.headers | {"Content-Type": "image/jpeg", "Upload-Offset": "0", "Upload-Length": str(len(data))}
        said = _ask(line, load, "PATCH", f"{path}/{hashlib.sha256(data).hexdigest()}", data, headers)
        load.verdicts["photo whole" if said["done"] else "photo in part"] += 1
    load.photo_bytes = load.sent + load.got - before
    line.close()


def _all_at_once(bring: Callable[[Served, Load, str], None], side: Served, loads: list[Load], path: str) -> float:
    """Milliseconds until all phones have brought theirs."""
    threads = [threading.Thread(target=bring, args=(side, load, path)) for load in loads]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - began) * 1000


def _held(url: str) -> tuple[int, int]:
    engine = make_engine(url)
    with Store(engine).reading() as connection:
        visits = connection.scalar(select(func.count()).select_from(table_of(Visit)).where(
            table_of(Visit).c.user_id == cast.REP.user_id))
        blobs = connection.scalar(select(func.count()).select_from(table_of(Blob)))
    engine.dispose()
    return int(visits or 0), int(blobs or 0)


def _measured(*, postgresql: bool) -> dict[str, Any]:
    floor_app = "tests.bench.floor_push_pg:app" if postgresql else "tests.bench.floor_push:app"
    with fieldsales_and_floor(floor_app, postgresql=postgresql) as (program, floor):
        loads = [_outbox(n, one) for n, one in enumerate(_customers(program.url))]
        bare = [Load(load.batches, load.photos) for load in loads]
        ours = (_all_at_once(_push, program, loads, "/api/v1/sync/push"),
                _all_at_once(_upload, program, loads, "/api/v1/blobs"))
        raw = _all_at_once(_push, floor, bare, "/push"), _all_at_once(_upload, floor, bare, "/photo")
        visits, blobs = _held(program.url)
    commands, photos = PHONES * COMMANDS, sum(len(load.photos) for load in loads)
    wire = sum(load.sent + load.got for load in loads)
    on_photos = sum(load.photo_bytes for load in loads)
    pixels = sum(len(one) for load in loads for one in load.photos)
    return {
        "figure_ms": round(ours[0], 1), "floor_ms": round(raw[0], 1), "ratio": round(ours[0] / raw[0], 2),
        "photos_ms": round(ours[1], 1), "photos_floor_ms": round(raw[1], 1), "photos_ratio": round(ours[1] / raw[1], 2),
        "commands": commands, "photos": photos, "statuses": dict(sum((load.statuses for load in loads), Counter())),
        "verdicts": dict(sum((load.verdicts for load in loads), Counter())),
        "lost_or_doubled": (visits - commands, blobs - photos),
        "wire_bytes_per_command": round((wire - on_photos) / commands),
        "wire_bytes_per_photo": round(on_photos / photos), "of_these_the_photo": round(pixels / photos),
    }


def bench_b13() -> dict[str, Any]:
    """On SQLite and on PostgreSQL; the floor inserts the same rows raw and writes the same photos to files."""
    return {"what": f"{PHONES} phones × {COMMANDS} commands with photos, drained",
            "aim": "no 5xx, nothing lost or doubled", **_measured(postgresql=False),
            "postgresql": _measured(postgresql=True)}
