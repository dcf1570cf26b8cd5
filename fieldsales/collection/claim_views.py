"""Office pages of claims: which wait to be looked into, one claim with its verdicts, how often words were true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from fieldsales.collection.claimlists import (
    ClaimLine,
    OpenInvoice,
    Rate,
    VerdictLine,
    Worth,
    claim_seen,
    claims_seen,
    count_unverified,
    dispute_of,
    open_invoices,
    rates_by,
    verdicts_of,
    worth_of,
)
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.types import Excuse
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, amount_minor, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

claim_pages = Blueprint("claims", __name__)
#: Whose or what the figures are of.
BY = ("customer", "rep", "reason", "product")
SINCE = timedelta(days=365)


def _waiting(who: Actor) -> int:
    with reading() as connection:
        return count_unverified(connection, visible(scope_of(who)))


nav(NavItem("claims.waiting", N_("Reasons given"), "claims", 41, count=_waiting, group=N_("Collecting")))


def _words() -> dict[str, str]:
    return {code: str(one.labels.get(lang()) or code) for code, one in here().plugins.excuses.items()}


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """Claims, those nobody has looked into first. ``worth``: of those who threaten to leave, by customer."""

    rows: tuple[ClaimLine, ...]
    excuses: dict[str, str]
    chips: tuple[Chip, ...]
    show: str
    threats: frozenset[str]
    worth: dict[str, Worth]


@claim_pages.get("/claims")
@access(*EVERYONE)
def waiting() -> str:
    """Reasons given for not paying that nobody has found true or false; threats; or all of them."""
    show = asked_for("show") if asked_for("show") in ("all", "threats") else ""
    threats = frozenset(code for code, one in here().plugins.excuses.items() if one.flag == "manager")
    with reading() as connection:
        rows = claims_seen(connection, visible(scope_of(actor())), unverified=not show,
                           codes=threats if show == "threats" else ())
        worth = worth_of(connection, {row.customer_id for row in rows if row.code in threats}, here().today)
    choices = [("", gettext("Not looked into yet")), ("threats", gettext("Threats to leave")), ("all", gettext("All"))]
    return page("collection/claims.html", ClaimsPage(rows, _words(), chip_row("show", choices, show), show, threats,
                                                     worth))


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim: how to find out, what to ask for, its rule of law; what was found; the form for finding out."""

    claim: ClaimLine
    title: str
    verify: str
    asks: tuple[str, ...]
    facts: tuple[str, ...]
    rule: str
    reply: str
    is_dispute: bool
    #: the dispute it led to, or empty
    dispute_id: str
    invoices: tuple[OpenInvoice, ...]
    worth: Worth | None
    verdicts: tuple[VerdictLine, ...]
    typed: dict[str, str]
    errors: Errors


def _page(claim_id: str, errors: Errors) -> str:
    with reading() as connection:
        claim = claim_seen(connection, visible(scope_of(actor())), claim_id)
        if claim is None:
            raise missing()
        verdicts = verdicts_of(connection, claim_id)
        excuse: Excuse | None = here().plugins.excuses.get(claim.code)
        dispute_id, invoices = dispute_of(connection, claim_id), open_invoices(connection, claim.customer_id)
        worth = (worth_of(connection, [claim.customer_id], here().today)[claim.customer_id]
                 if excuse and excuse.flag else None)

    def said(labels: Any) -> str:
        return str((labels or {}).get(lang()) or "")

    typed = {name: field_text(name) for name in ("state", "note", "product")} if errors else {}
    return page("collection/claim.html", ClaimPage(
        claim, said(excuse.labels) if excuse else claim.code, said(excuse.verify) if excuse else "",
        tuple(said(one) for one in excuse.asks) if excuse else (), excuse.facts if excuse else (),
        said(excuse.rule) if excuse else "", said(excuse.reply) if excuse else "",
        bool(excuse and excuse.effect == "dispute"), dispute_id, invoices, worth, verdicts, typed, errors))


@claim_pages.get("/claims/<claim_id>")
@access(*EVERYONE)
def show(claim_id: str) -> str:
    """One reason given, and what it turned out to be."""
    return _page(claim_id, {})


@claim_pages.post("/claims/<claim_id>")
@access(*EVERYONE)
def verify(claim_id: str) -> Any:
    """Record what was found: true, partly true, not true, on what evidence."""
    with reading() as connection:
        claim = claim_seen(connection, visible(scope_of(actor())), claim_id)
    if claim is None:
        raise missing()
    try:
        files: list[Any] = [one for one in request.files.getlist("evidence") if one.filename]
        read = [read_paper(one.filename, one.read()) for one in files[:20]]
        kept = keep_bytes(here(), actor(), read) if read else []
    except TradeError as error:
        return _page(claim_id, {"evidence": say(error)}), 422
    errors = submit("collection.verify_claim", {
        "claim_id": claim_id, "customer_id": claim.customer_id, "state": field_text("state"),
        "note": field_text("note"), "product": field_text("product"), "evidence_sha256": kept})
    if errors:
        return _page(claim_id, errors), 422
    return done(gettext("On record. It counts in how often their word is true."),
                url_for("claims.show", claim_id=claim_id))


@claim_pages.post("/claims/<claim_id>/dispute")
@access(*EVERYONE)
def contest(claim_id: str) -> Any:
    """What proved true becomes a dispute: somebody settles it by a day, the rest goes on being collected."""
    with reading() as connection:
        claim = claim_seen(connection, visible(scope_of(actor())), claim_id)
        invoices = {one.id: one.currency for one in open_invoices(connection, claim.customer_id)} if claim else {}
    if claim is None:
        raise missing()
    excuse, errors = here().plugins.excuses.get(claim.code), Errors()
    currency = invoices.get(field_text("invoice_id"), here().settings.currency)
    amount = amount_minor("amount", errors, currency) if field_text("amount") else 0
    errors = errors or submit("disputes.open_dispute", {
        "dispute_id": derived_id(claim_id, "dispute"), "customer_id": claim.customer_id, "claim_id": claim_id,
        "kind": (excuse.dispute_kind if excuse else "") or "other", "desk": excuse.owner if excuse else "",
        "invoice_id": field_text("invoice_id") or None, "amount_minor": amount, "currency": currency,
        "words": claim.words}, {"amount_minor": "amount"})
    if errors:
        return _page(claim_id, errors), 422
    return done(gettext("A dispute now, with somebody to settle it. The rest goes on being collected."),
                url_for("disputes.waiting") + f"#d-{derived_id(claim_id, 'dispute')}")


@dataclass(frozen=True, slots=True)
class RatesPage:
    """How often words were true, of the last twelve months."""

    rows: tuple[Rate, ...]
    by: str
    chips: tuple[Chip, ...]
    excuses: dict[str, str]


@claim_pages.get("/claims/rates")
@access("manager", "finance", "legal", "admin")
def rates() -> str:
    """How often what was said was true, by customer, by rep who heard it, by reason, by product."""
    by = asked_for("by") if asked_for("by") in BY else "customer"
    with reading() as connection:
        rows = rates_by(connection, visible(scope_of(actor())), by, here().clock.now() - SINCE)
    choices = [("customer", gettext("By customer")), ("rep", gettext("By rep")), ("reason", gettext("By reason")),
               ("product", gettext("By product"))]
    return page("collection/rates.html", RatesPage(rows, by, chip_row("by", choices, by), _words()))
