"""A plugin on the phone that fails in every way: only its own screen suffers, and nothing that was typed is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PageError

from fieldsales.collection.models import Action
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.sync.service import let_methods_follow
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.cast import HARBOUR

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[1] / "plugins" / "examples" / "parcel"
EVIL = '''
from fieldsales.plugin_api import CollectionMethod, Decision, Field, hookimpl, words

@hookimpl
def collection_methods():
    return [CollectionMethod("{name}", words("{name}", "{name}"), lambda f, c: Decision(words("好", "Fine"), "done"),
                             fields=(Field("note", "text", words("备注", "Note")),), screen="{name}.js")]
'''
ASKS = "return html`<${Ask} name=\"note\" /><button id=\"go\" onClick=${() => go()}>go</button>`;"
SCREENS = {
    "raises": 'throw new Error("at import");',
    "draws": "export default ({ html, Ask, values }) => { if (values.note === 'ab') throw new Error('at draw'); "
             'return html`<${Ask} name="note" />`; };',
    "answers": "export default ({ html, Ask, save }) => { const go = () => save(42); " + ASKS + " };",
    "loops": "export default ({ html, Ask }) => { const go = () => { for (;;); }; " + ASKS + " };",
}
#: what a broken or a newer server might send
GARBAGE: dict[str, Any] = {
    "id": "method.ghost", "version": 3, "method": "ghost", "roles": ["rep"], "hint": 7, "screen": "https://evil.example/x.js",
    "labels": {"zh": "<script>alert(1)</script>幽灵"},
    "fields": [
        {"name": "many", "type": "choice", "labels": {"zh": "很多"},
         "choices": [{"value": f"c{n}", "labels": {"zh": f"第{n}"}} for n in range(10_000)]},
        {"name": "newer", "type": "hologram", "labels": {"zh": "全息"}},
        {"name": "one", "type": "bool", "labels": {"zh": "甲"}, "when": {"field": "two", "in": [False]}},
        {"name": "two", "type": "bool", "labels": {"zh": "乙"}, "when": {"field": "one", "in": [False]}},
        {"name": "note", "type": "text", "labels": None, "when": {"field": 5}}, {"name": "note"}, None, 5, "x",
    ],
}  # fmt: skip


@pytest.fixture
def change(serve: Server, tmp_path: Path) -> Callable[..., None]:
    """Which plugins the server has from now on; ``version`` of the parcel's form."""
    folder = tmp_path / "brought"

    def become(*names: str, version: int = 1) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for name in names:
            home = folder / name
            if name == "parcel":
                shutil.copytree(EXAMPLE, home)
                source = (home / "__init__.py").read_text("utf-8")
                (home / "__init__.py").write_text(source.replace("check=check,", f"check=check, version={version},"))
                continue
            (home / "static").mkdir(parents=True)
            (home / "__init__.py").write_text(EVIL.format(name=name), "utf-8")
            (home / "static" / f"{name}.js").write_text(SCREENS.get(name, ""), "utf-8")
        folder.mkdir(exist_ok=True)
        program = serve.app.extensions["fieldsales"]
        program.plugins.become(Plugins.load(own=folder, with_installed=False))

    become("parcel", *SCREENS)
    return become


def _go(page: Page, method: str) -> None:
    path = f"/app/customers/{HARBOUR}/method/{method}"
    run(page, "(await import('/static/js/kernel/router.js')).navigate(arg)", path)


def _pulled(page: Page, what: str) -> None:
    run(page, "await sync.syncNow()")
    until(page, f"const forms = docs.docs.all('form').value; return {what}")


def _kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(page, """return outbox.queue.value.map(({state, code, text, payload}) =>
        ({state, code, text, fields: payload.fields, version: payload.form_version}))""")
    return found


def _own_screen_offline(page: Page) -> None:
    _go(page, "parcel")
    expect(page.get_by_text("包裹送给")).to_be_visible()
    page.get_by_role("button", name="交到了").click()
    page.get_by_label("几点").fill("14:30")
    page.get_by_label("等了多久（分钟）").fill("20")
    page.get_by_role("button", name="更多").click()
    page.get_by_label("货品").fill("水泥")
    page.get_by_role("switch", name="有破损").click()
    page.get_by_role("button", name="受潮").click()
    page.get_by_role("switch", name="有破损").click()  # not damaged after all: how is no longer asked
    page.get_by_role("button", name="交货完成").click()
    page.wait_for_url(f"**/customers/{HARBOUR}")
    assert _kept(page)[-1]["fields"] == {
        "result": "handed", "at": "14:30", "waited": 20, "stock": [{"item": "水泥", "faulty": False}]}


def _falls_back(page: Page, method: str, why: str) -> None:
    """The standard form is there, with what was typed, and says why; it saves."""
    expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_text("已填写的内容都在")).to_be_visible()
    note = page.get_by_label("备注")
    note.fill(note.input_value() + "c")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**/customers/{HARBOUR}")


def test_plugins_screen_works_offline_and_what_fails_in_it_costs_only_itself(
    serve: Server, change: Callable[..., None], page: Page, phone: BrowserContext
) -> None:
    _pulled(page, "forms.some((one) => one.screen?.endsWith('/parcel.js'))")
    phone.set_offline(True)
    _own_screen_offline(page)
    _go(page, "raises")
    _falls_back(page, "raises", "专用页面打不开")
    _go(page, "draws")
    page.get_by_label("备注").press_sequentially("ab")
    _falls_back(page, "draws", "显示时出错")
    _go(page, "answers")
    page.get_by_label("备注").fill("z")
    page.locator("#go").click()
    _falls_back(page, "answers", "给出的内容无法读取")
    assert [one["fields"] for one in _kept(page)[1:]] == [{"note": "c"}, {"note": "abc"}, {"note": "zc"}]
    phone.set_offline(False)
    _plugin_taken_out_and_brought_back(page, phone, serve, change)
    _garbage_from_the_server(page)
    _stuck(page, phone)


def _plugin_taken_out_and_brought_back(
    page: Page, phone: BrowserContext, serve: Server, change: Callable[..., None]
) -> None:
    until(page, "return outbox.queue.value.length === 0")
    phone.set_offline(True)
    _go(page, "parcel")
    page.get_by_role("button", name="没人在").click()
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    change("loops")  # meanwhile the office takes the parcels out …
    page.get_by_role("button", name="交货完成").click()
    page.wait_for_url(f"**/customers/{HARBOUR}")
    _go(page, "parcel")  # … and a second one is begun on a form of which there is a newer one when it is saved
    page.get_by_role("button", name="交到了").click()
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    phone.set_offline(False)
    run(page, "await sync.syncNow()")
    until(page, "return outbox.queue.value[0]?.state === 'held'")
    assert "暂时" in _kept(page)[0]["text"]
    expect(page.get_by_text("这种方式暂时不可用")).to_be_visible()
    change("parcel", "loops", version=2)
    followed = let_methods_follow(serve.app.extensions["fieldsales"].dispatcher)
    assert [answer.status for answer in followed] == ["applied"]
    _pulled(page, "forms.some((one) => one.method === 'parcel' && one.version === 2)")
    until(page, "return outbox.queue.value.length === 0")
    expect(page.get_by_text("表单有了新版本")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**/customers/{HARBOUR}")
    until(page, "return outbox.queue.value.length === 0")
    with serve.store.reading() as connection:
        rows = connection.execute(table_of(Action).select().where(table_of(Action).c.method == "parcel")).all()
    assert sorted((row.fields["result"], row.form_version) for row in rows) == [
        ("away", 1), ("handed", 1), ("handed", 1)]


def _garbage_from_the_server(page: Page) -> None:
    def more(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["forms"].append(GARBAGE)
        route.fulfill(response=answer, body=json.dumps(body))

    page.route("**/api/v1/forms", more)
    run(page, "await storage.meta.put('forms', 'none')")
    _pulled(page, "forms.some((one) => one.method === 'ghost')")
    _go(page, "ghost")
    expect(page.get_by_role("heading", name="<script>alert(1)</script>幽灵")).to_be_visible()
    expect(page.get_by_text("1 个问题比本机的程序新")).to_be_visible()
    expect(page.locator("main select option")).to_have_count(10_001)
    page.locator("main select").select_option("c9999")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**/customers/{HARBOUR}")
    until(page, "return outbox.queue.value[0]?.state === 'held'")
    assert _kept(page)[0]["fields"] == {"many": "c9999"}


def _stuck(page: Page, phone: BrowserContext) -> None:
    """A loop cannot be stopped from inside and ends with the page; the next start does not enter again by itself."""
    _go(page, "loops")
    page.get_by_label("备注").fill("留着")
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    with suppress(PageError):  # as a phone ends an app that does not answer: at once, and without a last word
        page.goto("chrome://crash")
    page.close()
    again = phone.new_page()
    again.goto(f"/app/customers/{HARBOUR}/method/loops")
    ready(again)
    expect(again.get_by_text("上次没有响应")).to_be_visible()
    expect(again.get_by_label("备注")).to_have_value("留着")
