"""A signature drawn and a talk recorded: on an office form, and on the phone without a network."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.collection.models import Action
from fieldsales.plugin_api import CollectionMethod, Decision, Field, hookimpl, words
from fieldsales.plugin_api.loading import Found
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, until

pytestmark = pytest.mark.browser

HAND = CollectionMethod(
    "hand", words("当面", "In person"), lambda fields, facts: Decision(words("好", "Fine"), "done"), (
        Field("signed", "signature", words("对方签名", "Their signature")),
        Field("talk", "recording", words("谈话录音", "The talk")),
    ))  # fmt: skip


class Hand:
    """A plugin of one method, which asks for both."""

    @staticmethod
    @hookimpl
    def collection_methods() -> list[CollectionMethod]:
        return [HAND]


@pytest.fixture
def hand(serve: Server) -> Server:
    plugins = serve.app.extensions["fieldsales"].plugins
    assert plugins.add(Found("hand", "file", "", "1", lambda: Hand)).state == "active"
    return serve


def kept(server: Server) -> dict[str, Any]:
    """The answers of the one action on record, its files there whole."""
    with server.store.reading() as connection:
        [fields] = connection.scalars(select(table_of(Action).c.fields).where(table_of(Action).c.method == "hand"))
        there = set(connection.scalars(select(table_of(Blob).c.sha256)))
    assert fields["talk"]["sha256"] in there
    assert fields["talk"]["consent"] is True
    assert fields["talk"]["size"] > 1_000
    found: dict[str, Any] = fields
    return found


def draw(page: Page, canvas: str) -> None:
    """A name, as a hand writes it: three strokes, not too quick."""
    box = page.locator(canvas).bounding_box()
    assert box
    for n in range(3):
        x, y = box["x"] + 60 + 50 * n, box["y"] + 40
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(8):
            page.mouse.move(x + 5 * step, y + 9 * step + (6 if step % 2 else 0))
            page.wait_for_timeout(15)  # the time a hand takes is part of what is judged
        page.mouse.up()


def test_office_signs_on_the_screen_and_records_with_consent(chromium: Browser, hand: Server) -> None:
    context = chromium.new_context(base_url=hand.url, locale="zh-CN", permissions=["microphone"])
    page = context.new_page()
    page.goto(f"/login?next=/customers/{cast.HARBOUR}/actions/hand")
    page.fill("[name=login]", "manager")
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.get_by_role("button", name="在屏幕上签名").click()
    page.locator("[data-pad]").click()
    expect(page.locator("[data-signature] [data-said]")).to_contain_text("不像一个完整的签名")
    page.get_by_role("button", name="重签").click()
    draw(page, "[data-pad]")
    expect(page.locator("[data-signature] [data-said]")).to_be_empty()
    begin = page.get_by_role("button", name="开始录音")
    expect(begin).to_be_disabled()
    page.get_by_label("对方已同意录音").check()
    begin.click()
    expect(page.locator("[data-time]")).to_contain_text("0:01 /")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.locator("[data-recording] [data-said]")).to_contain_text("正在录音")
    page.get_by_role("button", name="停止并保存").click()
    expect(page.locator("[data-sound]")).to_be_visible()
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_text("已记录。")).to_be_visible()
    fields = kept(hand)
    picture = page.request.get(f"/api/v1/blobs/{fields['signed']}").body()
    inked = sum(Image.open(io.BytesIO(picture)).convert("L").histogram()[:100])
    assert inked > 100, "there is ink on it"
    context.close()


def test_phone_records_offline_and_it_goes_along_with_the_outbox(
    hand: Server, phone: BrowserContext, enter: Callable[..., Page]
) -> None:
    phone.grant_permissions(["microphone", "geolocation"])
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    path = f"/app/customers/{cast.HARBOUR}/method/hand"
    page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", path)
    expect(page.get_by_role("button", name="开始录音")).to_have_count(0)
    page.get_by_text("对方已同意录音").click()
    page.get_by_role("button", name="开始录音").click()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("正在录音。请先停止再保存")).to_be_visible()
    # left while it runs: it ends, and what there is is found again
    for where in (f"/app/customers/{cast.HARBOUR}", path):
        page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", where)
    expect(page.locator("audio")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    until(page, "return outbox.queue.value.length === 1")
    phone.set_offline(False)
    until(page, "sync.syncNow(); return outbox.queue.value.length === 0 && sync.status.value.blobs === 0", 20)
    assert kept(hand)["talk"]["mime"] == "audio/webm"
