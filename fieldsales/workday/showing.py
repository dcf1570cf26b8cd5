"""What plugins show, asked and written out: the cases they are shown are read once for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import case_for
from fieldsales.config import as_set
from fieldsales.extensions.queries import Kepts, kept_of
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.health import Gap
from fieldsales.plugin_api.isolation import CALL_SECONDS
from fieldsales.plugin_api.keeping import Kept
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.panels import Cell
from fieldsales.plugin_api.types import ROLES
from fieldsales.workday.words import LANGS, amount, day, sentence

Doc = dict[str, Any]
#: Statements that ``read_cases`` runs, whatever the page.
QUERIES = 19
FAILED = N_("%(name)s could not be shown just now.")
_YEAR_FROM = 300  # days away from which a date is written with its year


@dataclass
class Cases:
    """The cases of a page of customers, each plugin's with what it keeps. Built once a request."""

    plugins: Plugins
    cases: Mapping[str, CaseFacts] = field(default_factory=dict)
    kept: Kepts = field(default_factory=dict)

    def of(self, plugin: str, customer_id: str) -> CaseFacts:
        """A case as this plugin is shown it."""
        return replace(self.cases[customer_id], settings=self.plugins.settings_of(plugin),
                       kept=shown(plugin, self.kept.get(customer_id), self.kept.get(HOUSE)))

    def of_house(self, plugin: str) -> tuple[Kept, ...]:
        """What a plugin keeps for the whole house."""
        return shown(plugin, self.kept.get(HOUSE))


def read_cases(connection: Connection, customer_ids: Sequence[str], viewer: Actor, now: datetime, today: date,
               plugins: Plugins) -> Cases:
    """The cases of these customers, in ``QUERIES`` statements."""
    files = load_case_files(connection, list(customer_ids))
    return Cases(plugins, {key: case_for(file, viewer, now, today) for key, file in files.items()},
                 kept_of(connection, customer_ids))


class Patience:
    """The time one thing of a plugin may take over a whole page: what a single call may, all calls together."""

    def __init__(self, seconds: float = CALL_SECONDS) -> None:
        self._left = seconds

    def ask(self, call: Callable[[], Any]) -> Any:
        """What ``call`` answers. Raises PluginFailed, also when the time is used up."""
        if self._left <= 0:
            raise PluginFailed("", "slow")
        begun = time.monotonic()
        try:
            return call()
        finally:
            self._left -= time.monotonic() - begun


def told(given: Cell, today: date, zone: str) -> Any:
    """A cell in words: a text, or ``{"zh", "en"}`` where the two differ."""
    if isinstance(given, str):
        return given
    if isinstance(given, int):
        return f"{given:,}"
    if isinstance(given, Money):
        return amount(given.minor, given.currency)
    both = dict(given) if isinstance(given, Mapping) else {lang: _on(given, lang, today, zone) for lang in LANGS}
    return both["zh"] if both["zh"] == both["en"] else both


def _on(given: date | datetime, lang: str, today: date, zone: str) -> str:
    local = given.astimezone(ZoneInfo(zone)) if isinstance(given, datetime) else None
    on = local.date() if local else given
    words = day(on, lang)
    if abs((on - today).days) > _YEAR_FROM:
        words = f"{on.year}年{words}" if lang == "zh" else f"{words} {on.year}"
    if local is None:
        return words
    return f"{local:%H:%M}" if on == today else f"{words} {local:%H:%M}"


def failed(labels: Mapping[str, str]) -> Doc:
    """The note in place of what could not be shown."""
    return {"failed": {lang: sentence(FAILED, lang, name=labels[lang]) for lang in LANGS}}


def gaps_of(plugins: Plugins, hook: str, viewer: Actor) -> tuple[Gap, ...]:
    """What this person would be shown through a hook and is not, since its plugin is set aside or cannot be loaded.

    Of what was switched off on purpose nothing is said. No query.
    """
    seen = (one for one in plugins.gaps(hook) if viewer.role in (*(one.roles or ROLES), "system"))
    return tuple({(one.name, one.title["zh"]): one for one in seen}.values())


def zone_of_house() -> str:
    """The zone in which hours are written."""
    return as_set().zone
