"""Pages of mail: the thread with a customer, what nobody knows the place of, and the way out for who gets demands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from fieldsales.collection.arrival_facts import failed_addresses, load_sent
from fieldsales.collection.optout import is_ours
from fieldsales.collection.threads import Entry, Unmatched, count_unmatched, file_of, threads, unmatched
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.people.rules import scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, PUBLIC, access, missing
from fieldsales.web.forms import done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.listing import Chip, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

mail_pages = Blueprint("mail", __name__)
OFFICE = ("manager", "finance", "legal", "admin")
#: The newest letters of either way that a page of a thread holds.
_PAGE = 60


def _waiting(who: Actor) -> int:
    with reading() as connection:
        return count_unmatched(connection)


nav(NavItem("mail.arrived", N_("Mail without a case"), "mail", 43, roles=OFFICE, count=_waiting,
            group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """The letters with one customer, the newest first. ``failed``: (address, what was said) mail came back from."""

    customer_id: str
    customer_name: str
    letters: tuple[Entry, ...]
    failed: tuple[tuple[str, str], ...]
    #: (name, label) of the methods that write to them by mail
    ways: tuple[tuple[str, str], ...]


@mail_pages.get("/customers/<customer_id>/mail")
@access(*EVERYONE)
def thread(customer_id: str) -> str:
    """What was mailed to a customer, what came of it, and what came back."""
    name, who = in_sight(customer_id), actor()
    with reading() as connection:
        letters = threads(connection, [customer_id], _PAGE).get(customer_id, [])
        failed = failed_addresses(connection, [customer_id]).get(customer_id, {})
    methods = [one for one in here().plugins.methods.values()
               if one.by_hand and one.reach == "email" and who.role in one.can]
    ways = tuple((one.name, str(one.labels.get(who.locale) or one.name)) for one in methods)
    return page("collection/thread.html", ThreadPage(customer_id, name, tuple(letters), tuple(sorted(failed.items())),
                                                     ways))


@mail_pages.post("/customers/<customer_id>/mail/address")
@access(*EVERYONE)
def clear_address(customer_id: str) -> Response:
    """An address works after all."""
    in_sight(customer_id)
    submit("collection.clear_address", {"customer_id": customer_id, "address": field_text("address")[:254]})
    return done(gettext("Mail goes to this address again."), url_for("mail.thread", customer_id=customer_id))


@mail_pages.get("/mail/<message_id>/files/<sha256>")
@access(*EVERYONE)
def file(message_id: str, sha256: str) -> Response:
    """A file a stranger sent: handed out to be saved, never shown by us."""
    with reading() as connection:
        found = file_of(connection, message_id, sha256)
    if found is None:
        raise missing()
    customer_id, named = found
    if customer_id is not None:
        in_sight(customer_id)
    elif actor().role not in OFFICE:
        raise missing()
    answer = make_response(here().parts["blobs"].read(sha256))
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers.set("Content-Disposition", "attachment", filename=named["name"])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


@dataclass(frozen=True, slots=True)
class ArrivedPage:
    """Messages that belong to no case yet, or were put aside."""

    rows: tuple[Unmatched, ...]
    chips: tuple[Chip, ...]
    show: str


@mail_pages.get("/mail")
@access(*OFFICE)
def arrived() -> str:
    """Mail that came in and that nobody knows the place of."""
    show = "dismissed" if asked_for("show") == "dismissed" else ""
    with reading() as connection:
        rows = unmatched(connection, visible(scope_of(actor())), show or "unmatched")
    choices = [("", gettext("To be filed")), ("dismissed", gettext("Put aside"))]
    return page("collection/arrived.html", ArrivedPage(tuple(rows), chip_row("show", choices, show), show))


@mail_pages.post("/mail/<message_id>/file")
@access(*OFFICE)
def file_message(message_id: str) -> Response:
    """Whose it is: by the customer chosen, or the number or name typed."""
    wanted = field_text("customer_id") or _by_code(field_text("code"))
    if not wanted:
        raise missing()
    submit("collection.file_message", {"message_id": message_id, "customer_id": wanted})
    return done(gettext("The message stands on this case now."), url_for("mail.thread", customer_id=wanted))


def _by_code(code: str) -> str:
    c = table_of(Customer).c
    with reading() as connection:
        found = connection.scalar(select(c.id).where(c.code == code.strip(), visible(scope_of(actor()))))
    return str(found or "")


@mail_pages.post("/mail/<message_id>/dismiss")
@access(*OFFICE)
def dismiss(message_id: str) -> Response:
    """Nothing of ours."""
    submit("collection.dismiss_message", {"message_id": message_id})
    return done(gettext("Put aside. It stays on record, and in the mailbox."), url_for("mail.arrived"))


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """No more demands by mail: asked, or done."""

    address: str
    is_done: bool


@mail_pages.get("/m/<mail_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("60 per minute")
def leave(mail_id: str, tail: str) -> Response:
    """Ask once more: scanners of links open every one of them."""
    return _leaving(mail_id, tail, is_done=False)


@mail_pages.post("/m/<mail_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("20 per minute")
def left(mail_id: str, tail: str) -> Response:
    """No more demands by mail, by one tap or by the mail program itself (RFC 8058)."""
    answer = _leaving(mail_id, tail, is_done=True)
    here().dispatcher.perform(SYSTEM, "collection.opt_out", {"mail_id": mail_id})
    return answer


def _leaving(mail_id: str, tail: str, *, is_done: bool) -> Response:
    if not is_ours(here().settings, mail_id, tail):
        raise missing()
    with reading() as connection:
        mail: Any = load_sent(connection, [mail_id]).get(mail_id)
    if mail is None:
        raise missing()
    name, _, domain = mail.to_address.partition("@")
    answer = make_response(page("collection/leave.html", OptOutPage(f"{name[:2]}…@{domain}", is_done)))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
