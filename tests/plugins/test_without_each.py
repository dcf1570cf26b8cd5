"""Any one shipped plugin deleted, everything else goes on: the tests of all others pass in a tree without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

#: What the tests need beside the program.
KEPT = ("fieldsales", "plugins", "static", "templates", "tests", "setup.cfg", ".ruff.toml", "wsgi.py", "README.md",
        "CHANGELOG.md", "pyproject.toml")  # fmt: skip
#: Where a plugin could be missed: what meets methods, their forms, papers, jobs and pages.
MEETING = ("plugins", "tests/plugins", "tests/collection", "tests/workday", "tests/sync", "tests/jobs",
           "tests/extensions", "tests/methods", "tests/reminders", "tests/reports", "tests/demo", "tests/exchange",
           "tests/documents", "tests/plans")  # fmt: skip
USUAL = "not slow and not browser and not postgres and not soak and not verapdf and not judge and not bench"
SHIPPED = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py"))


@pytest.mark.soak
@pytest.mark.parametrize("gone", SHIPPED)
def test_without_one_plugin_all_other_tests_pass(tmp_path: Path, gone: str) -> None:
    for name in KEPT:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.rmtree(tmp_path / "plugins" / gone)
    there = [path for path in MEETING if (tmp_path / path).is_dir()]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "-m", USUAL, *there]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True,
                          text=True, timeout=1500)
    assert done.returncode == 0, done.stdout[-6000:]
