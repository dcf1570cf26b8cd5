"""Commission by rep and month: by cleared cash and its age, line by line, and as CSV; the policy it is reckoned by."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection, select

from fieldsales.customers.models import Customer
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.money import Money
from fieldsales.people.models import User
from fieldsales.people.rules import scope_of
from fieldsales.receivables.commission import Earned, Policy, earned, policy_on
from fieldsales.receivables.commissioning import SETTERS, cleared, policies
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.forms import Errors, chosen_date, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import NavItem, nav, page

commission_views = Blueprint("commission", __name__)
nav(NavItem("commission.month", N_("Commission"), "percent", 33))
_users, _customers = table_of(User), table_of(Customer)
HEADER = ("rep", "customer", "invoice", "received_on", "due_on", "days_past_due", "amount", "rate_percent",
          "commission", "currency")  # fmt: skip


@dataclass(frozen=True, slots=True)
class RepLine:
    """One rep's month in one currency, minor units; ``by_step``: money cleared by age."""

    rep_id: str
    rep_name: str
    currency: str
    by_step: tuple[int, ...]
    cleared_minor: int
    commission_minor: int


@dataclass(frozen=True, slots=True)
class DrillLine:
    """One sum of a rep's month."""

    customer_id: str
    customer_name: str
    earned: Earned


@dataclass(frozen=True, slots=True)
class CommissionPage:
    """A month, by rep; and of one rep line by line."""

    month: str
    rows: tuple[RepLine, ...]
    lines: tuple[DrillLine, ...]
    rep_id: str
    policy: Policy | None
    step_names: tuple[str, ...]
    may_set: bool
    csv_url: str
    values: dict[str, str]
    errors: Errors


def _month() -> tuple[str, date, date]:
    asked = asked_for("month")
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = here().today.replace(day=1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return f"{first:%Y-%m}", first, following - timedelta(days=1)


def _read(connection: Connection, rep_id: str) -> tuple[tuple[Earned, ...], tuple[Policy, ...]]:
    _, first, last = _month()
    known = policies(connection)
    return earned(cleared(connection, scope_of(actor()), first, last, here().settings.zone, rep_id), known), known


def _names(connection: Connection, table: Any, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids)))}


def step_names(policy: Policy | None) -> tuple[str, ...]:
    """The steps of a policy in words, one a column."""
    found, after = [], 0
    for up_to, _ in policy.steps if policy else ():
        if up_to is None:
            found.append(gettext("over %(days)s days", days=max(0, after - 1)))
        elif up_to == 0:
            found.append(gettext("On time"))
        else:
            found.append(gettext("%(first)s–%(last)s days", first=after, last=up_to))
        after = (up_to or 0) + 1
    return tuple(found)


def summed(rows: tuple[Earned, ...], names: dict[str, str], steps: int) -> tuple[RepLine, ...]:
    """One line a rep and currency, the most commission first."""
    groups: defaultdict[tuple[str, str], list[Earned]] = defaultdict(list)
    for row in rows:
        groups[row.cleared.rep_id, row.cleared.currency].append(row)
    found = [
        RepLine(rep, names.get(rep, ""), currency,
                tuple(sum(one.cleared.minor for one in theirs if one.step == n) for n in range(steps)),
                sum(one.cleared.minor for one in theirs), sum(one.minor for one in theirs))
        for (rep, currency), theirs in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.commission_minor, one.rep_name, one.currency)))


def _shown(errors: Errors) -> str:
    rep_id, (month, _, last) = asked_for("rep"), _month()
    if scope_of(actor()).kind == "self":
        rep_id = actor().user_id
    with reading() as connection:
        rows, known = _read(connection, "")
        names = _names(connection, _users, {row.cleared.rep_id for row in rows})
        theirs = [row for row in rows if row.cleared.rep_id == rep_id]
        customers = _names(connection, _customers, {row.cleared.customer_id for row in theirs})
    policy = policy_on(known, last)
    values = {name: field_text(name) for name in ("from_on", "steps", "source")}
    return page("reports/commission.html", CommissionPage(
        month, summed(rows, names, len(policy.steps) if policy else 0),
        tuple(DrillLine(row.cleared.customer_id, customers.get(row.cleared.customer_id, ""), row) for row in theirs),
        rep_id, policy, step_names(policy), actor().role in SETTERS,
        url_for("commission.as_csv", month=month, rep=rep_id or None), values, errors))


@commission_views.get("/reports/commission")
@access(*EVERYONE)
def month() -> str:
    """Commission of a month."""
    return _shown({})


@commission_views.get("/reports/commission.csv")
@access(*EVERYONE)
def as_csv() -> Response:
    """The same line by line, for the payroll."""
    rep_id = actor().user_id if scope_of(actor()).kind == "self" else asked_for("rep")
    with reading() as connection:
        rows, _ = _read(connection, rep_id)
        reps = _names(connection, _users, {row.cleared.rep_id for row in rows})
        customers = _names(connection, _customers, {row.cleared.customer_id for row in rows})
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    for row in rows:
        one = row.cleared
        writer.writerow([
            _tame(reps.get(one.rep_id, "")), _tame(customers.get(one.customer_id, "")), _tame(one.number),
            one.received_on, one.due_on, row.days, Money(one.minor, one.currency).major, Decimal(row.rate_bp) / 100,
            Money(row.minor, one.currency).major, one.currency])
    name = f"commission-{_month()[0]}.csv"
    # with the mark by which Excel knows UTF-8
    return Response(stream.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers={
        "Content-Disposition": f"attachment; filename={name}"})


def _tame(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def read_steps(typed: str) -> list[tuple[int | None, int]] | None:
    """``0:1.2, 30:1, 90:0.5, *:0`` as steps in days and basis points; None when it cannot be read."""
    found: list[tuple[int | None, int]] = []
    for part in typed.replace("，", ",").replace("：", ":").replace("；", ",").split(","):
        days, _, rate = part.strip().partition(":")
        try:
            value = Decimal(rate.strip().rstrip("%％ ")) * 100
            up_to = None if days.strip() == "*" else int(days)
        except (InvalidOperation, ValueError):
            return None
        if value != value.to_integral_value():
            return None
        found.append((up_to, int(value)))
    return found


@commission_views.post("/reports/commission")
@access(*SETTERS)
def set_policy() -> Any:
    """Enter a policy."""
    errors: Errors = {}
    steps = read_steps(field_text("steps"))
    if steps is None:
        errors["steps"] = gettext("Write steps such as 0:1.2, 30:1, 90:0.5, *:0 (days past due : per cent).")
    from_on = chosen_date("from_on", errors)
    errors = errors or submit("receivables.set_commission", {
        "policy_id": uuid7(), "from_on": from_on.isoformat(), "steps": steps, "source": field_text("source")})
    if errors:
        return _shown(errors), 422
    return done(gettext("Entered. It holds for money received from that day on."), url_for(
        "commission.month", month=request.args.get("month")))
