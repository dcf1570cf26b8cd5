"""Asking time authorities in turn, and leaving those alone for a while that do not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from fieldsales.kernel.errors import N_, Stale

Answer = TypeVar("Answer")
#: After so many failures in a row an authority is left alone.
PATIENCE = 3
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)
#: What says that the authority is to blame, and not the file.
BLAMED = frozenset({"documents.no_time", "documents.time_refused", "documents.wrong_time"})


@dataclass
class Breakers:
    """Which authorities are left alone, and until when: in the memory of one process."""

    _failures: dict[str, int] = field(default_factory=dict)
    _until: dict[str, datetime] = field(default_factory=dict)

    def rests(self, url: str, now: datetime) -> bool:
        """Whether the authority is left alone now. When its rest is over, one question is put to it."""
        return url in self._until and now < self._until[url]

    def failed(self, url: str, now: datetime) -> None:
        """It did not answer, or not well: after a few times it rests, longer each time."""
        count = self._failures[url] = self._failures.get(url, 0) + 1
        if count >= PATIENCE:
            self._until[url] = now + min(LONGEST_REST, FIRST_REST * 2 ** min(count - PATIENCE, 10))

    def worked(self, url: str) -> None:
        """It answered well: everything before is forgotten."""
        self._failures.pop(url, None)
        self._until.pop(url, None)

    def ask(self, urls: Sequence[str], now: Callable[[], datetime], question: Callable[[str], Answer]) -> Answer:
        """The first good answer of the authorities, in their order. Raises Stale when none gives one."""
        last = Stale("documents.no_time", N_("No time stamp could be had: %(why)s"), why="-")
        for url in urls:
            if self.rests(url, now()):
                continue
            try:
                answer = question(url)
            except Stale as error:
                if error.code not in BLAMED:
                    raise
                self.failed(url, now())
                last = error
            else:
                self.worked(url)
                return answer
        raise last
