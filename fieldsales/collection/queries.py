"""Reads of collecting: the case a method judges, in a fixed number of queries for the whole batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from fieldsales.collection.faith import standing_of
from fieldsales.collection.filing import fill_files
from fieldsales.collection.models import Action, Claim, ClaimVerdict, FormVersion, Mail, SupplyDecision, Task
from fieldsales.collection.rules import CaseFile
from fieldsales.customers.models import Customer, Debtor
from fieldsales.kernel.money import Money
from fieldsales.plugin_api.facts import CaseFacts, CustomerFacts, DebtorFacts
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_actions, _claims, _tasks, _supply, _mails = (table_of(m) for m in (Action, Claim, Task, SupplyDecision, Mail))
_customers, _debtors, _money = table_of(Customer), table_of(Debtor), table_of(CustomerMoney)
#: The kind of a task that is a visit on a day.
PLANNED_VISIT = "planned_visit"
#: Stands in a case until ``rules.case_for`` puts the hour of judging there.
_UNSET = datetime(1970, 1, 1, tzinfo=UTC)


def stopped_now(keys: Any) -> Select[Any]:
    """Which of these customers have a stop as their newest supply decision."""
    s = _supply.c
    rank = func.row_number().over(partition_by=s.customer_id, order_by=(s.at.desc(), s.id.desc())).label("rank")
    newest = select(s.customer_id, s.stop, rank).where(s.customer_id.in_(keys)).subquery("newest")
    return select(newest.c.customer_id).where(newest.c.rank == 1, newest.c.stop)


# asked for every command: put together once
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_STOPPED = stopped_now(_KEYS)
_BALANCES = (
    select(_customers.c.id, _customers.c.version, _customers.c.name, _customers.c.code, _customers.c.phone,
           _customers.c.address, _customers.c.tier, _customers.c.credit_grade, _money.c.currency, _money.c.open_minor,
           _money.c.overdue_minor, _money.c.disputed_minor, _money.c.oldest_due_on)
    .outerjoin(_money, _money.c.customer_id == _customers.c.id)
    .where(_customers.c.id.in_(_KEYS)).order_by(_customers.c.id, _money.c.open_minor)
)  # fmt: skip
_OWING = select(_debtors.c.customer_id, _debtors.c.id, _debtors.c.name, _debtors.c.kind, _debtors.c.reg_no,
                _debtors.c.address).where(_debtors.c.customer_id.in_(_KEYS)).order_by(_debtors.c.id)


@fact("case")
def load_cases(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Cases in short, by customer: balances, debtors and approved class, in four queries.

    What a method that only listens to events is shown. The currency most is owed in counts.
    """
    named = {"keys": keys}
    stopped, faith = set(connection.scalars(_STOPPED, named)), standing_of(connection, keys)
    files: dict[str, CaseFile] = {}
    for row in connection.execute(_BALANCES, named):
        currency = row.currency or "CNY"
        customer = CustomerFacts(row.id, row.name, row.code, row.phone, row.address, row.tier, row.credit_grade,
                                 row.id in stopped, faith[row.id].klass if row.id in faith else "")  # fmt: skip
        facts = CaseFacts(
            today=date.min, now=_UNSET, customer=customer, currency=currency,
            balance=Money(row.open_minor or 0, currency), overdue=Money(max(0, row.overdue_minor or 0), currency),
            disputed=Money(row.disputed_minor or 0, currency), oldest_due_on=row.oldest_due_on,
        )  # fmt: skip
        files[row.id] = CaseFile(row.id, row.version, facts)
    debtors: dict[str, list[DebtorFacts]] = {}
    for customer_id, *values in connection.execute(_OWING, named):
        debtors.setdefault(customer_id, []).append(DebtorFacts(*values))
    return {key: replace(file, debtors=tuple(debtors.get(key, ()))) for key, file in files.items()}


@fact("case_file")
def load_case_files(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Cases whole, by customer: what a method used by hand is shown."""
    return fill_files(connection, load_cases(connection, keys), keys)


@dataclass(frozen=True, slots=True)
class ActionFact:
    """An action on record, as it is judged again."""

    id: str
    customer_id: str
    debtor_id: str | None
    method: str
    fields: dict[str, Any]
    occurred_at: datetime
    source_kind: str
    source_id: str
    plugin_error: str


@fact("action")
def load_actions(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Actions by id."""
    a = _actions.c
    rows = connection.execute(
        select(a.id, a.customer_id, a.debtor_id, a.method, a.fields, a.occurred_at, a.source_kind, a.source_id,
               a.plugin_error).where(a.id.in_(keys))
    )  # fmt: skip
    return {row.id: ActionFact(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class TaskFact:
    """A task as it stands."""

    id: str
    customer_id: str
    kind: str
    assignee_id: str
    is_done: bool
    due_on: date | None = None
    outcome: str = ""
    source_id: str = ""


@fact("task")
def load_tasks(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Tasks by id."""
    t = _tasks.c
    rows = connection.execute(
        select(t.id, t.customer_id, t.kind, t.assignee_id, t.done_at.is_not(None), t.due_on, t.outcome, t.source_id)
        .where(t.id.in_(keys))
    )
    return {row.id: TaskFact(*row) for row in rows}


@fact("open_steps")
def load_open_steps(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer, next steps that methods set and nobody has ended: (task id, method)."""
    t, a = _tasks.c, _actions.c
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(
        select(t.customer_id, t.id, a.method).join(_actions, a.id == t.source_id)
        .where(t.customer_id.in_(keys), t.kind == "next_step", t.done_at.is_(None)).order_by(t.id)
    ):
        found.setdefault(row.customer_id, []).append((row.id, row.method))
    return {key: tuple(steps) for key, steps in found.items()}


@fact("planned_visits")
def load_planned_visits(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer, visits that were planned and nobody has made yet: ids of their tasks."""
    t = _tasks.c
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(t.customer_id, t.id).where(
            t.customer_id.in_(keys), t.kind == PLANNED_VISIT, t.done_at.is_(None)).order_by(t.id)):
        found.setdefault(row.customer_id, []).append(row.id)
    return {key: tuple(ids) for key, ids in found.items()}


@fact("verify_tasks")
def load_verify_tasks(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By claim, the open tasks to find out whether it is true."""
    t = _tasks.c
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(t.id, t.source_id).where(
            t.source_id.in_(keys), t.kind == "verify_claim", t.done_at.is_(None)).order_by(t.id)):
        found.setdefault(row.source_id, []).append(row.id)
    return {claim_id: tuple(ids) for claim_id, ids in found.items()}


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """An excuse on record and what is known of its truth. ``verdicts``: how often somebody has looked."""

    id: str
    customer_id: str
    code: str
    state: str
    verdicts: int = 0


@fact("claim")
def load_claims(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Claims by id."""
    c, v = _claims.c, table_of(ClaimVerdict).c
    looked = select(func.coalesce(func.max(v.n), 0)).where(v.claim_id == c.id).scalar_subquery()
    rows = connection.execute(select(c.id, c.customer_id, c.code, c.state, looked).where(c.id.in_(keys)))
    return {row.id: ClaimFact(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class MailFact:
    """A mail on record, with all that sending it needs."""

    id: str
    customer_id: str
    action_id: str | None
    debtor_id: str | None
    message_id: str
    to_address: str
    subject: str
    body: str
    document_id: str | None
    accepted_effect: str
    state: str
    attempts: int
    queued_at: datetime


def _mail_columns() -> list[Any]:
    m = _mails.c
    return [m.id, m.customer_id, m.action_id, m.debtor_id, m.message_id, m.to_address, m.subject, m.body,
            m.document_id, m.accepted_effect, m.state, m.attempts, m.queued_at]  # fmt: skip


@fact("mail")
def load_mails(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Mails by id."""
    rows = connection.execute(select(*_mail_columns()).where(_mails.c.id.in_(keys)))
    return {row.id: MailFact(*row) for row in rows}


def mail(connection: Connection, mail_id: str) -> MailFact | None:
    """One mail, or None."""
    found: MailFact | None = load_mails(connection, [mail_id]).get(mail_id)
    return found


@fact("form")
def load_forms(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Forms that were once given out, by ``method@version``."""
    f = table_of(FormVersion).c
    return {row.id: row.form for row in connection.execute(select(f.id, f.form).where(f.id.in_(keys)))}
