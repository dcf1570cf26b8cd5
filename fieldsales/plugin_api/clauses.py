"""Clauses that a plugin adds to a repayment plan: mandatory ones always, offered ones when they were agreed.

The words of a clause go into the plan's payload when it is drafted and are signed with it: a later version of the
plugin, or none at all, changes nothing in a paper that was signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec

#: What a clause may name in braces, or depend on: a value of the plan, "" when it has none.
PLACES = frozenset({
    "number", "on", "seller_name", "seller_account", "debtor_name", "debtor_address", "total", "total_words", "count",
    "late_rate", "guarantor_name", "place", "signatory_name", "statement", "predecessor_number", "expired", "remote",
})  # fmt: skip
#: Words that would give the penalty away (买卖合同解释 18 ¶3).
GIVEN_AWAY = ("免除违约金", "免除利息", "放弃违约金", "放弃利息", "不再主张违约金", "不再主张利息",
              "waives interest", "waives the interest", "waives damages", "forgoes interest")  # fmt: skip
LONGEST_PARA, MOST_PARAS = 1000, 6
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class PlanClause:
    """A clause of a repayment plan (还款计划条款).

    ``version``: raise it with every change of words. ``paras``: its paragraphs, with ``{places}`` out of ``PLACES``.
    ``offered``: put in when it was agreed; else it stands in every plan. ``when``: a place that must have a value.
    ``order``: among plugins' clauses, the lowest first; all come before the clause on effect. ``law``: what it rests
    on, told to the house's people, not printed.
    """

    name: str
    version: int
    title: Labels
    paras: tuple[Labels, ...]
    law: Labels
    offered: bool = True
    when: str = ""
    order: int = 100

    def as_json(self) -> dict[str, Any]:
        """The clause as it goes into a plan's payload, and as a phone carries it."""
        return {
            "name": self.name, "version": self.version, "when": self.when,
            "title_zh": self.title["zh"], "title_en": self.title["en"],
            "paras_zh": [one["zh"] for one in self.paras], "paras_en": [one["en"] for one in self.paras],
        }


class ClauseHooks:
    """Clauses of repayment plans."""

    @hookspec
    def plan_clauses(self) -> Iterable[PlanClause]:  # type: ignore[empty-body]
        """Clauses to stand in repayment plans beside those of the house's clause set.

        When: once, as the program starts; phones carry them and put them into a plan's text without a network.
        Returns: PlanClause records; a name already taken is refused.
        Errors: one bad record fails the whole plugin: a place nobody fills, words in one language only, words that
        give the late-payment penalty away. A plan signed with a clause that has changed meanwhile is flagged, never
        refused.
        Since: API 1.

        Example::

            @hookimpl
            def plan_clauses():
                return [PlanClause("venue", 1, {"zh": "管辖", "en": "Venue"},
                                   ({"zh": "争议由{seller_name}所在地法院管辖。",
                                     "en": "The courts at the seat of {seller_name} decide."},),
                                   {"zh": "民诉法 35", "en": "Civil Procedure Law art. 35"})]
        """


def clause(given: Any) -> PlanClause:
    """A clause, or Garbage."""
    need = validate.need
    need(type(given) is PlanClause, f"a clause must be a PlanClause, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"clause name {given.name!r}")
    what = f"clause {given.name}"
    need(type(given.version) is int and 1 <= given.version <= 9999, f"{what}: version must be 1 or more")
    need(type(given.offered) is bool and type(given.order) is int, f"{what}: offered or order")
    validate.labels(given.title, f"{what}: title", 40)
    validate.labels(given.law, f"{what}: law", 300)
    need(isinstance(given.paras, tuple) and 0 < len(given.paras) <= MOST_PARAS, f"{what}: 1 to {MOST_PARAS} paragraphs")
    for para in given.paras:
        said = validate.labels(para, f"{what}: a paragraph", LONGEST_PARA)
        for lang in ("zh", "en"):
            _worded(said[lang], f"{what} ({lang})")
    titles = given.title["zh"] + given.title["en"]
    need("{" not in titles and "}" not in titles, f"{what}: a place in the title")
    need(given.when == "" or given.when in PLACES, f"{what}: depends on {given.when!r}, which nobody knows")
    checked: PlanClause = given
    return checked


def wording_problem(text: str) -> str:
    """What is wrong with the words of a clause, "" when nothing is."""
    for name in _PLACE.findall(text):
        if name not in PLACES:
            return f"a place nobody fills: {{{name[:40]}}}"
    if "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        return "a single brace"
    given_away = next((one for one in GIVEN_AWAY if one in text), "")
    return f"gives the late-payment penalty away: {given_away}" if given_away else ""


def _worded(text: str, what: str) -> None:
    wrong = wording_problem(text)
    validate.need(not wrong, f"{what}: {wrong}")
    validate.need("\n" not in text, f"{what}: a line break")
