"""Which signs our faces can print: asked before a signing is accepted, and again by the press."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fieldsales.kernel.errors import N_, Invalid

PRINTABLE = Path(__file__).parent / "fonts" / "printable.json"
_NAMED = 8


@cache
def _ranges() -> tuple[list[int], list[int]]:
    pairs = json.loads(PRINTABLE.read_text())
    return [first for first, _ in pairs], [last for _, last in pairs]


def is_printable(code: int) -> bool:
    """Whether the bundled face or the whole one has the sign."""
    firsts, lasts = _ranges()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]


def refuse(codes: Iterable[int]) -> None:
    """Raise Invalid naming these code points; nothing when there are none."""
    missing = sorted(codes)
    if missing:
        shown = ", ".join(f"U+{code:04X}" for code in missing[:_NAMED])
        raise Invalid(
            "documents.no_glyph", N_("These characters cannot be printed: %(signs)s. Please write them another way."),
            signs=shown,
        )  # fmt: skip


def texts_in(document: Any) -> Iterator[str]:
    """Every text in a JSON document: what a paper made from it may print."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for value in document.values():
            yield from texts_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts_in(value)


def check_printable(text: str) -> None:
    """Refuse a text that could not be printed: never a box on a signed page. Raises Invalid."""
    refuse(code for code in set(map(ord, text)) - {0x0A} if not is_printable(code))


def spelled_out(document: Any) -> Any:
    """The JSON document with every sign no face has written as its number: 〔U+1F600〕. For papers only we issue."""
    if isinstance(document, str):
        return "".join(sign if sign == "\n" or is_printable(ord(sign)) else f"〔U+{ord(sign):04X}〕"
                       for sign in document)
    if isinstance(document, dict):
        return {name: spelled_out(value) for name, value in document.items()}
    if isinstance(document, list):
        return [spelled_out(value) for value in document]
    return document
