"""The app itself on the phone: its weight, its start without a network, its policy, its updates."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from fieldsales.web.assets import Assets
from fieldsales.web.vendoring import differences
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.test_kernel_in_node import ROOT

Enter = Callable[..., Page]
LIMIT = 60 * 1024
STATIC = ROOT / "static"


@pytest.fixture
def kept(enter: Enter) -> Page:
    """The app, whole on the phone."""
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    return page


def test_first_load_weighs_at_most_60_kb_of_javascript() -> None:
    assets = Assets(STATIC)
    first = assets.first_load()
    weights = {name: len(asset.zipped or asset.body) for name in first if (asset := assets.get(name))}
    print(f"first load: {sum(weights.values())} bytes gzipped in {len(first)} modules")
    for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
        print(f"{weight:6} {name}")
    assert "vendor/preact.js" in weights
    assert "vendor/signature_pad.js" not in weights
    assert sum(weights.values()) <= LIMIT


def test_what_the_browser_fetches_first_is_what_was_weighed(phone: BrowserContext, enter: Enter, serve: Server) -> None:
    fetched: dict[str, int] = {}

    def note(response: Any) -> None:
        if response.url.endswith(".js") and "/static/" in response.url and not response.from_service_worker:
            fetched[response.url.partition("/static/")[2]] = int(response.headers.get("content-length", 0))

    phone.on("response", note)
    page = phone.new_page()
    page.goto("/app")
    page.wait_for_load_state("networkidle")
    assert set(Assets(STATIC).first_load()) <= set(fetched)
    # the service worker fetches the rest after the first screen stands; here only the page's own requests count
    print(f"fetched by the page: {sum(fetched.values())} bytes in {len(fetched)} modules")


def test_app_opens_cold_without_a_network_and_shows_what_it_holds(kept: Page, phone: BrowserContext) -> None:
    kept.close()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto("/app")
    until(page, "return session.user.value && docs.docs.ready.value")
    assert run(page, "return docs.docs.all('customer').value.length") == 1
    assert "海港五金商行" in run(page, "return docs.docs.all('customer').value[0].name")
    page.goto("/app/customers")
    until(page, "return session.user.value && docs.docs.ready.value")
    assert page.locator("body").inner_text().strip()


def test_a_repeat_visit_takes_the_app_from_the_phone(kept: Page, serve: Server) -> None:
    serve.seen.clear()
    kept.reload()
    ready(kept)
    asked = [path for method, path in serve.seen if path.startswith(("/static", "/app"))]
    assert asked == []


def test_worker_keeps_no_answer_of_the_api_and_nobodys_data(kept: Page) -> None:
    kept.reload()  # now every request goes past the worker
    ready(kept)
    cached = run(kept, """
        const found = [];
        for (const name of await caches.keys())
          for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
        return found;
    """)
    assert "/app" in cached
    assert [path for path in cached if path.startswith(("/api", "/documents", "/login"))] == []
    shell = run(kept, "return (await (await caches.match('/app')).text())")
    assert "海港" not in shell


def test_policy_of_the_app_holds_without_a_violation(phone: BrowserContext, enter: Enter) -> None:
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    phone.on("weberror", lambda error: said.append(str(error.error)))
    page = ready(enter("rep"))
    for path in ("/app/customers", "/app/promises", "/app/me", "/app/queue", "/app"):
        page.goto(path)
        ready(page)
    assert [one for one in said if "favicon" not in one] == []
    blocked = "() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }"
    assert page.evaluate(blocked), "Trusted Types let a string become HTML"
    policy = page.request.get("/app").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_new_version_waits_until_no_form_is_open(kept: Page, publish: Callable[[], None]) -> None:
    publish()
    load = "const worker = await import('/static/js/kernel/worker.js');"
    run(kept, load + "worker.busy(true); globalThis.stays = 1; await (await navigator.serviceWorker.ready).update();")
    until(kept, "return Boolean((await navigator.serviceWorker.ready).waiting)")
    run(kept, load + "worker.applyUpdate();")
    assert run(kept, "return globalThis.stays") == 1
    run(kept, load + "worker.busy(false); worker.applyUpdate();")
    until(kept, "return globalThis.stays === undefined && !(await navigator.serviceWorker.ready).waiting")


def test_worker_lists_files_that_exist_and_changes_its_version_with_them(app: Flask) -> None:
    client = app.test_client()
    text = client.get("/sw.js").get_data(as_text=True)
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", text)[1])  # type: ignore[index]
    assert {"/app", "/static/js/app/main.js", "/static/vendor/preact.js", "/static/css/app.css"} <= set(files)
    assert not [name for name in files if "/office/" in name]
    answers = {name: client.get(name) for name in files}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(files, 200)
    for answer in answers.values():
        answer.close()


def test_version_changes_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "one.js").write_text("export const a = 1;")
    assets = Assets(tmp_path)
    before = assets.version()
    (tmp_path / "js" / "one.js").write_text("export const a = 22;")
    assert assets.version() != before


def test_static_files_are_zipped_and_answered_304_and_stay_in_their_folder(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/static/js/app/main.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"import" in gzip.decompress(answer.data)
    again = client.get("/static/js/app/main.js", headers={
        "Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/static/js/app/main.js").headers.get("Content-Encoding") is None
    for path in ("/static/js/../../setup.cfg", "/static/js/%2e%2e/%2e%2e/setup.cfg", "/static/vendor/none.js"):
        assert client.get(path).status_code == 404


def test_vendored_files_are_as_pinned(tmp_path: Path) -> None:
    assert differences(STATIC / "vendor") == []
    for path in (STATIC / "vendor").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "htm.js").write_text("tampered")
    (tmp_path / "extra.js").write_text("")
    (tmp_path / "idle.txt").write_text("")
    assert [line.partition(" ")[0] for line in differences(tmp_path)] == ["htm.js", "extra.js"]


def test_manifest_makes_the_app_installable(kept: Page, phone: BrowserContext) -> None:
    session = phone.new_cdp_session(kept)
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # a headless browser counts as incognito; everything else must be right
    assert [one["errorId"] for one in errors if one["errorId"] != "in-incognito"] == []
