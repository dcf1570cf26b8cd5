"""Recording a sheet that was signed by hand: found by its number, typed in, proved by a photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.utils import redirect

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.money import Money, MoneyError
from fieldsales.people.rules import scope_of
from fieldsales.plans.models import Plan
from fieldsales.plans.onpaper import blank_by_number
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.forms import Errors, amount_minor, chosen_date, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

paper_views = Blueprint("paper_plans", __name__)
#: Rows offered for instalments; a sheet has six, a second sheet of the same plan as many.
ROWS = 12
_FIELDS = ("total", "signed_on", "name", "role", "authority", "id_last4", "witness", "stamped")
NO_SHEET = N_("No sheet of this number was printed, or it is not yours to see.")


@dataclass(frozen=True, slots=True)
class FindPage:
    """Ask for the number."""

    number: str
    error: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet's facts, and what was written on it. ``rows``: (day, amount) as typed."""

    sheet: Any
    rows: tuple[tuple[str, str], ...]
    values: dict[str, str]
    #: names of the clauses that were struck out
    struck: tuple[str, ...]
    errors: Errors


def _sheet(number: str) -> Any:
    """The sheet, when its customer is in sight."""
    with reading() as connection:
        sheet = blank_by_number(connection, number)
        seen = sheet and connection.execute(
            select(Customer.id).where(Customer.id == sheet.customer_id, visible(scope_of(actor())))).first()
    return sheet if seen else None


@paper_views.get("/paper-plans")
@access(*EVERYONE)
def find() -> Any:
    """Ask for the number printed on the sheet (or read it from its code)."""
    number = request.args.get("number", "").strip().upper().rpartition("/")[2].partition("#")[0][:40]
    if not number:
        return page("plans/paper_find.html", FindPage("", ""))
    if _sheet(number) is None:
        return page("plans/paper_find.html", FindPage(number, gettext(NO_SHEET))), 404
    return redirect(url_for("paper_plans.sheet", number=number))


def _shown(sheet: Any, values: dict[str, str], errors: Errors) -> str:
    rows = tuple((field_text(f"due_{n}"), field_text(f"amount_{n}")) for n in range(ROWS))
    return page("plans/paper_sheet.html", SheetPage(
        sheet, rows, values, tuple(request.form.getlist("struck")), errors))


@paper_views.get("/paper-plans/<number>")
@access(*EVERYONE)
def sheet(number: str) -> Any:
    """The form of one sheet; recorded already, its plan."""
    found = _sheet(number)
    if found is None:
        raise missing()
    with reading() as connection:
        if connection.execute(select(table_of(Plan).c.id).where(table_of(Plan).c.id == found.id)).first():
            return redirect(url_for("plans.show", plan_id=found.id))
    total = Money(found.payload["total_minor"], found.payload["currency"]).plain()
    empty = dict.fromkeys(_FIELDS, "")
    return _shown(found, empty | {"total": total, "role": "legal_representative", "authority": "none"}, {})


def _instalments(currency: str, errors: Errors) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for n in range(ROWS):
        day, amount = field_text(f"due_{n}"), field_text(f"amount_{n}")
        if not day and not amount:
            continue
        try:
            minor = Money.of(amount.replace(",", ""), currency).minor
            found.append({"n": len(found) + 1, "due_on": date.fromisoformat(day).isoformat(), "amount_minor": minor})
        except (MoneyError, ValueError):
            errors["instalments"] = gettext("Row %(n)s needs a day and an amount.", n=n + 1)
    if not found and not errors:
        errors["instalments"] = gettext("Type in the instalments as they were written.")
    return found


@paper_views.post("/paper-plans/<number>")
@access(*EVERYONE)
def record(number: str) -> Any:
    """Put what was signed on the sheet on record, with its photos."""
    found, errors = _sheet(number), Errors()
    if found is None:
        raise missing()
    values = {name: field_text(name) for name in _FIELDS}
    currency = found.payload["currency"]
    command = {
        "plan_id": found.id, "customer_id": found.customer_id, "total_minor": amount_minor("total", errors, currency),
        "signed_on": chosen_date("signed_on", errors).isoformat(), "instalments": _instalments(currency, errors),
        "signatory": {"name": values["name"], "role": values["role"], "authority": values["authority"],
                      "id_last4": values["id_last4"]},
        "witness": values["witness"], "stamped": bool(values["stamped"]),
        "struck": request.form.getlist("struck"),
    }  # fmt: skip
    photos = [sent for sent in request.files.getlist("photos") if sent.filename]
    if not photos:
        errors["photos"] = gettext("Add a photo of the signed sheet: it is the proof.")
    if not errors:
        try:
            kept = keep_bytes(here(), actor(), [read_paper(sent.filename or "", sent.read()) for sent in photos])
            errors = submit("plans.record_paper_plan", {**command, "photos": kept})
        except TradeError as error:
            errors = {"photos": say(error)}
    if errors:
        return _shown(found, values, errors), 422
    return done(gettext("Recorded: it counts as signed, and its photo is the proof."),
                url_for("plans.show", plan_id=found.id))
