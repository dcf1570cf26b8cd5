"""B7: the commitment in Chinese, made and sealed, against bare WeasyPrint on the same HTML. CPU milliseconds.

Measured inside one process, as the press's own process works: warm, faces and style sheet parsed once on
both sides, turn about. The floor draws the same page as PDF/A-3a and nothing else: no glyph check, no
embedded record, no PDF/UA, no seal.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import weasyprint

from fieldsales.documents import judge, keys, papers, press, seal, typeset
from fieldsales.documents.drawing import code_png, signature_svg
from tests.bench import rivals
from tests.documents import make_clause_cases as made
from tests.documents import samples

ROUNDS = 25


def _cpu(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _bare(paper: papers.Paper) -> Callable[[], bytes]:
    """What anybody would write with WeasyPrint, given this HTML and style."""
    html = typeset.page_html(paper)
    faces, style, _ = typeset._dressing()
    assets = {"code.png": code_png(paper.address), "signature.svg": signature_svg(paper.strokes)}

    def draw() -> bytes:
        source = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=typeset._Closed(assets))
        return bytes(source.write_pdf(stylesheets=[style], font_config=faces, pdf_variant="pdf/a-3a"))

    return draw


def bench_b7() -> dict[str, Any]:
    """A plan of six instalments: made against bare WeasyPrint; sealing and judging beside it."""
    source = samples.signed_source(made.plan(2, 18_230_000, 6))
    paper = papers.paper_of("plan", "zh", source, "https://papers.example", True)
    bare = _bare(paper)

    def ours() -> bytes:
        return typeset.typeset(papers.paper_of("plan", "zh", source, "https://papers.example", True))

    for _ in range(3):
        ours(), bare()
    figures, floors = [], []
    for _ in range(ROUNDS):
        figures.append(_cpu(ours))
        floors.append(_cpu(bare))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key.p12"
        keys.make_development_key(path)
        signer, unsealed = seal.load_signer(path, ""), ours()
        sealed = seal.seal(unsealed, signer)
        roots = seal.roots_of(signer)
        seals = [_cpu(lambda: seal.seal(unsealed, signer)) for _ in range(ROUNDS)]
        judged = [_cpu(lambda: judge.judge(sealed, roots)) for _ in range(ROUNDS)]
    figure, floor = statistics.median(figures), statistics.median(floors)
    return {
        "what": "a commitment of three pages in Chinese (CPU)", "aim": "≤ 1.15 × bare WeasyPrint; seal ≤ 50 ms",
        "figure_ms": round(figure, 2), "floor_ms": round(floor, 2), "ratio": round(figure / floor, 3),
        "seal_ms": round(statistics.median(seals), 2), "judge_ms": round(statistics.median(judged), 2),
        "bytes": len(sealed),
    }  # fmt: skip


def bench_b7_rivals() -> dict[str, Any]:
    """The same commitment by typst and reportlab, where they are installed: CPU and size, turn about."""
    paper = papers.paper_of("plan", "zh", samples.signed_source(made.plan(2, 18_230_000, 6)), "https://p.example", True)
    sides: dict[str, Callable[[], bytes]] = {"ours": lambda: typeset.typeset(paper), "weasyprint": _bare(paper)}
    sides |= {name: getattr(rivals, name)(paper) for name in ("typst", "reportlab") if rivals.has(name)}
    for draw in sides.values():
        draw()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, draw in sides.items():
            times[name].append(_cpu(draw))
    medians = {name: statistics.median(found) for name, found in times.items()}
    missing = [name for name in ("typst", "reportlab") if name not in sides]
    floor = medians.get("typst", medians["weasyprint"])
    return {
        "what": "the same content by other engines (CPU)", "aim": "≤ 10 × typst",
        "figure_ms": round(medians["ours"], 2), "floor_ms": round(floor, 2), "ratio": round(medians["ours"] / floor, 2),
        "all_ms": {name: round(value, 2) for name, value in medians.items()},
        "kb": {name: round(len(draw()) / 1024, 1) for name, draw in sides.items()}, "not_installed": missing,
    }  # fmt: skip


def _rss_kb() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def bench_b7_many() -> dict[str, Any]:
    """500 renders: whether memory stays flat; then one press process against two."""
    source = samples.signed_source(made.plan(2, 18_230_000, 6))
    paper = papers.paper_of("plan", "zh", source, "https://papers.example", True)
    for _ in range(50):
        typeset.typeset(paper)
    before = _rss_kb()
    for _ in range(450):
        typeset.typeset(paper)
    grown = _rss_kb() - before
    rates = {size: _rate(paper, size) for size in (1, 2)}
    return {
        "what": "500 renders; two press processes against one", "aim": "flat; 1.8 × one", "figure_ms": 1000 / rates[2],
        "floor_ms": 1000 / rates[1], "ratio": round(rates[2] / rates[1], 2), "grown_kb": grown,
    }  # fmt: skip


def _rate(paper: papers.Paper, size: int, rounds: int = 40) -> float:
    """Papers a second by a press of ``size`` processes."""
    house = press.Press(size=size)
    head, blobs = paper.to_json()
    try:
        with ThreadPoolExecutor(size) as hands:
            list(hands.map(lambda _: house.ask("make", {"paper": head}, blobs), range(size * 3)))
            began = time.perf_counter()
            list(hands.map(lambda _: house.ask("make", {"paper": head}, blobs), range(rounds)))
            return rounds / (time.perf_counter() - began)
    finally:
        house.close()
