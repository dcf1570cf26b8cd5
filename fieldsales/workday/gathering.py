"""Everything on record about a page of customers, read in a constant number of queries (``QUERIES``).

The newest of each history come by index for one customer, and by a window over the page for many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from fieldsales.collection.arrival_facts import email_of
from fieldsales.collection.models import Action, Claim, SupplyDecision, Task
from fieldsales.customers.models import Contact, Customer, CustomerAlias, Debtor, Helper
from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.documents.attaching import FOREIGN_KINDS, OFFICE_KINDS
from fieldsales.documents.models import Attachment, Document
from fieldsales.people.models import User
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.promises.rules import SETTLED
from fieldsales.receivables.facts import stands
from fieldsales.receivables.models import (
    Allocation,
    CustomerMoney,
    Due,
    Interruption,
    Invoice,
    InvoicePaper,
    Payment,
    PaymentReceipt,
)
from fieldsales.statements.models import Statement
from fieldsales.store.base import UtcDateTime, table_of
from fieldsales.visits.models import Note, Visit
from fieldsales.workday.errands import for_the_rep

QUERIES, _HISTORY, _PAYMENTS = 12, 30, 20

_users = table_of(User)
_IDS, _ONE = (bindparam("ids", expanding=True), bindparam("one"))  # type: tuple[Any, Any]


@dataclass
class Gathered:
    """What was read, by kind and customer id."""

    rows: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def of(self, kind: str, customer_id: str) -> list[Any]:
        """The rows of a kind of one customer, in the order they were read."""
        return self.rows[kind].get(customer_id, [])

    def keep(self, kind: str, rows: Iterable[Any]) -> None:
        """File rows under their customer."""
        for row in rows:
            self.rows[kind][row.customer_id].append(row)


def gather(connection: Connection, ids: Sequence[str]) -> Gathered:
    """Read a page of customers. ``QUERIES`` statements, whatever the histories."""
    found = Gathered()
    for kind, query in statements(len(ids) == 1):
        found.keep(kind, connection.execute(query, {"ids": list(ids), "one": ids[0]}))
    return found


@cache
def statements(one: bool) -> tuple[tuple[str, Any], ...]:
    """The statements, by kind: built once, for they take longer to build than to run."""
    return (
        ("customer", _customers()), ("around", _around()), ("money", _money()), ("due", _dues()),
        ("paper", _papers(one)), ("payment", _payments(one)), ("slip", _slips()), ("promise", _promises(one)),
        ("plan", _plans()), ("document", _documents(one)), ("matter", _matters()), ("happening", happenings(one)),
    )


def newest(query: Select[Any], column: ColumnElement[Any], one: bool, order: Sequence[Any], limit: int) -> Any:
    """The newest ``limit`` rows a customer, as a subquery: by index for one, by a window for a page."""
    if one:
        return query.where(column == _ONE).order_by(*order).limit(limit).subquery()
    place = func.row_number().over(partition_by=column, order_by=order).label("place")
    inner = query.add_columns(place).where(column.in_(_IDS)).subquery()
    return select(*(c for c in inner.c if c.name != "place")).where(inner.c.place <= limit).subquery()


def _ordered(every: Any, *names: str) -> Select[Any]:
    # SQLite orders a compound only by columns of its first part, whatever SQLAlchemy calls them
    rows = every.subquery("every")
    return select(rows).order_by(*(rows.c[name] for name in names))


def _customers() -> Select[Any]:
    c, supply = table_of(Customer), table_of(SupplyDecision)
    stopped = (
        select(supply.c.stop).where(supply.c.customer_id == c.c.id).order_by(supply.c.at.desc(), supply.c.id.desc())
        .limit(1).scalar_subquery().label("stopped")
    )
    return (
        select(c.c.id.label("customer_id"), c.c.name, c.c.code, c.c.pinyin, c.c.phone, c.c.address, c.c.lat, c.c.lon,
               c.c.tier, c.c.credit_grade, c.c.owner_id, _users.c.name.label("owner_name"), stopped)
        .outerjoin(_users, _users.c.id == c.c.owner_id).where(c.c.id.in_(_IDS))
    )


def _around() -> Any:
    """Other names, helpers, contacts and legal debtors, told apart by ``kind``."""
    alias, helper, contact, debtor = table_of(CustomerAlias), table_of(Helper), table_of(Contact), table_of(Debtor)
    empty = literal("")
    every = union_all(
        select(alias.c.customer_id, literal("alias").label("kind"), alias.c.id, alias.c.name, empty.label("a"),
               empty.label("b"), empty.label("c")).where(alias.c.customer_id.in_(_IDS)),
        select(helper.c.customer_id, literal("helper"), helper.c.user_id, _users.c.name, empty, empty, empty)
        .join(_users, _users.c.id == helper.c.user_id)
        .where(helper.c.customer_id.in_(_IDS), helper.c.ended_at.is_(None)),
        select(contact.c.customer_id, literal("contact"), contact.c.id, contact.c.name, contact.c.role,
               contact.c.phone, email_of(contact)).where(contact.c.customer_id.in_(_IDS), contact.c.ended_at.is_(None)),
        select(debtor.c.customer_id, literal("debtor"), debtor.c.id, debtor.c.name, debtor.c.kind, debtor.c.reg_no,
               debtor.c.address).where(debtor.c.customer_id.in_(_IDS)),
    )
    return _ordered(every, "kind", "id")


def _money() -> Select[Any]:
    m = table_of(CustomerMoney)
    return select(m).where(m.c.customer_id.in_(_IDS)).order_by(m.c.open_minor.desc(), m.c.currency)


def _dues() -> Select[Any]:
    """Every due of every open invoice: the paid instalments of it as well."""
    d, i = table_of(Due), table_of(Invoice)
    return (
        select(i.c.customer_id, i.c.id, i.c.number, i.c.kind, i.c.debtor_id, i.c.seller_id, i.c.issued_on,
               i.c.total_minor, i.c.open_minor, i.c.currency, i.c.disputed, i.c.disputed_minor, i.c.fapiao_number,
               d.c.n, d.c.due_on, d.c.amount_minor, d.c.open_minor.label("due_open_minor"))
        .join(d, d.c.invoice_id == i.c.id)
        .where(i.c.id.in_(select(d.c.invoice_id).where(d.c.customer_id.in_(_IDS), d.c.open_minor != 0)))
        .order_by(i.c.customer_id, i.c.due_on, i.c.number, i.c.id, d.c.n)
    )


def _papers(one: bool) -> Select[Any]:
    """Papers of open invoices and of the customer; and the newest photos, which alone have a ``subject_kind``."""
    p, i, a = table_of(InvoicePaper), table_of(Invoice), table_of(Attachment)
    none = cast(null(), String)
    photos = newest(
        select(a.c.customer_id, none.label("invoice_id"), a.c.id, a.c.slot.label("kind"), literal("").label("name"),
               a.c.sha256, a.c.at, a.c.subject_kind, a.c.subject_id)
        .where(a.c.subject_kind.not_in((*OFFICE_KINDS, *FOREIGN_KINDS)), a.c.mime.not_like("audio/%")),
        a.c.customer_id, one, (a.c.at.desc(), a.c.id.desc()), 2 * _HISTORY,
    )
    every = union_all(
        select(p.c.customer_id, p.c.invoice_id, p.c.id, p.c.kind, p.c.name, p.c.sha256, p.c.at,
               literal("").label("subject_kind"), literal("").label("subject_id"))
        .outerjoin(i, i.c.id == p.c.invoice_id)
        .where(p.c.customer_id.in_(_IDS), (p.c.invoice_id.is_(None)) | (i.c.open_minor != 0)),
        select(photos),
    )
    return _ordered(every, "at", "id")


def _payments(one: bool) -> Select[Any]:
    """The newest payments with their allocations."""
    p, a, i, d = table_of(Payment), table_of(Allocation), table_of(Invoice), table_of(Due)
    back = table_of(Payment).alias("back")
    newest_ = newest(
        select(p.c.customer_id, p.c.id, p.c.received_on, p.c.amount_minor, p.c.currency, p.c.method, p.c.posted_at,
               p.c.unapplied_minor, p.c.reverses_id),
        p.c.customer_id, one, (p.c.received_on.desc(), p.c.id.desc()), _PAYMENTS,
    )
    return (
        select(newest_, a.c.amount_minor.label("part_minor"), a.c.rule, i.c.number, back.c.id.label("reversed_by"))
        .outerjoin(a, a.c.payment_id == newest_.c.id).outerjoin(i, i.c.id == a.c.invoice_id)
        .outerjoin(d, d.c.id == a.c.due_id).outerjoin(back, back.c.reverses_id == newest_.c.id)
        .order_by(newest_.c.received_on.desc(), newest_.c.id.desc(), d.c.due_on, i.c.number, a.c.id)
    )


def _slips() -> Any:
    """Receipts for money and signed statements, newest first."""
    r, s = table_of(PaymentReceipt), table_of(Statement)
    every = union_all(
        select(r.c.customer_id, literal("receipt").label("kind"), r.c.id, r.c.number, r.c.amount_minor, r.c.currency,
               r.c.method, r.c.state, r.c.received_at.label("at"), r.c.handed_in_at.label("ended_at"),
               r.c.document_id, _users.c.name.label("by_name"), cast(null(), Due.due_on.type).label("as_of"))
        .outerjoin(_users, _users.c.id == r.c.collector_id).where(r.c.customer_id.in_(_IDS)),
        select(s.c.customer_id, literal("statement"), s.c.id, s.c.number, s.c.agreed_minor, s.c.currency, literal(""),
               literal("signed"), s.c.signed_at, cast(null(), UtcDateTime), s.c.document_id, _users.c.name, s.c.as_of)
        .outerjoin(_users, _users.c.id == s.c.by_id).where(s.c.customer_id.in_(_IDS)),
    )
    return _ordered(every, "at", "id")


def _promises(one: bool) -> Select[Any]:
    """The newest promises, each with how many of the customer's were settled and kept."""
    p = table_of(Promise)
    counted = (
        select(p.c.customer_id,
               func.sum(case((p.c.state.in_(SETTLED), 1), else_=0)).label("settled"),
               func.sum(case((p.c.state == "kept", 1), else_=0)).label("kept"))
        .where(p.c.customer_id.in_(_IDS)).group_by(p.c.customer_id).subquery("counted")
    )
    rows = newest(select(p), p.c.customer_id, one, (p.c.due_on.desc(), p.c.id.desc()), _HISTORY)
    return (
        select(rows, counted.c.settled, counted.c.kept, _users.c.name.label("by_name"))
        .join(counted, counted.c.customer_id == rows.c.customer_id)
        .outerjoin(_users, _users.c.id == rows.c.by_id).order_by(rows.c.due_on.desc(), rows.c.id.desc())
    )


def _plans() -> Select[Any]:
    p, i = table_of(Plan), table_of(PlanInstalment)
    return (
        select(p.c.customer_id, p.c.id, p.c.number, p.c.debtor_id, p.c.seller_id, p.c.total_minor, p.c.currency,
               p.c.signed_at, p.c.document_id, p.c.flags, _users.c.name.label("by_name"), i.c.n, i.c.due_on,
               i.c.amount_minor, i.c.kept_minor, i.c.state)
        .join(i, i.c.plan_id == p.c.id).outerjoin(_users, _users.c.id == p.c.by_id)
        .where(p.c.customer_id.in_(_IDS)).order_by(p.c.signed_at.desc(), p.c.id.desc(), i.c.n)
    )


def _documents(one: bool) -> Select[Any]:
    d = table_of(Document)
    rows = newest(
        select(d.c.customer_id, d.c.id, d.c.number, d.c.kind, d.c.state, d.c.level, d.c.time_wanted_at, d.c.sha256,
               d.c.made_at),
        d.c.customer_id, one, (d.c.made_at.desc(), d.c.id.desc()), 2 * _HISTORY,
    )
    return select(rows).order_by(rows.c.made_at.desc(), rows.c.id.desc())


def _matters() -> Any:
    """What is open: disputes, claims, tasks (``invoice_id``: their source); and the acts that restart limitation."""
    d, done, c, t, a = (table_of(model) for model in (Dispute, DisputeDecision, Claim, Task, Interruption))
    no_day, no_json, none = cast(null(), Due.due_on.type), cast(null(), JSON), cast(null(), String)
    every = union_all(
        select(d.c.customer_id, literal("dispute").label("matter"), d.c.id, d.c.kind.label("code"), d.c.words,
               func.coalesce(done.c.decision, "open").label("state"), d.c.opened_at.label("at"), no_day.label("on_day"),
               d.c.amount_minor, none.label("debtor_id"), d.c.invoice_id, no_json.label("invoice_ids"))
        .outerjoin(done, done.c.dispute_id == d.c.id).where(d.c.customer_id.in_(_IDS)),
        select(c.c.customer_id, literal("claim"), c.c.id, c.c.code, c.c.words, c.c.state, c.c.at, no_day, literal(0),
               none, none, no_json).where(c.c.customer_id.in_(_IDS)),
        select(t.c.customer_id, literal("task"), t.c.id, t.c.kind, t.c.title, literal("open"), t.c.made_at, t.c.due_on,
               literal(0), none, t.c.source_id, no_json).where(t.c.customer_id.in_(_IDS), t.c.done_at.is_(None),
                                             for_the_rep(t)),
        select(a.c.customer_id, literal("interruption"), a.c.id, a.c.ground, a.c.grade, literal(""), a.c.at,
               a.c.occurred_on, literal(0), a.c.debtor_id, none, a.c.invoice_ids)
        .where(a.c.customer_id.in_(_IDS), stands(a)),
    )
    return _ordered(every, "matter", "at", "id")


def happenings(one: bool, *, older: bool = False) -> Select[Any]:
    """The newest visits, actions and notes of each customer, told apart by ``kind``; ``older`` than ``before``."""
    v, a, n = table_of(Visit), table_of(Action), table_of(Note)
    no_json, empty = cast(null(), JSON), literal("")

    def part(table: Any, who: Any, *columns: Any) -> Select[Any]:
        query = select(table.c.customer_id, *columns, who.label("who_id"))
        if older:
            query = query.where(table.c.occurred_at < bindparam("before", type_=UtcDateTime))
        order = (table.c.occurred_at.desc(), table.c.id.desc())
        return select(newest(query, table.c.customer_id, one, order, _HISTORY))

    every = union_all(
        part(v, v.c.user_id, literal("visit").label("kind"), v.c.id, v.c.occurred_at.label("at"),
             v.c.outcome.label("code"), v.c.purpose.label("sub"), v.c.said.label("words"), empty.label("words_en"),
             empty.label("grade"), empty.label("visit_id"), v.c.persons.label("people"), v.c.flags.label("flags"),
             v.c.gaps.label("gaps"), v.c.papers.label("papers")),
        part(a, a.c.by_id, literal("action").label("kind"), a.c.id, a.c.occurred_at.label("at"),
             a.c.outcome.label("code"), a.c.method.label("sub"), a.c.summary_zh.label("words"),
             a.c.summary_en.label("words_en"), a.c.grade,
             case((a.c.source_kind == "visit", a.c.source_id), else_="").label("visit_id"), no_json.label("people"),
             no_json.label("flags"), no_json.label("gaps"), no_json.label("papers")),
        part(n, n.c.user_id, literal("note").label("kind"), n.c.id, n.c.occurred_at.label("at"), empty.label("code"),
             n.c.kind.label("sub"), n.c.text.label("words"), empty.label("words_en"), empty.label("grade"),
             empty.label("visit_id"), *(no_json.label(name) for name in ("people", "flags", "gaps", "papers"))),
    ).subquery("every")
    return (
        select(every, _users.c.name.label("by_name")).outerjoin(_users, _users.c.id == every.c.who_id)
        .order_by(every.c.at.desc(), every.c.id.desc())
    )
