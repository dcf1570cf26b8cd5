"""The page of limitation: every debt with both readings, the proof of each act, and what keeps it alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request
from flask_babel import gettext

from fieldsales.kernel.errors import N_
from fieldsales.people.rules import scope_of
from fieldsales.receivables.clocks import SHOWS, Clock, clocks
from fieldsales.web.access import access
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

clock_views = Blueprint("limitation", __name__)
_LOOK = ("manager", "finance", "legal", "admin")
nav(NavItem("limitation.every", N_("Limitation"), "clock", 50, _LOOK, group=N_("Papers and law")))


@dataclass(frozen=True, slots=True)
class LimitationPage:
    """Debts by the end of their period."""

    rows: tuple[Clock, ...]
    chips: tuple[Chip, ...]
    customer_id: str
    next_url: str
    today: date


@clock_views.get("/limitation")
@access(*_LOOK)
def every() -> str:
    """Until when each debt can be claimed, and what to do about it."""
    customer_id = asked_for("customer")
    show = asked_for("show") if asked_for("show") in SHOWS else "all" if customer_id else "soon"
    with reading() as connection:
        rows, following = clocks(connection, scope_of(actor()), here().today, show, customer_id,
                                 request.args.get("after"))
    choices = [("soon", gettext("Within 12 months")), ("lapsed", gettext("Run out")), ("all", gettext("Every debt"))]
    return page("receivables/limitation.html", LimitationPage(
        rows, chip_row("show", choices, show), customer_id, address_with(after=following) if following else "",
        here().today))
