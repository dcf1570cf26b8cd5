"""Photos as they are shown: a copy we encoded ourselves. The bytes that came in are evidence and stay untouched.

Re-encoding strips what a camera wrote into the file (which is why the original is kept) and whatever
else might hide in it (which is why the original is not shown).
"""

from __future__ import annotations

import os
from pathlib import Path

from fieldsales.documents import press
from fieldsales.documents.pages import pages_of
from fieldsales.documents.sounds import check_sound
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.fields import SOUNDS

#: What is decoded whole before it is taken in. HEIC cannot be decoded here: it is kept and never drawn by us.
CHECKED = frozenset({"image/jpeg", "image/png", "image/webp"})


class Copies:
    """A folder of copies named by the SHA-256 of their originals. It can be deleted: they are made again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the copy lies, or would lie."""
        return self.root / sha256[:2] / f"{sha256}.jpg"

    def admit(self, sha256: str, content: bytes, mime: str) -> None:
        """Decode a photo whole and keep its copy; look at a recording's first bytes.

        Raises Invalid for what is no whole photo of bearable size, and for what is not the sound it is said to be.
        """
        if mime in SOUNDS:
            check_sound(content, mime)
        if mime not in CHECKED or self.path(sha256).is_file():
            return
        copy, _ = press.safe_photo(content)
        self._keep(self.path(sha256), copy)

    def _keep(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{uuid7()}")
        part.write_bytes(content)
        os.replace(part, target)

    def shown(self, sha256: str, content: bytes, mime: str) -> tuple[bytes, str]:
        """What may be shown of a blob: (bytes, mime). A photo that cannot be decoded raises Invalid."""
        if mime not in CHECKED:
            return content, mime
        self.admit(sha256, content, mime)
        return self.path(sha256).read_bytes(), "image/jpeg"

    def page(self, sha256: str, content: bytes, number: int) -> tuple[bytes | None, int]:
        """(PNG of a PDF's page ``number`` from 1 on, None beyond the last; how many pages there are).

        Raises Invalid for a PDF that cannot be drawn.
        """
        def at(n: int) -> Path:
            return self.root / sha256[:2] / f"{sha256}-{n}.png"

        if not at(1).is_file():
            # the first page is written last: where it lies, all of them do
            for n, picture in reversed(list(enumerate(pages_of(content), 1))):
                self._keep(at(n), picture)
        count = len(list(at(1).parent.glob(f"{sha256}-*.png")))
        return (at(number).read_bytes() if 1 <= number <= count else None), count
