"""A job that misbehaves ends alone: in its own process, by its deadline, with nothing of it left behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fieldsales.jobs import children
from fieldsales.jobs.children import Ended
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.jobchild import Brief
from fieldsales.plugin_api.jobs import JobFacts, Log
from tests import cast

CLERK = Path(__file__).parent / "clerks" / "clerk.py"


def run(job: str, *, hosts: tuple[str, ...] = (), closed: tuple[str, ...] = (), seconds: int = 2) -> Ended:
    facts = JobFacts(cast.NOON, cast.TODAY, settings={"greeting": "早"})
    return children.run(Brief("clerk", "file", str(CLERK), job, seconds, 192, 1, hosts, closed, facts))


def test_job_reads_its_own_folder_and_none_of_the_programs(tmp_path: Path) -> None:
    (tmp_path / "fieldsales.db").write_bytes(b"secret")
    facts = JobFacts(cast.NOON, cast.TODAY, settings={"path": str(tmp_path / "fieldsales.db")})
    closed = (str(tmp_path), str(CLERK.parent))
    brief = Brief("clerk", "file", str(CLERK), "peek", 2, 192, 1, (), closed, facts)
    database, own = lines(children.run(brief))
    assert database.startswith("PermissionError")
    assert own == "it went through"


def lines(ended: Ended) -> list[str]:
    assert ended.answer is not None, ended
    return [one.text for one in ended.answer.orders if isinstance(one, Log)]


def test_job_hands_back_its_orders_and_sees_its_settings() -> None:
    assert lines(run("good")) == ["run 1 早"]


@pytest.mark.parametrize(("job", "outcome", "says"), [
    ("crash", "crashed", ""), ("leave", "garbage", "cannot be read"),
    ("refuse", "raised", "RuntimeError: the mailbox is locked"), ("garbage", "garbage", "must return a JobAnswer"),
    ("huge", "too_large", ""), ("forge", "garbage", "longer than 300"), ("eat", "raised", "MemoryError"),
    ("not_declared", "gone", "declares no job"),
])  # fmt: skip
def test_job_that_misbehaves_ends_alone_and_says_how(job: str, outcome: str, says: str) -> None:
    ended = run(job)
    assert (ended.outcome, ended.answer) == (outcome, None), ended
    assert says in ended.error


def test_job_that_uses_up_its_processor_or_hangs_is_ended_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("spin", seconds=1).outcome == "timed_out"
    monkeypatch.setattr(children, "START_S", 1.0)
    began = time.monotonic()
    assert run("hang", seconds=1).outcome == "timed_out"
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("job", ["fork", "shell", "dial"])
def test_job_starts_nothing_and_dials_nobody_it_did_not_declare(job: str) -> None:
    [line] = lines(run(job))
    assert line.startswith("PermissionError"), line


def test_job_sees_no_secrets_and_writes_nowhere_but_in_its_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDSALES_DATABASE_URL", f"postgresql://u:{uuid7()}@h/d")
    monkeypatch.setenv("FIELDSALES_SECRET_KEY", "secret")
    environ, written, killed, environment, home = lines(run("pry"))
    assert all(one.startswith("PermissionError") for one in (environ, written, killed)), (environ, written, killed)
    assert environment == "environment: "
    assert not Path(home.removeprefix("home: ")).exists()
    assert lines(run("print_much")) == ["printed"]
