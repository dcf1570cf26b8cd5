"""What one plugin brings: its module imported, its hooks asked, each declaration checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pluggy

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.codes import CodeSender, sender
from fieldsales.plugin_api.hookspecs import PROJECT, Hooks
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.notices import NoticeChannel, channel
from fieldsales.plugin_api.types import CollectionMethod, Excuse, Observer


@dataclass(frozen=True, slots=True)
class Contribution:
    """Everything one plugin declares."""

    version: str
    hooks: tuple[str, ...]
    methods: tuple[CollectionMethod, ...]
    excuses: tuple[Excuse, ...]
    observers: tuple[Observer, ...]
    channels: tuple[NoticeChannel, ...]
    senders: tuple[CodeSender, ...]


def contribution(found: Found) -> Contribution:
    """Import a plugin and ask its hooks. Runs in a lent thread; whatever it raises is its own."""
    module = found.load()
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(module, found.name)
    manager.check_pending()
    callers = manager.get_hookcallers(module) or []

    def ask(hook: str, read: Callable[[Any], Any]) -> tuple[Any, ...]:
        answers = getattr(manager.hook, hook)()
        return tuple(read(one) for answer in answers for one in validate.declared(answer, hook))

    return Contribution(
        version=found.version or str(getattr(module, "__version__", "")),
        hooks=tuple(sorted(caller.name for caller in callers)),
        methods=ask("collection_methods", validate.method),
        excuses=ask("excuse_codes", validate.excuse),
        observers=ask("observers", validate.observer),
        channels=ask("notice_channels", channel),
        senders=ask("code_senders", sender),
    )
