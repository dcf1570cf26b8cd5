"""Interest by rules that plugins bring (``interest_rules``), line by line beside the core's own reckoning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import Connection

from fieldsales.extensions.queries import kept_of
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.money import Money
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.interest import ROUNDINGS, InterestDebt, InterestFacts, InterestLine, InterestRule
from fieldsales.plugin_api.interest import lines as checked
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.receivables.lateloss import LateDebt

HOOK = "interest_rules"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line as the page shows it. ``rate``: per cent a day or year; ``amount_minor`` in minor units."""

    labels: Labels
    base_minor: int
    first: date
    last: date
    days: int
    rate: str
    per: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What one rule makes of a customer's debts. ``failed``: the plugin did not answer, so there are no lines."""

    name: str
    labels: Labels
    source: Labels
    rounding: Labels
    lines: tuple[RuleLine, ...]
    totals: dict[str, int]
    failed: bool = False


def by_rules(connection: Connection, plugins: Plugins | None, customer_id: str, debts: Iterable[LateDebt],
             to_on: date) -> tuple[Reckoned, ...]:
    """Every rule that applies, in the order loaded; one that fails is named, and none stops the others. One query,
    none without rules."""
    rules = plugins.declared(HOOK) if plugins else {}
    if plugins is None or not rules:
        return ()
    kept, plain = kept_of(connection, [customer_id]), tuple(_debt(one) for one in debts)
    found = []
    for name, rule in rules.items():
        plugin = plugins.brought_by(HOOK, name)
        facts = InterestFacts(customer_id, to_on, plain, shown(plugin, kept.get(customer_id), kept.get(HOUSE)))
        rounding = ROUNDINGS[rule.rounding][1]
        try:
            lines: tuple[InterestLine, ...] = plugins.ask(HOOK, name, partial(_asked, facts))
        except PluginFailed:
            found.append(Reckoned(name, rule.labels, rule.source, rounding, (), {}, failed=True))
            continue
        if lines:
            found.append(Reckoned(name, rule.labels, rule.source, rounding, tuple(map(_shown, lines)), _sums(lines)))
    return tuple(found)


def _asked(facts: InterestFacts, rule: InterestRule) -> tuple[InterestLine, ...]:
    return checked(rule.lines(facts), rule)


def _debt(one: LateDebt) -> InterestDebt:
    pieces = tuple((Money(piece.minor, one.currency), piece.until) for piece in one.pieces)
    return InterestDebt(one.number, one.due_on, pieces)


def _shown(line: InterestLine) -> RuleLine:
    return RuleLine(line.labels, line.base.minor, line.first, line.last, line.days, percent_of(line.rate), line.per,
                    line.amount.minor, line.amount.currency)


def percent_of(rate: Decimal) -> str:
    """0.000175 → 0.0175%: every place it has, none more."""
    return f"{(rate * 100).normalize():f}%"


def _sums(lines: Iterable[InterestLine]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
    return sums
