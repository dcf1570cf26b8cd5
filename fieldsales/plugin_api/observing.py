"""Observers (旁观者): told what has happened once it is on record, and what they would have our own people told of it.

An observer changes nothing and breaks nothing. What it hands back is at most a message to our own chat groups, which
the core sends: at most once, by day, and not more than a few an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import Value
from fieldsales.plugin_api.jobs import Tell, tell_order
from fieldsales.plugin_api.markers import hookspec

#: Messages one thing that happened may lead to.
MOST_TOLD = 3
_EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that is on record. ``event``: its name; ``data``: what the event says, as JSON carries it (sums in
    minor units, dates and instants as ISO 8601); ``at``: aware UTC; ``zone``: of the house; ``owner_name``: who looks
    after the customer, "" when nobody does. ``settings``: the plugin's own, as set now.
    """

    event: str
    data: Mapping[str, Any]
    at: datetime
    zone: str
    owner_name: str
    settings: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Observer:
    """Something that wants to know, after the fact. ``events``: names such as ``plans.signed``.

    ``call(name, data)`` runs in the worker after the commit; it can change and break nothing. ``tell(happened)``,
    beside it or in its place, returns what the groups of the customer's team and of the whole company are told
    (``Tell``, at most three): never a customer's name; a link to the customer stands under it. In the evening and at
    night it waits for the morning; a group hears at most six an hour from all observers, and the sixth says so.
    """

    name: str
    events: tuple[str, ...]
    call: Callable[[str, Mapping[str, object]], None] | None = None
    tell: Callable[[Happened], Iterable[Tell]] | None = None


class ObserverHooks:
    """The hook of observers."""

    @hookspec
    def observers(self) -> Iterable[Observer]:  # type: ignore[empty-body]
        """Functions to be told what has happened, after it is on record.

        When: once, as the program starts; each observer's functions then run in the worker, two seconds each.
        Returns: Observer records.
        Errors: what they raise is logged and shown to the administrator, nothing else. While the plugin is set aside,
        what happened waits and is told when it is back; while it is switched off, it is told nothing.
        Since: API 1.

        Example::

            @hookimpl
            def observers():
                return [Observer("tell-the-team", ("plans.signed",), tell=lambda happened: [
                    Tell("signed", {"zh": "还款计划已签署", "en": "A plan was signed"})])]
        """


def observer(given: Any) -> Observer:
    """An observer, or Garbage."""
    need = validate.need
    need(type(given) is Observer, f"an observer must be an Observer, not {type(given).__name__}")
    validate.text(given.name, "observer name", 60)
    what = f"observer {given.name}"
    for name in ("call", "tell"):
        function = getattr(given, name)
        need(function is None or callable(function), f"{what}: {name} must be a function")
    need(given.call is not None or given.tell is not None, f"{what}: call or tell must be a function")
    need(isinstance(given.events, tuple) and len(given.events) <= 50, f"{what}: events must be a tuple of at most 50")
    for event in given.events:
        need(isinstance(event, str) and bool(_EVENT.fullmatch(event)), f"{what}: event {event!r}")
    checked: Observer = given
    return checked


def heard(one: Observer, happened: Happened) -> tuple[Tell, ...]:
    """Tell an observer; what it would have our own people told. Raises whatever it raises, and Garbage."""
    if one.call is not None:
        one.call(happened.event, happened.data)
    told = () if one.tell is None else tuple(validate.declared(one.tell(happened), "tell"))
    validate.need(len(told) <= MOST_TOLD, f"tell: more than {MOST_TOLD}")
    for each in told:
        validate.need(type(each) is Tell, f"tell must return Tell records, not {type(each).__name__}")
        tell_order(each)
    return told
