"""The process a job runs in: limits first, then walls, then the plugin, then its answer, checked, as JSON.

The walls (``sys.addaudithook``) keep an honest plugin to what it declared: its hosts, its own empty folder, no other
program. They are no prison for code that means harm; what is not written in Python goes past them. The limits, the
deadline and the empty environment are the kernel's and hold for everybody.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import resource
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fieldsales.plugin_api import jobwire, validate
from fieldsales.plugin_api.contributing import contribution
from fieldsales.plugin_api.isolation import describe
from fieldsales.plugin_api.jobs import JobAnswer, JobFacts, ScheduledJob, job_answer
from fieldsales.plugin_api.loading import Found, in_folder, installed

#: How a run ends, by the process's exit code; anything else is a crash.
FINE, RAISED, GARBAGE, TOO_LARGE, NOT_THERE = 0, 81, 82, 83, 84
_MB = 1024 * 1024
#: What may not be started or reached at all.
_NEVER = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "sqlite3.",
          "pty.spawn", "os.kill", "os.killpg", "socket.bind", "ctypes.", "shutil.rmtree", "signal.pthread_kill")
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")


@dataclass(frozen=True, slots=True)
class Brief:
    """What the worker tells the child. ``closed``: folders it may not read; ``hosts``: (host, …) it may speak to."""

    plugin: str
    origin: str
    where: str
    job: str
    seconds: int
    memory_mb: int
    answer_mb: int
    hosts: tuple[str, ...]
    closed: tuple[str, ...]
    facts: JobFacts


def main() -> None:
    """Read the brief from stdin, run the job, write its answer to stdout; the exit code says how it went."""
    brief: Brief = pickle.load(sys.stdin.buffer)  # written by the worker, of our own making
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a plugin prints is no answer
    limit(brief)
    sys.exit(_carried_out(brief, answer))


def limit(brief: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (brief.seconds, brief.seconds + 1))  # SIGXCPU says what it was
    limits = ((resource.RLIMIT_AS, brief.memory_mb * _MB), (resource.RLIMIT_FSIZE, brief.answer_mb * _MB),
              (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_CORE, 0))  # fmt: skip
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # root is not held by it; the walls are


def _carried_out(brief: Brief, answer: BinaryIO) -> int:
    job = _found(brief)
    if job is None:
        print(f"the plugin declares no job {brief.job!r}", file=sys.stderr)
        return NOT_THERE
    walls(brief)
    try:
        handed: JobAnswer = job_answer(job.run(brief.facts))
        answer.write(jobwire.written(handed))
        answer.flush()
    except validate.Garbage as error:
        print(describe(error), file=sys.stderr)
        return GARBAGE
    except (TypeError, ValueError) as error:
        traceback.print_exc()
        print(describe(error), file=sys.stderr)
        return RAISED
    except OSError as error:
        print(describe(error), file=sys.stderr)
        return TOO_LARGE if error.errno == 27 else RAISED
    except BaseException as error:
        traceback.print_exc()
        print(describe(error), file=sys.stderr)
        return RAISED
    return FINE


def _found(brief: Brief) -> ScheduledJob | None:
    """The job, from the plugin imported anew."""
    every = installed() if brief.origin == "installed" else in_folder(Path(brief.where).parent, brief.origin)
    plugin: Found | None = next((one for one in every if one.name == brief.plugin), None)
    if plugin is None:
        return None
    jobs = contribution(plugin).declared["scheduled_jobs"]
    return next((one for one in jobs if one.name == brief.job), None)


def walls(brief: Any) -> None:
    """From here on, only what was declared."""
    for late in ("ssl", "imaplib", "smtplib", "encodings.idna", "email.mime.text", "http.client"):
        importlib.import_module(late)  # what the standard library loads on the way needs no leave afterwards
    allowed = _addresses(brief.hosts)
    here, own = os.getcwd(), os.path.dirname(brief.where)
    closed = tuple(os.path.realpath(one) for one in brief.closed if one)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(_NEVER):
            raise PermissionError(f"a job may not do this: {event}")
        if event in ("socket.connect", "socket.sendto") and not _goes_to(args[1], allowed):
            raise PermissionError(f"this job did not declare the host {args[1]!r}")
        if event == "socket.getaddrinfo" and _text(args[0]) not in allowed:
            raise PermissionError(f"this job did not declare the host {args[0]!r}")
        if event == "open" and not isinstance(args[0], int):
            mine = bool(own) and _within(_text(args[0]), (own,))
            _opens(_text(args[0]), args[1], int(args[2] or 0), here, () if mine else closed)
        if event in _CHANGES and not _within(_text(args[0]), (here,)):
            raise PermissionError(f"a job may not change {args[0]!r}")

    sys.addaudithook(watch)


def _addresses(hosts: tuple[str, ...]) -> frozenset[str]:
    """The hosts and what their names stand for: asked before the walls, and by name again within."""
    found = set(hosts)
    for host in hosts:
        with contextlib.suppress(OSError):
            found |= {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    return frozenset(found)


def _goes_to(address: Any, allowed: frozenset[str]) -> bool:
    if isinstance(address, tuple):
        return _text(address[0]) in allowed
    # glibc asks its name service by a socket of its own and does not come by here; a path is nobody's host
    return False


def _text(given: Any) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)


def _opens(path: str, mode: Any, flags: int, here: str, closed: tuple[str, ...]) -> None:
    writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or (isinstance(mode, str) and set(mode) & set("wax+"))
    if writes and not _within(path, (here, "/dev/null")):
        raise PermissionError(f"a job writes in its own folder only, not {path!r}")
    if _within(path, closed) or (path.startswith("/proc/") and not path.startswith("/proc/self/")):
        raise PermissionError(f"a job may not read {path!r}")


def _within(path: str, folders: tuple[str, ...]) -> bool:
    real = os.path.realpath(path)
    return any(real == one or real.startswith(one + os.sep) for one in folders)


#: For the test kit: a job's answer without a process, checked all the same.
def run_here(job: ScheduledJob, facts: JobFacts, check: Callable[[Any], JobAnswer] = job_answer) -> JobAnswer:
    """What the job hands back in this very process, written and read as through the pipe. Raises Garbage."""
    return jobwire.read(jobwire.written(check(job.run(facts))))
