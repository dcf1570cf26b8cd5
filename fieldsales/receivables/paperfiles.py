"""Files that come as papers of invoices: what they are, and which invoice each is named after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.text import clean

#: Pictures larger than this are refused before they are decoded, in pixels.
MOST_PIXELS = 100_000_000
_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_SIGNS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that may be kept: its own name without folders, what it is, and its bytes."""

    name: str
    mime: str
    data: bytes


def read_paper(filename: str, data: bytes) -> PaperFile:
    """A picture or PDF. Raises Invalid with what to do when it is neither, empty, or too many pixels."""
    name = clean(PurePosixPath(filename.replace("\\", "/")).name)[:120] or "paper"
    if not data:
        raise Invalid("paper.empty", N_("%(name)s is empty. Choose it again."), field="files", name=name)
    if data.startswith(b"%PDF-"):
        return PaperFile(name, "application/pdf", data)
    try:
        with Image.open(BytesIO(data)) as picture:
            kind, (width, height) = picture.format or "", picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        kind, width, height = "", 0, 0
    if kind not in _MIMES:
        raise Invalid(
            "paper.kind", N_("%(name)s is neither a picture (JPEG, PNG, WebP) nor a PDF. Nothing was attached."),
            field="files", name=name,
        )
    if width * height > MOST_PIXELS:
        raise Invalid("paper.pixels", N_("%(name)s has too many pixels. Save it smaller and try again."),
                      field="files", name=name)
    return PaperFile(name, _MIMES[kind], data)


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text.casefold()).strip()


def invoice_named(filename: str, numbers: Mapping[str, str]) -> str | None:
    """The id of the invoice a file is named after: its number is the whole name, or the name begins with it.

    ``numbers``: invoice number -> id. ``SO-1001.jpg``, ``so-1001 (2).png`` and ``SO_1001_签收.jpg`` all
    belong to SO-1001; where two numbers fit, the longer wins.
    """
    stem = _plain(PurePosixPath(filename.replace("\\", "/")).stem)
    plain = {number: _plain(number) for number in numbers}
    fitting = [number for number, sign in plain.items() if sign and (stem == sign or stem.startswith(f"{sign} "))]
    return numbers[max(fitting, key=len)] if fitting else None
