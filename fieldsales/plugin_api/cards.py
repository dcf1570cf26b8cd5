"""Cards of the day (今日卡片): a short list a plugin puts beside today's own, at the desk and on the phone.

Made on the server with everything else of the day, so a phone carries it without network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.keeping import Kept
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.panels import Cell, Tone, cell, few, of_kind, opens, tone
from fieldsales.plugin_api.types import ROLES

#: How many rows one card may hold.
MOST_ROWS = 30


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a method may not be used now. ``until``: from then on it may, None when no day can be named."""

    text: Labels
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """Something to do for a customer. ``kind``: ``next_step``, ``planned_visit`` …; ``title`` may be empty."""

    kind: str
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DayCustomer:
    """A customer of the actor's and how he stands today.

    ``case``: as a method is shown it, with what this plugin keeps on him. ``next_method``, ``next_on``: the next step
    the house chose ("" when it names no method); ``next_why`` in words. ``refused``: by method's name, why the gate
    lets it not be used today. ``covered_until``: till then open promises cover all that is overdue. ``visited_on``,
    ``contacted_on``: the last visit, and the last visit or action; ``every_days``: how often the house follows him.
    ``distance_m``: from where the rep is, None when nobody knows. ``tasks``: what is due for him today or before.
    """

    case: CaseFacts
    next_method: str = ""
    next_on: date | None = None
    next_why: Labels | None = None
    refused: Mapping[str, Refused] = field(default_factory=_nothing)
    covered_until: date | None = None
    visited_on: date | None = None
    contacted_on: date | None = None
    distance_m: int | None = None
    every_days: int = 14
    tasks: tuple[TaskFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DayFacts:
    """The actor's day: at most sixty of his own customers with something due, and whoever this plugin keeps a record
    on. ``zone``: the house's, for hours of the day. ``kept``: this plugin's records of the whole house.
    """

    today: date
    now: datetime
    zone: str
    actor_name: str = ""
    actor_role: str = "rep"
    customers: tuple[DayCustomer, ...] = ()
    kept: tuple[Kept, ...] = ()
    settings: Mapping[str, object] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class CardRow:
    """One customer on a card. ``when``: the hour or day it is for. ``opens``: what a tap opens, as a panel's Link.

    ``stop``: why it may not be done now; the row stays, struck.
    """

    customer_id: str
    text: Labels
    when: datetime | date | None = None
    opens: str = ""
    tone: Tone = ""
    stop: Labels | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown: rows in their order, at most thirty. ``title``: instead of the card's own label; ``note``: a
    sentence below. ``method``: rows go on one after another, each done once this method is saved for its customer.
    """

    rows: tuple[CardRow, ...] = ()
    title: Labels | None = None
    note: Cell = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class WorkdayCard:
    """A card by name. ``show(facts)`` returns a Card, or None when there is nothing today. Pure; it has two seconds."""

    name: str
    labels: Labels
    show: Callable[[DayFacts], Card | None]
    roles: tuple[str, ...] = ROLES


class CardHooks:
    """The hook of cards."""

    @hookspec
    def workday_cards(self) -> Iterable[WorkdayCard]:  # type: ignore[empty-body]
        """Short lists for the day, on the desk and on the phone.

        When: once, as the program starts; ``show`` then runs whenever somebody's day is read, with facts loaded once
        for all plugins.
        Returns: WorkdayCard records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``show`` that raises, hangs, or names a customer it was not
        shown shows a note in its place; the rest of the day is there.
        Since: API 1.

        Example::

            @hookimpl
            def workday_cards():
                return [WorkdayCard("parcels", {"zh": "待取包裹", "en": "Parcels to fetch"}, show)]
        """


def workday_card(given: Any) -> WorkdayCard:
    """A card as it is declared, or Garbage."""
    what = of_kind(given, WorkdayCard, "card")
    validate.need(callable(given.show), f"{what}: show must be a function")
    checked: WorkdayCard = given
    return checked


def card(given: Any, facts: DayFacts) -> Card | None:
    """What ``show`` returned, or Garbage."""
    if given is None:
        return None
    validate.need(type(given) is Card, f"show must return a Card or None, not {type(given).__name__}")
    known = {one.case.customer.id for one in facts.customers}
    rows = tuple(_row(one, known) for one in few(given.rows, "card: rows", MOST_ROWS))
    title = None if given.title is None else validate.labels(given.title, "card: title", 60)
    if given.method:
        opens(f"method/{given.method}", "card: method")
    checked: Card = replace(given, rows=rows, title=title, note=cell(given.note, "card: note"))
    return checked


def _row(given: Any, known: set[str]) -> CardRow:
    validate.need(type(given) is CardRow, f"a row must be a CardRow, not {type(given).__name__}")
    validate.need(given.customer_id in known, f"row: customer {given.customer_id!r} is none of those shown")
    tone(given.tone, "row")
    if given.opens:
        opens(given.opens, "row")
    if given.when is not None:
        validate.need(type(given.when) in (date, datetime), "row: when must be a date or an aware datetime")
        cell(given.when, "row: when")
    stop = None if given.stop is None else validate.labels(given.stop, "row: stop", 300)
    row: CardRow = replace(given, text=validate.labels(given.text, "row: text", 200), stop=stop)
    return row
