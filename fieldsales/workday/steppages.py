"""Office pages of the next step: ways and frequency for the manager, and answers to a suggestion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.collection import frequency
from fieldsales.collection.effectiveness import FEW, Effect, totals_of
from fieldsales.collection.ladder import Chase, Measured, Policy, Way, cost_of, is_weak, way_of
from fieldsales.collection.measuring import newest_effects
from fieldsales.collection.steprules import MAY_DECLINE, REASONS
from fieldsales.collection.stepwords import TITLES
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.filters import lang
from fieldsales.web.forms import command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page
from fieldsales.workday.pacing import BACK, Asked, Declined, answers, followed

step_pages = Blueprint("steps", __name__)
nav(NavItem("steps.every", N_("Ways and frequency"), "steps", 43, ("manager", "finance", "legal", "admin"),
            group=N_("Collecting")))
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MethodLine:
    """What a method brought: over all customers, and by class and grade. Costs and sums in minor units."""

    name: str
    label: str
    uses: int
    worked: int
    brought_minor: int
    cost_minor: int
    is_weak: bool
    parts: tuple[Effect, ...]

    @property
    def rate(self) -> int | None:
        """Share of uses with money within 14 days, per cent; None when there are too few to say."""
        return round(100 * self.worked / self.uses) if self.uses >= FEW else None

    @property
    def cost_per_yuan(self) -> float | None:
        """What a recovered unit of money cost; None when nothing was."""
        return self.uses * self.cost_minor / self.brought_minor if self.brought_minor else None


@dataclass(frozen=True, slots=True)
class StepsPage:
    """Ways and frequency, and what reps answered."""

    methods: tuple[MethodLine, ...]
    groups: tuple[frequency.Group, ...]
    neglected: tuple[frequency.Neglected, ...]
    neglected_count: int
    asked: tuple[Asked, ...]
    declined: tuple[Declined, ...]
    counted: tuple[tuple[str, str, int], ...]
    labels: dict[str, str]
    titles: dict[str, str]
    reasons: dict[str, str]
    classes: dict[str, str]
    days: int
    few: int
    currency: str
    may_decide: bool


@step_pages.get("/steps")
@access("manager", "finance", "legal", "admin")
def every() -> str:
    """What each way brought, how often customers are contacted, and what reps did not take."""
    program, scope = here(), scope_of(actor())
    settings = program.settings
    with reading() as connection:
        every_one = followed(connection, scope, program.today, settings.zone, settings.currency)
        asked, declined = answers(connection, scope, program.today, settings.zone)
        effects = newest_effects(connection)
    ways = {method.name: way_of(method) for method in program.plugins.methods.values()}
    late = frequency.neglected(every_one, program.today, settings.demands_per_week)
    labels = {name: str(way.labels[lang()]) for name, way in ways.items()}
    counts = Counter((one.step, one.method, one.reason) for one in declined)
    counted = tuple((_what(step, method, labels), gettext(REASONS[reason]) if reason in REASONS else reason, many)
                    for (step, method, reason), many in counts.most_common(8))
    return page("workday/steps.html", StepsPage(
        _methods(effects, ways, labels), frequency.grouped(every_one), tuple(late[:_SHOWN]), len(late), asked,
        declined[:_SHOWN], counted, labels, {step: _what(step, "", labels) for step in MAY_DECLINE},
        {code: gettext(words) for code, words in REASONS.items()},
        {"": gettext("no class"), "good_faith": gettext("good faith"), "bad_faith": gettext("bad faith")},
        BACK, FEW, settings.currency, may_manage(actor())))


def _what(step: str, method: str, labels: dict[str, str]) -> str:
    """What a declined step is called: its method, or its kind."""
    if method:
        return labels.get(method, method)
    return str(gettext("Contacting them") if step in ("contact", "approval") else gettext(TITLES[step]))


def _methods(effects: Any, ways: dict[str, Way], labels: dict[str, str]) -> tuple[MethodLine, ...]:
    totals = totals_of(effects)
    policy, lines = Policy(km_cost_minor=here().settings.km_cost_minor), []
    for name in sorted({*totals, *ways}, key=lambda one: (ways[one].level if one in ways else 9, one)):
        total = totals.get(name, Effect(name, "", "", 0, 0, 0))
        way = ways.get(name)
        measured = Measured(total.worked * 10_000 // total.uses if total.uses else 0, total.uses)
        lines.append(MethodLine(
            name, labels.get(name, name), total.uses, total.worked, total.brought_minor,
            cost_of(way, Chase(here().today, 0, 0), policy) if way else 0, is_weak(measured, policy),
            tuple(one for one in effects if one.method == name)))
    return tuple(lines)


@step_pages.post("/customers/<customer_id>/step/decline")
@access(*EVERYONE)
def decline(customer_id: str) -> Any:
    """A suggestion is not taken, with the reason."""
    in_sight(customer_id)
    errors = submit("collection.decline_step", {
        "answer_id": derived_id(command_id(), "answer"), "customer_id": customer_id, "step": field_text("step"),
        "method": field_text("method"), "reason": field_text("reason"), "words": field_text("words")})
    target = url_for("workday.customer", customer_id=customer_id)
    return refused(errors, target) if errors else done(gettext("Noted. Something else is suggested."), target)


@step_pages.post("/customers/<customer_id>/step/ask")
@access(*EVERYONE)
def ask(customer_id: str) -> Any:
    """A rep asks the manager whether a method may be used."""
    in_sight(customer_id)
    errors = submit("collection.ask_step", {
        "answer_id": derived_id(command_id(), "answer"), "customer_id": customer_id, "method": field_text("method"),
        "words": field_text("words")})
    target = url_for("workday.customer", customer_id=customer_id)
    return refused(errors, target) if errors else done(gettext("The manager is asked."), target)


@step_pages.post("/customers/<customer_id>/step/decide")
@access("manager", "admin")
def decide(customer_id: str) -> Any:
    """A manager allows a method for a customer, or keeps it back, with the reason."""
    in_sight(customer_id)
    errors = submit("collection.decide_step", {
        "answer_id": derived_id(command_id(), "answer"), "customer_id": customer_id, "method": field_text("method"),
        "yes": field_text("yes") == "1", "reason": field_text("reason")})
    target = url_for("steps.every") if field_text("back") == "steps" else url_for(
        "workday.customer", customer_id=customer_id)
    return refused(errors, target) if errors else done(gettext("Decided. The rep is told."), target)
