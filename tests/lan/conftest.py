"""A real ``up --lan``: its own process, its own home, on this machine's loopback."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT


def free_port() -> int:
    """A port whose next one is free as well."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            try:
                two.bind(("127.0.0.1", one.getsockname()[1] + 1))
            except OSError:
                continue
            return int(one.getsockname()[1])
    raise AssertionError("no two free ports")


@dataclass
class Lan:
    """A running program, and what it said."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def url(self) -> str:
        """Where phones open it."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca(self) -> Path:
        """The certificate a phone trusts."""
        return self.home / "lan" / "ca.crt"

    def context(self) -> ssl.SSLContext:
        """What a phone believes once it trusts our authority, and nothing else."""
        return ssl.create_default_context(cafile=str(self.ca))

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) over TLS, without following a redirect."""
        asked = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.build_opener(
                urllib.request.HTTPSHandler(context=self.context()), _Stay()
            ).open(asked, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()

    def stop(self) -> int:
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


def start(home: Path, port: int, said: Path) -> Lan:
    """Start it and wait until it serves."""
    ask = "import sys; from fieldsales import cli; sys.exit(cli.main(sys.argv[1:]))"
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FIELDSALES_")}
    with said.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", ask, "up", "--lan", "--host", "127.0.0.1", "--port", str(port), "--empty"],
            cwd=ROOT, env=surroundings | {"LANGUAGE": "zh", "FIELDSALES_HOME": str(home)}, stdout=file,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    end = time.monotonic() + 60
    while "按 Ctrl-C 停止" not in said.read_text(encoding="utf-8"):
        assert process.poll() is None, said.read_text(encoding="utf-8")
        assert time.monotonic() < end, said.read_text(encoding="utf-8")
        time.sleep(0.05)
    return Lan(home, port, process, said)


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    """A program served to phones, for the tests of one file."""
    folder = tmp_path_factory.mktemp("lan")
    running = start(folder / "home", free_port(), folder / "said.txt")
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0
