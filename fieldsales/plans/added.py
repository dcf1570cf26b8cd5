"""Clauses that plugins bring to repayment plans: handed to phones, and looked at when a plan comes back signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fieldsales.documents import canonical
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.plans.messages import MOST_CLAUSES, PlanPayload
from fieldsales.plugin_api.clauses import PlanClause
from fieldsales.plugin_api.manager import Plugins

HOOK = "plan_clauses"


def declared(plugins: Plugins | None) -> list[PlanClause]:
    """The clauses there are now, mandatory ones first, then by their order; at most as many as a plan may hold."""
    found = list(plugins.declared(HOOK).values()) if plugins else []
    return sorted(found, key=lambda one: (one.offered, one.order, one.name))


def clause_docs(plugins: Plugins | None) -> list[dict[str, Any]]:
    """The clauses as a phone carries them: what goes into a payload, whether it is offered, and what it rests on."""
    return [{**one.as_json(), "offered": one.offered, "law_zh": one.law["zh"], "law_en": one.law["en"]}
            for one in declared(plugins)]


def printed(plugins: Plugins | None, names: Iterable[str]) -> list[dict[str, Any]]:
    """The clauses a sheet is printed with, word for word as on the glass: those that stand in every plan, and the
    offered ones of these names. Refused: a name nobody offers."""
    wanted, known = set(names), declared(plugins)
    if not wanted <= {one.name for one in known}:
        raise RuleBroken("plans.no_clause", N_("One of the chosen clauses is not offered any more. Choose again."))
    return [one.as_json() for one in known if not one.offered or one.name in wanted][:MOST_CLAUSES]


def clause_flags(plugins: Plugins | None, payload: PlanPayload) -> list[str]:
    """What is odd about a signed plan's clauses: words nobody declares now, a mandatory one left out.

    A phone that was away signs with what it carried; that plan stands, word for word, and is looked at.
    """
    known = {one.name: one for one in declared(plugins)}
    given = {one.name: canonical.canonical(one.model_dump(mode="json")) for one in payload.clauses}
    changed = any(name not in known or canonical.canonical(known[name].as_json()) != words
                  for name, words in given.items())
    wanted = [one.name for one in known.values() if not one.offered][:MOST_CLAUSES]
    missing = any(name not in given for name in wanted)
    return [*(["clause_changed"] if changed else []), *(["clause_missing"] if missing else [])]
