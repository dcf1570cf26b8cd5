"""Text as people wrote it: NFC, and free of characters that show one thing and mean another."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

# Bidi overrides printed 000,01 as 10,000; zero-width signs make two names look like one.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def forbidden_sign(text: str) -> str | None:
    """The first character that may not stand in a record, as ``U+202E``, or None."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def clean(text: str) -> str:
    """For files from elsewhere: NFC, forbidden signs dropped, outer space trimmed."""
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text)).strip()


def _checked(text: str) -> str:
    sign = forbidden_sign(text)
    if sign:
        raise PydanticCustomError("forbidden_sign", "Contains a hidden character ({sign}).", {"sign": sign})
    if not unicodedata.is_normalized("NFC", text):
        raise PydanticCustomError("not_nfc", "Text must be in Unicode form NFC.")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise PydanticCustomError("one_line", "Must be one line.")
    return text.strip()


Line = Annotated[str, Field(max_length=120), AfterValidator(_checked), AfterValidator(_one_line)]
"""One line of at most 120 characters: names, titles, numbers."""
Name = Annotated[Line, Field(min_length=1)]
"""A line that must not be empty."""
Prose = Annotated[str, Field(max_length=4000), AfterValidator(_checked)]
"""What somebody said or wrote, at most 4,000 characters."""
