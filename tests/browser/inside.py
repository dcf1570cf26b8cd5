"""The kernel as tests reach it inside the page, and what the server holds."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PageError
from sqlalchemy import func, select

from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from tests.browser.conftest import Server
from tests.cast import HARBOUR

CANARY = "金丝雀说下周三一定付七万"

#: the PIN of everybody's phone in tests
PIN = "840275"

#: Sets the PIN at the first start and unlocks at every later one, through the kernel, as fast as PBKDF2 goes.
OPENER = """
addEventListener("DOMContentLoaded", async () => {
  if (!location.pathname.startsWith("/app")) return;
  const kernel = await import("/static/js/kernel/door.js").catch(() => null);
  let before = "";
  kernel?.door.subscribe(({ state, closing }) => {
    const now = state + Boolean(closing);
    if (now === before) return;
    before = now;
    if (now === "setupfalse") kernel.setPin("PIN");
    if (now === "lockedfalse") kernel.unlock("PIN");
  });
});
""".replace("PIN", PIN)

MODULES = """
const [outbox, answers, storage, docs, sync, session, drafts, photos, canonical, device, exchange, vault, door] =
  await Promise.all(
  ["outbox", "answers", "storage", "docs", "sync", "session", "drafts", "photos", "canonical", "device", "exchange",
   "vault", "door"]
  .map((name) => import(`/static/js/kernel/${name}.js`)));
"""


def run(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script in the page with the kernel's modules at hand. The CSP stays on."""
    return page.evaluate("async (arg) => {" + MODULES + script + "}", argument)


def until(page: Page, script: str, seconds: float = 10) -> Any:
    """Poll (waiting inside the page would trip the CSP) until the script gives something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = run(page, script)
        except PageError as error:
            if "context was destroyed" not in str(error):  # the page was loaded again meanwhile
                raise
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never came true: {script}; status {run(page, 'return sync.status.value')}")


def always_open(context: BrowserContext) -> BrowserContext:
    """Let every page of this phone set its PIN and unlock itself, also after a reload."""
    context.add_init_script(OPENER)
    return context


def ready(page: Page) -> Page:
    """Wait until the person's store is open and the first exchange is over (or has found out why it cannot be).

    A phone without ``always_open`` gets its PIN, or is unlocked, here.
    """
    until(page, f"""
        if (door.door.value.state === "setup") await door.setPin("{PIN}");
        if (door.door.value.state === "locked") await door.unlock("{PIN}").catch(() => {{}});
        return door.door.value.state === "open";""", 20)
    until(page, """const { phase, lastAt } = sync.status.value;
        const over = phase !== "sending" && (lastAt || phase !== "idle"); // idle, and nothing yet: it has not begun
        return session.user.value && docs.docs.ready.value && over""", 20)
    return page


def visit(words: str = CANARY) -> dict[str, Any]:
    """What a visit screen hands to ``save``."""
    visit_id = uuid7()
    return {"command_id": uuid7(), "operation": "visits.log_visit", "entity_id": visit_id, "payload": {
        "visit_id": visit_id, "customer_id": HARBOUR, "said": words, "persons": [{"name": "老周"}]}}


def save(page: Page, what: dict[str, Any]) -> Any:
    return run(page, "return outbox.save(arg)", what)


def count(server: Server, model: Any) -> int:
    with server.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar() or 0)


def receipts(server: Server) -> list[str]:
    """The verdicts on visits."""
    table = table_of(CommandReceipt)
    with server.store.reading() as connection:
        return list(connection.scalars(select(table.c.status).where(table.c.operation == "visits.log_visit")))
