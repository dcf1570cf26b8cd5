"""The page of the solvency watch: alerts, what was seen, what to do, and closing them with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.collection.solvency import SIGNS, STEPS
from fieldsales.collection.watching import CLOSERS
from fieldsales.collection.watchlist import Closed, Watched, lately_closed, watched
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import scope_of
from fieldsales.web.access import access
from fieldsales.web.forms import command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

watch_views = Blueprint("watch", __name__)
nav(NavItem("watch.every", N_("Solvency watch"), "warning", 47, CLOSERS, group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class WatchPage:
    """Customers with an open alert, and those closed lately. ``signs``, ``steps``: words by code."""

    rows: tuple[Watched, ...]
    closed: tuple[Closed, ...]
    signs: dict[str, str]
    steps: dict[str, str]
    may_decide: bool


@watch_views.get("/watch")
@access(*CLOSERS)
def every() -> str:
    """Signs of insolvency seen on site."""
    scope = scope_of(actor())
    with reading() as connection:
        rows = watched(connection, scope, here().today, here().settings.zone)
        closed = lately_closed(connection, scope)
    return page("collection/watch.html", WatchPage(
        rows, closed, {code: gettext(words) for code, (_, words) in SIGNS.items()},
        {code: gettext(words) for code, words in STEPS.items()}, actor().role in ("manager", "admin")))


@watch_views.post("/customers/<customer_id>/watch/close")
@access(*CLOSERS)
def close(customer_id: str) -> Any:
    """Close an alert."""
    errors = submit("collection.close_watch", {
        "closing_id": derived_id(command_id(), "closing"), "customer_id": customer_id, "reason": field_text("reason")})
    target = url_for("watch.every")
    return refused(errors, target) if errors else done(gettext("Closed. What was seen stays on record."), target)
