"""One run of a job in a process of its own: started bare, ended at its deadline with whatever it has started."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api import jobwire, validate
from fieldsales.plugin_api.jobchild import FINE, GARBAGE, NOT_THERE, RAISED, TOO_LARGE, Brief
from fieldsales.plugin_api.jobs import JobAnswer

#: Where Python finds its modules is handed on by hand: the child starts isolated (-I), deaf to the environment.
_START = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
          "from fieldsales.plugin_api.jobchild import main; main()")
_NAMES = {RAISED: "raised", GARBAGE: "garbage", TOO_LARGE: "too_large", NOT_THERE: "gone"}
_SIGNALS = {-signal.SIGXFSZ: "too_large", -signal.SIGXCPU: "timed_out"}
_MARK = "FIELDSALES_JOB_RUN"
_PAUSE_S = 0.2
#: Starting Python and importing the plugin is not held against the job.
START_S = 10.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: ``outcome`` as in ``rules.OUTCOMES``; ``answer`` only when it is ``done``."""

    outcome: str
    error: str = ""
    answer: JobAnswer | None = None


def run(brief: Brief, stop: threading.Event | None = None) -> Ended:
    """Run it and wait. Never raises for the job's sake; leaves no process behind."""
    mark = uuid7()
    with tempfile.TemporaryDirectory(prefix="fs-job-") as folder, tempfile.TemporaryFile() as told, \
            tempfile.TemporaryFile() as handed, tempfile.TemporaryFile() as said:  # fmt: skip
        told.write(pickle.dumps(brief))
        told.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, json.dumps([os.path.abspath(one) for one in sys.path])],
            stdin=told, stdout=handed, stderr=said, cwd=folder, start_new_session=True, close_fds=True,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder, _MARK: mark},
        )  # fmt: skip
        try:
            ended = _waited(child, brief.seconds + START_S, stop or threading.Event())
        finally:
            _end(child, mark)
        said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
        error = " ".join(said.read().decode("utf-8", "replace").split()[-60:])[-500:]
        if ended:
            return Ended(ended, error)
        handed.seek(0)
        return _judged(child.returncode, handed.read(), error)


def _waited(child: subprocess.Popen[bytes], seconds: float, stop: threading.Event) -> str:
    """Why it had to be ended, or "" when it ended by itself."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            child.wait(_PAUSE_S)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                return "stopped"
        else:
            return ""
    return "timed_out"


def _end(child: subprocess.Popen[bytes], mark: str) -> None:
    """End the child, its group, and whatever of its making has run away from the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError, ValueError):
            if f"{_MARK}={mark}".encode() in entry.read_bytes():
                os.kill(int(entry.parent.name), signal.SIGKILL)


def _judged(code: int, answer: bytes, error: str) -> Ended:
    if code != FINE:
        why = _NAMES.get(code) or _SIGNALS.get(code) or "crashed"
        return Ended(why, error or (f"ended by signal {-code}" if code < 0 else f"exit code {code}"))
    try:
        return Ended("done", answer=jobwire.read(answer))
    except validate.Garbage as garbage:
        return Ended("garbage", str(garbage)[:500])
