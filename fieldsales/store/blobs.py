"""Bytes by their SHA-256, in files. A blob is whole or not there; it never changes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.ids import uuid7


class BlobStore:
    """A folder of blobs: ``ab/abcdef…``; unfinished uploads beside it in ``.parts``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        #: folders whose own names are known to outlast a power loss
        self._kept: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Where the blob lies, or would lie."""
        return self.root / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self.path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.path(sha256).read_bytes()

    def put(self, data: bytes) -> str:
        """Keep the bytes durably; returns their SHA-256. The same bytes twice are kept once."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            part = self._part(uuid7())
            part.write_bytes(data)
            self._settle(part, sha256)
        return sha256

    def offset(self, upload: str) -> int:
        """How many bytes of an unfinished upload have arrived."""
        part = self._part(upload)
        return part.stat().st_size if part.exists() else 0

    def append(self, upload: str, offset: int, data: bytes) -> int:
        """Add bytes to an upload at ``offset``; returns the new length. Raises Invalid at a wrong offset."""
        if offset != self.offset(upload):
            raise Invalid("upload_offset", N_("The upload goes on from another place."), offset=self.offset(upload))
        with self._part(upload).open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return offset + len(data)

    def finish(self, upload: str, sha256: str) -> None:
        """The upload is whole: check it and put it in its place. Raises Invalid when its hash differs."""
        part = self._part(upload)
        found = hashlib.sha256(part.read_bytes()).hexdigest()
        if found != sha256:
            part.unlink()
            raise Invalid("upload_hash", N_("The file arrived damaged. It is sent again."))
        self._settle(part, sha256)

    def _part(self, upload: str) -> Path:
        folder = self.root / ".parts"
        folder.mkdir(parents=True, exist_ok=True)
        self._keep(self.root)
        return folder / upload.replace("/", "_")

    def _settle(self, part: Path, sha256: str) -> None:
        # File, then rename, then folder: after a power loss the name stands for whole bytes or is not there.
        with part.open("rb") as file:
            os.fsync(file.fileno())
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._keep(target.parent)
        os.replace(part, target)
        _sync_names(target.parent)

    def _keep(self, folder: Path) -> None:
        # A file whose folder is forgotten is lost with it.
        if folder not in self._kept:
            _sync_names(folder.parent)
            self._kept.add(folder)


def _sync_names(folder: Path) -> None:
    """Make the names in ``folder`` outlast a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
