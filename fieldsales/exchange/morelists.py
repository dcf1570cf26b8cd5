"""Lists that only go out: receipts for money, promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from fieldsales.customers.models import Customer
from fieldsales.exchange.tablefiles import OutCell
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.people.models import User
from fieldsales.promises.models import Promise
from fieldsales.promises.probability import CLASSES
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.store.base import table_of

_customers, _users = table_of(Customer), table_of(User)
_receipts, _promises = table_of(PaymentReceipt), table_of(Promise)

RECEIPT_FIELDS = ("receipt_number", "taken_on", "customer_code", "customer_name", "amount", "currency", "method",
                  "payer",
                  "state", "collector", "bill_number", "bill_matures_on")
PROMISE_FIELDS = ("customer_code", "customer_name", "promised", "currency", "promised_for", "promisor", "words",
                  "state", "kept", "made_on", "rep", "funding", "class_then", "chance_then")
STATE_WORDS = {"pending": N_("Awaiting confirmation"), "confirmed": N_("Confirmed"), "rejected": N_("Rejected"),
               "open": N_("Open promise"), "kept": N_("Kept"), "partly": N_("Partly kept"), "broken": N_("Broken"),
               "superseded": N_("Replaced")}
FUNDING_WORDS = {"own_cash": N_("Own cash"), "customers_pay": N_("Their customers pay"), "bank_loan": N_("Bank loan"),
                 "bill": N_("Acceptance bill"), "owner_money": N_("Owner's own money"), "other": N_("Something else")}
METHOD_WORDS = {"transfer": N_("Transfer"), "cash": N_("Cash"), "qr": N_("Company QR code"),
                "bill": N_("Acceptance bill")}


def stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """The rows of a query as they come, never all at once."""
    return iter(connection.execution_options(stream_results=True, yield_per=2000).execute(query))


def receipt_rows(connection: Connection, where: list[ColumnElement[bool]], say: Any, zone: str
                 ) -> Iterator[tuple[OutCell, ...]]:
    """Receipts for money, newest first; ``where`` narrows the customers."""
    r, c = _receipts.c, _customers.c
    query = (
        select(r.number, r.received_at, c.code, c.name, r.amount_minor, r.currency, r.method, r.payer_name, r.state,
               func.coalesce(_users.c.name, ""), r.bill_number, r.bill_matures_on)
        .select_from(_receipts.join(_customers, c.id == r.customer_id)
                     .outerjoin(_users, _users.c.id == r.collector_id))
        .where(*where).order_by(r.received_at.desc(), r.id)
    )
    for number, at, code, name, minor, currency, method, payer, state, collector, bill, matures in stream(connection,
                                                                                                          query):
        yield (number, on_date(at, zone), code, name, Money(minor, currency).major, currency,
               say(METHOD_WORDS.get(method, method)), payer, say(STATE_WORDS.get(state, state)), collector, bill,
               matures)


def promise_rows(connection: Connection, where: list[ColumnElement[bool]], say: Any, month: str = ""
                 ) -> Iterator[tuple[OutCell, ...]]:
    """Promises by the day they are for, of one ``month`` (``2026-11``) or of all; ``where`` narrows the customers.

    Class and chance as they were judged when the promise was made: for measuring the rule by what came of it.
    """
    p, c = _promises.c, _customers.c
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        first = date.fromisoformat(f"{month}-01")
        where = [*where, p.due_on >= first, p.due_on < (first + timedelta(days=31)).replace(day=1)]
    query = (
        select(c.code, c.name, p.amount_minor, p.currency, p.due_on, p.promisor_name, p.words, p.state, p.kept_minor,
               p.made_on, func.coalesce(_users.c.name, ""), p.funding, p.klass, p.probability_bp)
        .select_from(_promises.join(_customers, c.id == p.customer_id).outerjoin(_users, _users.c.id == p.by_id))
        .where(*where).order_by(p.due_on.desc(), p.id)
    )
    for row in stream(connection, query):
        code, name, minor, currency, due_on, promisor, words, state, kept, made_on, rep, funding, klass, chance = row
        yield (code, name, Money(minor, currency).major, currency, due_on, promisor, words,
               say(STATE_WORDS.get(state, state)), Money(kept, currency).major, made_on, rep,
               say(FUNDING_WORDS[funding]) if funding in FUNDING_WORDS else "",
               say(CLASSES[klass]) if klass in CLASSES else "",
               None if chance is None else Decimal(chance) / 10_000)
