"""Anything people write goes whole through the press to ``pdftotext``, or is refused before anything is made."""

from __future__ import annotations

import subprocess
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fieldsales.config import Settings
from fieldsales.documents import press
from fieldsales.documents.signs import check_printable, is_printable, texts_in
from fieldsales.kernel.errors import Invalid
from tests.documents import samples

#: What breaks templates, and what fonts and extraction stumble over.
_HANDS = ("{number}", "<b>", "&amp;", "\"'", "]]>", "%s", "url(x)", "@page{}", "\\", "{{ 7*7 }}", "/*", "䶮", "彧",
          "Ａ", "①", "\u202e01", "\u200b", "\U00013000", "e\u0301", "\ud7ff")  # fmt: skip
_SIGNS = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), st.characters(min_codepoint=0x20, max_codepoint=0x17F))
_TEXT = st.lists(st.one_of(st.text(_SIGNS, min_size=1, max_size=8), st.text(_SIGNS, min_size=1, max_size=8),
                           st.sampled_from(_HANDS)), min_size=1, max_size=4).map("".join)  # fmt: skip


def read(pdf: bytes) -> str:
    """The paper's text without white space, as NFKC: a ligature and its letters are one."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "p.pdf"
        target.write_bytes(pdf)
        found = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True).stdout
    return squeezed(found)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\u00ad", "").replace("-", "")


def source_of(name: str, note: str, minor: int) -> dict[str, Any] | None:
    """A letter's source, or None where a name or note is refused at the edge."""
    try:
        return samples.letter(debtor_name=name, note=note, total_minor=minor, overdue_minor=minor,
                              invoices=[(name[:20].strip() or "x", "2026-05-01", minor)])
    except ValidationError:
        return None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_TEXT, note=_TEXT, minor=st.integers(1, 10**13))
def test_names_notes_and_amounts_come_out_as_they_went_in_or_are_refused(
    settings: Settings, name: str, note: str, minor: int
) -> None:
    source = source_of(name, note, minor)
    if source is None:
        return
    try:
        check_printable("".join(texts_in(source)))
    except Invalid:
        unprintable = [sign for sign in name + note if not is_printable(ord(sign))]
        if not unprintable:
            raise
        return
    text = read(press.make("letter", source, "zh", settings))
    assert squeezed(source["payload"]["debtor_name"]) in text
    assert squeezed(source["payload"]["note"]) in text
    assert f"{minor // 100:,}.{minor % 100:02d}" in text
