"""A phone as these tests hold it: a page behind a wire of its own, and a list of all that was saved on it."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from fieldsales.kernel.ids import uuid7
from tests.browser import inside
from tests.cast import HARBOUR
from tests.faults.server import House
from tests.faults.wire import Wire

SAVE = """
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;
return outbox.save({...arg, blobs: (arg.blobs ?? []).map(({base64, ...row}) => ({...row, bytes: bytes(base64)}))});
"""
#: Everything that can go has gone: no row waits, no photo is under way.
DRAINED = """
const {pending, blobs, phase} = sync.status.value;
return !pending && !blobs && phase !== "sending" && outbox.rows.value.length === 0;
"""


def photo(side: int = 64) -> dict[str, Any]:
    """A real JPEG like no other, as ``takePhoto`` hands it to ``save`` (its bytes in base64)."""
    noise = Image.frombytes("RGB", (side, side), os.urandom(3 * side * side))
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=95)
    data = file.getvalue()
    return {"role": "photo", "slot": "photo", "mime": "image/jpeg", "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), "base64": base64.b64encode(data).decode()}


def visit(words: str, *photos: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit as its screen hands it to ``save``."""
    visit_id = uuid7()
    rows = [{key: one[key] for key in ("sha256", "slot", "mime", "size")} for one in photos]
    return {"command_id": uuid7(), "operation": "visits.log_visit", "entity_id": visit_id, "blobs": list(photos),
            "payload": {"visit_id": visit_id, "customer_id": HARBOUR, "said": words, "persons": [{"name": "老周"}],
                        "photos": rows}, **more}


@dataclass
class Phone:
    """One browser context, its page, its wire, and what its person saved."""

    name: str
    context: BrowserContext
    page: Page
    wire: Wire
    house: House
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)
    """Commands whose record a test itself destroyed."""
    patience: float = 30.0
    """The longest this phone is waited for, in seconds: one with a planted fault need not be waited for long."""

    def run(self, script: str, argument: Any = None) -> Any:
        """Run a script in the page with the kernel's modules at hand."""
        return inside.run(self.page, script, argument)

    def until(self, script: str, seconds: float = 20) -> Any:
        """Poll until the script gives something true."""
        return inside.until(self.page, script, min(seconds, self.patience))

    def save(self, what: dict[str, Any] | str, *photos: dict[str, Any]) -> dict[str, Any]:
        """Save a visit (or what is given) and note that it must never be lost."""
        whole = visit(what, *photos) if isinstance(what, str) else what
        self.run(SAVE, whole)
        self.made[whole["command_id"]] = whole
        return whole

    def states(self) -> list[str]:
        """What the queue's page shows."""
        found: list[str] = self.run("return outbox.queue.value.map((one) => one.state)")
        return found

    def tap(self) -> None:
        """The person taps "send now", and does not wait for it."""
        self.run("void sync.syncNow()")

    def drain(self, seconds: float = 30) -> None:
        """Tap once, then wait until all that can be sent is sent."""
        self.tap()
        self.until(DRAINED, seconds)

    def reload(self) -> None:
        """Open the app anew."""
        self.page.reload()
        self.opened()

    def opened(self) -> None:
        """Wait until the person's store is open; nothing need have been sent."""
        self.until("return session.user.value && docs.docs.ready.value", 20)
