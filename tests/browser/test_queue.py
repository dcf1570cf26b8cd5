"""What waits on the phone: called by its name, taken back only when asked twice, and never what others rest on."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from fieldsales.kernel.operation import OPERATIONS
from fieldsales.sync.records import OPERATION_WORDS
from tests.browser.inside import run, save, visit
from tests.browser.test_screens import go
from tests.cast import HARBOUR

JS = Path(__file__).parents[2] / "static" / "js"
NAMED = re.compile(r'"([a-z_]+\.[a-z_]+)"')


def test_every_command_of_the_phone_has_a_name_on_the_phone_and_in_the_office(app: Flask) -> None:
    written = {name for path in JS.rglob("*.js") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    sent = written & set(OPERATIONS)
    on_the_phone = set(NAMED.findall((JS / "queue" / "words.js").read_text(encoding="utf-8")))
    assert len(sent) > 40
    assert sorted(sent - on_the_phone) == []
    assert sorted(sent - set(OPERATION_WORDS)) == []


def test_taken_back_only_when_asked_twice_and_never_what_is_numbered_or_rested_on(
    page: Page, phone: BrowserContext
) -> None:
    phone.set_offline(True)
    rested_on = visit("先记下")
    save(page, rested_on)
    save(page, {"operation": "promises.note_no_promise", "entity_id": "x", "needs": [rested_on["entity_id"]],
                "payload": {"customer_id": HARBOUR}})
    save(page, {"operation": "receivables.register_receipt", "entity_id": "y", "payload": {"customer_id": HARBOUR}})
    go(page, "/app/queue")
    entries = {name: page.locator(".row", has_text=name) for name in ("拜访", "没有承诺", "收款收据")}
    away = {name: row.get_by_role("button", name="丢弃") for name, row in entries.items()}
    expect(away["拜访"]).to_have_count(0)
    expect(entries["拜访"]).to_contain_text("先处理那些")
    expect(away["收款收据"]).to_have_count(0)
    away["没有承诺"].click()
    assert run(page, "return outbox.queue.value.length") == 3
    entries["没有承诺"].get_by_role("button", name="保留").click()
    away["没有承诺"].click()
    away["没有承诺"].click()
    expect(entries["没有承诺"]).to_contain_text("已丢弃")  # it stands among what was sent, as thrown away
    assert run(page, "return outbox.queue.value.length") == 2
    away["拜访"].click()
    expect(entries["拜访"].get_by_role("alert")).to_be_visible()
