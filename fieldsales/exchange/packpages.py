"""The page of the print pack: choose customers, have the sheets printed, fetch the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.exchange.packs import offered, packs_of
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.plans.added import declared
from fieldsales.plugin_api.clauses import PlanClause
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.forms import Errors, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

pack_views = Blueprint("packs", __name__)
nav(NavItem("packs.every", N_("Print pack"), "print", 52, EVERYONE, group=N_("Papers and law")))


@dataclass(frozen=True, slots=True)
class PacksPage:
    """Who may be printed for, and the packs made."""

    offered: tuple[Any, ...]
    packs: tuple[Any, ...]
    #: clauses of plugins that may be printed on the sheets, and those on every sheet
    clauses: tuple[PlanClause, ...]
    every_clause: tuple[PlanClause, ...]
    errors: Errors


def _shown(errors: Errors) -> str:
    with reading() as connection:
        rows = tuple(offered(connection, scope_of(actor())))
        packs = tuple(packs_of(connection, actor().user_id))
    known = declared(here().plugins)
    may, always = (tuple(one for one in known if one.offered is offers) for offers in (True, False))
    return page("exchange/packs.html", PacksPage(rows, packs, may, always, errors))


@pack_views.get("/packs")
@access(*EVERYONE)
def every() -> str:
    """Choose customers; fetch what was printed."""
    return _shown({})


@pack_views.post("/packs")
@access(*EVERYONE)
def order() -> Any:
    """Have a pack printed."""
    chosen = [one.split("|") for one in request.form.getlist("sheets")]
    if not chosen or any(len(one) != 4 for one in chosen):
        return _shown({"": gettext("Choose at least one customer.")}), 422
    names = ("customer_id", "debtor_id", "seller_id", "currency")
    sheets = [{"plan_id": uuid7(), **dict(zip(names, one, strict=True))} for one in chosen]
    lang = "en" if field_text("lang") == "en" else "zh"
    errors = submit("exchange.order_pack", {"pack_id": uuid7(), "lang": lang, "sheets": sheets,
                                            "clauses": request.form.getlist("clauses")})
    if errors:
        return _shown({"": " ".join(errors.values())}), 422
    return done(gettext("The sheets are being made; the file is here in a moment."), url_for("packs.every"))


@pack_views.get("/packs/<pack_id>.pdf")
@access(*EVERYONE)
def pdf(pack_id: str) -> Response:
    """The file to print, for whoever had it made."""
    with reading() as connection:
        found = next((one for one in packs_of(connection, actor().user_id) if one.id == pack_id and one.sha256), None)
    if found is None:
        raise missing()
    answer = make_response(here().parts["blobs"].read(found.sha256))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
