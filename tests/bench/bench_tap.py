"""B7_TAP: from the rep's tap on "confirm and sign" to the sealed PDF on the phone, in a real Chromium, the house idle.

A real ``up`` (web process and worker), a phone's screen, and every step a rep's tap sets off: saved on the phone, sent,
put on record, typeset, sealed, judged, its news pulled, the PDF fetched. The floor is the PDF alone, by a warm press.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from fieldsales.documents import papers, press
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import always_open, ready
from tests.browser.stock import stock
from tests.browser.test_journey import sign
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_signing import at_the_line
from tests.chromium import ARGS, CHROMIUM
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.faults.server import House

ROUNDS = 14
#: Taps, and waits in the page itself until the sealed paper's bytes are there: no polling from outside.
TAP = """async () => {
  const docs = await import('/static/js/kernel/docs.js');
  const { fileOf, pdfOf } = await import('/static/js/documents/files.js');
  const known = new Set(docs.docs.all('customer').value.flatMap((one) => one.plans || []).map((one) => one.id));
  const fresh = () => docs.docs.all('customer').value.flatMap((one) => one.plans || [])
    .find((one) => !known.has(one.id) && !one.pending && one.document_state === 'sealed');
  const began = performance.now();
  document.querySelector('.sign .btn.fill').click();
  while (!fresh()) await new Promise((done) => setTimeout(done, 10));
  const { bytes } = await fileOf(pdfOf(fresh().document_id));
  return [performance.now() - began, bytes.byteLength ?? bytes.length];
}"""


def _signed(page: Page, context: BrowserContext) -> tuple[float, int]:
    go(page, CUSTOMER)
    at_the_line(page)
    sign(page, context)
    page.wait_for_timeout(700)  # the server idle
    spent, size = page.evaluate(TAP)
    return float(spent), int(size)


def _floor() -> float:
    source = samples.signed_source(made.plan(2, 18_230_000, 3))
    paper = papers.paper_of("plan", "zh", source, "https://papers.example", True)
    head, blobs = paper.to_json()
    house = press.Press()
    try:
        times = []
        for _ in range(12):
            began = time.perf_counter()
            house.ask("make", {"paper": head}, blobs)
            times.append((time.perf_counter() - began) * 1000)
        return statistics.median(times[3:])
    finally:
        house.close()


def bench_b7_tap() -> dict[str, Any]:
    """Plans signed one after another on one phone; the first paper after a start is told apart."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder) / "home")
        house.furnish()
        with house.program() as program:
            stock(Server(house.url, program.store, _App(program)))
        house.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            context = browser.new_context(base_url=house.url, viewport={"width": 390, "height": 844}, has_touch=True,
                                          is_mobile=True, locale="zh-CN", timezone_id="Asia/Shanghai")
            page = always_open(context).new_page()
            assert context.request.post("/login", form={"login": "rep", "password": cast.PASSWORD}).ok
            page.goto("/app")
            ready(page)
            times = [_signed(page, context)[0] for _ in range(ROUNDS + 1)]
        finally:
            browser.close()
            house.stop()
    first, rest = times[0], sorted(times[1:])
    p95 = rest[min(len(rest) - 1, int(len(rest) * 0.95))]
    floor = _floor()
    return {
        "what": "from the tap to the sealed PDF on the phone (wall)", "aim": "p95 < 1500 ms",
        "figure_ms": round(p95, 1), "floor_ms": round(floor, 1), "ratio": round(p95 / floor, 1),
        "p50_ms": round(statistics.median(rest), 1), "first_ms": round(first, 1),
    }  # fmt: skip


class _App:
    """What ``stock`` asks of an app."""

    def __init__(self, program: Any) -> None:
        self.extensions = {"fieldsales": program}
