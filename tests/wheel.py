"""The program as an index would hold it, in a Python that knows nothing of this checkout."""

from __future__ import annotations

import fcntl
import os
import shutil
import site
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.tree import ROOT

BESIDE = ("plugins", "static", "templates")


def copy_of_the_source(tree: Path) -> Path:
    """Copy what a wheel is made of, so that building leaves nothing in the checkout."""
    clean = shutil.ignore_patterns("__pycache__", "*.pyc", "build", "dist")
    for name in ("fieldsales", *BESIDE):
        shutil.copytree(ROOT / name, tree / name, ignore=clean)
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tree)
    return tree


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder made once for all the processes of a run."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = folder.with_suffix(".half")
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from the source distribution as an index would hold it."""

    def make(folder: Path) -> None:
        tree = copy_of_the_source(folder)
        subprocess.run([sys.executable, "-m", "build", "--no-isolation", str(tree)], check=True, capture_output=True)

    return next((_once(tmp_path_factory, "source", make) / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own with the wheel in it; what the wheel depends on is lent by the present one."""

    def make(folder: Path) -> None:
        venv.create(folder, symlinks=True, with_pip=False)
        python = str(folder / "bin" / "python")
        install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel)]
        subprocess.run(install, check=True, capture_output=True)
        own = next((folder / "lib").glob("python3.*/site-packages"))
        (own / "lent.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")

    return _once(tmp_path_factory, "elsewhere", make) / "bin" / "python"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a program that knows nothing of this checkout."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
    return kept | {"FIELDSALES_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
