"""A plugin with one job that does its work, and one for every way a job can misbehave."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from fieldsales.plugin_api import (
    Arrived,
    CliCommand,
    Field,
    JobAnswer,
    JobFacts,
    Keep,
    Log,
    ScheduledJob,
    TaskFor,
    hookimpl,
    words,
)

HARBOUR = "019c0000-0000-7000-8000-000000000020"


def good(facts: JobFacts) -> JobAnswer:
    """Counts its runs, and puts a task on the list, the same every time."""
    known = facts.record("count", "runs")
    count = int(known.body["n"]) + 1 if known else 1
    return JobAnswer((
        Keep("count", "runs", {"n": count}),
        TaskFor("once", HARBOUR, words("核对账户", "Check the account"),
                facts.today + timedelta(days=1)),
        Log(f"run {count} {facts.settings.get('greeting', '-')}"),
    ))  # fmt: skip


def hang(facts: JobFacts) -> JobAnswer:
    """Never comes back."""
    while True:
        time.sleep(1)


def spin(facts: JobFacts) -> JobAnswer:
    """Uses up its processor."""
    while True:
        pass


def eat(facts: JobFacts) -> JobAnswer:
    """Wants more memory than it may have."""
    return JobAnswer((Log(str(len(bytearray(2_000_000_000)))),))


def crash(facts: JobFacts) -> JobAnswer:
    """Ends its own process."""
    os.abort()


def leave(facts: JobFacts) -> JobAnswer:
    """Ends without an answer, as if all were well."""
    os._exit(0)


def refuse(facts: JobFacts) -> JobAnswer:
    """Raises."""
    raise RuntimeError("the mailbox is locked")


def garbage(facts: JobFacts) -> Any:
    """Hands back something else."""
    return ["no", "answer"]


def huge(facts: JobFacts) -> JobAnswer:
    """Hands back more than it may."""
    return JobAnswer(tuple(Arrived(f"k{n}", "reply", text="x" * 20_000) for n in range(120)))


def forge(facts: JobFacts) -> JobAnswer:
    """Writes an answer of its own making past the check."""
    os.write(3, b'[{"$": "Log", "v": {"text": "' + b"x" * 5000 + b'"}}]')
    os._exit(0)


def fork(facts: JobFacts) -> JobAnswer:
    """Starts another process of its own."""
    return _tried(os.fork)


def shell(facts: JobFacts) -> JobAnswer:
    """Starts another program."""
    return _tried(lambda: subprocess.run(["/bin/true"], check=True))


def dial(facts: JobFacts) -> JobAnswer:
    """Speaks to a host it did not declare."""
    return _tried(lambda: socket.create_connection(("127.0.0.1", 9), 1))


def pry(facts: JobFacts) -> JobAnswer:
    """Reads what is none of its business: the parent's environment, the database's folder, a file elsewhere."""
    return JobAnswer((
        *_tried(lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()).orders,
        *_tried(lambda: Path("/tmp/clerk-was-here").write_text("x", encoding="utf-8")).orders,
        *_tried(lambda: os.kill(os.getppid(), signal.SIGTERM)).orders,
        Log("environment: " + " ".join(sorted(name for name in os.environ if "SECRET" in name or "URL" in name))),
        Log("home: " + os.environ["HOME"]),
    ))  # fmt: skip


def peek(facts: JobFacts) -> JobAnswer:
    """Reads the file it is told to, and its own."""
    told = Path(str(facts.settings["path"]))
    return JobAnswer((*_tried(told.read_bytes).orders, *_tried(Path(__file__).read_bytes).orders))


def print_much(facts: JobFacts) -> JobAnswer:
    """Prints to where its answer goes."""
    print("[]")
    sys.stdout.write("noise")
    Path("mine.txt").write_text("its own folder is its own", encoding="utf-8")
    threading.current_thread()
    return JobAnswer((Log("printed"),))


def _tried(what: Callable[[], object]) -> JobAnswer:
    try:
        what()
    except Exception as error:
        return JobAnswer((Log(f"{type(error).__name__}: {error}"[:200]),))
    return JobAnswer((Log("it went through"),))


_BAD = (hang, spin, eat, crash, leave, refuse, garbage, huge, forge, fork, shell, dial, pry, peek, print_much)


@hookimpl
def scheduled_jobs() -> Iterable[ScheduledJob]:
    """The good one every ten minutes, the others only when a test asks."""
    yield ScheduledJob("good", words("清点", "Counting"), 10, good)
    for one in _BAD:
        yield ScheduledJob(one.__name__, words(one.__name__, one.__name__), "night", one, seconds=2, memory_mb=192,
                           answer_mb=1, needs=("never_set",))  # fmt: skip


def overdue_list(options: Any, facts: Any) -> Iterable[str | int]:
    """One line a case; exit code 3 when there is none."""
    count = 0
    for case in facts.overdue():
        if case.overdue.minor >= options.get("least", 0):
            yield f"{case.customer.name} {case.overdue}"
            count += 1
    if not count:
        yield 3


@hookimpl
def cli_commands() -> Iterable[CliCommand]:
    """A list, and a command that fails."""
    yield CliCommand("overdue", words("逾期清单", "What is overdue"), overdue_list,
                     (Field("least", "number", words("至少（分）", "At least (minor units)")),))
    yield CliCommand("broken", words("出错", "Fails"), lambda options, facts: 1 / 0)  # type: ignore[arg-type,return-value]
