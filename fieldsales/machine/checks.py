"""``fieldsales test``: ruff, mypy, the import walls and pytest, one after the other, with one summary."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fieldsales import places
from fieldsales.machine.speech import say

SUMMARY = "FIELDSALES_CHECKS"
RARE = ("soak", "verapdf", "judge", "bench", "webkit")
"""Markers of tests that only ``--all`` runs: they take long or need what a fresh machine does not have."""


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    name: str
    ok: bool
    seconds: float
    output: str

    def line(self) -> str:
        """Return the outcome as one line of the summary."""
        return f"{self.name:<13} {'ok' if self.ok else 'FAILED'}  {self.seconds:.1f} s"


def static_checks() -> dict[str, list[str]]:
    """Return the command of each check that does not run the program."""
    beside = Path(sys.executable).parent
    return {
        "ruff": [sys.executable, "-m", "ruff", "check", "."],
        "mypy --strict": [sys.executable, "-m", "mypy"],
        "lint-imports": [str(beside / "lint-imports"), "--no-logo"],
    }


def _run_one(name: str, command: Sequence[str], root: Path) -> Outcome:
    """Run one check and keep what it says."""
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, errors="replace", check=False)
        ok, output = done.returncode == 0, done.stdout + done.stderr
    except OSError as missing:
        ok, output = False, str(missing)
    outcome = Outcome(name, ok, time.monotonic() - started, output)
    print(f"  {outcome.line()}", flush=True)
    if not ok:
        print(output.rstrip(), flush=True)
    return outcome


def pytest_arguments(arguments: Sequence[str]) -> list[str]:
    """Turn the options of ``fieldsales test`` into those of pytest; everything else is passed on as it is."""
    rest = [argument for argument in arguments if argument not in ("--fast", "--all")]
    chosen: list[str] = []
    if not any(argument == "-m" or argument.startswith("-m=") for argument in rest):
        left_out = [] if "--all" in arguments else list(RARE)
        if "--fast" in arguments:
            left_out += ["slow", "browser", "postgres"]
        if left_out:
            chosen = ["-m", " and ".join(f"not {marker}" for marker in left_out)]
    names_files = any(not argument.startswith("-") and Path(argument.split("::")[0]).exists() for argument in rest)
    if not names_files and not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in rest):
        chosen += ["-n", "2", "--dist", "loadfile"]
    return [*chosen, *rest]


def run(arguments: Sequence[str]) -> int:
    """Run every check, then pytest; return 0 only when all of them are content.

    The checks' outcomes appear in pytest's own summary, so that pytest's closing line stays the last.
    """
    root = places.source_root()
    if root is None:
        say("测试需要源代码目录。", "The tests need a checkout of the source.", error=True)
        return 2
    say("检查代码…", "Checking the code…")
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda check: _run_one(check[0], check[1], root), static_checks().items()))
    failed = [outcome for outcome in outcomes if not outcome.ok]
    surroundings = os.environ | {SUMMARY: "\n".join(outcome.line() for outcome in outcomes)}
    command = [sys.executable, "-m", "pytest", "-p", "fieldsales.machine.summary", *pytest_arguments(arguments)]
    code = subprocess.run(command, cwd=root, env=surroundings, check=False).returncode
    return code or (1 if failed else 0)
