"""Two validators agree on the sealed file, and both refuse every tampered one."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec

from fieldsales.config import Settings
from fieldsales.documents import judge, keys, press, seal
from tests.documents import make_clause_cases as made
from tests.documents import samples


def pdfsig_accepts(content: bytes, folder: Path) -> bool:
    """pdfsig calls an appended file valid, so the last signature must also cover the whole document."""
    path = folder / "judged.pdf"
    path.write_bytes(content)
    out = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, errors="replace").stdout
    signatures = [part for part in out.split("Signature #")[1:] if "is not signed" not in part]
    return (
        bool(signatures)
        and all("Signature is Valid" in part for part in signatures)
        and "Total document signed" in signatures[-1]
        and "Not total document signed" not in signatures[-1]
    )


@pytest.fixture(scope="session")
def roots(settings: Settings, sealed: press.Product) -> list[bytes]:
    """What our seals lead up to."""
    signer = seal.load_signer(keys.development_path(settings.home), "")
    return seal.roots_of(signer)


def test_sealed_file_is_sound_to_both(sealed: press.Product, roots: list[bytes], tmp_path: Path) -> None:
    """E3: two validators agree; the paper's number and kind are read from its own record."""
    verdict = judge.judge(sealed.content, roots)
    assert verdict.problems == []
    assert (verdict.kind, verdict.number[:2], verdict.signatures, verdict.development) == ("plan", "HK", 1, True)
    assert pdfsig_accepts(sealed.content, tmp_path)


def test_unsealed_bytes_are_the_sealed_ones_beginning(sealed: press.Product, settings: Settings, source: Any) -> None:
    assert sealed.content.startswith(press.make("plan", source, "zh", settings))


def _flip(content: bytes, place: int, bit: int = 1) -> bytes:
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


def _in_contents(content: bytes, offset: int) -> int:
    return content.rindex(b"/Contents <") + len(b"/Contents <") + offset


def _overlay(content: bytes) -> bytes:
    """A page's content replaced by an incremental update: pdfsig calls the signature valid."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    stamp = generic.StreamObject(stream_data=b"1 0 0 RG 10 w 0 0 m 500 500 l S")
    page[generic.pdf_name("/Contents")] = writer.add_object(stamp)
    writer.update_container(page)
    return _written(writer)


def _annotated(content: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.ArrayObject([generic.NumberObject(n) for n in (50, 50, 500, 500)])
    note = {"/Type": "/Annot", "/Subtype": "/Square"}
    entry = generic.DictionaryObject({generic.pdf_name(k): generic.pdf_name(v) for k, v in note.items()})
    entry[generic.pdf_name("/Rect")] = box
    page[generic.pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(entry)])
    writer.update_container(page)
    return _written(writer)


def _without_record(content: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    del writer.root["/Names"]
    writer.update_root()
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _gap_widened(content: bytes) -> bytes:
    """Something said between the two covered ranges, the numbers kept."""
    place = _in_contents(content, 4000)
    return content[:place] + b"6" + content[place + 1 :]


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the header": lambda c: _flip(c, 5),
    "a byte of a page": lambda c: _flip(c, c.index(b"stream\n") + 40),
    "a byte of an attachment": lambda c: _flip(c, c.index(b"/EmbeddedFile") + 200),
    "a byte of the metadata": lambda c: _flip(c, c.index(b"pdfuaid:part")),
    "a byte of the signature": lambda c: _flip(c, _in_contents(c, 300)),
    "a byte of the signature's time": lambda c: _flip(c, c.rindex(b"/M (") + 10),
    "a byte of the byte range": lambda c: _flip(c, c.rindex(b"/ByteRange [0") + 14),
    "the last byte but one": lambda c: _flip(c, len(c) - 2),
    "junk appended": lambda c: c + b"\n% nothing to see\n",
    "a comment and another end appended": lambda c: c + b"%%EOF\n",
    "cut short": lambda c: c[:-1000],
    "the seal cut off": lambda c: c[: c.index(b"%%EOF") + 6],
    "a page overlaid": _overlay,
    "a square drawn over a page": _annotated,
    "the record taken out": _without_record,
    "not a PDF": lambda c: b"PK\x03\x04" + c,
    "empty": lambda c: b"",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_file_is_refused_by_both(name: str, sealed: press.Product, roots: list[bytes], tmp_path: Path) -> None:
    content = TAMPERED[name](sealed.content)
    assert content != sealed.content
    assert judge.judge(content, roots).problems
    assert not pdfsig_accepts(content, tmp_path)


def test_room_left_in_the_signature_holds_nothing(sealed: press.Product, roots: list[bytes]) -> None:
    """pdfsig does not look behind the signature's own bytes; we do."""
    assert "bytes_outside_seal" in judge.judge(_gap_widened(sealed.content), roots).problems


def test_any_single_byte_changed_is_refused(sealed: press.Product, roots: list[bytes]) -> None:
    """Places at random, the seed fixed, many of them in the one part that no hash covers."""
    chance = random.Random(20261121)
    start = _in_contents(sealed.content, 0)
    places = [chance.randrange(len(sealed.content)) for _ in range(120)]
    # the signature's own container, which no hash covers: certificates, names of algorithms, lengths
    places += [start + 6, start + 7, *(start + chance.randrange(2700) for _ in range(100))]
    for place in places:
        assert judge.judge(_flip(sealed.content, place, 1 << chance.randrange(8)), roots).problems, place


def test_seal_of_another_house_is_not_ours(
    settings: Settings, source: Any, roots: list[bytes], tmp_path: Path
) -> None:
    other = Settings(home=tmp_path / "other", public_url=settings.public_url)
    stranger = press.produce("plan", source, "zh", other).content
    assert judge.judge(stranger, roots).problems == ["not_ours"]


def test_seal_without_certification_is_refused(settings: Settings, source: Any, roots: list[bytes]) -> None:
    """An ordinary signature would let anybody change the form later."""
    signer = seal.load_signer(keys.development_path(settings.home), "")
    writer = IncrementalPdfFileWriter(io.BytesIO(press.make("plan", source, "zh", settings)))
    target = io.BytesIO()
    metadata = PdfSignatureMetadata(field_name="Seal")
    PdfSigner(metadata, signer=signer, new_field_spec=SigFieldSpec("Seal")).sign_pdf(writer, output=target)
    assert judge.judge(target.getvalue(), roots).problems == ["not_certified"]


def test_contents_that_do_not_fit_are_refused_even_sealed(settings: Settings, roots: list[bytes]) -> None:
    """The press asks the judge before it lets a paper out: other strokes than were signed never get a seal."""
    source = samples.signed_source(made.plan(8, 100_00, 1))
    source["signing"]["strokes"]["strokes"][0][0][0] += 1
    with pytest.raises(press.PressFault, match=r"contents:strokes\.json"):
        press.produce("plan", source, "zh", settings)


def test_countersignature_in_its_field_is_allowed(
    sealed: press.Product, settings: Settings, roots: list[bytes]
) -> None:
    """The field made ready may be signed later: the seal stays whole, the last signature covers all."""
    signer = seal.load_signer(keys.development_path(settings.home), "")
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed.content))
    target = io.BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name=seal.COUNTERSIGN_FIELD), signer=signer).sign_pdf(writer, output=target)
    verdict = judge.judge(target.getvalue(), roots)
    assert (verdict.problems, verdict.signatures) == ([], 2)


def test_huge_file_is_not_even_read(roots: list[bytes]) -> None:
    assert judge.judge(b"%PDF-1.7" + b"\0" * judge.SIZE_LIMIT, roots).problems == ["too_large"]
