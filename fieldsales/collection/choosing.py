"""Choosing customers for a method used for many at once: who is late enough, who may take part, who not and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection import gate_acts
from fieldsales.collection.case_models import Case
from fieldsales.collection.case_rules import STAGE_WORDS
from fieldsales.collection.gate import Contact
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.gate_rules import judged
from fieldsales.collection.models import Action
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import CaseFile, case_for, letters_of
from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.extensions.queries import load_kept
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.operation import Actor
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.types import CollectionMethod, Decision
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_customers, _debtors, _cases, _money, _users, _actions = (
    table_of(m) for m in (Customer, Debtor, Case, CustomerMoney, User, Action))

NO_ADDRESS = words("没有地址", "No address on record")
NOTHING_TO_STATE = words("没有可写进函里的欠款，或本公司账户未设", "Nothing to state, or our own company is not set up")
CONTESTED = words("有未处理的争议", "A dispute is open")
_ANY = Decision(words("-", "-"), "made")


def stages() -> tuple[tuple[str, Labels], ...]:
    """The stages a case can be at, as a filter offers them."""
    return tuple(STAGE_WORDS.items())


@dataclass(frozen=True, slots=True)
class Wanted:
    """By what customers are chosen. ``late``: overdue for at least so many days; ``stage``: of their case, or "";
    ``unproven``: nothing by this method proven within so many days, 0: whatever was."""

    late: int = 30
    stage: str = ""
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer a method could be used for. ``address``: of the debtor that owes most, else the customer's own."""

    id: str
    name: str
    owner_name: str
    currency: str
    open_minor: int
    overdue_minor: int
    oldest_due_on: date | None
    address: str


def candidates(connection: Connection, scope: Scope, method: str, wanted: Wanted, today: date, now: datetime,
               most: int) -> tuple[Candidate, ...]:
    """Customers in sight with something overdue for long enough, the largest sum first. One query."""
    c, m = _customers.c, _money.c
    address = (select(_debtors.c.address).where(_debtors.c.customer_id == c.id, _debtors.c.address != "")
               .order_by(_debtors.c.id).limit(1).scalar_subquery())
    which = [visible(scope), m.overdue_minor > 0, m.oldest_due_on <= today - timedelta(days=max(wanted.late, 1))]
    if wanted.stage:
        which.append(c.id.in_(select(_cases.c.customer_id).where(_cases.c.stage == wanted.stage,
                                                                 _cases.c.closed_on.is_(None))))
    if wanted.unproven:
        a = _actions.c
        which.append(c.id.not_in(select(a.customer_id).where(
            a.method == method, a.grade.in_(("A", "B")), a.occurred_at >= now - timedelta(days=wanted.unproven))))
    query = (
        select(c.id, c.name, func.coalesce(_users.c.name, "").label("owner_name"), m.currency, m.open_minor,
               m.overdue_minor, m.oldest_due_on, func.coalesce(address, c.address).label("address"))
        .join(_money, m.customer_id == c.id).outerjoin(_users, _users.c.id == c.owner_id).where(*which)
        .order_by(m.overdue_minor.desc(), c.id).limit(most * 2)
    )
    found = {row.id: Candidate(*row) for row in reversed(connection.execute(query).all())}
    return tuple(sorted(found.values(), key=lambda one: (-one.overdue_minor, one.id))[:most])


@dataclass(frozen=True, slots=True)
class Seat:
    """One customer as the preview shows it. ``out``: why it cannot take part; ``doubts``: why one should look first:
    it takes part when it is ticked all the same."""

    who: Candidate
    out: tuple[Labels, ...] = ()
    doubts: tuple[Labels, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """What every seat is judged with."""

    plugins: Plugins
    method: CollectionMethod
    answers: Mapping[str, Any]
    actor: Actor
    today: date
    now: datetime


def seats(connection: Connection, judge: Judge, who: Sequence[Candidate]) -> list[Seat]:
    """Every candidate with what stands in its way. A fixed number of queries for all of them."""
    ids = [one.id for one in who]
    files = load_case_files(connection, ids) if ids else {}
    gates = gate_facts(connection, ids, judge.today) if ids else {}
    kept = load_kept(connection, [*ids, HOUSE])
    return [_seat(judge, one, files[one.id], gates[one.id], (kept.get(one.id), kept.get(HOUSE))) for one in who]


def _seat(judge: Judge, who: Candidate, file: CaseFile, gate: Any, kept: Any) -> Seat:
    out: list[Labels] = []
    doubts: list[Labels] = []
    facts = case_for(file, judge.actor, judge.now, judge.today)
    if judge.method.reach == "address" and not who.address.strip():
        out.append(NO_ADDRESS)
    if not letters_of(file, facts.debtor):
        out.append(NOTHING_TO_STATE)
    contact = Contact(gate_acts.channel_of(judge.method, _ANY), judge.now, "demand",
                      debtor_id=facts.debtor.id if facts.debtor else "", method=judge.method.name)
    found = judged(judge.plugins, contact, gate)
    if not found.ok:
        out.append(words(found.why_zh, found.why_en))
    if gate.has_dispute:
        doubts.append(CONTESTED)
    plugin = judge.plugins.brought_by("collection_methods", judge.method.name)
    facts = judge.plugins.shown(plugin, facts, shown(plugin, *kept))
    values, refusals = read_fields(judge.method.fields, judge.answers, currency=facts.currency)
    out += [words(refusal.message, refusal.message) for refusal in refusals]
    try:
        for problem in judge.plugins.check(judge.method.name, values, facts):
            (out if problem.blocking else doubts).append(problem.text)
    except PluginFailed as failure:
        out.append(words(str(failure)[:200], str(failure)[:200]))
    return Seat(who, tuple(out), tuple(doubts))
