"""Static files as a phone gets them: slimmed, gzipped, named by their hash, and listed for the service worker."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fieldsales.web.slim import slim

_IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]*?\bfrom\s*)?["'](\.[^"']+)["']""")
_TEXT = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
         ".webmanifest": "application/manifest+json", ".json": "application/json", ".txt": "text/plain"}
#: folders of ``static`` whose files are precached, and what in them is not
_KEPT = ("js", "vendor", "icons")
_NOT_KEPT = ("js/office/",)
_STYLES = ("css/tokens.css", "css/app.css")
FIRST = "js/app/main.js"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file ready to be sent. ``zipped`` is None where gzip gains nothing (pictures)."""

    body: bytes
    zipped: bytes | None
    etag: str
    mime: str
    stamp: tuple[int, int]


class Assets:
    """The static folder, read when first asked for and again when a file changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Asset] = {}

    def get(self, name: str) -> Asset | None:
        """The file ``name`` (``js/app/main.js``), or None when there is no such file in the folder."""
        try:
            path = (self.folder / name).resolve()
            state = path.stat() if path.is_relative_to(self.folder.resolve()) and path.is_file() else None
        except (OSError, ValueError):  # no name a file can have: too long, or with a NUL
            state = None
        if state is None:
            return None
        stamp = (state.st_mtime_ns, state.st_size)
        known = self._known.get(name)
        if known is None or known.stamp != stamp:
            known = self._known[name] = read_asset(path, name, stamp, slimming=not name.startswith("vendor/"))
        return known

    def precached(self) -> list[str]:
        """Names of all the field app's files, sorted: what the service worker keeps."""
        found = [name for name in _STYLES if (self.folder / name).is_file()]
        for part in _KEPT:
            for path in (self.folder / part).rglob("*"):
                name = path.relative_to(self.folder).as_posix()
                if path.suffix in {".js", ".png", ".svg"} and not name.startswith(_NOT_KEPT):
                    found.append(name)
        return sorted(found)

    def first_load(self) -> list[str]:
        """The modules that ``js/app/main.js`` imports statically, itself first: what opening the app fetches."""
        seen: list[str] = []
        waiting = [FIRST]
        while waiting:
            name = waiting.pop(0)
            asset = self.get(name)
            if name in seen or asset is None:
                continue
            seen.append(name)
            waiting += [_beside(name, found) for found in _IMPORT.findall(asset.body.decode())]
        return seen

    def version(self, *more: bytes) -> str:
        """A hash of everything that is precached (and ``more``): another one means another app."""
        whole = hashlib.sha256()
        for name in self.precached():
            asset = self.get(name)
            whole.update(f"{name} {asset.etag if asset else ''}\n".encode())
        for part in more:
            whole.update(part)
        return whole.hexdigest()[:16]


def _beside(name: str, relative: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / relative).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def read_asset(path: Path, name: str, stamp: tuple[int, int], *, slimming: bool) -> Asset:
    """A file as it is sent; ``slimming`` takes comments and needless blanks out of our own modules."""
    body = path.read_bytes()
    if path.suffix == ".js" and slimming:
        body = slim(body.decode("utf-8")).encode()
    mime = _TEXT.get(path.suffix)
    zipped = gzip.compress(body, 9, mtime=0) if mime and len(body) > 200 else None
    guessed = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, zipped, hashlib.sha256(body).hexdigest()[:32], guessed, stamp)
