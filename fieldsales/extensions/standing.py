"""One process's plugins, kept as the tables say: switched off in one place, off in every process within a second.

The tables are looked at by one tiny read, at most once a second; only when it says that something changed are they
read whole and the plugins loaded anew. What failed meanwhile is told after the request, never inside a transaction;
that one hung at once, so that the other processes leave it alone too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from fieldsales.dispatcher import Dispatcher
from fieldsales.extensions import queries
from fieldsales.extensions.offers import OFFERS
from fieldsales.extensions.queries import Fault, StateFact
from fieldsales.extensions.sealing import opened
from fieldsales.extensions.service import ASIDE, DISABLED, is_aside
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plugin_api.loading import Found, in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.engines import Store

log = logging.getLogger(__name__)
#: Seconds between two looks at the tables, and between two writings of what failed.
LOOK_EVERY_S = 1.0
TELL_EVERY_S = 5.0
_MARK = " || '/' || ".join(f"(SELECT count(*) || '.' || coalesce(sum(version), 0) FROM {table})"
                           for table in ("plugin_states", "plugin_settings"))


def decided(store: Store) -> dict[str, StateFact]:
    """What was decided on each plugin; nothing while there are no tables yet."""
    try:
        with store.reading() as connection:
            return queries.states(connection)
    except DatabaseError:
        return {}


def leave_alone(plugins: Plugins, states: Iterable[StateFact], now: datetime) -> None:
    """Have this process ask none of the plugins that hung anywhere in the house, for as long as that was said."""
    for one in states:
        if is_aside(one, now):
            plugins.leave_alone(one.id, one.hangs, (one.until - now).total_seconds() if one.until else None)


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
        self._telling = threading.Lock()
        self._versions: dict[str, int] | None = None
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
                self._versions = self._versions or {}
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
        again = self._switched(states)
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
        leave_alone(self.plugins, states.values(), self.dispatcher.clock.now())
        self.plugins.take_settings({
            name: dict(one.given) | {key: secret for key, token in one.sealed.items()
                                     if (secret := opened(self.home, name, key, token)) is not None}
            for name, one in settings.items()})
        for call in self.changed:
            call()

    def _switched(self, states: Mapping[str, StateFact]) -> set[str]:
        """The plugins to be loaded again, since somebody has switched them; being left alone loads nothing."""
        off = {one.name for one in self.plugins.status() if one.state == "disabled"}
        wrong = {name for name, one in states.items() if (name in off) != (one.state == DISABLED or name in self.off)}
        if self._versions is None:  # they were loaded a moment ago
            return wrong
        moved = {name for name, one in states.items() if self._versions.get(name) != one.version}
        return {name for name in moved if name in wrong or states[name].state != ASIDE}

    @property
    def has_news(self) -> bool:
        """Whether calls have failed that are not written down yet, and it is time to: at once when one hung."""
        failures = tuple(self.plugins.failures)
        return bool(failures) and (time.monotonic() - self._told >= TELL_EVERY_S
                                   or any(one.why == "hung" for one in failures))

    def tell(self) -> None:
        """Write down what failed since the last time: how often, and the last of it; and set aside what hung."""
        if not self._telling.acquire(blocking=False):
            return
        try:
            self._tell()
        except Exception:  # telling of a failure must be none
            log.exception("what failed in plugins could not be written down")
        finally:
            self._telling.release()

    def _tell(self) -> None:
        self._told = time.monotonic()
        counts: dict[str, int] = {}
        last: dict[str, Fault] = {}
        hung: dict[str, str] = {}
        now = self.dispatcher.clock.now()
        while self.plugins.failures:
            one = self.plugins.failures.popleft()
            counts[one.plugin] = counts.get(one.plugin, 0) + 1
            last[one.plugin] = Fault(0, one.why, one.detail, self.process, now)
            if one.why == "hung":
                hung[one.plugin] = one.detail
        if counts:
            self.dispatcher.note(lambda connection: queries.note_faults(connection, counts, last))
        for plugin, why in hung.items():
            self.dispatcher.perform(SYSTEM, "extensions.set_aside", {"plugin": plugin, "why": why[:120]})


def standing_of(program: Any) -> Standing:
    """The standing of this process's plugins."""
    found: Standing = program.parts["standing"]
    return found
