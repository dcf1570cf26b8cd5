"""The press's engine fetches nothing but its own assets, by name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from fieldsales.documents import drawing, papers, signs, typeset
from fieldsales.kernel.errors import Invalid
from tests.documents import make_clause_cases as made
from tests.documents import samples

ASSETS = {"code.png": drawing.code_png("https://papers.example/v/HK1#ab")}


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1:1/", "https://example.org/x.png", "data:image/png;base64,AAAA",
     "ftp://example.org/", "code.png", "asset:", "asset:../paper.css", "asset:/etc/passwd", "asset:FieldsalesSong.ttf"],
)  # fmt: skip
def test_nothing_is_fetched_but_what_the_paper_brings(url: str) -> None:
    with pytest.raises(ValueError, match="own assets"):
        typeset._Closed(ASSETS).fetch(url)


def test_own_asset_is_given_by_name() -> None:
    assert typeset._Closed(ASSETS).fetch("asset:code.png").read().startswith(b"\x89PNG")


def test_rare_signs_are_looked_for_in_the_whole_face_and_then_refused() -> None:
    typeset.check_glyphs("义乌市䶮记 ABC ¥①—“”\n")
    with pytest.raises(Invalid) as refused:
        typeset.check_glyphs("好\ue123")
    assert refused.value.params == {"signs": "U+E123"}


def test_list_of_printable_signs_is_what_the_faces_have() -> None:
    """Without the whole face at hand the bundled one's signs must be in the list all the same."""
    assert all(signs.is_printable(code) for code in typeset._bundled_signs())
    whole = typeset._fallback_signs()
    assert not whole or all(signs.is_printable(code) for code in whole)
    assert not any(signs.is_printable(code) for code in (0x0A, 0xE123, 0x1F98A, 0x10FFFF, 0x202E))


def test_signature_is_drawn_from_whole_numbers_only() -> None:
    picture = drawing.signature_svg(samples.ink()).decode()
    assert picture.count("<path") == 1
    assert set(picture.split('d="')[1].split('"')[0]) <= set("MQLh0123456789- ")


def test_single_touch_within_a_signature_is_still_drawn() -> None:
    picture = drawing.signature_svg([[(100, 100, 0)], [(200, 200, 50), (300, 260, 90), (400, 200, 140)]])
    assert b"M100 100h1M200 200" in picture


def test_long_paper_in_both_languages_stays_light_and_reads_in_order(tmp_path: Path) -> None:
    """36 instalments, 41-sign name: at most 220 KB before the seal; every line is in its paragraph, none in a Span."""
    payload = made.plan(84, 10**13, 36, debtor_name=made.LONG, guarantor_name="周海平", limitation_expired=True)
    source = samples.signed_source(payload, lang="zh-en")
    paper = papers.paper_of("plan", "zh-en", source, "https://papers.example", True)
    path = tmp_path / "long.pdf"
    path.write_bytes(typeset.typeset(paper))
    assert path.stat().st_size <= 220 * 1024
    told = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True).stdout
    assert "Span" not in told
    said = re.sub(r"\s", "", "".join(re.findall(r'^\s*"(.*)"$', told, re.M)))
    clauses = [re.sub(r"\s", "", block.text)[:20] for block in paper.blocks if block.kind == "clause"]
    places = [said.index(head) for head in clauses]
    assert places == sorted(places)
    assert len(places) == 22
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


@pytest.mark.parametrize(("lang", "label"), [("zh", "地点（填写，非定位）"), ("en", "Place (typed, no fix)")])
def test_a_typed_place_is_not_printed_as_a_position(lang: str, label: str) -> None:
    source = samples.signed_source(made.plan(84, 10**8, 3), lang=lang)
    record = dict(papers.paper_of("plan", lang, source, "https://papers.example", True).record)
    assert record[label] == source["payload"]["place"] != ""
