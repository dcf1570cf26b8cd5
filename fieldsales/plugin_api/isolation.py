"""Calling code that may raise, hang or answer rubbish, so that only its own answer is lost.

A call runs in a lent thread with a deadline. A thread that misses it cannot be stopped in Python:
it is abandoned (a daemon, so it never holds up the end of the program) and not lent again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from fieldsales.kernel.text import clean

#: Seconds one call to a plugin may take.
CALL_SECONDS = 2.0
#: Seconds a plugin may take to be imported.
IMPORT_SECONDS = 10.0


class Hung(Exception):
    """The call did not come back before its deadline; its thread is abandoned."""


class Raised(Exception):
    """The plugin raised: what, in words fit for the administrator's list (``describe``)."""


def describe(error: BaseException) -> str:
    """``ValueError: …`` in one line of at most 300 signs, whatever the error's own str() does."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # a plugin's exception may itself be broken
        text = type(error).__name__
    # no half signs and no NUL: it is written into tables and drawn on pages
    return clean(" ".join(text.split()))[:300]


class _Thread:
    """A thread that is lent out for one call at a time."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[Callable[[], Any], SimpleQueue[tuple[bool, Any]]]] = SimpleQueue()
        threading.Thread(target=self._serve, name="fieldsales-plugin", daemon=True).start()

    def _serve(self) -> None:
        while True:
            call, reply = self._calls.get()
            try:
                reply.put((True, call()))
            except BaseException as error:  # SystemExit and KeyboardInterrupt of a plugin end nothing but its call
                reply.put((False, describe(error)))  # here: its own str() may hang as well
            del call, reply

    def run(self, call: Callable[[], Any], seconds: float) -> Any:
        reply: SimpleQueue[tuple[bool, Any]] = SimpleQueue()
        self._calls.put((call, reply))
        try:
            fine, answer = reply.get(timeout=seconds)
        except Empty:
            raise Hung(f"no answer within {seconds:g} s") from None
        if not fine:
            raise Raised(answer)
        return answer


class Lender:
    """Lends threads and takes them back; one that hung is never lent again."""

    def __init__(self) -> None:
        self._idle: deque[_Thread] = deque(maxlen=8)

    def run(self, call: Callable[[], Any], seconds: float = CALL_SECONDS) -> Any:
        """What ``call()`` returns. Raises Raised with its error, or Hung past ``seconds``."""
        try:
            thread = self._idle.pop()
        except IndexError:
            thread = _Thread()
        try:
            answer = thread.run(call, seconds)
        except Raised:
            self._idle.append(thread)
            raise
        self._idle.append(thread)
        return answer
