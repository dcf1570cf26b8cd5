"""What a disk holds after its power failed: made again from the record of ``disk``, at any place of it.

Synced is durable. What was written but not yet synced may be there wholly, in part or not at all, in any
order and torn at 512 bytes: the worst the file system allows. A file that was never synced, or whose name
stands in no synced folder, is lost.
"""

from __future__ import annotations

import os
import pickle
import random
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SECTOR = 512


def entries(log: Path, end: int) -> list[tuple[Any, ...]]:
    """The record's entries that lie wholly before byte ``end``."""
    data, found, at = log.read_bytes()[:end], [], 0
    while at + 4 <= len(data):
        (size,) = struct.unpack_from("<I", data, at)
        if at + 4 + size > len(data):
            break
        found.append(pickle.loads(data[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


@dataclass
class _File:
    """One database file: what is durable, and what was written since."""

    durable: bytearray
    pending: list[tuple[str, int, bytes]] = field(default_factory=list)

    def apply(self, kind: str, place: int, data: bytes) -> None:
        if kind == "truncate":
            del self.durable[place:]
            return
        if len(self.durable) < place:
            self.durable.extend(bytes(place - len(self.durable)))
        self.durable[place : place + len(data)] = data

    def sync(self) -> None:
        for one in self.pending:
            self.apply(*one)
        self.pending.clear()

    def fail(self, rng: random.Random | None) -> bytes:
        """The bytes after the power failed. Without ``rng``: nothing unsynced is there."""
        left = list(self.pending) if rng else []
        if rng:
            left = [one for one in left if rng.random() < 0.5]
            rng.shuffle(left)
        for kind, place, data in left:
            keep = len(data) if rng is None or rng.random() < 0.7 else _SECTOR * rng.randrange(len(data) // _SECTOR + 1)
            self.apply(kind, place, data[:keep])
        return bytes(self.durable)


def after_power_loss(before: Path, home: Path, log: Path, end: int, target: Path,
                     rng: random.Random | None = None) -> None:
    """Make ``target`` what ``home`` is after its power failed at byte ``end`` of the record.

    ``before``: a copy of the home as it was when the recording began.
    """
    files = {str(home / path.name): _File(bytearray(path.read_bytes())) for path in before.glob("*.db*")}
    names: dict[str, dict[str, int]] = {}
    contents: dict[int, bytes] = {}
    for kind, *rest in entries(log, end):
        if kind == "names":
            names[rest[0]] = rest[1]
        elif kind == "bytes":
            contents[rest[0]] = rest[1]
        else:
            file = files.setdefault(rest[0], _File(bytearray()))
            if kind == "sync":
                file.sync()
            else:
                file.pending.append((kind, rest[1], rest[2] if kind == "write" else b""))
    target.mkdir(parents=True)
    for path, file in files.items():
        (target / os.path.basename(path)).write_bytes(file.fail(rng))
    _files_below(str(home / "blobs"), "blobs", names, contents, target / "blobs")


def _files_below(folder: str, name: str, names: dict[str, dict[str, int]], contents: dict[int, bytes],
                 target: Path) -> None:
    above = names.get(os.path.dirname(folder))
    if above is None or name not in above:
        return  # no synced folder has this name
    target.mkdir()
    for child, number in names.get(folder, {}).items():
        if number in contents:
            (target / child).write_bytes(contents[number])
        elif os.path.join(folder, child) in names:
            _files_below(os.path.join(folder, child), child, names, contents, target / child)
