"""A wheel, a checkout and an editable install find the same templates, static files and plugins."""

from __future__ import annotations

import configparser
import contextlib
import json
import signal
import site
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents import samples
from tests.house.tree import NOT_OURS, ROOT, plant
from tests.wheel import BESIDE, copy_of_the_source


def listed(root: Path) -> set[str]:
    """Return the packages setup.cfg names."""
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    return set(setup["options"]["packages"].split())


def folders(root: Path) -> set[str]:
    """Return the packages there are: every folder with Python, and the three beside the package."""
    inside = {path.parent.relative_to(root) for path in (root / "fieldsales").rglob("*.py")}
    return {".".join(path.parts) for path in inside} | {f"fieldsales.{name}" for name in BESIDE}


def shipped(root: Path) -> set[str]:
    """Return the files a wheel must hold, by their name in it."""
    found = set()
    for top, name in [("fieldsales", "fieldsales"), *[(beside, f"fieldsales/{beside}") for beside in BESIDE]]:
        for path in (root / top).rglob("*"):
            inside = path.relative_to(root / top)
            ours = not (NOT_OURS - {"vendor"}) & set(inside.parts) and path.suffix != ".pyc"
            if path.is_file() and ours and not (top == "plugins" and "tests" in inside.parts):
                found.add(f"{name}/{inside.as_posix()}")
    return found


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(url: str) -> bytes:
    """Return the body of a page that is served."""
    with urllib.request.urlopen(url, timeout=10) as reply:
        body: bytes = reply.read()
        return body


def wait_for(url: str, seconds: float, process: subprocess.Popen[str]) -> float:
    """Return after how many seconds the address answered; fail with the output when the program ended."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if process.poll() is not None:
            pytest.fail(process.communicate()[0])
        try:
            answer(url)
            return time.monotonic() - started
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"no answer within {seconds} s: {process.communicate()[0]}")


@pytest.fixture
def served(elsewhere: Path, surroundings: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of the wheel's program, serving an empty database."""
    port = free_port()
    command = [str(elsewhere), "-m", "fieldsales", "up", "--empty", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        where = f"http://127.0.0.1:{port}"
        wait_for(f"{where}/healthz", 40, process)
        yield where
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.stdout and process.stdout.read()


def test_packaging_list_names_every_folder() -> None:
    assert listed(ROOT) == folders(ROOT)


def test_packaging_folder_not_listed_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"setup.cfg": "[options]\npackages =\n    fieldsales\n", "fieldsales/__init__.py": "",
                     "fieldsales/attic/__init__.py": ""})  # fmt: skip
    assert "fieldsales.attic" in folders(tmp_path) - listed(tmp_path)


@pytest.mark.slow
def test_packaging_wheel_holds_every_file(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == shipped(ROOT)


@pytest.mark.slow
def test_packaging_wheel_without_its_data_is_found(tmp_path: Path) -> None:
    tree = copy_of_the_source(tmp_path / "source")
    setup = (tree / "setup.cfg").read_text(encoding="utf-8")
    (tree / "setup.cfg").write_text(setup.replace("* = **/*", "* = *.nothing"), encoding="utf-8")
    make = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tree)]
    subprocess.run(make, check=True, capture_output=True)
    held = set(zipfile.ZipFile(next((tree / "dist").glob("*.whl"))).namelist())
    assert "fieldsales/templates/layout.html" in shipped(ROOT) - held


@pytest.mark.slow
def test_packaging_wheel_installed_elsewhere_finds_its_own_folders(
    elsewhere: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    ask = (
        "import json; from fieldsales import places; from fieldsales.app import create_app; app = create_app(); "
        "p = app.extensions['fieldsales'].plugins; "
        "print(json.dumps([str(places.source_root()), *[str(places.data_dir(n)) for n in ('plugins', 'static', "
        "'templates')], [s.name for s in p.status() if s.state == 'active']]))"
    )
    done = subprocess.run(
        [str(elsewhere), "-c", ask], cwd=tmp_path, env=surroundings, check=True, capture_output=True, text=True
    )
    source, *inside, plugins = json.loads(done.stdout.splitlines()[-1])
    assert source == "None"
    assert all(str(elsewhere.parents[1]) in folder for folder in inside)
    assert set(plugins) == {path.parent.name for path in (ROOT / "plugins").glob("*/__init__.py")}


@pytest.mark.slow
def test_packaging_wheel_serves_pages_and_static_files(served: str) -> None:
    assert json.loads(answer(f"{served}/healthz"))["status"] == "ok"
    assert b"<form" in answer(f"{served}/login")
    assert answer(f"{served}/static/css/tokens.css") == (ROOT / "static/css/tokens.css").read_bytes()


@pytest.mark.slow
def test_packaging_second_start_answers_within_five_seconds_with_the_demo(
    elsewhere: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    started = time.monotonic()
    subprocess.run([str(elsewhere), "-c", "import fieldsales.opening"], cwd=tmp_path, env=surroundings, check=True)
    reading = time.monotonic() - started  # how slow the machine is just now
    seconds, said = [], []
    for _start in range(2):
        port = free_port()
        command = [str(elsewhere), "-m", "fieldsales", "up", "--port", str(port)]
        with subprocess.Popen(
            command, cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            seconds.append(wait_for(f"http://127.0.0.1:{port}/healthz", 120, process))
            process.send_signal(signal.SIGINT)
            said.append(process.communicate(timeout=20)[0])
            assert process.returncode == 0
    assert "Filling in demo data" in said[0]
    assert "Filling in demo data" not in said[1]
    assert all("wangfang" in words and words.rstrip().endswith("Stopped.") for words in said)
    assert seconds[1] < max(5, 5 * reading)
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "fieldsales.db")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.slow
def test_packaging_wheel_makes_a_pdf(elsewhere: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text(json.dumps(samples.letter()), encoding="utf-8")
    ask = (
        "import json, sys; from pathlib import Path; from fieldsales.documents import press; "
        "Path('letter.pdf').write_bytes(press.make('letter', json.loads(Path('letter.json').read_text()), 'zh'))"
    )
    subprocess.run([str(elsewhere), "-c", ask], cwd=tmp_path, env=surroundings, check=True, capture_output=True)
    read = ["pdftotext", str(tmp_path / "letter.pdf"), "-"]
    text = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    assert "海港五金有限公司" in text


@pytest.mark.slow
def test_packaging_editable_install_finds_the_checkout(surroundings: dict[str, str], tmp_path: Path) -> None:
    """As pip does it: an editable install made from a copy, asked from another folder."""
    tree = copy_of_the_source(tmp_path / "checkout")
    venv.create(tmp_path / "env", symlinks=True, with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    own = next((tmp_path / "env" / "lib").glob("python3.*/site-packages"))
    (own / "lent.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, "--no-build-isolation", "-e", str(tree)], check=True, capture_output=True)
    ask = "from fieldsales import places; print(places.source_root(), *map(places.data_dir, ('plugins', 'static')))"
    done = subprocess.run(
        [str(python), "-c", ask], cwd=tmp_path, env=surroundings, check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(tree), str(tree / "plugins"), str(tree / "static")]
