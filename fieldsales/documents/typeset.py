"""A paper as PDF/A-3a and PDF/UA-1, by WeasyPrint. Imported in the press's own process only: it is slow to load.

The same paper gives the same bytes. Nothing is fetched but our own faces, the signature and the code;
any warning of the engine fails the paper rather than printing something else than was meant.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
import weasyprint
from fontTools.ttLib import TTCollection, TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from fieldsales.documents.brought import WHOLE, checked
from fieldsales.documents.drawing import code_png, signature_svg
from fieldsales.documents.papers import Paper
from fieldsales.documents.signs import refuse
from fieldsales.documents.slimming import slim
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.places import data_dir

FONTS = Path(__file__).parent / "fonts"
FALLBACK_FAMILY = "Noto Serif CJK SC"
_MIMES = {".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
_UA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    b'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
    b"</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class PressFault(Exception):
    """The engine warned: the page would not be what was meant."""


class _Closed(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Fetches our own faces and what this paper brings along, by name; nothing else on earth."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset's bytes, or ValueError."""
        name = url.removeprefix("asset:")
        if url == name or name not in self._assets:
            raise ValueError("only the paper's own assets may be fetched")
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": _MIMES[Path(name).suffix]})


class _Ears(logging.Handler):
    """Keeps what the engine warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.heard.append(record.getMessage())


@cache
def _faces() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FONTS.glob("*.ttf"))}


@cache
def _dressing() -> tuple[FontConfiguration, weasyprint.CSS, Any]:
    """Parsed once a process: faces, style sheet, template."""
    folder = data_dir("templates") / "documents"
    faces = FontConfiguration()
    style = weasyprint.CSS(
        string=(folder / "paper.css").read_text(encoding="utf-8"), font_config=faces, url_fetcher=_Closed(_faces()),
        base_url="asset:paper.css",
    )  # fmt: skip
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    return faces, style, environment.get_template("paper.html")


@cache
def _bundled_signs() -> frozenset[int]:
    with TTFont(FONTS / "FieldsalesSong.ttf", lazy=True) as face:
        return frozenset(face.getBestCmap())


@cache
def _fallback_signs() -> frozenset[int]:
    """The signs of the whole face, where the system has it: rare names need it, nothing else does."""
    command = ["fc-match", "-f", "%{family}\t%{file}", FALLBACK_FAMILY]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    family, _, path = found.partition("\t")
    if FALLBACK_FAMILY not in family.split(","):
        return frozenset()
    if path.endswith(".ttc"):
        with TTCollection(path, lazy=True) as faces:
            return frozenset(faces.fonts[0].getBestCmap())
    with TTFont(path, lazy=True) as face:
        return frozenset(face.getBestCmap())


def check_glyphs(text: str) -> None:
    """Refuse a sign that no face has, naming it: never a box on a signed page. Raises Invalid."""
    rare = {ord(sign) for sign in text} - _bundled_signs() - {0x0A}
    if rare:
        refuse(rare - _fallback_signs())


def page_html(paper: Paper) -> str:
    """The page's HTML: everything from outside is text."""
    _, _, template = _dressing()
    language = "en" if paper.lang == "en" else "zh-CN"
    text = [block for block in paper.blocks if block.kind != "sign"]
    # The last clause stays with the signature: nobody signs a page without text.
    last = max((index for index, block in enumerate(text) if block.kind == "clause"), default=len(text))
    if paper.body:
        # Between the head and the debt as the core states it: read again, for it was laid down long before.
        checked(paper.body)
        last = next((index for index, block in enumerate(text) if block.kind == "debt"), len(text))
    sign = [block for block in paper.blocks if block.kind == "sign"]
    edge = re.split(r"\{pages?\}", paper.labels["page"])
    above, _, below = paper.body.partition(WHOLE)
    return str(template.render(paper=paper, lang=language, text=text[:last], end=text[last:], body=(above, below),
                               sign=sign, edge=edge))


def warm() -> None:
    """Load faces, style sheet, template and the face's signs before the first paper is asked for."""
    _dressing()
    _bundled_signs()


def _finish(_document: Any, pdf: pydyf.PDF) -> None:
    """PDF/UA's mark in the metadata, the title in the title bar, streams packed once at level 6."""
    slim(pdf)
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    for entry in pdf.objects:
        if not isinstance(entry, pydyf.Stream):
            continue
        extra = entry.extra
        if extra.get("Type") == "/Metadata":
            entry.stream = [bytes(entry.stream[0]).replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>")]
        elif not entry.compress and "Filter" not in extra:
            packed = zlib.compress(b"\n".join(_as_bytes(part) for part in entry.stream), 6)
            entry.stream = [packed]
            extra["Filter"] = "/FlateDecode"


def _as_bytes(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    return part.data if hasattr(part, "data") else str(part).encode()


def _rendered(paper: Paper) -> weasyprint.Document:
    """The paper laid out. Raises Invalid for signs no face has, PressFault when the engine warns."""
    faces, style, _ = _dressing()
    html = page_html(paper)
    check_glyphs(html)
    assets = {"code.png": code_png(paper.address)}
    if paper.strokes:
        assets["signature.svg"] = signature_svg(paper.strokes)
    if paper.logo:
        assets["logo.jpg"] = base64.b64decode(paper.logo)
    source = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=_Closed(assets))
    return source.render(stylesheets=[style], font_config=faces)


@contextmanager
def _heeding() -> Iterator[None]:
    """Whatever the engine warns of meanwhile fails the paper."""
    ears, log = _Ears(), logging.getLogger("weasyprint")
    log.addHandler(ears)
    try:
        yield
    except FatalURLFetchingError as error:  # a BaseException: uncaught, it would end the press
        raise PressFault(str(error)) from error
    finally:
        log.removeHandler(ears)
    if ears.heard:
        raise PressFault("; ".join(ears.heard[:5]))


def typeset(paper: Paper) -> bytes:
    """The unsealed PDF. Raises Invalid for signs no face has, PressFault when the engine warns."""
    made_at = datetime.fromisoformat(paper.made_at)
    attached = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(entry.content), name=entry.name, description=entry.description,
            created=made_at, modified=made_at, relationship="Data", url_fetcher=_Closed({}),
        )
        for entry in sorted(paper.files, key=lambda one: one.name)  # a name tree is searched by halves
    ]  # fmt: skip
    with _heeding():
        pdf = _rendered(paper).write_pdf(
            finisher=_finish, pdf_variant="pdf/a-3a", pdf_identifier=paper.short_hash.encode(),
            uncompressed_pdf=True, attachments=attached,
        )  # fmt: skip
    return bytes(pdf)


def typeset_sheets(html: str) -> bytes:
    """Working sheets of the office (addresses, a posting list) as one file to print. Raises Invalid for signs no face
    has, and where the style asks for anything from outside."""
    faces = _dressing()[0]
    check_glyphs(html)
    try:
        with _heeding():
            source = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=_Closed({}))
            pdf = source.render(stylesheets=[_sheet_style()], font_config=faces).write_pdf(finisher=_finish,
                                                                                           uncompressed_pdf=True)
    except (PressFault, ValueError) as error:
        raise Invalid("documents.sheet_bad", N_("The sheet cannot be printed: %(why)s"),
                      why=str(error)[:200]) from error
    return bytes(pdf)


@cache
def _sheet_style() -> weasyprint.CSS:
    """The faces and bare paper: everything else is the sheet's own style."""
    folder = data_dir("templates") / "documents"
    return weasyprint.CSS(string=(folder / "sheet.css").read_text(encoding="utf-8"), font_config=_dressing()[0],
                          url_fetcher=_Closed(_faces()), base_url="asset:sheet.css")


def typeset_pack(papers: Sequence[Paper]) -> bytes:
    """Several papers as one file to print, PDF/A-3a, each with its own page numbers. Not sealed, kept as one."""
    with _heeding():
        rendered = [_rendered(paper) for paper in papers]
        pages = [page for document in rendered for page in document.pages]
        pdf = rendered[0].copy(pages).write_pdf(
            finisher=_finish, pdf_variant="pdf/a-3a", pdf_identifier=papers[0].short_hash.encode(),
            uncompressed_pdf=True,
        )  # fmt: skip
    return bytes(pdf)
