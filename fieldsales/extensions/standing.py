"""One process's plugins, kept as the tables say: switched off in one place, off in every process within a second.

The tables are looked at by one tiny read, at most once a second; only when it says that something changed are they
read whole and the plugins loaded anew. What failed meanwhile is told after the request, never inside a transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from fieldsales.dispatcher import Dispatcher
from fieldsales.extensions import queries
from fieldsales.extensions.offers import OFFERS
from fieldsales.extensions.queries import Fault
from fieldsales.extensions.sealing import opened
from fieldsales.extensions.service import DISABLED
from fieldsales.plugin_api.loading import Found, in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.engines import Store

log = logging.getLogger(__name__)
#: Seconds between two looks at the tables, and between two writings of what failed.
LOOK_EVERY_S = 1.0
TELL_EVERY_S = 5.0
_MARK = " || '/' || ".join(f"(SELECT count(*) || '.' || coalesce(sum(version), 0) FROM {table})"
                           for table in ("plugin_states", "plugin_settings"))


def switched_off(store: Store) -> frozenset[str]:
    """The plugins that are switched off; none while there are no tables yet."""
    try:
        with store.reading() as connection:
            return frozenset(name for name, one in queries.states(connection).items() if one.state == DISABLED)
    except DatabaseError:
        return frozenset()


@dataclass
class Standing:
    """``off``: names that the settings of the machine switch off, whatever the tables say. ``reloading``: the folder
    whose changed files are loaded at once (None: never). ``process``: what this process is called on the page."""

    dispatcher: Dispatcher
    plugins: Plugins
    home: Path
    off: frozenset[str] = frozenset()
    reloading: Path | None = None
    process: str = "web"
    #: called after the plugins have become others
    changed: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock, self._mark, self._looked, self._told = threading.Lock(), "0.0/0.0" + "/0" * len(OFFERS), 0.0, 0.0
        self._versions: dict[str, int] = {}
        self._files = self._fingerprint()

    def look(self, *, at_once: bool = False) -> bool:
        """Do as the tables say, if they say something new; whether they did. Cheap: see this module's first words."""
        now = time.monotonic()
        due = at_once or now - self._looked >= LOOK_EVERY_S
        if not (due or self.reloading) or not self._lock.acquire(blocking=at_once):
            return False
        try:
            self._looked = now if due else self._looked
            mark = self._read_mark() if due else self._mark
            files = self._fingerprint()
            if mark == self._mark and files == self._files:
                return False
            self._follow(fresh=files != self._files)
            self._mark, self._files = mark, files
            return True
        except Exception:  # no request may fail for it; the next look tries again
            log.exception("the plugins could not be put as the tables say")
            return False
        finally:
            self._lock.release()

    def _read_mark(self) -> str:
        # past SQLAlchemy's own cursor: this is no statement of the request, and must cost next to nothing
        try:
            with closing(self.dispatcher.store.engine.raw_connection()) as raw:
                cursor = raw.cursor()
                cursor.execute(f"SELECT {_MARK}" + "".join(f" || '/' || ({one.mark})" for one in OFFERS))
                row = cursor.fetchone()
                return str(row[0]) if row else self._mark
        except Exception:  # the tables are not made yet, or nothing answers: as before
            return self._mark

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        if self.reloading is None or not self.reloading.is_dir():
            return ()
        found = []
        for one in sorted(self.reloading.rglob("*")):
            with suppress(OSError):  # it may vanish while it is looked at
                if "__pycache__" not in one.parts and one.is_file():
                    stat = one.stat()
                    found.append((str(one), stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def _follow(self, *, fresh: bool) -> None:
        with self.dispatcher.store.reading() as connection:
            states, settings = queries.states(connection), queries.all_settings(connection)
            offered = [found for one in OFFERS for found in one.found(connection)]
        versions = {name: one.version for name, one in states.items()}
        again = {name for name, version in versions.items() if self._versions.get(name) != version}
        origins = {one.origin for one in OFFERS}
        before = {(one.name, one.version) for one in self.plugins.found if one.origin in origins}
        moved = before ^ {(one.name, one.version) for one in offered}
        if again or fresh or moved:
            off = self.off | {name for name, one in states.items() if one.state == DISABLED}
            found: Iterable[Found] = [*(one for one in self.plugins.found if one.origin not in origins), *offered]
            again |= {name for name, _ in moved}
            if fresh and self.reloading is not None:
                found = [*(one for one in found if one.origin != "file"), *in_folder(self.reloading, "file")]
                again |= {one.name for one in found if one.origin == "file"}
            self.plugins.become(self.plugins.anew(found, off=off, again=again))
            self._versions = versions
        self.plugins.take_settings({
            name: dict(one.given) | {key: secret for key, token in one.sealed.items()
                                     if (secret := opened(self.home, name, key, token)) is not None}
            for name, one in settings.items()})
        for call in self.changed:
            call()

    @property
    def has_news(self) -> bool:
        """Whether calls have failed that are not written down yet, and it is time to."""
        return bool(self.plugins.failures) and time.monotonic() - self._told >= TELL_EVERY_S

    def tell(self) -> None:
        """Write down what failed since the last time: how often, and the last of it."""
        self._told = time.monotonic()
        counts: dict[str, int] = {}
        last: dict[str, Fault] = {}
        now = self.dispatcher.clock.now()
        while self.plugins.failures:
            one = self.plugins.failures.popleft()
            away = now + timedelta(seconds=one.away_s) if one.away_s else None
            counts[one.plugin] = counts.get(one.plugin, 0) + 1
            last[one.plugin] = Fault(0, one.why, one.detail, self.process, now, away)
        try:
            self.dispatcher.note(lambda connection: queries.note_faults(connection, counts, last))
        except Exception:  # telling of a failure must be none
            log.exception("what failed in plugins could not be written down")


def standing_of(program: Any) -> Standing:
    """The standing of this process's plugins."""
    found: Standing = program.parts["standing"]
    return found
