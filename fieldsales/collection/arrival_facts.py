"""What operations on messages from outside see: our mails by what was answered, who writes from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from fieldsales.collection.arrival_models import FailedAddress, ReceivedMessage
from fieldsales.collection.models import Mail
from fieldsales.customers.models import Contact
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_mails, _received, _failed, _contacts = (table_of(m) for m in (Mail, ReceivedMessage, FailedAddress, Contact))


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail of ours as what comes back sees it. ``fate``: what is known of it after it was handed over."""

    id: str
    customer_id: str
    debtor_id: str | None
    to_address: str
    state: str
    accepted_effect: str
    fate: str


@dataclass(frozen=True, slots=True)
class ReceivedFact:
    """A message on record."""

    id: str
    customer_id: str | None
    state: str
    kind: str
    mail_id: str | None
    sender: str
    address: str = ""
    detail: str = ""
    files: tuple[dict[str, Any], ...] = ()


@fact("sent_mail")
def load_sent(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Our mails, by their own id or by their Message-ID."""
    m = _mails.c
    rows = connection.execute(
        select(m.message_id, m.id, m.customer_id, m.debtor_id, m.to_address, m.state, m.accepted_effect, m.fate)
        .where(or_(m.id.in_(keys), m.message_id.in_(keys))))
    found = {}
    for message_id, *values in rows:
        found[message_id] = found[values[0]] = SentMail(*values)
    return {key: found[key] for key in keys if key in found}


@fact("received_message")
def load_received(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Messages on record, by id."""
    r = _received.c
    rows = connection.execute(
        select(r.id, r.customer_id, r.state, r.kind, r.mail_id, r.sender, r.address, r.detail, r.files)
        .where(r.id.in_(keys)))
    return {row.id: ReceivedFact(*row[:-1], tuple(row.files)) for row in rows}


@fact("newest_to")
def load_newest_to(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By ``customer address``: the newest mail of ours that was taken for that address."""
    m, found = _mails.c, {}
    for key in keys:
        customer_id, _, address = key.partition(" ")
        row = connection.execute(
            select(m.id, m.customer_id, m.debtor_id, m.to_address, m.state, m.accepted_effect, m.fate)
            .where(m.customer_id == customer_id, func.lower(m.to_address) == address, m.state == "sent")
            .order_by(m.queued_at.desc(), m.id.desc()).limit(1)).first()
        if row:
            found[key] = SentMail(*row)
    return found


@fact("writes_from")
def load_writers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By an address in lower case: the customers who are known to write from it, at most five."""
    found: dict[str, list[str]] = {}
    m, c = _mails.c, _contacts.c
    for address, customer in (
        (func.lower(c.email), select(func.lower(c.email), c.customer_id).where(c.ended_at.is_(None))),
        (func.lower(m.to_address), select(func.lower(m.to_address), m.customer_id)),
    ):
        for key, customer_id in connection.execute(customer.where(address.in_(keys)).distinct()):
            if customer_id not in found.setdefault(key, []):
                found[key].append(customer_id)
    return {key: tuple(sorted(ids)[:5]) for key, ids in found.items()}


@fact("failed_address")
def load_failed(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By the row's id: whether the address stands as failed."""
    f = _failed.c
    rows = connection.execute(select(f.id, f.cleared_at).where(f.id.in_(keys)))
    return {row.id: row.cleared_at is None for row in rows}


def failed_email(contacts: Any) -> Any:
    """A contact's address when mail came back from it, NULL when not: a column beside a query of contacts."""
    f = _failed.c
    return select(f.address).where(f.customer_id == contacts.c.customer_id, f.address == func.lower(contacts.c.email),
                                   f.cleared_at.is_(None)).correlate(contacts).scalar_subquery()


def email_of(contacts: Any) -> Any:
    """A contact's address, "" when mail came back from it."""
    return case((failed_email(contacts).is_(None), contacts.c.email), else_="")


def failed_addresses(connection: Connection, customer_ids: Any) -> dict[str, dict[str, str]]:
    """By customer: the addresses mail came back from, with what was said. One query."""
    f = _failed.c
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(
        select(f.customer_id, f.address, f.detail).where(f.customer_id.in_(customer_ids), f.cleared_at.is_(None))
    ):
        found.setdefault(row.customer_id, {})[row.address] = row.detail
    return found
