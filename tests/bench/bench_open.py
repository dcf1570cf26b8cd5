"""B12: the field app opened: weight on the wire, time to the first screen on a slow CPU, again, without a network.

The PIN is set and given by script: its derivation counts, the person's thumb does not.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Opened:
    """One phone's first open, its second, and one without any network; milliseconds and bytes on the wire."""

    first: float
    repeat: float
    offline: float
    bytes: dict[str, int]
    files_again: int
    """Files of the app that the second open asked the server for."""


def _weighed(context: BrowserContext, page: Page) -> dict[str, int]:
    """Bytes that came over the wire by kind of file, counted from now on."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    weights: dict[str, int] = {}

    def count(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "other")
        weights[kind] = weights.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))
    session.on("Network.loadingFinished", count)
    return weights


def _drawn_in(page: Page, go: Callable[[], object]) -> float:
    began = time.perf_counter()
    go()
    _until(page, DRAWN)
    return (time.perf_counter() - began) * 1000


def _open(browser: Browser, program: Served) -> Opened:
    context, page = _context(browser, program)
    try:
        answer = context.request.post("/login", form={"login": "rep", "password": cast.PASSWORD})
        assert answer.ok
        weights = _weighed(context, page)
        first = _drawn_in(page, lambda: page.goto("/app"))
        found = dict(weights)
        _until(page, "() => Boolean(navigator.serviceWorker.controller)")
        served: list[str] = []
        context.on("response", lambda answer: None if answer.from_service_worker else served.append(answer.url))
        repeat = _drawn_in(page, page.reload)
        files = [url for url in served if "/static/" in url or url.endswith("/app")]
        context.set_offline(True)
        offline = _drawn_in(page, page.reload)
        return Opened(first, repeat, offline, found, len(files))
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
    first, floor_ms = statistics.median(one.first for one in opened), statistics.median(bare)
    repeat, offline = statistics.median(one.repeat for one in opened), statistics.median(one.offline for one in opened)
    weights = opened[-1].bytes
    return {
        "what": f"first open of the field app at {SLOWDOWN} × CPU slowdown", "figure_ms": round(first, 1),
        "floor_ms": round(floor_ms, 1), "ratio": round(first / floor_ms, 2),
        "aim": "≤ 1500 ms, JavaScript ≤ 60 kB, repeat visit without network",
        "repeat_ms": round(repeat, 1), "repeat_ratio": round(repeat / floor_ms, 2),
        "offline_ms": round(offline, 1), "offline_ratio": round(offline / floor_ms, 2), "bytes": weights,
        "bytes_total": sum(weights.values()), "repeat_files_from_network": opened[-1].files_again,
    }
