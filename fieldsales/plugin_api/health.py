"""How a plugin fares, and what is raised when one cannot answer."""

from __future__ import annotations

from dataclasses import dataclass


class PluginFailed(Exception):
    """A plugin could not answer. ``why``: raised | hung | garbage | suspended | unknown."""

    def __init__(self, plugin: str, why: str, detail: str = "") -> None:
        super().__init__(f"{plugin}: {why}{': ' if detail else ''}{detail}")
        self.plugin, self.why, self.detail = plugin, why, detail


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """How one plugin fares. ``state``: active | failed (at load) | suspended (it hung) | disabled.

    ``api``: the version of the API it was written for. ``notes``: what it uses that will go.
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
