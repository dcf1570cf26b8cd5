"""Shadow attacks, forged time stamps and whatever else can be done to a sealed file: two validators refuse them all.

The second one is what anybody has at hand: pdfsig, which must say that the last signature covers the whole
document, and openssl for the time stamps that pdfsig does not check.
"""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from fieldsales.config import Settings
from fieldsales.documents import press
from tests.documents import make_clause_cases as made
from tests.documents import samples
from tests.documents.authority import Authority
from tests.documents.test_judge import TAMPERED

Name, Number, Text = generic.pdf_name, generic.NumberObject, generic.pdf_string
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def lasting(authority: Authority, house: Settings) -> bytes:
    """A plan at B-LTA."""
    sealed = press.produce("plan", samples.signed_source(made.plan(2, 18_230_000, 6)), "zh", house).content
    stamped, _ = press.stamp(sealed, authority.url, house)
    return press.stamp(stamped, authority.url, house, lengthen=True)[0]


@pytest.fixture(scope="module")
def other(authority: Authority, house: Settings) -> bytes:
    """Another plan of the same house, stamped as well: parts of it are put into the first."""
    sealed = press.produce("plan", samples.signed_source(made.plan(3, 500_00, 2)), "zh", house).content
    return press.stamp(sealed, authority.url, house)[0]


def stock_tools_accept(content: bytes, authority: Authority, folder: Path) -> bool:
    """Every seal valid, the last signature over the whole document, every time stamp true to its bytes."""
    path = folder / "judged.pdf"
    path.write_bytes(content)
    out = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, errors="replace").stdout
    signatures = [part for part in out.split("Signature #")[1:] if "is not signed" not in part]
    seals = [part for part in signatures if "ETSI.CAdES.detached" in part]
    if len(seals) != 1 or "Signature is Valid" not in seals[0]:
        return False
    if "Not total document signed" in signatures[-1] or "Total document signed" not in signatures[-1]:
        return False
    stamps = _stamps(content)
    if len(stamps) != len(signatures) - len(seals):
        return False
    return all(_openssl_accepts(content, stamp, authority, folder) for stamp in stamps)


def _stamps(content: bytes) -> list[tuple[bytes, ...]]:
    """Contents and byte range of the time stamps, in whatever order the dictionary has them."""
    found = []
    for part in re.findall(rb"obj\s*<<(?:(?!endobj).)*?/DocTimeStamp(?:(?!endobj).)*", content, re.DOTALL):
        held = re.search(rb"/Contents <([0-9a-fA-F]+)>", part)
        covers = re.search(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)", part)
        if held and covers:
            found.append((held[1], *covers.groups()))
    return found


def _openssl_accepts(content: bytes, stamp: tuple[bytes, ...], authority: Authority, folder: Path) -> bool:
    held, _, length, again, rest = stamp
    padded, start = bytes.fromhex(held.decode()), int(again)
    (folder / "token").write_bytes(padded[: 4 + int.from_bytes(padded[2:4], "big")])  # two bytes of length, always
    (folder / "covered").write_bytes(content[: int(length)] + content[start : start + int(rest)])
    command = ["openssl", "ts", "-verify", "-data", folder / "covered", "-in", folder / "token", "-token_in", "-CAfile",
               authority.folder / "root.pem"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def updated(change: Callable[[IncrementalPdfFileWriter], None]) -> Change:
    """A change put into an update of its own, as a PDF editor does it."""
    def carry_out(content: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        change(writer)
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue()

    return carry_out


def _page(writer: IncrementalPdfFileWriter, **entries: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    for name, value in entries.items():
        page[Name(f"/{name}")] = value
    writer.update_container(page)


def _root(writer: IncrementalPdfFileWriter, **entries: Any) -> None:
    for name, value in entries.items():
        writer.root[Name(f"/{name}")] = value
    writer.update_root()


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({Name(f"/{name}"): value for name, value in entries.items()})


def _box(*numbers: int) -> generic.ArrayObject:
    return generic.ArrayObject([Number(number) for number in numbers])


def _stream(content: bytes) -> generic.StreamObject:
    return generic.StreamObject(stream_data=content)


def _another_root(writer: IncrementalPdfFileWriter) -> None:
    """Hide and replace: a second catalogue with pages of its own takes the place of the first."""
    page = _dictionary(Type=Name("/Page"), MediaBox=_box(0, 0, 595, 842), Contents=writer.add_object(_stream(b"")))
    pages = writer.add_object(_dictionary(
        Type=Name("/Pages"), Count=Number(1), Kids=generic.ArrayObject([writer.add_object(page)])))
    writer.root[Name("/Pages")] = pages
    writer.update_root()


def _another_font(writer: IncrementalPdfFileWriter) -> None:
    """Replace: the figures are drawn by another face, the text under them stays."""
    fonts = writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
    face = fonts[next(iter(fonts))]
    face[Name("/BaseFont")] = Name("/Other")
    writer.update_container(face)


def _hidden(writer: IncrementalPdfFileWriter) -> None:
    """Hide: what lay over a part of the page is switched off by a layer."""
    layer = writer.add_object(_dictionary(Type=Name("/OCG"), Name=Text("x")))
    layers = _dictionary(OCGs=generic.ArrayObject([layer]), D=_dictionary(OFF=generic.ArrayObject([layer])))
    _root(writer, OCProperties=layers)


def _last_page_gone(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].pop()
    pages[Name("/Count")] = Number(len(pages["/Kids"]))
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


def _pages_swapped(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].reverse()
    writer.update_container(pages)


def _field_over_the_page(writer: IncrementalPdfFileWriter) -> None:
    look = writer.add_object(_stream(b"0 0 1 rg 0 0 400 400 re f"))
    field = _dictionary(Type=Name("/Annot"), Subtype=Name("/Widget"), FT=Name("/Tx"), T=Text("Amount"),
                        V=Text("1"), Rect=_box(50, 50, 500, 500), AP=_dictionary(N=look))
    place = writer.add_object(field)
    writer.root["/AcroForm"]["/Fields"].append(place)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])
    _page(writer, Annots=generic.ArrayObject([place]))


def _between(content: bytes, before: bytes, new: bytes) -> bytes:
    place = content.rindex(before)
    return content[:place] + new + content[place + len(new) :]


def _by_qpdf(*options: str) -> Change:
    def carry_out(content: bytes) -> bytes:
        done = subprocess.run(["qpdf", *options, "-", "-"], input=content, capture_output=True, check=False)
        return done.stdout

    return carry_out


JAVASCRIPT = _dictionary(S=Name("/JavaScript"), JS=Text("app.alert(1)"))
SHADOWS: dict[str, Change] = {
    "hide: a layer switched off": updated(_hidden),
    "replace: another face": updated(_another_font),
    "hide and replace: another catalogue": updated(_another_root),
    "the last page taken out": updated(_last_page_gone),
    "pages in another order": updated(_pages_swapped),
    "a page turned": updated(lambda writer: _page(writer, Rotate=Number(180))),
    "a page cropped": updated(lambda writer: _page(writer, CropBox=_box(0, 0, 10, 10))),
    "a page's content emptied": updated(lambda writer: _page(writer, Contents=writer.add_object(_stream(b"")))),
    "a filled field over the page": updated(_field_over_the_page),
    "a script when it opens": updated(lambda writer: _root(writer, OpenAction=JAVASCRIPT)),
    "other metadata": updated(lambda writer: _root(writer, Metadata=writer.add_object(_stream(b"<x/>")))),
    "another language": updated(lambda writer: _root(writer, Lang=Text("xx"))),
    "the certification taken off": updated(lambda writer: _root(writer, Perms=generic.NullObject())),
    "the form taken off": updated(lambda writer: _root(writer, AcroForm=generic.NullObject())),
    "the proofs taken off": updated(lambda writer: _root(writer, DSS=generic.NullObject())),
    "written anew by qpdf": _by_qpdf("--object-streams=disable"),
    "linearised": _by_qpdf("--linearize"),
    "put behind other bytes": lambda content: b"%!PS\n" + content,
    "the whole file twice": lambda content: content + content,
    "its first revision put behind itself": lambda content: content + content[: content.index(b"%%EOF") + 6],
    "the last stamp's place cut short": lambda content: content[:-700],
    "the last reference table elsewhere": lambda content: _between(content, b"startxref\n", b"startxref\n000000"),
    "the last end written otherwise": lambda content: content[:-6] + b"%%E0F\n",
    "nothing but the head": lambda content: content[:1024],
}


def _digits(content: bytes, nth: int) -> tuple[int, int]:
    """Where the hex digits of the nth signature stand."""
    places = [match.span(1) for match in re.finditer(rb"/Contents <([0-9a-fA-F]{2000,})>", content)]
    return places[nth]


def _flipped(nth: int, at: int) -> Change:
    def carry_out(content: bytes) -> bytes:
        place = _digits(content, nth)[0] + at
        digit = b"0" if content[place : place + 1] != b"0" else b"1"
        return content[:place] + digit + content[place + 1 :]

    return carry_out


STAMPS: dict[str, Change] = {
    "a byte of the first stamp's token": _flipped(1, 900),
    "a byte of the last stamp's token": _flipped(-1, 900),
    "the last stamp emptied": lambda content: content[: _digits(content, -1)[0]] + b"0" * (
        _digits(content, -1)[1] - _digits(content, -1)[0]) + content[_digits(content, -1)[1] :],
    "the first stamp's range moved": lambda content: re.sub(
        rb"(/DocTimeStamp.*?/ByteRange \[0 )(\d)", rb"\g<1>9", content, count=1, flags=re.DOTALL),
}


def test_the_corpus_is_large_enough() -> None:
    assert len(TAMPERED) + len(SHADOWS) + len(STAMPS) >= 40


def test_untouched_file_is_sound_to_both(lasting: bytes, house: Settings, authority: Authority, tmp_path: Path) -> None:
    verdict = press.judge(lasting, house)
    assert (verdict["problems"], verdict["level"]) == ([], "B-LTA")
    assert len(_stamps(lasting)) == 2
    assert stock_tools_accept(lasting, authority, tmp_path)


@pytest.mark.parametrize("name", [*SHADOWS, *STAMPS])
def test_tampered_file_is_refused_by_both(
        name: str, lasting: bytes, house: Settings, authority: Authority, tmp_path: Path) -> None:
    content = {**SHADOWS, **STAMPS}[name](lasting)
    assert content != lasting
    assert press.judge(content, house)["problems"]
    assert not stock_tools_accept(content, authority, tmp_path)


@pytest.mark.parametrize("nth", [0, 1])
def test_seal_or_stamp_of_another_paper_is_refused(
        nth: int, lasting: bytes, other: bytes, house: Settings, authority: Authority, tmp_path: Path) -> None:
    """Transplanted: a true signature, over other bytes."""
    (start, end), (first, last) = _digits(lasting, nth), _digits(other, nth)
    donated = other[first:last].ljust(end - start, b"0")[: end - start]
    content = lasting[:start] + donated + lasting[end:]
    assert press.judge(content, house)["problems"]
    assert not stock_tools_accept(content, authority, tmp_path)
