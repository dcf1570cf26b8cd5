"""Other people's files that ship with us: pinned by hash, with a licence that lets us."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from fieldsales.places import data_dir
from fieldsales.web.vendoring import differences

VENDOR = data_dir("static") / "vendor"
LICENCES = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "OFL-1.1"}


def test_vendored_files_as_pinned() -> None:
    assert differences(VENDOR) == []


def test_vendored_licences_named_and_allowed() -> None:
    entries = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    texts = (VENDOR / "LICENCES.txt").read_text(encoding="utf-8")
    assert entries
    for entry in entries:
        assert entry["licence"] in LICENCES
        assert f"{entry['package']} {entry['version']}" in texts


def test_vendored_file_changed_added_or_lost_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "vendor"
    shutil.copytree(VENDOR, copy)
    first, second = sorted(path.name for path in copy.glob("*.js"))[:2]
    (copy / first).write_text((copy / first).read_text(encoding="utf-8") + " ", encoding="utf-8")
    (copy / second).unlink()
    (copy / "own.js").write_text("", encoding="utf-8")
    assert {line.split()[0] for line in differences(copy)} == {first, second, "own.js"}
