"""What one plugin brings: its module imported, its hooks asked, each declaration checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import pluggy

from fieldsales.plugin_api import clauses, compliance, interest, validate
from fieldsales.plugin_api.cards import workday_card
from fieldsales.plugin_api.commands import command
from fieldsales.plugin_api.hookspecs import Hooks
from fieldsales.plugin_api.importers import importer
from fieldsales.plugin_api.jobs import job
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.markers import API_VERSION, DEPRECATED, PROJECT
from fieldsales.plugin_api.metrics import scorecard_metric
from fieldsales.plugin_api.notices import channel
from fieldsales.plugin_api.observing import observer
from fieldsales.plugin_api.panels import customer_panel
from fieldsales.plugin_api.papers import located, template
from fieldsales.plugin_api.senders import sender
from fieldsales.plugin_api.settings import settings_form
from fieldsales.plugin_api.signatures import callable_as_asked
from fieldsales.plugin_api.timestamps import timestamper


@dataclass(frozen=True, slots=True)
class Kind:
    """What one hook returns. ``noun``: what the administrator reads. ``read``: the record checked, or Garbage.

    ``key``: the attribute that names a record. A name is taken once in the whole program; ``shared`` ones may recur.
    """

    noun: str
    read: Callable[[Any], Any]
    key: str = "name"
    shared: bool = False


#: Every hook, in the order a plugin is asked.
KINDS: Mapping[str, Kind] = {
    "collection_methods": Kind("method", validate.method),
    "excuse_codes": Kind("excuse", validate.excuse, key="code"),
    "observers": Kind("observer", observer, shared=True),
    "notice_channels": Kind("channel", channel),
    "message_senders": Kind("sender", sender),
    "settings": Kind("form of settings", settings_form, shared=True),
    "importers": Kind("importer", importer),
    "compliance_rules": Kind("rule of contact", compliance.rule),
    "document_templates": Kind("paper", template),
    "timestampers": Kind("timestamper", timestamper),
    "interest_rules": Kind("rule of interest", interest.rule),
    "plan_clauses": Kind("clause", clauses.clause),
    "scheduled_jobs": Kind("job", job, shared=True),
    "cli_commands": Kind("command", command, shared=True),
    "customer_panels": Kind("panel", customer_panel),
    "workday_cards": Kind("card", workday_card),
    "scorecard_metrics": Kind("measure", scorecard_metric),
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """Everything one plugin declares: ``declared[hook]`` in the plugin's order.

    ``api``: the version of the API it was written for. ``notes``: hooks it uses that will go, and when. ``title``,
    ``about``: what the administrator reads (``__title__`` and ``__about__``), else the labels of what it brings first.
    """

    version: str
    hooks: tuple[str, ...]
    declared: Mapping[str, tuple[Any, ...]]
    api: int = 1
    notes: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)


def contribution(found: Found) -> Contribution:
    """Import a plugin and ask its hooks. Runs in a lent thread; whatever it raises is its own."""
    module = found.load()
    api = _api_of(module)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    _known(module)
    manager.register(module, found.name)
    callers = manager.get_hookcallers(module) or []

    def ask(hook: str, kind: Kind) -> tuple[Any, ...]:
        answers = getattr(manager.hook, hook)()
        records = tuple(kind.read(one) for answer in answers for one in validate.declared(answer, hook))
        for one in records:
            callable_as_asked(one, f"{kind.noun} {getattr(one, kind.key)}")
        return records

    declared = {hook: ask(hook, kind) for hook, kind in KINDS.items()}
    declared["document_templates"] = tuple(located(one, module) for one in declared["document_templates"])
    return Contribution(
        version=found.version or str(getattr(module, "__version__", "")),
        hooks=tuple(sorted(caller.name for caller in callers)), declared=declared, api=api,
        notes=tuple(f"{one.name}: {DEPRECATED[one.name]}" for one in callers if one.name in DEPRECATED),
        title=_said(module, "__title__", 40) or _first_label(declared), about=_said(module, "__about__", 300),
    )  # fmt: skip


def _api_of(module: object) -> int:
    """The version a plugin was written for (``__api__``, 1 where it does not say); Garbage when that is to come."""
    api = getattr(module, "__api__", 1)
    validate.need(type(api) is int and api >= 1, f"__api__ must be a whole number, not {api!r}")
    validate.need(api <= API_VERSION, f"it needs version {api} of the plugin API; this program has {API_VERSION}")
    return int(api)


def _said(module: object, name: str, longest: int) -> Mapping[str, str]:
    """What a plugin says of itself in both languages, empty where it says nothing; Garbage when it is no words."""
    given = getattr(module, name, None)
    return validate.labels(given, name, longest) if given is not None else {}


def _first_label(declared: Mapping[str, tuple[Any, ...]]) -> Mapping[str, str]:
    first = next((one for records in declared.values() for one in records if getattr(one, "labels", None)), None)
    return dict(first.labels) if first is not None else {}


def _known(module: object) -> None:
    """Raise Garbage for a function marked as a hook that there is not, and say which one was perhaps meant."""
    for name in dir(module):
        if getattr(getattr(module, name, None), f"{PROJECT}_impl", None) is None or name in KINDS:
            continue
        near = get_close_matches(name, KINDS, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(KINDS)}"
        raise validate.Garbage(f"unknown hook {name!r}{meant}")


def names(brought: Iterable[Any], kind: Kind) -> list[str]:
    """What the records of a kind are called."""
    return [str(getattr(one, kind.key)) for one in brought]
