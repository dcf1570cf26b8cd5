"""Whatever is typed, photographed or named: a clear word, nothing lost, nothing executed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_commands import answered, photo, save

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror="window.hit=1">'


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone; the customer's name is markup."""
    stock(serve)
    serve.app.extensions["fieldsales"].dispatcher.perform(
        cast.MANAGER, "customers.change_customer", {"customer_id": cast.HARBOUR, "name": f"海港{NASTY}"}
    )
    page = ready(enter("rep"))
    yield page
    assert page.evaluate("window.hit") is None


def test_markup_in_names_and_words_stays_text(page: Page) -> None:
    for path in ("/app", "/app/customers", "/app/promises", CUSTOMER, f"{CUSTOMER}/visit"):
        go(page, path)
        expect(page.get_by_text(NASTY).first).to_be_visible()
    assert page.locator("main img").count() == 0
    go(page, f"{CUSTOMER}/note")
    page.get_by_label("值得记下的情况").fill(f"{NASTY} {{amount}} ${{1}}")
    save(page, "保存")
    expect(page.get_by_text(f"{NASTY} {{amount}}").first).to_be_visible()
    assert answered(page) == [["visits.add_note", "applied"]]


def test_hidden_signs_and_other_forms_are_cleaned_before_they_are_sent(page: Page) -> None:
    """A bidi override printed 000,01 as 10,000; the server refuses it, so the phone never sends it."""
    go(page, f"{CUSTOMER}/note")
    page.get_by_label("值得记下的情况").fill("欠\u202e000,01\u200b元 e\u0301t")
    save(page, "保存")
    assert answered(page) == [["visits.add_note", "applied"]]
    sent = run(page, "return (await answers.history())[0].command.payload.text")
    assert sent == "欠000,01元 \u00e9t"


def test_file_that_is_no_photo_says_so_and_loses_nothing(page: Page) -> None:
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("textbox", name="说了什么").fill("先记下")
    camera = page.locator(".photos input").last
    camera.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"GIF89a not a picture at all"})
    expect(page.get_by_role("alert")).to_contain_text("不是能识别的照片")
    camera.set_input_files(photo())
    expect(page.locator(".photos img")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("先记下")
    save(page, "保存拜访")
    assert answered(page) == [["visits.log_visit", "applied"]]


def test_forty_megapixels_are_made_small_on_the_phone(page: Page) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8000, 5000), "#446688").save(stream, "JPEG", quality=30)
    go(page, f"{CUSTOMER}/visit")
    page.locator(".photos input").last.set_input_files(
        {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}
    )
    expect(page.locator(".photos img")).to_have_count(1, timeout=30_000)
    size = page.locator(".photos img").evaluate("(one) => [one.naturalWidth, one.naturalHeight]")
    assert size == [1600, 1000]
    save(page, "保存拜访")
    assert answered(page) == [["visits.log_visit", "applied"]]


@pytest.mark.parametrize("typed", ["abc", "12.345", "1e9", "999999999999999", "-5"])
def test_absurd_amounts_are_not_taken(page: Page, typed: str) -> None:
    go(page, f"{CUSTOMER}/receipt")
    page.get_by_label("收到金额").fill(typed)
    expect(page.get_by_text("请写金额，例如 50,000 或 5万。")).to_be_visible()
    page.get_by_role("button", name="保存并开收据").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写收到的金额")
    page.get_by_label("收到金额").fill("５，０００．５")
    page.get_by_label("付款人").focus()
    expect(page.get_by_label("收到金额")).to_have_value("5,000.50")
    assert run(page, "return outbox.queue.value.length") == 0


def test_longest_names_fit_and_are_cut_at_120(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    go(page, f"{CUSTOMER}/plan")
    page.get_by_text("保证人与合同违约金").click()
    guarantor = page.get_by_label("保证人（没有可不填）")
    guarantor.fill("超" * 121)
    assert len(guarantor.input_value()) <= 120
    assert page.evaluate("document.documentElement.scrollWidth") == 360
