"""A real server: ``fieldsales up`` in processes of its own, with a home of its own. It can be killed and restored."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.store import Store, make_engine, migrate
from fieldsales.web.here import Program
from tests import cast

ROOT = Path(__file__).resolve().parents[2]
#: Seconds a process has to answer its first question, on a machine that does much else.
PATIENCE = 40.0


def free_port() -> int:
    """A port nobody listens on, below those the system gives to clients: a house that is down must get it again."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@dataclass
class House:
    """One installation: home, database, port; and the processes that serve it, while they live."""

    home: Path
    port: int = field(default_factory=free_port)
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    """More ``FIELDSALES_…`` settings, by their full names."""
    _process: subprocess.Popen[bytes] | None = None
    _starts: int = 0

    @property
    def url(self) -> str:
        """Where it serves, without anything between."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """Its database's address."""
        return self.database_url or f"sqlite:///{self.home / 'fieldsales.db'}"

    def furnish(self) -> None:
        """Make the tables as ``up`` makes them, and put the cast in."""
        self.home.mkdir(parents=True, exist_ok=True)
        migrate(self.database)
        with self.store() as store, store.writing() as connection:
            cast.fill(connection)

    def start(self) -> House:
        """Start web process and worker; returns once it answers."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("FIELDSALES_")}
        env |= {"FIELDSALES_HOME": str(self.home), "FIELDSALES_DATABASE_URL": self.database_url,
                "FIELDSALES_SECRET_KEY": "test", "PYTHONDONTWRITEBYTECODE": "1", **self.settings}
        self._starts += 1
        with (self.home / f"log-{self._starts}.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fieldsales", "up", "--empty", "--port", str(self.port)],
                cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )
        self._wait()
        return self

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                raise AssertionError(f"the server ended by itself:\n{self.log()}")
            try:
                if self.ping()["fieldsales"] == 1:
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        raise AssertionError(f"the server never answered:\n{self.log()}")

    def ping(self) -> dict[str, Any]:
        """What it says of itself."""
        asking = urllib.request.Request(self.url + "/api/v1/ping", headers={"X-Fieldsales": "1"})
        with urllib.request.urlopen(asking, timeout=5) as answer:
            said: dict[str, Any] = json.load(answer)
        return said

    def log(self) -> str:
        """What the processes of the last start printed."""
        return (self.home / f"log-{self._starts}.txt").read_text(errors="replace")

    @property
    def pid(self) -> int:
        """The first process: the one that started the others, and the group they are killed by."""
        assert self._process is not None
        return self._process.pid

    def runs(self) -> bool:
        """Whether its processes live."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to web process and worker at once, as a power cut or the OOM killer does it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """An orderly end; killed when it takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=15)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # whoever of the group is left
        self._process = None

    def back_up(self) -> Path:
        """A whole copy of an SQLite house (its processes may run): database by SQLite's own backup, then the files."""
        copy = self.home.with_name(f"{self.home.name}-backup-{time.monotonic_ns()}")
        shutil.copytree(self.home, copy, ignore=shutil.ignore_patterns("*.db*", "log-*", "*.sock"))
        with sqlite3.connect(self.home / "fieldsales.db") as source, sqlite3.connect(copy / "fieldsales.db") as target:
            source.backup(target)
        return copy

    def restore(self, copy: Path) -> None:
        """Put an old backup in the place of what is here, as an administrator would; the house must be stopped."""
        assert self._process is None
        for path in self.home.glob("fieldsales.db*"):
            path.unlink()
        shutil.copy(copy / "fieldsales.db", self.home / "fieldsales.db")
        shutil.rmtree(self.home / "blobs", ignore_errors=True)
        if (copy / "blobs").is_dir():
            shutil.copytree(copy / "blobs", self.home / "blobs")

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Its database, opened beside the processes."""
        engine = make_engine(self.database)
        try:
            yield Store(engine)
        finally:
            engine.dispose()

    @contextmanager
    def program(self) -> Iterator[Program]:
        """The program on the same database and home, in this process: for what the office does meanwhile."""
        app = create_app(Settings(home=self.home, database_url=self.database_url, secret_key="test"))
        program: Program = app.extensions["fieldsales"]
        try:
            yield program
        finally:
            program.store.engine.dispose()

    def audit(self) -> list[str]:
        """``python3 -m fieldsales audit --json``, run as an administrator would; the lines that report a breach."""
        env = os.environ | {"FIELDSALES_HOME": str(self.home), "FIELDSALES_DATABASE_URL": self.database_url,
                            "FIELDSALES_SECRET_KEY": "test"} | self.settings
        done = subprocess.run([sys.executable, "-m", "fieldsales", "audit", "--json"], cwd=ROOT, env=env,
                              capture_output=True, text=True, check=False, timeout=120)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        found = [line for line in lines if "invariant" in line]
        assert found, done.stdout + done.stderr
        return [f"{one['invariant']}: {one['breaches']}" for one in found if one["breaches"]]
