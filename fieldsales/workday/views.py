"""Pages that read across: the list of customers, the dossier, the manager's day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from flask_babel import gettext

from fieldsales.collection.asking import ANSWERS
from fieldsales.collection.supply import Suggested
from fieldsales.collection.watchlist import red_alerts
from fieldsales.customers.lists import Owner, Wanted, list_customers, owners_in, visible_name
from fieldsales.documents.queries import PAPERS_LATE, waiting_papers
from fieldsales.kernel.errors import N_
from fieldsales.people.rules import may_manage, may_post_money, scope_of
from fieldsales.people.teams import teams_in
from fieldsales.plugin_api.health import Gap
from fieldsales.targets.month import Glance, read_glance
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row, export_address
from fieldsales.web.pages import NavItem, nav, page
from fieldsales.workday import desk as desk_queries
from fieldsales.workday.calendarpages import views as calendar_views  # noqa: F401 - the app finds its pages here
from fieldsales.workday.cards import names_of
from fieldsales.workday.lists import SHOWS, Line, narrowed, with_money
from fieldsales.workday.queries import dossiers
from fieldsales.workday.showing import gaps_of
from fieldsales.workday.steppages import step_pages  # noqa: F401 - a blueprint of this room
from fieldsales.workday.today import day_cards
from fieldsales.workday.unsettled import count_waiting
from fieldsales.workday.words import TASK_WORDS

views = Blueprint("workday", __name__)
Dossier = dict[str, Any]
"""The whole customer as ``workday.dossier`` shapes it: the same a phone carries."""
nav(NavItem("workday.desk", N_("Today"), "desk", 10, ("manager", "finance", "legal", "admin")))
#: A customer's page draws so many invoices before it is asked for all of them.
INVOICES_AT_ONCE = 100
nav(NavItem("workday.customers", N_("Customers"), "customers", 20))


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """The list of customers."""

    rows: tuple[Line, ...]
    wanted: Wanted
    show: str
    chips: tuple[Chip, ...]
    owners: tuple[Owner, ...]
    teams: tuple[tuple[str, str], ...]
    #: whether customers without an owner may be asked for: who sees everybody sees them
    sees_unowned: bool
    next_url: str
    export_url: str
    is_filtered: bool
    may_add: bool
    may_assign: bool


@views.get("/customers")
@access(*EVERYONE)
def customers() -> str:
    """Customers, most overdue first: searched, filtered, page by page."""
    scope, show = scope_of(actor()), asked_for("show") if asked_for("show") in SHOWS else ""
    wanted = Wanted(asked_for("q"), asked_for("owner"), asked_for("team"), show == "overdue")
    with reading() as connection:
        found = list_customers(connection, scope, wanted, request.args.get("after"), also=narrowed(show))
        rows = with_money(connection, found.rows, here().today, here().settings.currency)
        owners, teams = owners_in(connection, scope), teams_in(connection, scope)
    choices = [("", gettext("All")), ("overdue", gettext("Overdue")), ("over90", gettext("Over 90 days")),
               ("stopped", gettext("Supply stopped"))]
    return page("customers/list.html", CustomersPage(
        rows, wanted, show, chip_row("show", choices, show), owners, teams, scope.kind == "all",
        address_with(after=found.following) if found.following else "", export_address("customers"),
        wanted != Wanted() or bool(show), may_post_money(actor()), may_manage(actor()),
    ))


@dataclass(frozen=True, slots=True)
class MethodLink:
    """A way of collecting that may be used here."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything about one customer on one screen."""

    customer: Dossier
    methods: tuple[MethodLink, ...]
    #: excuse code -> words
    excuses: dict[str, str]
    #: an ask's answer code -> words
    ask_answers: dict[str, str]
    map_url: str
    may_post_money: bool
    may_manage: bool
    #: so many invoices are drawn at once; the rest is one tap away
    invoices_shown: int
    #: panels that are missing just now (``workday.showing``)
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """The same in short, beside a list."""

    customer: Dossier


def _customer(customer_id: str) -> Dossier:
    with reading() as connection:
        if visible_name(connection, scope_of(actor()), customer_id) is None:
            raise missing()
        return dossiers(connection, [customer_id], here().today, here().settings.currency, here().plugins,
                        actor())[customer_id]


@views.get("/customers/<customer_id>")
@access(*EVERYONE)
def customer(customer_id: str) -> str:
    """The dossier of one customer."""
    # before they are asked: one that fails in this very request has its note in its place
    gaps = gaps_of(here().plugins, "customer_panels", actor())
    found, who = _customer(customer_id), actor()
    methods = tuple(
        MethodLink(method.name, str(method.labels.get(lang()) or method.name))
        for method in here().plugins.methods.values() if method.by_hand and who.role in method.can
        and (method.manner != "persistent" or found.get("following", {}).get("mode") == "close")
    )
    excuses = {code: str(one.labels.get(lang()) or code) for code, one in here().plugins.excuses.items()}
    return page("customers/show.html", CustomerPage(
        found, methods, excuses, {code: gettext(words) for code, words in ANSWERS.items()}, _map_address(found),
        may_post_money(who), may_manage(who),
        len(found["invoices"]) if asked_for("invoices") == "all" else INVOICES_AT_ONCE, gaps))


@views.get("/customers/<customer_id>/panel")
@access(*EVERYONE)
def customer_panel(customer_id: str) -> str:
    """The dossier in short, for the panel beside a list."""
    return page("customers/panel.html", CustomerPanel(_customer(customer_id)))


def _map_address(found: Dossier) -> str:
    # AMap takes WGS-84 when told so; without a place it looks for the address.
    if found["lat"] and found["lon"]:
        place = f"{found['lon']},{found['lat']}"
        return f"https://uri.amap.com/marker?position={place}&coordinate=wgs84&name={quote(found['name'])}"
    return f"https://uri.amap.com/search?keyword={quote(found['address'])}"


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The manager's day: money first."""

    today: Any
    place: str
    figures: desk_queries.Figures
    broken: tuple[desk_queries.PromiseLine, ...]
    awaited: tuple[desk_queries.PromiseLine, ...]
    due_sums: tuple[tuple[str, int], ...]
    stops: tuple[Suggested, ...]
    plans: tuple[desk_queries.PlanLine, ...]
    visits: tuple[desk_queries.VisitLine, ...]
    weeks: tuple[desk_queries.Week, ...]
    own: tuple[desk_queries.OwnTask, ...]
    #: a task's words by its kind, where it has none of its own
    task_words: dict[str, str]
    records_waiting: int
    glance: Glance
    #: (id, name) of customers with an open red alert of the solvency watch
    alerts: tuple[tuple[str, str], ...]
    #: papers that wait for a day and longer, told to those who keep key and authorities
    papers_late: bool
    #: what plugins put beside the day (``workday.cards``), and what the customers on it are called
    cards: tuple[Dossier, ...]
    card_names: dict[str, str]
    #: cards that are missing just now (``workday.showing``)
    gaps: tuple[Gap, ...]


@views.get("/desk")
@access("manager", "finance", "legal", "admin")
def desk() -> str:
    """The manager's page."""
    scope, program = scope_of(actor()), here()
    settings, gaps = program.settings, gaps_of(program.plugins, "workday_cards", actor())
    with reading() as connection:
        day = desk_queries.read_day(connection, scope, program.clock.now(), program.today, settings.currency,
                                    settings.zone, settings.promise_grace_days)
        own = desk_queries.own_tasks(connection, scope, program.today)
        records = count_waiting(connection, actor())
        glance = read_glance(connection, scope, program.today, settings.currency)
        alerts = red_alerts(connection, scope, program.today, settings.zone)
        keeps = actor().role in {"legal", "admin"}
        late = keeps and waiting_papers(connection).is_late(program.clock.now() - PAPERS_LATE)
        cards = day_cards(connection, actor(), program.today, program.clock.now(), program.plugins, settings.zone)
        card_names = names_of(connection, cards)
    place = settings.company_name_en if lang() == "en" else settings.company_name
    return page("workday/desk.html", DeskPage(
        program.today, place, day.figures, day.broken, day.awaited, day.due_sums, day.stops, day.plans, day.visits,
        day.weeks, own, {kind: gettext(words) for kind, words in TASK_WORDS.items()}, records, glance, alerts,
        late, tuple(cards), card_names, gaps))
