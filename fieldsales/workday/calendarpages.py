"""The promise calendar as a page of the office."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext

from fieldsales.customers.lists import Owner, owners_in
from fieldsales.customers.models import Customer
from fieldsales.kernel.errors import N_
from fieldsales.people.rules import scope_of
from fieldsales.people.teams import teams_in
from fieldsales.promises.probability import CLASSES
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.filters import lang
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page
from fieldsales.workday import promisecalendar
from fieldsales.workday.promisecalendar import Month

views = Blueprint("promise_calendar", __name__)
nav(NavItem("promise_calendar.month", N_("Promises"), "calendar", 22))
_c = table_of(Customer).c


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A month of promises."""

    month: Month
    title: str
    today: str
    #: the address of the month before, the present one, and the one after
    before_url: str
    now_url: str
    after_url: str
    month_text: str
    owner_id: str
    team_id: str
    state: str
    chips: tuple[Chip, ...]
    owners: tuple[Owner, ...]
    teams: tuple[tuple[str, str], ...]
    export_url: str
    class_words: dict[str, str]


@views.get("/promises")
@access(*EVERYONE)
def month() -> str:
    """What was promised for each day of a month: sums, what came, what the rest is likely to bring."""
    program = here()
    scope, first = scope_of(actor()), promisecalendar.month_of(asked_for("month"), program.today)
    owner_id, team_id, state = asked_for("owner"), asked_for("team"), asked_for("show")
    also = [column == value for column, value in ((_c.owner_id, owner_id), (_c.team_id, team_id)) if value]
    with reading() as connection:
        found = promisecalendar.read_month(connection, scope, first, also, state, lang(), program.settings.zone)
        owners, teams = owners_in(connection, scope), teams_in(connection, scope)
    choices = [("", gettext("All")), ("open", gettext("Open promise")), ("broken", gettext("Broken")),
               ("kept", gettext("Kept"))]
    title = f"{first.year}年{first.month}月" if lang() == "zh" else first.strftime("%B %Y")
    return page("workday/promises.html", CalendarPage(
        found, title, program.today.isoformat(), address_with(month=_text(promisecalendar.beside(first, -1))),
        address_with(month=None), address_with(month=_text(promisecalendar.beside(first, 1))),
        _text(first), owner_id, team_id, state, chip_row("show", choices, state), owners, teams,
        f"/export/promises{_query(month=_text(first), owner=owner_id, team=team_id)}",
        {code: gettext(words) for code, words in CLASSES.items()}
        | {promisecalendar.SIGNED: gettext("in a signed plan")}))


def _text(first: object) -> str:
    return str(first)[:7]


def _query(**wanted: str) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in wanted.items() if value)
