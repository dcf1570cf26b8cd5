"""Other names and legal debtors of a customer; and what only a handover may move."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from fieldsales.collection.models import Task
from fieldsales.customers.models import Customer, CustomerAlias, Debtor
from fieldsales.kernel.errors import NotAllowed, NotFound, TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.receivables.models import PaymentReceipt, ReceiptEvent
from fieldsales.store.base import Base, table_of
from fieldsales.web.here import Program
from tests import cast


def rows(program: Program, model: type[Base], **equal: Any) -> list[Any]:
    """The rows of a table with these values."""
    table = table_of(model)
    query = select(table).where(*(table.c[name] == value for name, value in equal.items()))
    with program.store.reading() as connection:
        return list(connection.execute(query).all())


def test_aliases_are_kept_once_and_found(program: Program) -> None:
    names = {"customer_id": cast.HARBOUR, "names": ["海港贸易行", "海港贸易行"]}
    for _ in range(2):
        program.dispatcher.perform(cast.REP, "customers.add_aliases", names)
    assert len(rows(program, CustomerAlias, customer_id=cast.HARBOUR, name="海港贸易行")) == 1
    assert "贸 易" in rows(program, Customer, id=cast.HARBOUR)[0].search_text


def test_debtor_is_added_to_the_customer(program: Program) -> None:
    debtor = {"debtor_id": uuid7(), "customer_id": cast.HARBOUR, "kind": "person", "name": "林海生", "reg_no": "3301"}
    program.dispatcher.perform(cast.REP, "customers.add_debtor", debtor)
    kept = rows(program, Debtor, id=debtor["debtor_id"])[0]
    assert (kept.customer_id, kept.kind, kept.name, kept.reg_no) == (cast.HARBOUR, "person", "林海生", "3301")


@pytest.mark.parametrize(
    ("operation", "command"),
    [
        ("customers.add_aliases", {"names": ["别名"]}),
        ("customers.add_debtor", {"debtor_id": uuid7(), "kind": "company", "name": "别的公司"}),
    ],
)
def test_another_rep_adds_nothing_to_a_customer_not_his(
    program: Program, operation: str, command: dict[str, Any]
) -> None:
    before = len(rows(program, CustomerAlias)), len(rows(program, Debtor))
    with pytest.raises((NotFound, NotAllowed)):
        program.dispatcher.perform(cast.OTHER_REP, operation, {"customer_id": cast.HARBOUR, **command})
    assert (len(rows(program, CustomerAlias)), len(rows(program, Debtor))) == before


@pytest.fixture
def unfinished(program: Program) -> tuple[str, str]:
    """A task and cash in the rep's own name: (task id, receipt id)."""
    task, receipt = uuid7(), uuid7()
    with program.store.writing() as connection:
        connection.execute(insert(table_of(Task)).values(
            id=task, customer_id=cast.HARBOUR, kind="next_step", title="送对账单", due_on=cast.TODAY,
            assignee_id=cast.REP.user_id, made_at=cast.NOON))
        connection.execute(insert(table_of(PaymentReceipt)).values(
            id=receipt, number="SJ-M", customer_id=cast.HARBOUR, amount_minor=100, method="cash",
            received_at=cast.NOON, registered_at=cast.NOON, collector_id=cast.REP.user_id,
            holder_id=cast.REP.user_id, owner_id=cast.REP.user_id))
    return task, receipt


USERS = {"from_user_id": cast.REP.user_id, "to_user_id": cast.HELPER_REP.user_id}


@pytest.mark.parametrize("actor", [cast.REP, cast.MANAGER, cast.FINANCE, cast.ADMIN])
@pytest.mark.parametrize("operation", ["collection.move_tasks", "receivables.move_cash"])
def test_only_the_program_moves_tasks_and_cash(
    program: Program, unfinished: tuple[str, str], actor: Actor, operation: str
) -> None:
    with pytest.raises(TradeError) as refused:
        program.dispatcher.perform(actor, operation, USERS)
    assert refused.value.code == "system_only"
    assert rows(program, Task, id=unfinished[0])[0].assignee_id == cast.REP.user_id
    assert rows(program, PaymentReceipt, id=unfinished[1])[0].holder_id == cast.REP.user_id


def test_program_moves_tasks_and_cash_and_notes_who_held_it(program: Program, unfinished: tuple[str, str]) -> None:
    program.dispatcher.perform(SYSTEM, "collection.move_tasks", USERS)
    program.dispatcher.perform(SYSTEM, "receivables.move_cash", USERS)
    assert rows(program, Task, id=unfinished[0])[0].assignee_id == cast.HELPER_REP.user_id
    cash = rows(program, PaymentReceipt, id=unfinished[1])[0]
    assert (cash.holder_id, cash.collector_id) == (cast.HELPER_REP.user_id, cast.REP.user_id)
    assert [row.kind for row in rows(program, ReceiptEvent, receipt_id=unfinished[1])] == ["moved"]
