"""Photos as they are shown: a copy we encoded ourselves. The bytes that came in are evidence and stay untouched.

Re-encoding strips what a camera wrote into the file (which is why the original is kept) and whatever
else might hide in it (which is why the original is not shown).
"""

from __future__ import annotations

import os
from pathlib import Path

from fieldsales.documents import press
from fieldsales.kernel.ids import uuid7

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
        """Decode a photo whole and keep its copy. Raises Invalid for what is no whole photo of bearable size."""
        if mime not in CHECKED or self.path(sha256).is_file():
            return
        copy, _ = press.safe_photo(content)
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{uuid7()}")
        part.write_bytes(copy)
        os.replace(part, target)

    def shown(self, sha256: str, content: bytes, mime: str) -> tuple[bytes, str]:
        """What may be shown of a blob: (bytes, mime). A photo that cannot be decoded raises Invalid."""
        if mime not in CHECKED:
            return content, mime
        self.admit(sha256, content, mime)
        return self.path(sha256).read_bytes(), "image/jpeg"
