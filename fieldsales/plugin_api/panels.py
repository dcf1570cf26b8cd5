"""Panels on a customer (客户面板): what a plugin shows beside a customer's figures, as plain data.

The core draws it: on the office's page, and on the phone without network, where it stands as it was when the phone
last fetched the customer. A plugin draws nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.types import ROLES

Cell = Labels | str | Money | date | datetime | int
"""What may be shown: a sentence in both languages, or a name, sum, day, hour (aware) or number the core writes out."""
Tone = Literal["", "good", "warn", "bad"]
TONES: tuple[str, ...] = get_args(Tone)
#: The core's own screens of a customer that a link may open; beside them ``method/<name>``, ``tel:`` and ``https://``.
SCREENS = ("call", "visit", "promise", "plan", "statement", "receipt", "photo")
#: How much a panel may hold.
MOST_LINES, MOST_COLUMNS, MOST_ROWS, MOST_LINKS, LONGEST_CELL = 12, 6, 20, 6, 200
_OPENS = re.compile(rf"{'|'.join(SCREENS)}|method/[a-z][a-z0-9_]{{1,39}}|tel:\+?[0-9]{{3,20}}|https://[^\s<>\"']{{4,400}}")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with its name."""

    label: Labels
    value: Cell
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; every row has as many cells as there are columns."""

    columns: tuple[Labels, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """``opens``: one of ``SCREENS`` or ``method/<name>`` for this customer, ``tel:<number>``, or an https address."""

    labels: Labels
    opens: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What is shown of one customer: at most 12 lines, a table of 20 rows, 6 links. ``tone`` colours its edge."""

    lines: tuple[Line, ...] = ()
    table: Table | None = None
    links: tuple[Link, ...] = ()
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """A panel by name. ``show(facts)`` returns a Panel, or None when there is nothing to show of this customer.

    Pure; it has two seconds. ``roles``: who sees it. It is for the house alone: nothing of it stands in papers,
    shared pages or the customer's view.
    """

    name: str
    labels: Labels
    show: Callable[[CaseFacts], Panel | None]
    roles: tuple[str, ...] = ROLES


class PanelHooks:
    """The hook of panels."""

    @hookspec
    def customer_panels(self) -> Iterable[CustomerPanel]:  # type: ignore[empty-body]
        """What a plugin shows of a customer, at the office and on the phone.

        When: once, as the program starts; ``show`` then runs whenever the whole customer is read, with facts loaded
        once for all plugins.
        Returns: CustomerPanel records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``show`` that raises, hangs or returns anything else shows a
        note in its place; the rest of the customer is there.
        Since: API 1.

        Example::

            @hookimpl
            def customer_panels():
                return [CustomerPanel("parcels", {"zh": "包裹", "en": "Parcels"}, show)]
        """


def cell(given: Any, what: str, longest: int = LONGEST_CELL) -> Cell:
    """Something that can be shown, or Garbage."""
    if isinstance(given, Mapping):
        return validate.labels(given, what, longest)
    if isinstance(given, str):
        return validate.text(given, what, longest, empty=True)
    if type(given) is datetime:
        validate.need(given.tzinfo is not None, f"{what}: an instant must be aware")
        return given
    if type(given) is int:
        validate.need(abs(given) <= 10**15, f"{what}: the number is too large")
        return given
    kinds = "words in both languages, text, Money, a date, an aware datetime or a whole number"
    validate.need(type(given) in (Money, date), f"{what} must be {kinds}, not {type(given).__name__}")
    shown: Cell = given
    return shown


def tone(given: Any, what: str) -> None:
    """Raise Garbage unless it is one of ``TONES``."""
    validate.need(isinstance(given, str) and given in TONES, f"{what}: there is no tone {given!r}")


def opens(given: Any, what: str) -> None:
    """Raise Garbage unless a link may open it."""
    validate.need(isinstance(given, str) and bool(_OPENS.fullmatch(given)), f"{what}: opens {given!r}")


def few(given: Any, what: str, most: int) -> tuple[Any, ...]:
    """A tuple of at most so many, or Garbage."""
    validate.need(isinstance(given, tuple), f"{what} must be a tuple, not {type(given).__name__}")
    validate.need(len(given) <= most, f"{what}: more than {most}")
    return tuple(given)


def customer_panel(given: Any) -> CustomerPanel:
    """A panel as it is declared, or Garbage."""
    what = of_kind(given, CustomerPanel, "panel")
    validate.need(callable(given.show), f"{what}: show must be a function")
    checked: CustomerPanel = given
    return checked


def of_kind(given: Any, kind: type, noun: str) -> str:
    """What to call a declared record in a complaint; Garbage unless its name, labels and roles will do."""
    validate.need(type(given) is kind, f"a {noun} must be a {kind.__name__}, not {type(given).__name__}")
    validate.need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"{noun} name {given.name!r}")
    what = f"{noun} {given.name}"
    validate.labels(given.labels, f"{what}: labels", 40)
    for role in few(given.roles, f"{what}: roles", len(ROLES)):
        validate.need(role in ROLES, f"{what}: there is no role {role!r}")
    return what


def panel(given: Any) -> Panel | None:
    """What ``show`` returned, or Garbage."""
    if given is None:
        return None
    validate.need(type(given) is Panel, f"show must return a Panel or None, not {type(given).__name__}")
    tone(given.tone, "panel")
    checked: Panel = replace(
        given, lines=tuple(_line(one) for one in few(given.lines, "panel: lines", MOST_LINES)),
        table=_table(given.table), links=tuple(_link(one) for one in few(given.links, "panel: links", MOST_LINKS)))
    return checked


def _line(given: Any) -> Line:
    validate.need(type(given) is Line, f"a line must be a Line, not {type(given).__name__}")
    tone(given.tone, "line")
    return Line(validate.labels(given.label, "line: label", 60), cell(given.value, "line: value"), given.tone)


def _table(given: Any) -> Table | None:
    if given is None:
        return None
    validate.need(type(given) is Table, f"a table must be a Table, not {type(given).__name__}")
    columns = tuple(validate.labels(one, "table: column", 40) for one in few(given.columns, "table", MOST_COLUMNS))
    validate.need(bool(columns), "table: no columns")
    rows = []
    for number, row in enumerate(few(given.rows, "table: rows", MOST_ROWS), 1):
        cells = few(row, f"table: row {number}", MOST_COLUMNS)
        validate.need(len(cells) == len(columns), f"table: row {number} has {len(cells)} cells for {len(columns)}")
        rows.append(tuple(cell(one, f"table: row {number}") for one in cells))
    return Table(columns, tuple(rows))


def _link(given: Any) -> Link:
    validate.need(type(given) is Link, f"a link must be a Link, not {type(given).__name__}")
    opens(given.opens, "link")
    return Link(validate.labels(given.labels, "link: labels", 40), given.opens)
