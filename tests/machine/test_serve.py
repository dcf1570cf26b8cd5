"""Processes that live and die together, with real processes and signals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fieldsales import serve
from tests.house.tree import ROOT

TOGETHER = """
import os, signal, sys, time, pathlib
from fieldsales import serve
here = pathlib.Path(sys.argv[1])
def worker():
    import atexit
    atexit.register((here / "closed").touch)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with (here / "workers").open("a") as file: file.write(f"{os.getpid()}\\n")
    time.sleep(60)
    return 0
def web():
    (here / "web").write_text(str(os.getpid()))
    while not (here / "fall").exists(): time.sleep(0.05)
    return 5
serve.RESTART_PAUSE_S = 0.1
serve.GRACE_S = 1.0
sys.exit(serve.Together(lasting={"web": web}, restarted={"worker": worker}).run())
"""


def until(found: Path, lines: int = 1) -> list[int]:
    """Wait until a file holds so many lines, and return them as process ids."""
    for _ in range(200):
        if found.exists() and len(found.read_text().split()) >= lines:
            return [int(word) for word in found.read_text().split()]
        time.sleep(0.05)
    raise AssertionError(f"{found.name} never came")


def lives(process: int) -> bool:
    """Return whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def together(tmp_path: Path) -> subprocess.Popen[bytes]:
    """A web process and a worker under one parent."""
    return subprocess.Popen([sys.executable, "-c", TOGETHER, str(tmp_path)], cwd=ROOT)


def test_together_stops_both_on_sigterm(together: subprocess.Popen[bytes], tmp_path: Path) -> None:
    children = until(tmp_path / "web") + until(tmp_path / "workers")
    together.send_signal(signal.SIGTERM)
    assert together.wait(10) == 0
    assert not any(map(lives, children))
    assert (tmp_path / "closed").exists(), "what the worker opened was not closed"


def test_together_starts_a_dead_worker_again(together: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.kill(until(tmp_path / "workers")[0], signal.SIGKILL)
    first, second = until(tmp_path / "workers", 2)
    assert first != second
    assert together.poll() is None
    together.send_signal(signal.SIGINT)
    assert together.wait(10) == 0
    assert not lives(second)


def test_together_ends_with_the_web_process_and_its_code(together: subprocess.Popen[bytes], tmp_path: Path) -> None:
    children = until(tmp_path / "web") + until(tmp_path / "workers")
    (tmp_path / "fall").touch()
    assert together.wait(10) == 5
    assert not any(map(lives, children))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's")
def test_together_children_die_with_a_killed_parent(together: subprocess.Popen[bytes], tmp_path: Path) -> None:
    children = until(tmp_path / "web") + until(tmp_path / "workers")
    together.kill()
    together.wait(10)
    for _ in range(100):
        if not any(map(lives, children)):
            return
        time.sleep(0.05)
    raise AssertionError("orphans are left")


@pytest.mark.slow
def test_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve.why_not_free("127.0.0.1", port) == "used"
        ask = "import sys; from fieldsales import cli; sys.exit(cli.main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", ask, "up", "--port", str(port)], cwd=ROOT,
            env=os.environ | {"LANGUAGE": "zh", "FIELDSALES_HOME": str(tmp_path / "home")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"端口 {port} 已被另一个程序占用" in done.stderr
    assert not (tmp_path / "home").exists()


def test_address_nobody_has_is_explained() -> None:
    assert serve.why_not_free("192.0.2.1", 8000) not in (None, "used")
