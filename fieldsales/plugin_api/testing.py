"""For the tests of a plugin: facts ready made, one way to ask whatever a plugin declares, and what all must keep.

::

    from fieldsales.plugin_api.testing import ask, case, contract
    from .. import METHOD, PANEL

    def test_courier_signed_for_is_grade_a():
        decision = ask(METHOD, {"stage": "signed", "signed_by": "王会计"})
        assert (decision.effect, decision.grade) == ("demand", "A")

    def test_panel_is_silent_where_nothing_is_open():
        assert ask(PANEL, case(balance=Money(0))) is None

    def test_both_keep_the_contract():
        contract(METHOD)
        contract(PANEL)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import asking, validate
from fieldsales.plugin_api.built import (
    NOON,
    TODAY,
    bare,
    case,
    contact,
    counter,
    day,
    debts,
    happened,
    job,
    message,
    notice,
    rep,
    triggered,
)
from fieldsales.plugin_api.cards import DayCustomer, WorkdayCard
from fieldsales.plugin_api.compliance import ComplianceRule
from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Value
from fieldsales.plugin_api.interest import InterestRule
from fieldsales.plugin_api.metrics import ScorecardMetric
from fieldsales.plugin_api.panels import CustomerPanel
from fieldsales.plugin_api.settings import SettingsForm
from fieldsales.plugin_api.signatures import callable_as_asked
from fieldsales.plugin_api.types import CollectionMethod, Decision, Problem

__all__ = [
    "NOON", "TODAY", "ask", "bare", "case", "contact", "contract", "counter", "day", "debts", "happened", "job",
    "judge", "message", "notice", "objections", "rep", "triggered", "values",
]  # fmt: skip


def ask(record: Any, *given: Any) -> Any:
    """What the plugin answers through anything it declares, checked as the core checks it.

    ``given``: what the core would call it with, in that order; what is left out is built (``case()``, ``day()``,
    ``contact()`` …). So ``ask(METHOD, {"result": "signed"}, facts)`` is a Decision, ``ask(PANEL)`` a Panel or None,
    ``ask(CARD)`` a Card, ``ask(RULE, contact(channel="visit"))`` a Ruling, ``ask(METRIC)`` a Metric,
    ``ask(INTEREST)`` its lines, ``ask(CLAUSE)`` its paragraphs with their places filled in, ``ask(FORM, {"days": 3})``
    the settings as other hooks are shown them, ``ask(IMPORTER, data)`` a FileRead, ``ask(JOB, job())`` a JobAnswer,
    ``ask(COMMAND, {"least": 1})`` the lines it prints, ``ask(SENDER)`` and ``ask(CHANNEL)`` the request they would
    send, ``ask(OBSERVER, happened("plans.signed"))`` what our own people would be told. Raises AssertionError where a
    form refuses an answer, validate.Garbage where the core refuses the plugin's.
    """
    _sound(record)
    return asking.asked(record, *given)


def values(method: CollectionMethod, raw: Mapping[str, Any]) -> dict[str, Value]:
    """The form's JSON read as the core reads it. Raises AssertionError naming what the form refuses."""
    return asking.read(method.fields, raw)


def judge(method: CollectionMethod, raw: Mapping[str, Any] | None = None, facts: CaseFacts | None = None) -> Decision:
    """What the method decides: ``ask`` for methods, where nothing to record is an error."""
    decision: Decision | None = asking.asked(method, raw or {}, facts or case())
    assert decision is not None, "nothing to record"
    return decision


def objections(
    declared: CollectionMethod | SettingsForm, raw: Mapping[str, Any] | None = None, facts: CaseFacts | None = None
) -> tuple[Problem, ...]:
    """What the ``check`` of a method, or of a form of settings, objects to, validated as the core validates it."""
    if isinstance(declared, SettingsForm):
        asking.read(declared.fields, raw or {})
        return validate.problems(declared.check(MappingProxyType(declared.read(raw or {}))))
    return validate.problems(declared.check(values(declared, raw or {}), facts or case()))


def contract(record: Any, form: SettingsForm | None = None) -> None:
    """The promise of everything a plugin declares: it is well declared, and what answers from facts alone answers
    both bare and full ones, and says the same twice. ``form``: the plugin's settings, whose defaults it is shown.
    Raises AssertionError or validate.Garbage with what is wrong.
    """
    _sound(record)
    for given in _tried(record, MappingProxyType(form.read({}) if form else {})):
        first, again = asking.asked(record, *given), asking.asked(record, *given)
        assert first == again, "the same facts must give the same answer"


def _sound(record: Any) -> None:
    """Raise Garbage unless the core would take the record as it is declared."""
    hook = asking.hook_of(record)
    KINDS[hook].read(record)
    callable_as_asked(record, f"{KINDS[hook].noun} {getattr(record, KINDS[hook].key)}")


def _tried(record: Any, settings: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What a record must be able to answer; nothing where the outside, a file or a secret belongs to the question."""
    kind = type(record)
    if kind is CollectionMethod and record.by_hand:
        for facts in (bare(settings=settings), case(settings=settings)):
            validate.problems(record.check({}, facts))
            yield ({}, facts)
    elif kind in _FROM_FACTS:
        yield from ((facts,) for facts in _FROM_FACTS[kind](settings))


def _cases(settings: Mapping[str, Any]) -> Iterator[Any]:
    yield from (bare(settings=settings), case(settings=settings))


def _days(settings: Mapping[str, Any]) -> Iterator[Any]:
    shown = (DayCustomer(bare(settings=settings)), DayCustomer(case(settings=settings), next_on=TODAY))
    yield from (day(customers=(), settings=settings), day(customers=shown, settings=settings))


def _contacts(settings: Mapping[str, Any]) -> Iterator[Any]:
    """As a phone asks: every way, three days of hours ahead; and a first contact by one of the ways."""
    yield contact(made=(), method="courier")
    for channel in ("call", "message", "visit", "mail", "letter", "legal"):
        for hour in range(72):
            yield contact(channel=channel, at=NOON + timedelta(hours=hour))


def _reps(settings: Mapping[str, Any]) -> Iterator[Any]:
    empty = replace(rep(), customers=(), actions=(), visits=(), promises=())
    yield from (replace(empty, settings=settings), rep(settings=settings))


def _debts(settings: Mapping[str, Any]) -> Iterator[Any]:
    yield from (debts(debts=()), debts())


_FROM_FACTS: Mapping[type, Callable[[Mapping[str, Any]], Iterator[Any]]] = {
    CustomerPanel: _cases, WorkdayCard: _days, ComplianceRule: _contacts, ScorecardMetric: _reps, InterestRule: _debts,
}  # fmt: skip
