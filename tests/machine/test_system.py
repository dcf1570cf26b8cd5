"""What the system lacks is named exactly, and nothing is touched without the right to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fieldsales.machine import speech, system
from fieldsales.machine.system import Part
from fieldsales.places import PACKAGE

THERE = Part("there", lambda: True)
ABSENT = Part("libabsent1", lambda: False)
OTHER = Part("fonts-absent", lambda: False)


def test_missing_parts_named_by_package() -> None:
    assert system.missing([THERE, ABSENT, OTHER]) == ["libabsent1", "fonts-absent"]


def test_library_that_does_not_exist_is_not_found() -> None:
    assert system.has_library("libpango-1.0.so.0")
    assert not system.has_library("libpango-of-another-world.so.7")


def test_parts_for_tests_include_the_programs_own() -> None:
    own = {part.package for part in system.parts_for(testing=False, making_environment=True)}
    tests = {part.package for part in system.parts_for(testing=True, making_environment=True)}
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert own == {"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk", version}
    judges = {"poppler-utils", "qpdf", "openssl", "libimage-exiftool-perl", "softhsm2"}
    assert tests - own == {"libatomic1", "chromium", *judges}
    rare = {part.package for part in system.parts_for(testing=True, making_environment=True, everything=True)}
    assert rare - tests == {"default-jre-headless", "libjaxb-java", "webkit2gtk-driver", "xvfb"}


def test_apt_line_exact() -> None:
    assert system.apt_line(["qpdf", "chromium"]) == (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends qpdf chromium'"
    )


@pytest.fixture
def for_everyone() -> Iterator[Path]:
    """A folder any user may read and write, with a copy of the bootstrap in it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(PACKAGE / "machine", folder / "fieldsales" / "machine")
        for module in ("__init__.py", "places.py"):
            shutil.copy(PACKAGE / module, folder / "fieldsales")
        folder.chmod(0o777)
        yield folder


def test_ensure_without_root_names_the_line_and_runs_nothing(for_everyone: Path) -> None:
    """As an ordinary user, with an apt-get that would leave a trace and no sudo."""
    trace = for_everyone / "trace"
    (for_everyone / "apt-get").write_text(f"#!/bin/sh\ntouch {trace}\n")
    (for_everyone / "apt-get").chmod(0o755)
    ask = (
        "from fieldsales.machine import system\n"
        "try:\n    system.ensure([system.Part('libabsent1', lambda: False)])\n"
        "except system.CannotInstall as needed:\n    print(needed)\n"
    )
    ordinary = 65534 if os.geteuid() == 0 else os.geteuid()
    base = Path(sys._base_executable)  # type: ignore[attr-defined]
    python = base if base.is_relative_to("/usr") or os.geteuid() else Path("/usr/bin/python3")
    if not python.exists():
        pytest.skip("no Python here that an ordinary user may start")
    done = subprocess.run(
        [python, "-B", "-c", ask], env={"PATH": str(for_everyone), "PYTHONPATH": str(for_everyone)}, 
        user=ordinary, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == system.apt_line(["libabsent1"]), done.stderr
    assert not trace.exists()


def test_ensure_installs_and_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root: the first attempt fails on stale lists, the lists are fetched, the second succeeds."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
    arrived = tmp_path / "arrived"
    log = tmp_path / "log"
    (tmp_path / "apt-get").write_text(
        f'#!/bin/sh\necho "$@" >> {log}\ncase "$*" in\n*update*) touch {tmp_path}/fresh;;\n'
        f"*install*) [ -e {tmp_path}/fresh ] || exit 100; touch {arrived};;\nesac\n"
    )
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    system.ensure([Part("libabsent1", arrived.exists)])
    told = [line.split()[-1] for line in log.read_text().splitlines()]
    assert told == ["libabsent1", "update", "libabsent1"]


def test_speech_follows_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for language in ("zh_CN.UTF-8", "en_GB.UTF-8", "C"):
        monkeypatch.setenv("LANG", language)
        speech.say("好", "fine")
    assert capsys.readouterr().out == "好\nfine\nfine\n"


def test_step_says_seconds_and_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    with speech.step("甲", "One"):
        pass
    with pytest.raises(ZeroDivisionError), speech.step("乙", "Two"):
        raise ZeroDivisionError
    assert capsys.readouterr().out == "→ One\n  done, 0.0 s\n→ Two\n  failed, 0.0 s\n"


def test_speech_never_says_where_packages_come_from() -> None:
    said = "Looking in indexes: https://user:pw@packages.example/simple\nHTTPSConnectionPool(host='packages.example')"
    assert "example" not in speech.without_addresses(said)
