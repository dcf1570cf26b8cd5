"""What a test puts under a real ``fieldsales up`` by PYTHONPATH: a disk that remembers, and places to be killed at.

Python imports this by itself at its start; nothing of it is known to the program. By environment:
``RIG_LOG`` a file to record the disk in, ``RIG_MOOD`` a file whose word makes the disk fail,
``RIG_POINT`` a file whose word names the place to die at (once), ``RIG_PRAGMA`` settings for SQLite that
replace the program's own, ``RIG_MUTANT`` a planted fault: JSON of a module and what to write in place of what.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

POINT = os.environ.get("RIG_POINT", "")
PRAGMA = os.environ.get("RIG_PRAGMA", "")
MUTANT: dict[str, str] = json.loads(os.environ.get("RIG_MUTANT") or "{}")


def here(name: str) -> None:
    """Die by SIGKILL when ``name`` is the place written down; the word is taken away first, so it happens once."""
    place = Path(POINT)
    if POINT and place.exists() and place.read_text() == name:
        place.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def before(module: Any, name: str, point: str) -> None:
    """Put a place to die at before a function."""
    function = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        here(point)
        return function(*args, **kwargs)

    setattr(module, name, wrapped)


def after(module: Any, name: str, point: str) -> None:
    """Put a place to die at after a function."""
    function = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        here(point)
        return result

    setattr(module, name, wrapped)


def _dispatcher(module: Any) -> None:
    after(module.Dispatcher, "_judge", "judged")
    after(module.Dispatcher, "_write", "committed")
    after(module, "write_batch", "written")


def _writing(module: Any) -> None:
    after(module, "_write_rows", "rows")
    after(module, "_write_receipts", "receipts")
    after(module, "_write_audit", "audit")


def _blobs(module: Any) -> None:
    after(module.BlobStore, "append", "appended")
    before(module.BlobStore, "_settle", "whole")
    after(module.BlobStore, "_settle", "renamed")


def _sync(module: Any) -> None:
    after(module, "push", "answering")


def _worker(module: Any) -> None:
    before(module, "_carry_out", "leased")


def _jobs(module: Any) -> None:
    after(module.press, "produce", "rendered")
    after(module, "keep", "kept")
    before(module.press, "stamp", "asked")
    after(module.press, "stamp", "stamped")
    after(module, "record_longer", "noted")


def _outbox(module: Any) -> None:
    before(module, "done", "recorded")


def _engines(module: Any) -> None:
    if not PRAGMA:
        return
    program_s = module._on_sqlite_connect

    def connected(raw: Any, record: Any) -> None:
        program_s(raw, record)
        for pragma in PRAGMA.split(";"):
            raw.execute(f"PRAGMA {pragma}")

    module._on_sqlite_connect = connected


CHANGES: dict[str, Callable[[Any], None]] = {
    "fieldsales.dispatcher": _dispatcher, "fieldsales.store.writing": _writing, "fieldsales.store.blobs": _blobs,
    "fieldsales.sync.service": _sync, "fieldsales.store.engines": _engines, "fieldsales.worker": _worker,
    "fieldsales.documents.jobs": _jobs, "fieldsales.store.outbox": _outbox,
}


def mutated(source: str, path: str) -> Any:
    """The module's code with the planted fault in it."""
    if source.count(MUTANT["old"]) != 1:
        raise SystemExit(f"the planted fault does not fit {path} any more")
    return compile(source.replace(MUTANT["old"], MUTANT["new"]), path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Lets a module be imported as always, then changes it."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        change = CHANGES.get(name)
        planted = MUTANT.get("module") == name
        spec = importlib.machinery.PathFinder.find_spec(name, path) if change or planted else None
        if spec is None or spec.loader is None or spec.origin is None:
            return None
        execute, origin = spec.loader.exec_module, spec.origin

        def exec_module(module: ModuleType) -> None:
            if planted:
                exec(mutated(Path(origin).read_text(), origin), vars(module))
            else:
                execute(module)
            if change:
                change(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _disk() -> None:
    log, mood = os.environ.get("RIG_LOG"), os.environ.get("RIG_MOOD")
    if not log and not mood:
        return
    from tests.faults.server_side import disk

    lib = disk.library()
    if lib is None:
        raise SystemExit("no SQLite to be reached")
    kept = disk.Log(Path(log)) if log else None
    _disk.vfs = disk.RecordingVfs(lib, kept, Path(mood) if mood else None)  # type: ignore[attr-defined]
    if kept is not None:
        disk.watch_files(kept, Path(os.environ["RIG_BELOW"]))


if any(key.startswith("RIG_") for key in os.environ):
    sys.meta_path.insert(0, _Finder())
    _disk()
