"""B12: the field app's first open: weight on the wire, time to the first screen on a slow CPU, repeat visits.

The PIN is set and given by script: its derivation counts, the person's thumb does not.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import cast
from tests.bench.rig import Served, fieldsales_and_floor
from tests.browser.inside import always_open
from tests.chromium import ARGS, CHROMIUM

SLOWDOWN = 4
ROUNDS = 5
DRAWN = "() => Boolean(document.querySelector('main h1') && document.querySelector('main .card, main .empty, ol li'))"


def _context(browser: Browser, side: Served) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{side.port}", viewport={"width": 390, "height": 844})
    page = always_open(context).new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return context, page


def _until(page: Page, script: str) -> None:
    while not page.evaluate(script):
        time.sleep(0.02)


def _open(browser: Browser, program: Served) -> tuple[float, float, dict[str, int], int]:
    """(first open ms, repeat ms, bytes by kind, requests of the repeat visit to the server for the app's files)."""
    context, page = _context(browser, program)
    try:
        answer = context.request.post("/login", form={"login": "rep", "password": cast.PASSWORD})
        assert answer.ok
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        kinds: dict[str, str] = {}
        weights: dict[str, int] = {}
        session.on("Network.responseReceived", lambda e: kinds.__setitem__(e["requestId"], e["type"]))
        session.on("Network.loadingFinished", lambda e: weights.__setitem__(
            kinds.get(e["requestId"], "other"), weights.get(kinds.get(e["requestId"], "other"), 0)
            + int(e["encodedDataLength"])))
        began = time.perf_counter()
        page.goto("/app")
        _until(page, DRAWN)
        first = (time.perf_counter() - began) * 1000
        found = dict(weights)
        _until(page, "() => Boolean(navigator.serviceWorker.controller)")
        asked: list[str] = []
        context.on("request", lambda request: None if request.service_worker else asked.append(request.url))
        served = []
        context.on("response", lambda answer: None if answer.from_service_worker else served.append(answer.url))
        began = time.perf_counter()
        page.reload()
        _until(page, DRAWN)
        repeat = (time.perf_counter() - began) * 1000
        files = [url for url in served if "/static/" in url or url.endswith("/app")]
        return first, repeat, found, len(files)
    finally:
        context.close()


def _bare(browser: Browser, floor: Served) -> float:
    context, page = _context(browser, floor)
    try:
        began = time.perf_counter()
        page.goto("/page")
        _until(page, "() => Boolean(document.querySelector('main h1'))")
        return (time.perf_counter() - began) * 1000
    finally:
        context.close()


def bench_b12() -> dict[str, Any]:
    """Open the app cold and again; the floor is a page of plain HTML in the same browser."""
    with fieldsales_and_floor("tests.bench.floor_push:app") as (program, floor), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        _open(browser, program)
        opened = []
        bare = []
        for _ in range(ROUNDS):
            opened.append(_open(browser, program))
            bare.append(_bare(browser, floor))
        browser.close()
    first, floor_ms = statistics.median(one[0] for one in opened), statistics.median(bare)
    weights = opened[-1][2]
    return {
        "what": f"first open of the field app at {SLOWDOWN} × CPU slowdown", "figure_ms": round(first, 1),
        "floor_ms": round(floor_ms, 1), "ratio": round(first / floor_ms, 2),
        "aim": "≤ 1500 ms, ≤ 90 kB with CSS, JavaScript ≤ 40 kB, repeat visit without network",
        "repeat_ms": round(statistics.median(one[1] for one in opened), 1), "bytes": weights,
        "bytes_total": sum(weights.values()), "repeat_files_from_network": opened[-1][3],
    }
