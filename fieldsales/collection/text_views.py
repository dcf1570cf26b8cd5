"""The office's page of text messages to debtors: what was sent, what became of it, what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask_babel import gettext
from sqlalchemy import Connection, func, select

from fieldsales.collection.textmodels import TextMessage
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_
from fieldsales.people.models import User
from fieldsales.people.rules import Scope, scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for
from fieldsales.web.pages import NavItem, nav, page

text_views = Blueprint("texts", __name__)
nav(NavItem("texts.sent", N_("Text messages"), "mail", 47, ("manager", "finance", "legal", "admin"),
            group=N_("Collecting")))
_texts, _customers, _users = table_of(TextMessage), table_of(Customer), table_of(User)
STATES = {"queued": N_("Waiting to be sent"), "sending": N_("Being sent"), "sent": N_("Sent, not yet confirmed"),
          "delivered": N_("Delivered"), "failed": N_("Not delivered"), "unsure": N_("Unsure, not sent again")}
#: What a state is shown as, and how many messages a page holds.
TONES = {"delivered": "good", "failed": "alert", "unsure": "alert"}
MOST = 100


@dataclass(frozen=True, slots=True)
class TextsPage:
    """The newest messages; how many went this month, in how many parts, at what cost."""

    rows: tuple[Any, ...]
    chips: tuple[Chip, ...]
    states: dict[str, str]
    tones: dict[str, str]
    count: int
    parts: int
    cost_minor: int
    delivered: int
    has_sender: bool


def texts_of(connection: Connection, action_id: str) -> tuple[Any, ...]:
    """The messages of one action."""
    return tuple(connection.execute(select(_texts).where(_texts.c.action_id == action_id).order_by(_texts.c.id)))


def newest(connection: Connection, scope: Scope, state: str) -> tuple[Any, ...]:
    """The newest messages to customers of a scope, in one state or in any."""
    t = _texts.c
    query = (
        select(_texts, _customers.c.name.label("customer_name"), func.coalesce(_users.c.name, "").label("by_name"))
        .join(_customers, _customers.c.id == t.customer_id).outerjoin(_users, _users.c.id == t.by_id)
        .where(visible(scope)).order_by(t.queued_at.desc(), t.id.desc()).limit(MOST)
    )  # fmt: skip
    return tuple(connection.execute(query.where(t.state == state) if state in STATES else query))


def since(connection: Connection, scope: Scope, first: datetime) -> Any:
    """(count, parts, cost_minor, delivered) of what was handed over since an instant."""
    t = _texts.c
    return connection.execute(
        select(func.count().label("count"), func.coalesce(func.sum(t.parts), 0).label("parts"),
               func.coalesce(func.sum(t.cost_minor), 0).label("cost_minor"),
               func.count().filter(t.state == "delivered").label("delivered"))
        .select_from(_texts.join(_customers, _customers.c.id == t.customer_id))
        .where(visible(scope), t.sent_at >= first)).one()


@text_views.get("/texts")
@access(*EVERYONE)
def sent() -> str:
    """Text messages to debtors, the newest first."""
    scope, state, program = scope_of(actor()), asked_for("show"), here()
    zone = ZoneInfo(program.settings.zone)
    first = datetime.combine(program.today.replace(day=1), datetime.min.time(), zone)
    with reading() as connection:
        rows, month = newest(connection, scope, state), since(connection, scope, first)
    chips = tuple(Chip(gettext(words), address_with(show=code), state == code)
                  for code, words in (("", N_("All")), ("failed", STATES["failed"]), ("unsure", STATES["unsure"]),
                                      ("sent", STATES["sent"])))
    sender = program.plugins.declared("message_senders").get(program.settings.sms_sender)
    return page("collection/texts.html", TextsPage(
        rows, chips, {code: gettext(words) for code, words in STATES.items()}, TONES, month.count, int(month.parts),
        int(month.cost_minor), month.delivered, sender is not None))
