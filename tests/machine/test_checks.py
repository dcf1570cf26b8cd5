"""What ``fieldsales test`` hands to pytest, and what it says in the end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldsales.machine import checks

NOT_RARE = "not soak and not verapdf and not judge and not bench"
NOT_FAST = "not slow and not browser and not postgres"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], ["-m", NOT_RARE, "-n", "2", "--dist", "loadfile"]),
        (["--fast"], ["-m", f"{NOT_RARE} and {NOT_FAST}", "-n", "2", "--dist", "loadfile"]),
        (["--all", "-x"], ["-n", "2", "--dist", "loadfile", "-x"]),
        (["-m", "soak", "-n0"], ["-m", "soak", "-n0"]),
        (["tests/machine", "-k", "x"], ["-m", NOT_RARE, "tests/machine", "-k", "x"]),
    ],
)
def test_arguments_chosen_and_passed_on(given: list[str], wanted: list[str]) -> None:
    assert checks.pytest_arguments(given) == wanted


def test_summary_stands_above_the_closing_line(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one():\n    pass\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "fieldsales.machine.summary", "-p", "no:cacheprovider", "test_one.py"],
        cwd=tmp_path, env=os.environ | {checks.SUMMARY: "ruff ok\nmypy FAILED"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    *_, title, ruff, mypy, closing = [line for line in done.stdout.splitlines() if line]
    assert (" checks " in title, ruff, mypy) == (True, "ruff ok", "mypy FAILED")
    assert "1 passed" in closing
