"""Pages of reports: ageing, the audit log, and how the program itself fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext

from fieldsales.customers.lists import Owner, owners_in
from fieldsales.documents.queries import PAPERS_LATE, Waiting, last_anchor, waiting_papers
from fieldsales.kernel.errors import N_
from fieldsales.kernel.paging import whole_key
from fieldsales.people.rules import scope_of
from fieldsales.people.teams import teams_in
from fieldsales.reports import house as house_queries
from fieldsales.reports.bills import bill_views  # noqa: F401 - the roof hangs it in
from fieldsales.reports.commission import commission_views  # noqa: F401 - the roof hangs it in
from fieldsales.reports.plugin_views import plugin_views  # noqa: F401 - the roof hangs it in
from fieldsales.reports.queries import AgeingRow, AgeingTotal, Asked, ageing_rows, ageing_totals
from fieldsales.reports.scorecard_views import scorecard_views  # noqa: F401 - the roof hangs it in
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row, export_address
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("reports", __name__)
nav(NavItem("reports.ageing", N_("Ageing"), "ageing", 25))
nav(NavItem("reports.house", N_("The house"), "plugins", 95, ("admin",), group=N_("Administration")))
nav(NavItem("reports.audit", N_("Audit log"), "audit", 96, ("admin",), group=N_("Administration")))


@dataclass(frozen=True, slots=True)
class AgeingPage:
    """Ageing by customer: sums by currency, a picture of each, and the table."""

    as_of: date
    wanted: Asked
    show: str
    chips: tuple[Chip, ...]
    owners: tuple[Owner, ...]
    teams: tuple[tuple[str, str], ...]
    totals: tuple[AgeingTotal, ...]
    rows: tuple[AgeingRow, ...]
    next_url: str
    is_later: bool
    export_url: str


@views.get("/reports/ageing")
@access(*EVERYONE)
def ageing() -> str:
    """What is owed by days past due."""
    scope, show = scope_of(actor()), asked_for("show") if asked_for("show") in ("overdue", "over90") else ""
    asked, after = Asked(asked_for("owner"), asked_for("team"), show), request.args.get("after")
    with reading() as connection:
        totals = ageing_totals(connection, scope, asked)
        rows, following = ageing_rows(connection, scope, asked, after)
        owners, teams = owners_in(connection, scope), teams_in(connection, scope)
    choices = [("", gettext("Everything open")), ("overdue", gettext("Overdue")), ("over90", gettext("Over 90 days"))]
    return page("reports/ageing.html", AgeingPage(
        here().today, asked, show, chip_row("show", choices, show), owners, teams, totals, rows,
        address_with(after=following) if following else "", bool(after), export_address("ageing")))


@dataclass(frozen=True, slots=True)
class HousePage:
    """What an administrator looks after: worker, outbox, phones, records that wait, plugins in trouble."""

    worker_at: Any
    worker_is_late: bool
    outbox: house_queries.OutboxState
    devices: tuple[house_queries.DeviceLine, ...]
    unsettled: tuple[house_queries.UnsettledLine, ...]
    plugins: tuple[Any, ...]
    papers: Waiting
    papers_are_late: bool
    anchor: Any


@views.get("/reports/house")
@access("admin")
def house() -> str:
    """How the program fares."""
    now = here().clock.now()
    with reading() as connection:
        beat = house_queries.worker_beat(connection)
        outbox, devices = house_queries.outbox_state(connection, now), house_queries.device_lines(connection)
        unsettled = house_queries.unsettled(connection)
        papers, anchor = waiting_papers(connection), last_anchor(connection)
    in_trouble = tuple(one for one in here().plugins.status() if one.state in ("failed", "suspended"))
    late = beat is None or (now - beat).total_seconds() > house_queries.WORKER_LATE_S
    return page("reports/house.html", HousePage(
        beat, late, outbox, devices, unsettled, in_trouble, papers,
        papers.is_late(now - PAPERS_LATE), anchor))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest links of the audit chain."""

    rows: tuple[house_queries.AuditLine, ...]
    next_url: str


@views.get("/reports/audit")
@access("admin")
def audit() -> str:
    """Who did what, newest first. The chain holds ids and hashes; bodies lie beside it."""
    before = asked_for("after")
    with reading() as connection:
        rows, following = house_queries.audit_lines(connection, whole_key(before))
    return page("reports/audit.html", AuditPage(rows, address_with(after=str(following)) if following else ""))
