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
from pathlib import Path
from typing import Any

import weasyprint

from fieldsales.documents import judge, keys, papers, seal, typeset
from fieldsales.documents.drawing import code_png, signature_svg
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
