"""Whatever form is open: loaded again, or locked and unlocked, everything that was filled in is there."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from fieldsales.kernel.ids import uuid7
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.cast import HARBOUR, HARBOUR_CONTACT

pytestmark = pytest.mark.browser

CUSTOMER = f"/app/customers/{HARBOUR}"
#: path → buttons to press before filling in
FORMS: dict[str, tuple[str, ...]] = {
    f"{CUSTOMER}/visit": ("其他人", "承诺付款"),
    f"{CUSTOMER}/visit?": ("口头同意但拒签",),
    f"{CUSTOMER}/visit?absent": ("负责人不在",),
    f"{CUSTOMER}/visit?set_off": ("要求退货/返利抵款",),
    f"{CUSTOMER}/note": (),
    f"{CUSTOMER}/note?kind=complaint": (),
    "/app/lead": (),
    f"{CUSTOMER}/contact/new": (),
    f"{CUSTOMER}/contact/{HARBOUR_CONTACT}": (),
    f"{CUSTOMER}/promise": (),
    f"{CUSTOMER}/dispute": (),
    f"{CUSTOMER}/paper": (),
    f"{CUSTOMER}/receipt": ("承兑汇票",),
    f"{CUSTOMER}/stamped/{uuid7()}": (),
}

#: Fill in all there is, three times over: an answer may open another question.
FILL = """async (but) => {
  const done = new Set(), drawn = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  const set = (one, value) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(one), "value").set.call(one, value);
    one.dispatchEvent(new Event(one.localName === "select" ? "change" : "input", {bubbles: true}));
    one.dispatchEvent(new Event("blur"));
  };
  const text = {tel: "13900001234", email: "boss@example.com", date: "2031-03-12"};
  for (let round = 0; round < 3; round++) {
    for (const one of [...document.querySelectorAll("main input:not([type=file]), main textarea, main select")]) {
      const name = one.id || one.name;
      if (done.has(name) || !one.isConnected || one.disabled || (but && one.matches(but))) continue;
      done.add(name);
      if (one.type === "checkbox") one.click();
      else if (one.localName === "select") set(one, [...one.options].at(-1).value);
      else set(one, text[one.type] ?? (one.inputMode === "decimal" ? (one.maxLength < 10 ? "0.05" : "123.45")
        : one.inputMode === "numeric" ? "7" : "填写 " + done.size + "：林老板说月底"));
      await drawn();
    }
    for (const group of document.querySelectorAll("main [role=group]")) {
      const label = group.getAttribute("aria-labelledby") ?? group.getAttribute("aria-label");
      const chips = [...group.querySelectorAll("[aria-pressed]")];
      if (!chips.length || done.has(label) || chips.some((chip) => chip.ariaPressed === "true")) continue;
      done.add(label);
      chips.at(-1).click();
      await drawn();
    }
  }
  return done.size;
}"""

#: Everything that can be seen of what was filled in.
SEEN = """() => {
  const label = (one) => document.querySelector(`label[for="${one.id}"]`)?.textContent ?? one.ariaLabel ?? "";
  const fields = [...document.querySelectorAll("main input:not([type=file]), main textarea, main select")]
    .map((one) => [label(one), one.type === "checkbox" ? one.checked : one.value]);
  const pressed = [...document.querySelectorAll("main [aria-pressed], main [aria-checked]")]
    .map((one) => [one.textContent.trim(), one.ariaPressed ?? one.ariaChecked]);
  const outputs = [...document.querySelectorAll("main output, main .lines dd")].map((one) => one.textContent);
  const photos = [...document.querySelectorAll("main figure img")].map((one) => one.naturalWidth);
  return {title: document.querySelector("main h1").textContent, fields, pressed, outputs, photos};
}"""


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Page:
    """The rep's phone with a customer worth visiting on it."""
    stock(serve)
    return ready(enter("rep"))


def photo() -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (240, 180), "teal").save(file, "JPEG")
    return {"name": "seal.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def stands(page: Page) -> None:
    """Wait until the form stands and its photos are drawn."""
    expect(page.locator("main h1").first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    until(page, """return [...document.querySelectorAll('main figure')]
        .every((one) => one.querySelector('img')?.naturalWidth)""")


def go(page: Page, path: str) -> None:
    page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", path)
    stands(page)


def written(page: Page) -> None:
    """Wait until no draft is being written."""
    until(page, "return (await import('/static/js/parts/draft.js')).allSettled() === null")


def fill(page: Page, *presses: str, but: str = "") -> Any:
    """Fill in all there is (``but`` what a selector names). Returns what is seen then."""
    for name in presses:
        page.locator("main").get_by_role("button", name=name, exact=True).click()
    count = page.evaluate(FILL, but)
    if page.locator("main input[type=file]").count():
        page.locator("main input[type=file]").first.set_input_files([photo()])
        # that input's own place: another's photo may stand there from an earlier form of this visit
        expect(page.locator("main .photos").first.locator("figure img").first).to_be_visible()
        count += 1
    assert count or but
    stands(page)
    written(page)
    seen = page.evaluate(SEEN)
    assert any(value for _, value in seen["fields"]) or seen["photos"] or but
    return seen


def loaded_again(page: Page) -> Any:
    page.reload()
    until(page, "return session.user.value && docs.docs.ready.value", 20)
    stands(page)
    return page.evaluate(SEEN)


def locked_between(page: Page) -> Any:
    run(page, "await door.lock()")  # the fixture's phone unlocks itself
    until(page, "return session.user.value && docs.docs.ready.value", 20)
    stands(page)
    return page.evaluate(SEEN)


def test_every_form_is_whole_after_a_reload_and_after_the_lock(page: Page) -> None:
    lost = {}
    for path, presses in FORMS.items():
        go(page, path)
        seen = fill(page, *presses)
        for how in (loaded_again, locked_between):
            again = how(page)
            end = time.monotonic() + 8  # parts of a form come in by themselves
            while again != seen and time.monotonic() < end:
                page.wait_for_timeout(100)
                again = page.evaluate(SEEN)
            if again != seen:
                lost[path, how.__name__] = [(key, seen[key], again[key]) for key in seen if seen[key] != again[key]]
    assert lost == {}


def test_every_form_of_a_plugin_is_whole_after_a_reload(page: Page) -> None:
    methods = sorted({one["method"] for one in run(page, "return docs.docs.all('form').value")})
    assert len(methods) >= 3
    for method in methods:
        go(page, f"{CUSTOMER}/method/{method}")
        seen = fill(page)
        assert loaded_again(page) == seen, method
    assert locked_between(page) == seen


@pytest.mark.parametrize("paper", ["plan", "statement"])
def test_every_step_of_a_signing_is_whole_after_a_reload(page: Page, paper: str) -> None:
    go(page, f"{CUSTOMER}/{paper}")
    for step in range(4):
        if step == 1 and paper == "statement":
            page.get_by_role("button", name="加一项差异").click()
        # another side would leave no invoice, and instalments that do not add up do not go on
        seen = page.evaluate(SEEN) if step == 3 else fill(page, but="select, .inst input, [type=checkbox]")
        if step == 1 and paper == "plan":
            page.get_by_label("第 1 期金额").fill("20")
            page.get_by_role("button", name="差额放进最后一期").click()
            written(page)
            seen = page.evaluate(SEEN)
        again = loaded_again(page)
        assert again == seen, step
        if step < 3:
            next_one = page.get_by_role("button", name="下一步")
            expect(next_one).not_to_have_attribute("aria-disabled", "true")
            next_one.click()
            stands(page)
    expect(page.locator("article.paper")).to_contain_text("填写")
    assert locked_between(page)["title"] == seen["title"]


def test_what_stands_after_a_receipt_stays_through_a_reload_and_the_lock_until_it_is_left(page: Page) -> None:
    go(page, f"{CUSTOMER}/receipt")
    page.get_by_label("收到金额").fill("500")
    page.get_by_role("button", name="保存并开收据").click()
    expect(page.get_by_role("link", name="回到客户")).to_be_visible()
    text = page.locator("article.paper").inner_text()
    for again in (loaded_again, locked_between):
        again(page)
        assert page.locator("article.paper").inner_text() == text
    page.get_by_role("link", name="回到客户").click()
    go(page, f"{CUSTOMER}/receipt")
    expect(page.get_by_label("收到金额")).to_have_value("")
    assert run(page, "return await drafts.drafts.keys()") == []


def test_reason_for_skipping_and_an_address_typed_are_kept(page: Page) -> None:
    typed = run(page, """
        const {html, render} = await import("/static/js/kernel/ui.js");
        const {useKeptText} = await import("/static/js/parts/draft.js");
        const at = document.createElement("div");
        let write;
        const One = () => {
          const [text, setText] = useKeptText("skip/x", "first");
          write = setText;
          return html`<p>${text}</p>`;
        };
        render(html`<${One} />`, at);
        write("a"); write("ab"); write("abc");
        await (await import("/static/js/parts/draft.js")).allSettled();
        const other = document.createElement("div");
        render(html`<${One} />`, other);
        for (let n = 0; n < 50 && other.textContent !== "abc"; n++) await new Promise((go) => setTimeout(go, 20));
        return other.textContent;
    """)
    assert typed == "abc"


def test_photo_of_a_person_typed_but_not_added_is_saved_with_the_visit(page: Page) -> None:
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("button", name="其他人").click()
    page.get_by_label("姓名").fill("陈会计")
    page.get_by_role("button", name="保存拜访").click()
    page.wait_for_url("**" + CUSTOMER)
    payloads = run(page, """return [...outbox.rows.value.map((row) => row.command),
        ...(await answers.history()).map((one) => one.command)].map((one) => one.payload)""")
    assert any([one["name"] for one in payload.get("persons", [])] == ["陈会计"] for payload in payloads)
