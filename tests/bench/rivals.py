"""The same commitment by other engines, where installed: ``pip install typst reportlab``."""

from __future__ import annotations

import importlib.util
import io
import tempfile
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from fieldsales.documents.papers import Paper
from fieldsales.documents.shown import Shown

FONTS = Path(__file__).parents[2] / "fieldsales" / "documents" / "fonts"


def has(name: str) -> bool:
    """Whether the engine is installed."""
    return importlib.util.find_spec(name) is not None


def _typst_block(block: Shown) -> str:
    def text(words: str) -> str:
        return '#"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'

    if block.kind == "title":
        return f"#align(center, text(19pt, {text(block.text)[1:]}))"
    if block.kind == "clause":
        return f"== {text(block.text)}"
    if block.kind == "rows":
        cells = ", ".join(f"[{text(cell)}]" for row in (block.heads, *block.rows) for cell in row)
        return f"#table(columns: {len(block.heads)}, {cells})"
    return text(block.text)


def typst(paper: Paper) -> Callable[[], bytes]:
    """The paper as PDF/A-3b by typst (it makes no 3a); its font is ours."""
    engine: Any = import_module("typst")

    head = '#set page(paper: "a4", margin: 24mm, numbering: "1")\n#set text(font: "Fieldsales Song", size: 10.5pt)\n'
    source = head + "\n\n".join(_typst_block(block) for block in paper.blocks)
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "paper.typ"
    path.write_text(source, encoding="utf-8")
    counter = count(1)
    compiler = engine.Compiler(str(path), font_paths=[str(FONTS)])

    def draw() -> bytes:
        assert folder  # the folder lives as long as this function
        # typst remembers what it laid out: a paper of its own each time, as ours is
        n = next(counter)
        own = source.replace(paper.number, f"{paper.number}-{n}").replace("乙方", f"乙方{n}")
        path.write_text(own, encoding="utf-8")
        return bytes(compiler.compile(format="pdf", pdf_standards=["a-3b"]))

    return draw


def reportlab(paper: Paper) -> Callable[[], bytes]:
    """The paper by reportlab: untagged, no PDF/A."""

    styles: Any = import_module("reportlab.lib.styles")
    pdfmetrics: Any = import_module("reportlab.pdfbase.pdfmetrics")
    fonts: Any = import_module("reportlab.pdfbase.ttfonts")
    pages: Any = import_module("reportlab.lib.pagesizes")
    flowing: Any = import_module("reportlab.platypus")
    pdfmetrics.registerFont(fonts.TTFont("Song", str(FONTS / "FieldsalesSong.ttf")))
    body = styles.ParagraphStyle("body", fontName="Song", fontSize=10.5, leading=16, wordWrap="CJK")

    def flow(block: Shown) -> Any:
        if block.kind != "rows":
            return flowing.Paragraph(escape(block.text), body)
        rows = [[flowing.Paragraph(escape(cell), body) for cell in row] for row in (block.heads, *block.rows)]
        return flowing.Table(rows, repeatRows=1)

    def draw() -> bytes:
        target = io.BytesIO()
        flowing.SimpleDocTemplate(target, pagesize=pages.A4).build([flow(block) for block in paper.blocks])
        return target.getvalue()

    return draw
