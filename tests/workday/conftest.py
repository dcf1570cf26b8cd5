"""A customer with a past: everything a dossier shows, posted or put on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

import fieldsales.customers.queries
import fieldsales.disputes.service
import fieldsales.promises.service
import fieldsales.receivables.service
import fieldsales.visits.service  # noqa: F401 - they declare facts and operations
from fieldsales.collection.models import Action, Claim, SupplyDecision, Task
from fieldsales.customers.models import Customer, CustomerAlias
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.statements.models import Statement
from fieldsales.store import Store
from fieldsales.store.base import table_of
from tests import cast
from tests.receivables.conftest import Ledger

Perform = Callable[..., dict[str, Any]]


@pytest.fixture
def ledger(any_store: Store, clock: FixedClock) -> Ledger:
    """The ledger on both engines, without reactions."""
    return Ledger(Dispatcher(any_store, clock))


@pytest.fixture
def put(ledger: Ledger) -> Callable[..., str]:
    """Put a row on record that another capability would write: ``put(Task, kind=…)``; returns its id."""

    def write(model: Any, **values: Any) -> str:
        row = {"id": uuid7(), "customer_id": cast.HARBOUR, **values}
        names = {column.name for column in table_of(model).columns}
        with ledger.dispatcher.store.writing() as connection:
            connection.execute(insert(table_of(model)).values(**{k: v for k, v in row.items() if k in names}))
        return str(row["id"])

    return write


def visit(ledger: Ledger, actor: Actor = cast.REP, **more: Any) -> str:
    """A visit of today's noon."""
    command = {"visit_id": uuid7(), "outcome": "promised", "said": "月底一定付", "persons": [{"name": "林海港"}]} | more
    ledger.perform("visits.log_visit", actor, **command)
    return str(command["visit_id"])


def slip(receipt_id: str) -> str:
    """The number of a receipt for money of today."""
    return paper_number("SJ", receipt_id, cast.TODAY)


def promise(ledger: Ledger, amount: int, days: int, **more: Any) -> str:
    """A promise of today for so many days ahead."""
    command = {"promise_id": uuid7(), "amount_minor": amount, "due_on": cast.TODAY + timedelta(days=days),
               "promisor_name": "林海港", "words": "一定", **more}
    ledger.perform("promises.make_promise", cast.REP, **command)
    return str(command["promise_id"])


def said(put: Callable[..., str], amount: int, days: int, **more: Any) -> str:
    """A promise of five days ago for so many days from today."""
    return put(Promise, **{
        "amount_minor": amount, "due_on": cast.TODAY + timedelta(days=days), "words": "一定", "by_id": cast.REP.user_id,
        "made_at": cast.NOON - timedelta(days=5), "made_on": cast.TODAY - timedelta(days=5), "state": "open",
        "received_at": cast.NOON, **more})


def sign(put: Callable[..., str], number: str = "HK1") -> str:
    """A sealed plan of two instalments."""
    document = put(Document, number=number, kind="plan", state="sealed", subject_kind="plan", subject_id="x",
                   source={}, sha256="ab" * 32, made_at=cast.NOON, by_id=cast.REP.user_id, lang="zh", level="",
                   certificate="", flags=[])
    plan = put(Plan, number=number, debtor_id=cast.HARBOUR_DEBTOR, seller_id=cast.SELLER, total_minor=300_00,
               currency="CNY", payload={}, payload_sha256="", manifest_sha256=uuid7(), signatory_name="林海港",
               signatory_role="self", authority="self", signed_at=cast.NOON, received_at=cast.NOON,
               by_id=cast.REP.user_id, document_id=document, flags=[])
    for n, state in ((1, "kept"), (2, "open")):
        put(PlanInstalment, plan_id=plan, n=n, due_on=cast.TODAY + timedelta(days=30 * n), amount_minor=150_00,
            currency="CNY", state=state, kept_minor=150_00 if state == "kept" else 0)
    return plan


def fill(ledger: Ledger, put: Callable[..., str], customer_id: str = cast.HARBOUR, actor: Actor = cast.REP) -> None:
    """One of everything."""
    on = {"customer_id": customer_id}
    ledger.invoice(f"A{customer_id[-2:]}", 1000_00, late=40, **on)
    ledger.pay(300_00, **on)
    visit(ledger, actor, **on)
    ledger.perform("promises.make_promise", actor, promise_id=uuid7(), amount_minor=5, due_on=cast.TODAY, **on)
    ledger.perform("disputes.open_dispute", actor, dispute_id=uuid7(), kind="quality", amount_minor=5, words="坏", **on)
    ledger.perform("visits.add_note", actor, note_id=uuid7(), text="换了老板", **on)
    ledger.perform("receivables.register_receipt", actor, receipt_id=uuid7(), number=slip(uuid7()), amount_minor=7,
                   method="cash", received_at=cast.NOON, **on)
    by = {"by_id": actor.user_id, **on}
    put(CustomerAlias, name="海港老店", **on)
    put(Action, method="phone", occurred_at=cast.NOON - timedelta(days=2), received_at=cast.NOON, fields={},
        outcome="answered", summary_zh="电话已接", summary_en="They answered", grade="C", effect="demand", **by)
    put(Claim, code="no_money", words="下家没付", state="unverified", at=cast.NOON, **by)
    put(Task, kind="complaint", title="", due_on=cast.TODAY, made_at=cast.NOON, **on)
    put(SupplyDecision, stop=True, reason="逾期", at=cast.NOON, **by)
    put(Statement, number=uuid7(), debtor_id=cast.HARBOUR_DEBTOR, seller_id=cast.SELLER, as_of=cast.TODAY,
        balance_minor=10, agreed_minor=10, currency="CNY", differences=[], payload={}, manifest_sha256=uuid7(),
        signatory_name="林海港", signatory_role="self", authority="self", signed_at=cast.NOON, received_at=cast.NOON,
        document_id=uuid7(), flags=[], **by)


def third_customer(put: Callable[..., str]) -> str:
    """A customer beside the cast's two."""
    return put(Customer, code="C003", name="第三家", version=1, search_text="", created_at=cast.NOON,
               owner_id=cast.REP.user_id, team_id=cast.TEAM, overdue_minor=0, credit_grade="B")
