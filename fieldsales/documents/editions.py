"""Where clause sets lie: the program's own beside this file, a house's published ones under its home folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fieldsales.documents import canonical
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.ids import uuid7

FOLDER = Path(__file__).parent / "clause_sets"
#: The newest set that came with the program, and the number a house's own sets begin at.
NEWEST, FIRST_OWN = 3, 1001
#: The folder under a house's home where its published sets lie.
HOME_FOLDER = "clauses"
_own_folder: list[Path] = []


def look_in(folder: Path) -> None:
    """Say once, at the start, where this house's own published sets lie."""
    _own_folder[:] = [folder]


def _own_path(version: int) -> Path | None:
    return _own_folder[0] / f"v{version}.json" if _own_folder else None


def _own_versions() -> list[int]:
    folder = _own_folder[0] if _own_folder else None
    found = folder.glob("v*.json") if folder and folder.is_dir() else ()
    return sorted(int(path.stem[1:]) for path in found if path.stem[1:].isdigit())


def newest_version() -> int:
    """The set that new papers are signed with: the house's own newest, else the program's."""
    return next(reversed(_own_versions()), NEWEST)


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def edition(version: int) -> Any:
    """The set of this number. Raises Invalid for one that was never published here."""
    path = _own_path(version) if version >= FIRST_OWN else FOLDER / f"v{version}.json"
    if path is None or not path.is_file():
        raise Invalid(
            "documents.clause_version", N_("This version of the clauses is not known: %(version)s."), version=version
        )
    return _read(path)


def lay_down(folder: Path, version: int, body: Mapping[str, Any]) -> None:
    """Put a published set where papers find it. Laid once, it is never written again, not even with the same words."""
    target = folder / f"v{version}.json"
    if target.is_file():
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid7()}"
    with part.open("wb") as file:
        file.write(canonical.canonical(body))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, target)
    except FileExistsError:
        pass  # somebody else laid the same set this very moment
    finally:
        part.unlink()


@cache
def _samples() -> Any:
    return json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))


def sample(kind: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """(payload, signatory) that fill every place of a paper: for previews and checks."""
    return _samples()[kind], _samples()["signatory"]
