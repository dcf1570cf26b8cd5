"""What a plugin is shown besides the case: its own settings and its own records, never another's."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Value
from fieldsales.plugin_api.health import Gap, PluginStatus
from fieldsales.plugin_api.keeping import Kept
from fieldsales.plugin_api.settings import SettingsForm

#: Failed calls remembered until they are told; of more, the oldest are forgotten.
MOST_FAILURES = 500
_NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed. ``why``: raised | hung | garbage, or how a job ended."""

    plugin: str
    why: str
    detail: str


class Showing:
    """The part of ``Plugins`` that stands between them and the tables: settings going in, failures coming out."""

    _declared: dict[str, dict[str, tuple[str, Any]]]
    _status: dict[str, PluginStatus]
    #: the house's: sums in settings are in it
    currency = "CNY"

    def __init__(self) -> None:
        self._given: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
        self._read: dict[str, Mapping[str, Value]] = {}
        self.failures: deque[Failure] = deque(maxlen=MOST_FAILURES)

    def _active(self, plugin: str) -> bool:
        raise NotImplementedError  # of ``Plugins``

    def settings_form(self, plugin: str) -> SettingsForm | None:
        """The form a plugin declares for its settings, if any."""
        found: tuple[str, SettingsForm] | None = self._declared["settings"].get(f"{plugin}/settings")
        return found[1] if found else None

    def records_of(self, plugin: str) -> dict[str, dict[str, Any]]:
        """What a plugin declares, by hook and name (without the plugin's own), whether it is at work or set aside."""
        found = {hook: {name.removeprefix(f"{plugin}/"): one for name, (owner, one) in records.items()
                        if owner == plugin} for hook, records in self._declared.items()}  # fmt: skip
        return {hook: records for hook, records in found.items() if records}

    def gaps(self, hook: str) -> tuple[Gap, ...]:
        """What would be shown through ``hook`` and is not, since its plugin hung or could not be loaded."""
        found = [Gap(plugin, one.labels, "aside", one.roles) for plugin, one in self._declared[hook].values()
                 if not self._active(plugin)]  # fmt: skip
        return (*found, *(Gap(one.name, one.title or {"zh": one.name, "en": one.name}, "failed")
                          for one in self._status.values() if one.state == "failed" and hook in one.hooks))

    def brings(self, plugin: str) -> dict[str, tuple[str, ...]]:
        """The names of what a plugin declares, by hook."""
        return {hook: tuple(records) for hook, records in self.records_of(plugin).items()}

    def take_settings(self, given: Mapping[str, Mapping[str, Any]]) -> None:
        """What is set for each plugin, as JSON, secrets opened. It holds from now on."""
        self._given, self._read = MappingProxyType(dict(given)), {}

    def settings_of(self, plugin: str) -> Mapping[str, Value]:
        """What a plugin's settings are now, read as its fields say, defaults where nothing is set."""
        known = self._read.get(plugin)
        if known is None:
            form = self.settings_form(plugin)
            known = MappingProxyType(form.read(self._given.get(plugin, {}), self.currency)) if form else _NONE
            self._read[plugin] = known
        return known

    def shown(self, plugin: str, facts: CaseFacts, kept: tuple[Kept, ...] = ()) -> CaseFacts:
        """The facts as this one plugin is shown them: with its settings and its records (``rules.shown``)."""
        return replace(facts, settings=self.settings_of(plugin), kept=kept)
