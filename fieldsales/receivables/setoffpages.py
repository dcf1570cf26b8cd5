"""The page of set-offs: approve within limits, deny, close by a credit note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.config import as_set
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_post_money, scope_of
from fieldsales.receivables.setofflist import Request, approved_by_managers, requests
from fieldsales.receivables.setoffrules import KINDS, STATES, lately, may_approve
from fieldsales.receivables.setoffs import APPROVERS
from fieldsales.web.access import access
from fieldsales.web.forms import Errors, amount_minor, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

set_off_views = Blueprint("set_offs", __name__)
_LOOK = ("manager", "finance", "legal", "admin")
nav(NavItem("set_offs.every", N_("Set-offs"), "setoff", 31, _LOOK))
_OPEN, _ENDED = ("asked", "approved"), ("denied", "credited")


@dataclass(frozen=True, slots=True)
class SetOffsPage:
    """Requests by state. ``mine``: ids this person may approve."""

    rows: tuple[Request, ...]
    chips: tuple[Chip, ...]
    kinds: dict[str, str]
    states: dict[str, str]
    mine: frozenset[str]
    limit_minor: int
    may_post_money: bool


@set_off_views.get("/set-offs")
@access(*_LOOK)
def every() -> str:
    """Returns and rebates customers want to set off."""
    show, who, limit = asked_for("show"), actor(), as_set().set_off_limit_minor
    with reading() as connection:
        rows = requests(connection, scope_of(who), _ENDED if show == "ended" else _OPEN)
        approved = approved_by_managers(connection, [row.customer_id for row in rows])
    now = here().clock.now()
    mine = frozenset(row.id for row in rows if row.state == "asked" and row.by_id != who.user_id and may_approve(
        who, row.amount_minor, limit, lately(approved.get(row.customer_id, ()), row.currency, now)))
    choices = [("", gettext("Open")), ("ended", gettext("Ended"))]
    return page("receivables/set_offs.html", SetOffsPage(
        rows, chip_row("show", choices, show), {code: gettext(words) for code, words in KINDS.items()},
        {code: gettext(words) for code, words in STATES.items()}, mine, limit, may_post_money(who)))


def _back(errors: Errors, words: str) -> Any:
    return refused(errors, url_for("set_offs.every")) if errors else done(words, url_for("set_offs.every"))


@set_off_views.post("/customers/<customer_id>/set-offs/<set_off_id>/decide")
@access(*APPROVERS)
def decide(customer_id: str, set_off_id: str) -> Any:
    """Approve, perhaps for less, or deny."""
    errors: Errors = {}
    approve = field_text("approve") == "1"
    minor = amount_minor("amount", errors) if approve else 0
    errors = errors or submit("receivables.decide_set_off", {
        "step_id": derived_id(command_id(), "step"), "set_off_id": set_off_id, "customer_id": customer_id,
        "approve": approve, "amount_minor": minor, "reason": field_text("reason")})
    words = gettext("Approved. The balance moves with the credit note.") if approve else gettext("Denied.")
    return _back(errors, words)


@set_off_views.post("/customers/<customer_id>/set-offs/<set_off_id>/credit")
@access("finance", "admin")
def credit(customer_id: str, set_off_id: str) -> Any:
    """Name the credit note that carries it out."""
    errors = submit("receivables.credit_set_off", {
        "step_id": derived_id(command_id(), "step"), "set_off_id": set_off_id, "customer_id": customer_id,
        "number": field_text("number")})
    return _back(errors, gettext("Closed by its credit note."))
