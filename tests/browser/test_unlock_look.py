"""The lock's screens shut nobody out: axe, 360 px at 200 % text, targets for a thumb, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import run, until
from tests.browser.test_screens import say, violations
from tests.browser.unlocking import CHOOSE, choose_pin, is_locked, log_in

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll("main a, main button, main .in-box, main label.tick")]
  .map((one) => [one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 47.5 || box.width < 24)).map(([text, box]) => text + box.height)"""


def shown_by(page: Page) -> Iterator[str]:
    """Each of the lock's screens in turn, by its name."""
    run(page, "await drafts.drafts.put('visit/1', {said: 'half'})")
    page.evaluate("async () => (await import('/static/js/kernel/router.js')).navigate('/app/me/lock')")
    expect(page.get_by_role("button", name="修改 PIN 码")).to_be_visible()
    yield "settings"
    page.get_by_role("button", name="修改 PIN 码").click()
    expect(page.locator("#pin")).to_be_visible()
    yield "change"
    run(page, "await door.lock()")
    is_locked(page)
    yield "locked"
    page.get_by_role("button", name="忘记 PIN 码").click()
    expect(page.get_by_text("重新开始会从本机永久删除。")).to_be_visible()
    yield "forgotten"


@pytest.fixture
def fresh(chromium: Browser, serve: Server) -> Iterator[Callable[..., Page]]:
    """A phone before its first PIN: ``fresh(color_scheme="dark")``."""
    opened = []

    def make(**options: Any) -> Page:
        context = chromium.new_context(**{
            "base_url": serve.url, "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True,
            "locale": "zh-CN", **options})
        context.set_default_timeout(15_000)
        opened.append(context)
        page = log_in(context.new_page(), "rep")
        expect(page.get_by_role("heading", name=CHOOSE)).to_be_visible()
        return page

    yield make
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.soak), "dark"])
def test_lock_screens_axe_finds_nothing_and_a_thumb_hits_everything(fresh: Callable[..., Page], scheme: str) -> None:
    page = fresh(color_scheme=scheme)
    found = {"setup": violations(page) + page.evaluate(SMALL)}
    choose_pin(page)
    found |= {name: violations(page) + page.evaluate(SMALL) for name in shown_by(page)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert set(found) == {"setup", "settings", "change", "locked", "forgotten"}


def test_lock_screens_nothing_runs_off_the_side_at_twice_the_text(fresh: Callable[..., Page]) -> None:
    page = fresh()
    large = "() => { document.documentElement.style.fontSize = '200%'; return document.documentElement.scrollWidth; }"
    wide = {"setup": page.evaluate(large)}
    page.evaluate("() => (document.documentElement.style.fontSize = '')")
    choose_pin(page)
    wide |= {name: page.evaluate(large) for name in shown_by(page)}
    say(page, "en")
    until(page, "return document.querySelector('main h1').textContent === 'PIN forgotten'")
    wide["english"] = page.evaluate(large)
    assert {name: width for name, width in wide.items() if width > 360} == {}
