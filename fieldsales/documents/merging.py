"""One file to print out of many: whole pages, copied as they are. Imported in the press's own process only.

The copy is for the printer. What proves anything is each sealed file, which stays where it is, unchanged.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2


def pages_of(pdf: bytes) -> int:
    """How many pages a file has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def merged(files: Sequence[bytes], order: Sequence[tuple[int, int, int]]) -> bytes:
    """The pages in order: each entry is (which file, its first page from 0, how many; -1: all the rest)."""
    opened = [pypdfium2.PdfDocument(content) for content in files]
    target = pypdfium2.PdfDocument.new()
    try:
        for file, first, count in order:
            last = len(opened[file]) if count < 0 else first + count
            target.import_pages(opened[file], list(range(first, last)))
        written = io.BytesIO()
        target.save(written)
        return written.getvalue()
    finally:
        target.close()
        for one in opened:
            one.close()
