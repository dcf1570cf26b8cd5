"""What ``fieldsales test`` hands to pytest, and what it says in the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldsales import places
from fieldsales.machine import checks

NOT_RARE = "not soak and not verapdf and not judge and not bench and not webkit"
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


@pytest.mark.slow
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


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A checkout with the bootstrap and one test in it."""
    shutil.copytree(places.PACKAGE / "machine", tmp_path / "fieldsales" / "machine")
    for name in ("__init__.py", "places.py"):
        shutil.copy(places.PACKAGE / name, tmp_path / "fieldsales")
    (tmp_path / "plugins").mkdir()
    (tmp_path / "setup.cfg").write_text(
        "[tool:pytest]\ntestpaths = tests\nmarkers =\n    soak: x\n    verapdf: x\n    judge: x\n    bench: x\n"
        "[mypy]\nstrict = True\nfiles = fieldsales/module.py\n"
        "[importlinter]\nroot_package = fieldsales\n"
        "[importlinter:contract:one]\nname = One\ntype = forbidden\n"
        "source_modules =\n    fieldsales.module\nforbidden_modules =\n    fieldsales.places\n"
    )
    (tmp_path / ".ruff.toml").write_text("lint.select = [\"F\"]\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text("def test_one() -> None:\n    pass\n")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "failing"),
    [
        ("ONE: int = 1", set()),
        ("import os", {"ruff"}),
        ('ONE: int = "one"', {"mypy"}),
        ("from fieldsales.places import home as home", {"lint-imports"}),
    ],
)
def test_a_failing_check_fails_the_whole_and_pytest_has_the_last_line(
    small_house: Path, module: str, failing: set[str]
) -> None:
    (small_house / "fieldsales" / "module.py").write_text(f'"""A module."""\n\n{module}\n')
    ask = "import sys; from fieldsales.machine import checks; sys.exit(checks.run(['-n0', '-p', 'no:cacheprovider']))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=small_house, env=kept | {"PYTHONPATH": str(small_house)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    told = {row.split()[0] for row in lines if "FAILED" in row}
    assert told == failing, done.stdout
    assert done.returncode == (1 if failing else 0)
    assert "1 passed" in lines[-1]
