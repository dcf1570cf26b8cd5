"""A passkey beside the PIN, by a virtual authenticator: with PRF it opens, without it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import CANARY, PIN, run, save, until, visit
from tests.browser.unlocking import break_in, choose_pin, is_locked, is_open, log_in, tap

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, serve: Server) -> Iterator[Page]:
    """The rep's phone at an address with a name: a passkey has none for a number."""
    context = chromium.new_context(
        base_url=serve.url.replace("127.0.0.1", "localhost"), viewport={"width": 390, "height": 844}, locale="zh-CN"
    )
    context.set_default_timeout(15_000)
    yield choose_pin(log_in(context.new_page(), "rep"))
    context.close()


def authenticator(page: Page, *, prf: bool) -> Any:
    """Give the phone a fingerprint reader. Returns a way to ask for its passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": prf,
    }})  # fmt: skip
    return lambda: session.send("WebAuthn.getCredentials", made)["credentials"]


def add_passkey(page: Page) -> None:
    page.evaluate("async () => (await import('/static/js/kernel/router.js')).navigate('/app/me/lock')")
    page.get_by_role("button", name="用指纹或面容解锁").click()
    tap(page, PIN, "下一步")


def test_passkey_unlocks_and_once_removed_no_more(page: Page) -> None:
    authenticator(page, prf=True)
    add_passkey(page)
    expect(page.get_by_text("今后也可以用通行密钥解锁。")).to_be_visible()
    page.context.set_offline(True)
    save(page, visit())
    run(page, "await door.lock()")
    is_locked(page)
    assert break_in(page)["opened"] == 0
    page.get_by_role("button", name="用通行密钥解锁").click()
    until(page, "return session.user.value && outbox.rows.value.length === 1")
    assert run(page, "return outbox.rows.value[0].command.payload.said") == CANARY
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("这个通行密钥在本机不再有效")).to_be_visible()
    run(page, "await door.lock()")
    is_locked(page)
    expect(page.get_by_role("button", name="用通行密钥解锁")).to_be_hidden()
    tap(page, PIN, "解锁")
    until(page, "return session.user.value")


def test_forgotten_pin_is_set_anew_by_passkey(page: Page) -> None:
    authenticator(page, prf=True)
    add_passkey(page)
    expect(page.get_by_text("今后也可以用通行密钥解锁。")).to_be_visible()
    page.get_by_role("button", name="修改 PIN 码").click()
    page.get_by_role("button", name="改用通行密钥").click()
    tap(page, "730164", "下一步")
    tap(page, "730164", "设好 PIN 码")
    expect(page.get_by_text("新 PIN 码已生效。")).to_be_visible()
    run(page, "await door.lock()")
    tap(is_locked(page), "730164", "解锁")
    is_open(page)
    assert run(page, "return (await vault.wraps()).map(({kind}) => kind)") == ["pin", "passkey"]


def test_passkey_without_prf_is_refused_in_plain_words(page: Page) -> None:
    authenticator(page, prf=False)
    add_passkey(page)
    expect(page.get_by_role("alert")).to_contain_text("不支持 PRF")
    assert run(page, "return (await vault.wraps()).map(({kind}) => kind)") == ["pin"]


def test_passkey_of_another_phone_opens_nothing(page: Page) -> None:
    """The same credential id answered by a passkey with other secrets: it is not taken for a wrong PIN."""
    passkeys = authenticator(page, prf=True)
    add_passkey(page)
    expect(page.get_by_text("今后也可以用通行密钥解锁。")).to_be_visible()
    assert len(passkeys()) == 1
    run(page, """const list = await vault.wraps();
        await vault.keep(list.map((one) => one.kind === "passkey" ? {...one, salt: btoa("x".repeat(32))} : one));
        await door.lock();""")
    is_locked(page).get_by_role("button", name="用通行密钥解锁").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert run(page, "return (await storage.meta.get('tries')) ?? null") is None


def test_passkey_is_not_offered_where_the_phone_has_none(page: Page) -> None:
    page.evaluate("async () => (await import('/static/js/kernel/router.js')).navigate('/app/me/lock')")
    expect(page.get_by_text("这台手机或浏览器在这里不支持通行密钥")).to_be_visible()
    expect(page.get_by_role("button", name="用指纹或面容解锁")).to_be_hidden()
