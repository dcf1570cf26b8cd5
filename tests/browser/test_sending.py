"""Sending from the phone: once each, whatever is lost on the way, whoever holds the phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from fieldsales.store.base import table_of
from fieldsales.store.models import Blob, CommandReceipt
from fieldsales.sync.service import new_epoch
from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, count, ready, receipts, run, save, until, visit
from tests.cast import PASSWORD, REP

Enter = Callable[..., Page]


def test_answer_lost_on_the_way_back_makes_no_double(page: Page, serve: Server) -> None:
    """The push was carried out, a captive portal's page came back: it goes again and is known."""
    serve.lose.append("/api/v1/sync/push")
    what = visit()
    save(page, what)
    until(page, "return sync.status.value.phase === 'portal'")
    assert count(serve, Visit) == 1
    assert run(page, "return outbox.queue.value.map((one) => one.state)") == ["sent"]
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 1
    assert receipts(serve) == ["applied"]
    kept = run(page, "return answers.history()")
    assert [(one["state"], one["result"]["duplicate"]) for one in kept] == [("applied", True)]


@pytest.mark.parametrize("instead", [
    b"<html>portal</html>", b"{}", b'{"ok": true}', b'{"results": "applied"}', b'{"results": [{"status": "applied"}]}',
    b'{"results": [{"command_id": "another", "status": "applied"}]}', b'{"results": [{"comm',
])
def test_only_json_that_names_the_command_is_an_acknowledgement(page: Page, serve: Server, instead: bytes) -> None:
    serve.instead = instead
    serve.lose.append("/api/v1/sync/push")
    what = visit()
    save(page, what)
    until(page, "return outbox.rows.value[0]?.attempts === 1 && sync.status.value.phase !== 'sending'")
    assert run(page, "return outbox.queue.value.map((one) => one.state)") == ["sent"]
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert receipts(serve) == ["applied"]


def test_command_the_server_wants_again_goes_again_by_itself(page: Page, serve: Server) -> None:
    what = visit()
    serve.instead = json.dumps({"results": [{"command_id": what["command_id"], "status": "retry"}]}).encode()
    serve.lose.append("/api/v1/sync/push")
    save(page, what)
    until(page, "return sync.status.value.phase === 'waiting' && sync.status.value.next")
    until(page, "return outbox.queue.value.length === 0", 15)
    assert receipts(serve) == ["applied"]


def test_photo_goes_up_in_pieces_after_its_command(page: Page, serve: Server) -> None:
    size = run(page, """
        const canvas = new OffscreenCanvas(800, 600), brush = canvas.getContext("2d");
        const noise = brush.createImageData(800, 600);
        const part = 65536;
        for (let at = 0; at < noise.data.length; at += part) crypto.getRandomValues(noise.data.subarray(at, at + part));
        brush.putImageData(noise, 0, 0);
        const camera = await canvas.convertToBlob({type: "image/jpeg", quality: 1});
        const bytes = await camera.arrayBuffer();
        const named = {role: "photo", slot: "photo", mime: "image/jpeg", size: bytes.byteLength};
        await outbox.save({...arg, blobs: [{...named, sha256: await canonical.sha256(bytes), bytes}]});
        return bytes.byteLength;
    """, visit())
    until(page, "return outbox.queue.value.length === 0 && sync.status.value.blobs === 0")
    assert count(serve, Blob) == 1
    pieces = sum(1 for method, path in serve.seen if method == "PATCH" and "/blobs/" in path)
    assert pieces == -(-size // (256 * 1024)) >= 2


def test_device_is_enrolled_once_and_signs_with_a_key_that_never_leaves(page: Page, serve: Server) -> None:
    save(page, visit())
    until(page, "return outbox.queue.value.length === 0")
    assert sum(1 for method, path in serve.seen if (method, path) == ("POST", "/api/v1/devices")) == 1
    signature = run(page, "return device.signBytes(new TextEncoder().encode('manifest'))")
    assert len(signature) == 86
    assert run(page, "return (await device.device()).key.extractable") is False


def test_two_tabs_share_one_queue_and_send_each_command_once(page: Page, phone: BrowserContext, serve: Server) -> None:
    other = phone.new_page()
    other.goto("/app")
    ready(other)
    commands = [visit(f"{n}") for n in range(6)]
    for n, what in enumerate(commands):
        save(page if n % 2 else other, what)
    for tab in (page, other):
        until(tab, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 6
    assert receipts(serve) == ["applied"] * 6


def test_logout_warns_of_unsent_work_and_then_leaves_nothing(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    save(page, visit())
    warned = run(page, "return session.logout()")
    assert warned == {"unsent": {"commands": 1, "photos": 0}}
    assert run(page, "return outbox.queue.value.length") == 1
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    page.evaluate("() => { import('/static/js/kernel/session.js').then((session) => session.logout()) }")
    page.wait_for_url("**/login*")
    assert page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)") == []
    assert "fieldsales.user" not in page.evaluate("() => Object.keys(localStorage)")
    assert phone.request.get("/api/v1/ping").json()["user_id"] is None


def test_revoked_phone_wipes_itself_at_the_next_contact(page: Page, serve: Server) -> None:
    save(page, visit())
    until(page, "return outbox.queue.value.length === 0")
    dispatcher = serve.app.extensions["fieldsales"].dispatcher
    device_id = run(page, "return (await device.device()).device_id")
    dispatcher.perform(REP, "people.revoke_device", {"device_id": device_id})
    page.evaluate("() => { import('/static/js/kernel/sync.js').then((sync) => sync.syncNow()) }")
    expect(page.get_by_role("heading", name="公司已停用这台手机")).to_be_visible()
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_another_person_on_the_same_phone_sees_nothing_of_the_first(
        page: Page, phone: BrowserContext, enter: Enter) -> None:
    script = "await docs.takeIn([{kind: 'customer', id: 'c1', rev: 1, doc: {id: 'c1', name: arg}}], {cursor: '1'})"
    run(page, script, CANARY)
    page.close()
    phone.clear_cookies()
    other = ready(enter("other_rep"))
    theirs = "session.user.value && session.user.value.user_id !== '" + REP.user_id + "'"
    until(other, f"return {theirs} && docs.docs.ready.value")
    assert run(other, "return docs.docs.get('customer', 'c1').value ?? null") is None
    assert run(other, "return outbox.queue.value.length") == 0


def test_outbox_file_taken_in_on_another_phone_sends_the_same_commands_once(
        page: Page, phone: BrowserContext, serve: Server, chromium: Any) -> None:
    phone.set_offline(True)
    for n in range(3):
        save(page, visit(f"from a file {n}"))
    text = run(page, "return outbox.exportOutbox()")
    other = chromium.new_context(base_url=serve.url)
    try:
        second = other.new_page()
        second.goto("/login?next=/app")
        second.fill("[name=login]", "rep")
        second.fill("[name=password]", PASSWORD)
        second.press("[name=password]", "Enter")
        second.wait_for_url("**/app")
        ready(second)
        assert run(second, "return outbox.importOutbox(arg)", text) == {"added": 3, "known": 0}
        assert run(second, "return outbox.importOutbox(arg)", text)["added"] == 0
        until(second, "await sync.syncNow(); return outbox.rows.value.length === 0")
        assert run(second, "return outbox.importOutbox(arg)", text) == {"added": 0, "known": 3}
    finally:
        other.close()
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert receipts(serve) == ["applied"] * 3
    assert run(page, "return (await answers.history()).every((one) => one.result.duplicate)")
    broken = run(page, "try { await outbox.importOutbox('{}'); return '' } catch (error) { return error.message }")
    assert broken == "not an outbox file"


def test_after_a_restore_from_backup_answered_commands_go_out_again(page: Page, serve: Server) -> None:
    """A new epoch: the server may have lost what it once answered; the ids make it harmless where it has not."""
    what = visit()
    save(page, what)
    until(page, "return outbox.queue.value.length === 0")
    with serve.store.writing() as connection:  # the backup did not hold it
        connection.execute(delete(table_of(Visit)))
        connection.execute(delete(table_of(CommandReceipt)).where(
            table_of(CommandReceipt).c.command_id == what["command_id"]))
    new_epoch(serve.app.extensions["fieldsales"].dispatcher)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1


def test_photo_the_office_cannot_take_is_shown_after_a_reload_until_read(page: Page, serve: Server) -> None:
    what = visit()
    run(page, """
        const bytes = new TextEncoder().encode("no picture").buffer;
        const named = {role: "photo", slot: "photo", mime: "image/jpeg", size: bytes.byteLength};
        await outbox.save({...arg, blobs: [{...named, sha256: await canonical.sha256(bytes), bytes}]});
    """, what)
    until(page, "return outbox.queue.value.some((one) => one.state === 'rejected')")
    assert receipts(serve) == ["applied"]
    page.reload()
    ready(page)
    (shown,) = until(page, "return outbox.queue.value.length && outbox.queue.value")
    assert (shown["state"], shown["code"]) == ("rejected", "photo_refused")
    assert shown["text"]
    run(page, "await answers.acknowledge(arg)", what["command_id"])
    assert run(page, "return [outbox.queue.value.length, sync.status.value.blobs]") == [0, 0]


def test_photo_under_way_stays_in_the_queue_through_a_reload(
        page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.route("**/api/v1/blobs**", lambda route: route.abort())
    run(page, """
        const bytes = new TextEncoder().encode("a picture").buffer;
        const named = {role: "photo", slot: "photo", mime: "image/jpeg", size: bytes.byteLength};
        await outbox.save({...arg, blobs: [{...named, sha256: await canonical.sha256(bytes), bytes}]});
    """, visit())
    until(page, "return outbox.queue.value.some((one) => one.state === 'photos')")
    page.reload()
    until(page, "return session.user.value && outbox.queue.value.some((one) => one.state === 'photos')")
    assert run(page, "return outbox.queue.value.map((one) => one.blobs)")[0]["want"] == 1
    assert run(page, "return session.unsent()") == {"commands": 0, "photos": 1}
