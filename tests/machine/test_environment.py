"""The program's environment is stamped when it is whole, and made again when it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fieldsales import places
from fieldsales.machine import environment


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A checkout so small that installing it fetches nothing."""
    root = tmp_path / "source"
    (root / "fieldsales").mkdir(parents=True)
    (root / "fieldsales" / "__init__.py").write_text("")
    (root / "fieldsales" / "constraints.txt").write_text("")
    (root / "setup.cfg").write_text("[metadata]\nname = fieldsales\n[options]\ninstall_requires =\n    flask\n")
    (root / "pyproject.toml").write_text("")
    return root


def stamped(folder: Path, root: Path, **changes: str) -> Path:
    """Make what an environment looks like to the quick check."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    (folder / "lib" / f"python{version}" / "site-packages").mkdir(parents=True, exist_ok=True)
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin" / "python").exists():
        (folder / "bin" / "python").symlink_to(sys.executable)
    stamp = {"python": version, "app": environment.fingerprint(root)} | changes
    (folder / environment.STAMP).write_text(json.dumps(stamp))
    return folder


def test_ready_only_with_the_stamp_of_this_source(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "env"
    assert not environment.is_ready(folder, source, testing=False)
    stamped(folder, source)
    assert environment.is_ready(folder, source, testing=False)
    assert not environment.is_ready(folder, source, testing=True)
    (source / "fieldsales" / "constraints.txt").write_text("flask==9\n")
    assert not environment.is_ready(folder, source, testing=False)


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"python": "3.11"}', '{"python": "2.7", "app": "x"}'])
def test_ready_never_with_a_broken_stamp(source: Path, tmp_path: Path, stamp: str) -> None:
    folder = stamped(tmp_path / "env", source)
    (folder / environment.STAMP).write_text(stamp)
    assert not environment.is_ready(folder, source, testing=False)


def test_ready_not_when_its_python_is_gone(source: Path, tmp_path: Path) -> None:
    folder = stamped(tmp_path / "env", source)
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to(tmp_path / "nowhere")
    assert not environment.is_ready(folder, source, testing=False)
    assert not environment.works(folder)


@pytest.mark.slow
def test_ensure_makes_a_broken_environment_again_and_a_failure_leaves_no_stamp(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be fetched: installing fails, and the next start begins again."""
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    folder = stamped(tmp_path / "env", source, app="of an older source")
    (folder / "bin" / "python").unlink()
    with pytest.raises(environment.CannotPrepare):
        environment.ensure(folder, source, testing=False)
    assert environment.works(folder)
    assert not (folder / environment.STAMP).exists()
    assert not environment.is_ready(folder, source, testing=False)


def test_environment_beside_the_source_or_at_home(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDSALES_HOME", str(tmp_path / "home"))
    assert environment.environment_dir(source) == source / ".venv"
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert environment.environment_dir(source) == tmp_path / "home" / "venv"


def test_home_is_named_or_in_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDSALES_HOME", "~/x")
    assert places.home() == Path.home() / "x"
    monkeypatch.delenv("FIELDSALES_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert places.home() == Path("/data/fieldsales")


def test_bootstrap_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """-S and -I: a Python without any installed package reads and runs everything before the hand-over."""
    ask = (
        f"import sys; sys.path.insert(0, {str(places.PACKAGE.parent)!r}); before = set(sys.modules)\n"
        "from fieldsales import __main__\n"
        "from fieldsales.machine import start, checks, system, environment\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names) - {'fieldsales'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
