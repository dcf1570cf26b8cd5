"""What a phone carries, gathered: dossiers and small documents from ``workday``, forms from the plugins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.manager import Plugins
from fieldsales.sync.service import Sources
from fieldsales.workday import queries as workday

if TYPE_CHECKING:
    from fieldsales.web.here import Program


def sources_for(program: Program, actor: Actor) -> Sources:
    """Where one person's documents come from, today."""
    today, settings = program.today, program.settings

    def dossiers(connection: Connection, ids: list[str]) -> Mapping[str, dict[str, Any]]:
        return workday.dossiers(connection, ids, today, settings.currency, program.plugins, actor)

    def small(connection: Connection) -> Mapping[str, dict[str, Any]]:
        return {
            "me": workday.me_doc(connection, actor, today, program.clock.now(), settings.zone, settings.currency),
            "settings": workday.settings_doc(connection, settings, program.plugins, today),
            "today": workday.today_list(connection, actor, today, zone=settings.zone, plugins=program.plugins,
                                        now=program.clock.now()),
        }

    return Sources(dossiers, small)


Forms = list[dict[str, Any]]


def forms_of(plugins: Plugins, actor: Actor, screened: Callable[[Plugins, Forms], Forms]) -> tuple[str, Forms]:
    """(etag, forms) of the methods this person's role may use; ``screened`` puts in the address of each own screen."""
    forms = screened(plugins, [form for form in plugins.forms() if actor.role in form["roles"]])
    text = json.dumps(forms, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16], forms
