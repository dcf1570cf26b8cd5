"""A phone as the tests play it: it writes commands as the app does and keeps what it was answered."""

from __future__ import annotations

import hashlib
from typing import Any

from flask.testing import FlaskClient

from fieldsales.kernel.ids import uuid7
from tests.cast import HARBOUR

HEADERS = {"X-Fieldsales": "1", "Sec-Fetch-Site": "same-origin"}


def visit(customer_id: str = HARBOUR, *, needs: list[str] | None = None, **payload: Any) -> dict[str, Any]:
    """A visit as it lies in the outbox."""
    visit_id = uuid7()
    return {
        "command_id": uuid7(), "v": 1, "seq": 1, "operation": "visits.log_visit", "entity_id": visit_id,
        "needs": needs or [], "base_rev": None, "form": None, "made_at": "2026-03-12T03:55:00.000Z", "mono": 1234,
        "tz": "Asia/Shanghai", "app": "1", "blobs": [],
        "payload": {"visit_id": visit_id, "customer_id": customer_id, "said": "月底一定付",
                    "persons": [{"name": "老周", "role": "老板"}], **payload},
    }


class Phone:
    """Speaks to ``/api/v1`` through a logged-in client."""

    def __init__(self, client: FlaskClient, device: str | None = None) -> None:
        self.client, self.device = client, device

    def push(self, *commands: Any, sent_at: str = "2026-03-12T04:00:00.000Z", **body: Any) -> Any:
        """Send commands; returns the HTTP answer."""
        whole = {"device": self.device, "epoch": "", "sent_at": sent_at, "pending": len(commands),
                 "commands": list(commands), **body}
        return self.client.post("/api/v1/sync/push", json=whole, headers=HEADERS)

    def results(self, *commands: Any, **body: Any) -> list[dict[str, Any]]:
        """Send commands; returns the verdicts."""
        answer = self.push(*commands, **body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: list[dict[str, Any]] = answer.get_json()["results"]
        return found

    def get(self, path: str) -> Any:
        """GET below /api/v1."""
        return self.client.get("/api/v1" + path, headers=HEADERS)

    def post(self, path: str, body: Any = None) -> Any:
        """POST below /api/v1."""
        return self.client.post("/api/v1" + path, json=body, headers=HEADERS)

    def upload(self, data: bytes, *, piece: int = 10**6, mime: str = "image/jpeg", sha256: str = "") -> Any:
        """Send a file in pieces; returns the last HTTP answer."""
        name = sha256 or hashlib.sha256(data).hexdigest()
        state = self.post("/blobs", {"sha256": name, "size": len(data), "mime": mime})
        offset = state.get_json().get("offset", 0)
        while state.status_code == 200 and not state.get_json()["done"]:
            state = self.piece(name, data[offset : offset + piece], offset, len(data), mime)
            offset = (state.get_json() or {}).get("offset", 0)
        return state

    def piece(self, sha256: str, piece: bytes, offset: int, size: int, mime: str = "image/jpeg") -> Any:
        """Send one piece of a file."""
        headers = HEADERS | {"Upload-Offset": str(offset), "Upload-Length": str(size), "Content-Type": mime}
        return self.client.patch(f"/api/v1/blobs/{sha256}", data=piece, headers=headers)
