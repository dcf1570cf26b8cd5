"""The page of the scorecard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from flask import Blueprint
from flask_babel import gettext

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.metrics import RepFacts, ScorecardMetric
from fieldsales.reports.scorecard import Cell, Period, measured, rep_facts
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.filters import lang
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import NavItem, nav, page

scorecard_views = Blueprint("scorecard", __name__)
nav(NavItem("scorecard.month", N_("Scorecard"), "steps", 34))


@dataclass(frozen=True, slots=True)
class Column:
    """A measure's head. ``hint``: how it is counted."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in words. ``state`` as in ``Cell``."""

    state: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One rep's month. Money in minor units of the house currency."""

    rep_name: str
    overdue_customers: int
    actions: int
    visits: int
    promises: int
    received_minor: int
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """Reps of a month side by side."""

    month: str
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]


@scorecard_views.get("/reports/scorecard")
@access(*EVERYONE)
def month() -> str:
    """Who did what in a month, and what the plugins measure of it."""
    program, who, in_month = here(), actor(), _month()
    settings = program.settings
    metrics = {name: one for name, one in program.plugins.declared("scorecard_metrics").items()
               if who.role in (*one.roles, "system")}
    with reading() as connection:
        reps = rep_facts(connection, scope_of(who), in_month, program.today, settings.zone, settings.currency)
    cells = measured(program.plugins, metrics, reps)
    return page("reports/scorecard.html", ScorecardPage(
        f"{in_month.since:%Y-%m}", settings.currency,
        tuple(Column(one.labels[lang()], one.hint[lang()] if one.hint else "") for one in metrics.values()),
        tuple(_line(one, cells[one.rep_id], metrics, settings.currency) for one in reps)))


def _month() -> Period:
    try:
        first = date.fromisoformat(f"{asked_for('month')}-01")
    except ValueError:
        first = here().today.replace(day=1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(first, following - timedelta(days=1))


def _line(one: RepFacts, cells: dict[str, Cell], metrics: dict[str, ScorecardMetric], currency: str) -> Line:
    return Line(one.rep_name, sum(bool(customer.overdue) for customer in one.customers), len(one.actions),
                len(one.visits), len(one.promises), one.received.minor,
                tuple(_shown(cells[name], metric.unit, currency) for name, metric in metrics.items()))


def _shown(cell: Cell, unit: str, currency: str) -> Shown:
    note = cell.note[lang()] if cell.note else ""
    if cell.state == "failed":
        return Shown("failed", gettext("Not counted"), gettext("The plugin did not answer."))
    if cell.state != "told":
        return Shown(cell.state, "–", note)
    return Shown("told", written(cell.value, unit, currency), note)


def _percent(value: Fraction) -> str:
    if 0 < value < Fraction(1, 10):
        return "<0.1%"
    return f"{float(round(value, 1)):.1f}%" if value < 10 and value.denominator != 1 else f"{round(value)}%"


def written(value: Fraction, unit: str, currency: str) -> str:
    """A measure in words, rounded half to even: percent and numbers to one digit where they are not whole."""
    if unit == "money":
        return str(Money(round(value), currency))
    if unit == "percent":
        return _percent(100 * value)
    text = f"{round(value):,}" if value.denominator == 1 or value >= 100 else f"{float(round(value, 1)):.1f}"
    words = {"minutes": N_("%(n)s min"), "days": N_("%(n)s days")}
    return gettext(words[unit], n=text) if unit in words else text
