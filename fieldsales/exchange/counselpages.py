"""Pages of a case handed to outside counsel: made and taken back at the desk, read by whoever has the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from fieldsales.customers.lists import visible_name
from fieldsales.customers.sight import in_sight
from fieldsales.documents.tickets import code_for, is_same, tail_for
from fieldsales.exchange.counsel import CounselFact, load_counsel_links
from fieldsales.exchange.counselmodels import CounselLink, CounselVisit
from fieldsales.exchange.counselread import BundleChoice, Claim, bundle_rows, case_of, plans_of
from fieldsales.exchange.models import Bundle
from fieldsales.kernel.ids import derived_id, is_uuid7, uuid7
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.rules import scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import PUBLIC, access, missing
from fieldsales.web.forms import command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import page

counsel_views = Blueprint("counsel", __name__)
_links, _visits, _bundles = (table_of(m) for m in (CounselLink, CounselVisit, Bundle))
#: How long ended links stay on the desk's list, and how many looks are shown.
_SHOWN, _LOOKS = timedelta(days=180), 40
DAYS = (3, 7, 14, 30)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link on the desk's list; ``url`` and ``code`` only while it is open."""

    id: str
    firm: str
    purpose: str
    bundles: int
    made_at: datetime
    ends_at: datetime
    standing: str
    url: str
    code: str
    looks: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CounselDesk:
    """The links of one customer's case, what was looked at, and the bundles a new one may name."""

    customer_id: str
    customer_name: str
    links: tuple[LinkLine, ...]
    bundles: tuple[BundleChoice, ...]
    plans: tuple[tuple[str, str], ...]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CounselPage:
    """What counsel reads. ``standing``: open, ask (a code is wanted), withdrawn, locked, over."""

    standing: str
    firm: str
    purpose: str
    ends_at: datetime
    address: str
    code: str
    wrong: bool
    claims: tuple[Claim, ...]
    signed: tuple[tuple[str, str, date, Money], ...]
    disputes: tuple[Any, ...]
    acts: tuple[Any, ...]
    papers: tuple[tuple[str, str, date | None], ...]
    bundles: tuple[BundleChoice, ...]


def address_of(link: CounselFact) -> str:
    """The whole address counsel reads at."""
    program = here()
    tail = tail_for(program.settings.home, link.id, link.scope)
    return f"{program.settings.public_url.rstrip('/')}/c/{link.id}/{tail}"


def _code(link: CounselFact) -> str:
    """The six digits that are told by another way than the address."""
    return code_for(here().settings.home, link.id, "counsel", link.scope) if link.with_code else ""


def _desk_links(connection: Connection, customer_id: str) -> tuple[LinkLine, ...]:
    c, v, now = _links.c, _visits.c, here().clock.now()
    ids = [row.id for row in connection.execute(
        select(c.id).where(c.customer_id == customer_id, c.made_at > now - _SHOWN)
        .order_by(c.made_at.desc(), c.id.desc()).limit(50))]
    looks: dict[str, list[Any]] = {}
    for row in connection.execute(select(_visits).where(v.link_id.in_(ids)).order_by(v.at.desc(), v.id.desc())):
        looks.setdefault(row.link_id, []).append(row)
    known = load_counsel_links(connection, ids)
    return tuple(_line(known[key], looks.get(key, [])[:_LOOKS], now) for key in ids)


def _line(link: CounselFact, looks: list[Any], now: datetime) -> LinkLine:
    standing = link.standing(now)
    is_open = standing == "open"
    return LinkLine(link.id, link.firm, link.purpose, len(link.bundle_ids), link.made_at, link.ends_at, standing,
                    address_of(link) if is_open else "", _code(link) if is_open else "", tuple(looks))


@counsel_views.get("/customers/<customer_id>/counsel")
@access("manager", "legal", "admin")
def desk(customer_id: str) -> str:
    """The links of a customer's case."""
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        if name is None:
            raise missing()
        links, bundles = _desk_links(connection, customer_id), bundle_rows(connection, customer_id)
        plans = plans_of(connection, customer_id)
    return page("exchange/counsel.html", CounselDesk(customer_id, name, links, bundles, plans, DAYS))


@counsel_views.post("/customers/<customer_id>/counsel")
@access("manager", "legal", "admin")
def offer(customer_id: str) -> Response:
    """Open the case to a law firm."""
    in_sight(customer_id)
    target = url_for("counsel.desk", customer_id=customer_id)
    errors = submit("exchange.offer_counsel", {
        "link_id": derived_id(command_id(), "counsel"), "customer_id": customer_id, "firm": field_text("firm"),
        "purpose": field_text("purpose"), "bundle_ids": request.form.getlist("bundle_ids"),
        "days": field_text("days") or "7", "with_code": bool(field_text("with_code"))})
    words = gettext("The link is made. Send the address and, by another way, the code.")
    return refused(errors, target) if errors else done(words, target)


@counsel_views.post("/customers/<customer_id>/counsel/<link_id>/withdraw")
@access("manager", "legal", "admin")
def withdraw(customer_id: str, link_id: str) -> Response:
    """Take a link back."""
    in_sight(customer_id)
    target = url_for("counsel.desk", customer_id=customer_id)
    errors = submit("exchange.withdraw_counsel", {"link_id": link_id, "customer_id": customer_id})
    return refused(errors, target) if errors else done(gettext("The link was taken back."), target)


def _link(link_id: str, tail: str) -> CounselFact:
    """The link, when the address is wholly its own; else the answer that is given for what is not there."""
    with reading() as connection:
        link: CounselFact | None = (
            load_counsel_links(connection, [link_id]).get(link_id) if is_uuid7(link_id) else None)
    if link is None or not is_same(tail, tail_for(here().settings.home, link.id, link.scope)):
        raise missing()
    return link


def _note(link: CounselFact, what: str, bundle_id: str = "") -> None:
    agent = re.sub(r"[^ -~]", "", request.headers.get("User-Agent", ""))[:200]
    here().dispatcher.perform(SYSTEM, "exchange.note_counsel", {
        "visit_id": uuid7(), "link_id": link.id, "customer_id": link.customer_id, "what": what,
        "bundle_id": bundle_id, "ip": (request.remote_addr or "")[:60], "user_agent": agent})


def _is_let_in(link: CounselFact) -> bool:
    """Whether the link stands and the code it wants was typed; a wrong one is counted."""
    if link.standing(here().clock.now()) != "open":
        return False
    given = field_text("code").strip()
    if not link.with_code or is_same(given, _code(link)):
        return True
    if given:
        _note(link, "wrong_code")
    return False


def _answer(content: Any, kind: str = "") -> Response:
    answer = make_response(content)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-store"
    if kind:
        answer.headers["Content-Type"] = kind
    return answer


def _closed(link: CounselFact, tail: str, *, wrong: bool = False) -> Response:
    """The page while nothing of the case may be shown: no name of a debtor, no sum."""
    standing = link.standing(here().clock.now())
    return _answer(page("exchange/counsel_case.html", CounselPage(
        "ask" if standing == "open" else standing, link.firm, "", link.ends_at, f"/c/{link.id}/{tail}", "", wrong, (),
        (), (), (), (), ())))


def _case(link: CounselFact, tail: str) -> Response:
    today, now = here().today, here().clock.now()
    with reading() as connection:
        found = case_of(connection, link.customer_id, today, now)
        bundles = bundle_rows(connection, link.customer_id, link.bundle_ids)
    if found is None:
        raise missing()
    return _answer(page("exchange/counsel_case.html", CounselPage(
        "open", link.firm, link.purpose, link.ends_at, f"/c/{link.id}/{tail}", _code(link), False, found.claims,
        found.signed, found.disputes, found.acts, found.papers, bundles)))


@counsel_views.get("/c/<link_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("60 per minute")
def show(link_id: str, tail: str) -> Response:
    """The case, or the question for its code."""
    link = _link(link_id, tail)
    if link.with_code or not _is_let_in(link):
        return _closed(link, tail)
    _note(link, "opened")
    return _case(link, tail)


@counsel_views.post("/c/<link_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("10 per minute")
def enter(link_id: str, tail: str) -> Response:
    """The case, for whoever types its code."""
    link = _link(link_id, tail)
    if not _is_let_in(link):
        return _closed(_link(link_id, tail), tail, wrong=True)
    _note(link, "opened")
    return _case(link, tail)


@counsel_views.post("/c/<link_id>/<tail>/<bundle_id>.zip")
@access(*PUBLIC)
@limiter.limit("10 per minute")
def fetch(link_id: str, tail: str, bundle_id: str) -> Response:
    """A bundle the link names, with the code where it wants one."""
    link = _link(link_id, tail)
    if not _is_let_in(link):
        return _closed(_link(link_id, tail), tail, wrong=True)
    if bundle_id not in link.bundle_ids:
        raise missing()
    with reading() as connection:
        row = connection.execute(select(_bundles.c.sha256).where(
            _bundles.c.id == bundle_id, _bundles.c.customer_id == link.customer_id,
            _bundles.c.state == "ready")).first()
    if row is None:
        raise missing()
    _note(link, "bundle", bundle_id)
    answer = _answer(here().parts["blobs"].read(row.sha256), "application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"evidence-{bundle_id[-8:]}.zip")
    return answer
