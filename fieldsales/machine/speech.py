"""What is said while a machine is set up: short lines in Chinese or English, each step with its seconds."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bhost='[^']*'", re.IGNORECASE)


def in_chinese() -> bool:
    """Return whether the terminal's language (LANGUAGE, LC_ALL, LC_MESSAGES, LANG) is Chinese."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("zh")
    return False


def say(zh: str, en: str, *, error: bool = False) -> None:
    """Print one sentence in the terminal's language, at once."""
    print(zh if in_chinese() else en, file=sys.stderr if error else sys.stdout, flush=True)


def without_addresses(text: str) -> str:
    """Return the text with every URL cut out: where packages come from is the machine's own affair."""
    return _ADDRESS.sub("…", text)


@contextmanager
def step(zh: str, en: str) -> Iterator[Callable[[str], None]]:
    """Say that a step begins, and at its end how many seconds it took.

    Gives a function that shows how far the step has come: on a terminal at once in the same line,
    in a log at most every ten seconds.
    """
    say(f"→ {zh}", f"→ {en}")
    started = shown = time.monotonic()
    terminal = sys.stdout.isatty()

    def progress(text: str) -> None:
        nonlocal shown
        if terminal:
            print(f"\r\033[K  {text}", end="", flush=True)
        elif time.monotonic() - shown >= 10:
            shown = time.monotonic()
            print(f"  {text}", flush=True)

    done = False
    try:
        yield progress
        done = True
    finally:
        if terminal:
            print("\r\033[K", end="")
        seconds = time.monotonic() - started
        if done:
            say(f"  完成，{seconds:.1f} 秒", f"  done, {seconds:.1f} s")
        else:
            say(f"  没有成功，{seconds:.1f} 秒", f"  failed, {seconds:.1f} s")
