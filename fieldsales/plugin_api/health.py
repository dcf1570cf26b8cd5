"""How a plugin fares, and what is raised when one cannot answer."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

#: Seconds a plugin is left alone after it hung, doubled after each further hang; after so many in a row it is asked
#: again only when a person says so.
RETRY_SECONDS = 60.0
MOST_HANGS = 4


def pause_after(hangs: int, first: float = RETRY_SECONDS) -> float | None:
    """Seconds a plugin is left alone after so many hangs in a row: it may only have been the machine that stood still.

    None: until a person has it asked again.
    """
    return None if hangs >= MOST_HANGS else first * 2 ** (hangs - 1)


class PluginFailed(Exception):
    """A plugin could not answer. ``why``: raised | hung | garbage | suspended | unknown."""

    def __init__(self, plugin: str, why: str, detail: str = "") -> None:
        super().__init__(f"{plugin}: {why}{': ' if detail else ''}{detail}")
        self.plugin, self.why, self.detail = plugin, why, detail


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """How one plugin fares. ``state``: active | failed (at load) | suspended (it hung) | disabled.

    ``api``: the version of the API it was written for. ``notes``: what it uses that will go. ``title`` and ``about``:
    in both languages, empty where it does not say. ``hooks`` of one that failed: as far as its files name them.
    """

    name: str
    version: str
    origin: str
    where: str
    state: str
    hooks: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    errors: int = 0
    last_error: str = ""
    api: int = 1
    notes: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that cannot be shown just now. ``name``: of the plugin; ``title``: of what it would show, or of the
    plugin; ``why``: aside (it hung) | failed (it could not be loaded); ``roles``: who would see it, empty: unknown."""

    name: str
    title: Mapping[str, str]
    why: str
    roles: tuple[str, ...] = ()


class Aside:
    """Which plugins this process leaves alone because they hung, and until when."""

    def __init__(self, first: float = RETRY_SECONDS) -> None:
        self.first = first
        self._hangs: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def hung(self, plugin: str) -> None:
        """It hung here. Several calls may hang at once, and that is one hang."""
        with self._lock:
            if time.monotonic() >= self._until.get(plugin, 0.0):
                hangs = self._hangs.get(plugin, 0) + 1
                self._leave(plugin, hangs, pause_after(hangs, self.first))

    def leave(self, plugin: str, hangs: int, seconds: float | None) -> None:
        """It hung somewhere in the house, so many times in a row: it is left alone for ``seconds``, None: for good."""
        with self._lock:
            self._leave(plugin, hangs, seconds)

    def _leave(self, plugin: str, hangs: int, seconds: float | None) -> None:
        self._hangs[plugin] = hangs
        self._until[plugin] = math.inf if seconds is None else time.monotonic() + seconds

    def over(self, plugin: str) -> bool:
        """Whether it may be asked again."""
        return time.monotonic() >= self._until.get(plugin, 0.0)

    def end(self, plugin: str) -> None:
        """It is asked again from now on; another hang is still the next in a row."""
        with self._lock:
            self._until.pop(plugin, None)

    def hand_on(self, plugin: str, other: Aside) -> None:
        """What is known of it goes along to another loading of the same plugins."""
        with self._lock:
            if plugin in self._hangs:
                other._hangs[plugin] = self._hangs[plugin]
            if plugin in self._until:
                other._until[plugin] = self._until[plugin]
