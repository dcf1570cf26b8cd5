"""Phones as the tests play them against a real server: an outbox, a clock that is wrong, photos, a cursor.

They do what the field app does by the wire contract and keep book of what they were told, so that
afterwards it can be compared with what the server holds (``tests.faults.server_side.oracle``).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fieldsales.kernel.ids import uuid7
from tests import cast

SETTLED = ("applied", "conflict", "rejected")
#: What a server in trouble may answer, as long as it says when to come again.
TROUBLE = (429, 503, 507)
Cut = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Reply:
    """One HTTP answer. ``said`` is its JSON, or None."""

    status: int
    headers: dict[str, str]
    said: Any
    size: int = 0


@dataclass
class Line:
    """Requests to one server as one person, on a connection that is kept while it lasts."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 60
    sent_bytes: int = 0
    got_bytes: int = 0
    _open: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request. Raises OSError or HTTPException when the connection ends before the whole answer is there."""
        if self._open is None:
            self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._open.request(method, path, body, self.headers | named)
            answer = self._open.getresponse()
            content = answer.read()
        except Cut:
            self.close()
            raise
        if answer.will_close:
            self.close()
        self.sent_bytes += len(body or b"")
        self.got_bytes += len(content)
        kind = answer.headers.get("Content-Type", "")
        said = json.loads(content) if kind.startswith("application/json") and content else None
        return Reply(answer.status, dict(answer.headers.items()), said, len(content))

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None


def log_in(port: int, login: str) -> dict[str, str]:
    """The headers of a phone on which ``login`` is logged in; several phones may share them."""
    line = Line(port)
    form = urllib.parse.urlencode({"login": login, "password": cast.PASSWORD}).encode()
    answer = line.ask("POST", "/login", form, Content_Type="application/x-www-form-urlencoded")
    line.close()
    assert answer.status == 302, answer
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "X-Fieldsales": "1", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


@dataclass
class Phone:
    """One phone of one person, and its book of what was created, sent and answered."""

    line: Line
    customer_id: str = cast.HARBOUR
    rng: random.Random = field(default_factory=random.Random)
    skew: timedelta = timedelta(0)
    device: str = field(default_factory=uuid7)
    epoch: str = ""
    cursor: str = "0"
    created: dict[str, dict[str, Any]] = field(default_factory=dict)
    outbox: list[str] = field(default_factory=list)
    settled: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    docs: dict[tuple[str, str], int | None] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    cuts: int = 0
    flaws: list[str] = field(default_factory=list)
    """What the server answered that no server of ours may answer."""
    acknowledged: Callable[[dict[str, Any]], None] | None = None

    def save(self, command: dict[str, Any], photos: Iterable[bytes] = ()) -> dict[str, Any]:
        """Lay a command into the outbox, as the field app does in one transaction."""
        command = command | {"seq": len(self.created) + 1}
        self.created[command["command_id"]] = command
        self.outbox.append(command["command_id"])
        self.photos |= {hashlib.sha256(one).hexdigest(): one for one in photos}
        return command

    def push(self, most: int = 200, extra: Iterable[dict[str, Any]] = ()) -> bool:
        """Send up to ``most`` commands of the outbox (and ``extra`` old ones again); whether all were answered."""
        commands = [self.created[one] for one in self.outbox[:most]]
        commands += extra
        reply = self._send(commands)
        if reply is None or reply.status != 200:
            return False
        self._take(commands, reply.said)
        return not self.outbox

    def _send(self, commands: list[dict[str, Any]]) -> Reply | None:
        body = {"device": None, "epoch": self.epoch, "pending": len(self.outbox), "commands": commands,
                "sent_at": (datetime.now(UTC) + self.skew).isoformat().replace("+00:00", "Z")}
        return self.ask("POST", "/api/v1/sync/push", json.dumps(body, ensure_ascii=False).encode())

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply | None:
        """One request; None when the connection was cut. Keeps book of what may not happen."""
        try:
            reply = self.line.ask(method, path, body, **headers)
        except Cut:
            self.cuts += 1
            return None
        self.statuses[reply.status] += 1
        if reply.status in TROUBLE and "Retry-After" not in reply.headers:
            self.flaws.append(f"{reply.status} without Retry-After from {method} {path}")
        if reply.status >= 500 and reply.status not in TROUBLE:
            self.flaws.append(f"{reply.status} from {method} {path}: {reply.said}")
        return reply

    def _take(self, commands: list[dict[str, Any]], said: dict[str, Any]) -> None:
        if self.epoch and said["epoch"] != self.epoch:
            self.start_over()
        self.epoch = said["epoch"]
        sent = {command["command_id"] for command in commands}
        for result in said["results"]:
            name = result["command_id"]
            if name not in sent:
                self.flaws.append(f"an answer nobody asked for: {result}")
            elif result["status"] in (*SETTLED, "held"):
                self._note(name, result)

    def _note(self, name: str, result: dict[str, Any]) -> None:
        first = self.settled.get(name)
        if first is not None and (first["status"], first["data"]) != (result["status"], result["data"]):
            self.flaws.append(f"{name} was answered {first}, then {result}")
        if name in self.outbox:
            self.outbox.remove(name)
        self.held.pop(name, None)
        (self.held if result["status"] == "held" else self.settled)[name] = result
        if self.acknowledged is not None:
            self.acknowledged(result)

    def start_over(self) -> None:
        """The server was restored from a backup: what it had acknowledged goes out again, oldest first."""
        self.outbox = list(self.created)
        self.settled.clear()
        self.held.clear()
        self.arrived.clear()
        self.cursor = "0"

    def ask_held(self) -> None:
        """Ask what became of what was held."""
        for name in list(self.held):
            reply = self.ask("GET", f"/api/v1/sync/status?ids={name}")
            for result in reply.said["results"] if reply is not None and reply.status == 200 else []:
                if result["status"] in SETTLED:
                    self._note(name, result)

    def upload(self, piece: int = 1 << 20) -> bool:
        """Send the photos that are not there yet; whether all have arrived."""
        for sha256, data in self.photos.items():
            if sha256 not in self.arrived and self._upload_one(sha256, data, piece):
                self.arrived.add(sha256)
        return len(self.arrived) == len(self.photos)

    def _upload_one(self, sha256: str, data: bytes, piece: int) -> bool:
        offer = json.dumps({"sha256": sha256, "size": len(data), "mime": "image/jpeg"}).encode()
        reply = self.ask("POST", "/api/v1/blobs", offer)
        for _ in range(2 + 2 * (len(data) // piece + 1)):
            if reply is None or reply.status not in (200, 409):
                return False
            if reply.said.get("done"):
                return True
            offset = int(reply.said["offset"])
            reply = self.ask("PATCH", f"/api/v1/blobs/{sha256}", data[offset : offset + piece],
                             Content_Type="image/jpeg", Upload_Offset=str(offset), Upload_Length=str(len(data)))
        return False

    def pull(self, limit: int = 200) -> bool:
        """Take in one page of changes; whether there is no more."""
        reply = self.ask("GET", f"/api/v1/sync/pull?cursor={urllib.parse.quote(self.cursor)}&limit={limit}")
        if reply is None or reply.status != 200:
            return False
        if reply.said.get("reset"):
            self.docs.clear()
        for change in reply.said["changes"]:
            if change.get("removed"):
                self.docs.pop((change["kind"], change["id"]), None)
            else:
                self.docs[change["kind"], change["id"]] = change["rev"]
        self.cursor = reply.said["cursor"]
        return not reply.said["more"]

    def drain(self, seconds: float = 150, most: int = 50) -> None:
        """Push and upload until nothing is left, waiting as the server asks."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pushed = not self.outbox or self.push(most)
            if pushed and self.upload() and not self.outbox:
                return
            time.sleep(0.05)
        raise AssertionError(f"not drained: {len(self.outbox)} commands, {self.statuses}, {self.cuts} cuts")
