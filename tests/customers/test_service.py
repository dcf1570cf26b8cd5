"""Customers: adding, changing, handing over; each refused to whoever may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from fieldsales.collection.models import Task
from fieldsales.customers.models import Contact, Customer, CustomerAlias, Debtor, Handover, Helper, Ownership
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.people.models import Device, User
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.store.base import table_of
from fieldsales.store.models import Change
from fieldsales.web.here import Program
from tests import cast
from tests.cast import ADMIN, FINANCE, HARBOUR, HELPER_REP, LEGAL, MANAGER, OTHER_MANAGER, OTHER_REP, REP, RIVER


def rows(program: Program, model, **equal):
    table = table_of(model)
    query = select(table).where(*(table.c[name] == value for name, value in equal.items()))
    with program.store.reading() as connection:
        return connection.execute(query).all()


def add(program: Program, *tables_and_rows) -> None:
    def fill(connection):
        for model, values in tables_and_rows:
            connection.execute(insert(table_of(model)).values(**values))

    program.dispatcher.note(fill)


def test_rep_adds_customer_it_is_his_own_with_debtor_and_contact(program: Program) -> None:
    new = uuid7()
    program.dispatcher.perform(REP, "customers.add_customer", {
        "customer_id": new, "code": "C900", "name": "新街杂货店", "debtor_kind": "sole_trader", "phone": "13900000000",
        "contact_name": "店主", "aliases": ["新街店"]})
    customer = rows(program, Customer, id=new)[0]
    assert (customer.owner_id, customer.team_id, customer.pinyin != "") == (REP.user_id, cast.TEAM, True)
    assert rows(program, Debtor, customer_id=new)[0].kind == "sole_trader"
    assert rows(program, Contact, customer_id=new)[0].name == "店主"
    assert rows(program, CustomerAlias, customer_id=new)[0].name == "新街店"
    assert rows(program, Ownership, customer_id=new)[0].user_id == REP.user_id


def test_code_taken_is_refused_at_its_field(program: Program) -> None:
    with pytest.raises(Invalid) as caught:
        program.dispatcher.perform(FINANCE, "customers.add_customer",
                                   {"customer_id": uuid7(), "code": "C001", "name": "另一家"})
    assert caught.value.field == "code"


def test_legal_adds_no_customer(program: Program) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(LEGAL, "customers.add_customer",
                                   {"customer_id": uuid7(), "code": "C901", "name": "某店"})


def test_change_by_rep_keeps_grade_for_the_manager(program: Program) -> None:
    program.dispatcher.perform(REP, "customers.change_customer", {"customer_id": HARBOUR, "phone": "0574-1"})
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(REP, "customers.change_customer", {"customer_id": HARBOUR, "credit_grade": "A"})
    program.dispatcher.perform(MANAGER, "customers.change_customer", {"customer_id": HARBOUR, "credit_grade": "D"})
    customer = rows(program, Customer, id=HARBOUR)[0]
    assert (customer.phone, customer.credit_grade, customer.version) == ("0574-1", "D", 3)


def test_others_customer_is_not_found(program: Program) -> None:
    for operation, more in (
        ("change_customer", {"phone": "1"}), ("add_contact", {"contact_id": uuid7(), "name": "甲"}),
        ("add_debtor", {"debtor_id": uuid7(), "kind": "person", "name": "乙"}), ("add_aliases", {"names": ["丙"]}),
    ):
        with pytest.raises(NotFound):
            program.dispatcher.perform(REP, f"customers.{operation}", {"customer_id": RIVER, **more})
        program.dispatcher.perform(REP, f"customers.{operation}", {"customer_id": HARBOUR, **more})


def test_owner_changes_only_by_his_manager_and_the_former_phone_is_told(program: Program) -> None:
    command = {"customer_id": HARBOUR, "owner_id": OTHER_REP.user_id}
    for actor in (REP, FINANCE):
        with pytest.raises(NotAllowed):
            program.dispatcher.perform(actor, "customers.assign_owner", command)
    with pytest.raises(NotFound):
        program.dispatcher.perform(OTHER_MANAGER, "customers.assign_owner", command)
    program.dispatcher.perform(MANAGER, "customers.assign_owner", command)
    customer = rows(program, Customer, id=HARBOUR)[0]
    assert (customer.owner_id, customer.team_id) == (OTHER_REP.user_id, cast.OTHER_TEAM)
    assert {c.audience for c in rows(program, Change, kind="scope")} == {REP.user_id, MANAGER.user_id}
    with pytest.raises(NotFound):
        program.dispatcher.perform(REP, "customers.change_customer", {"customer_id": HARBOUR, "phone": "1"})


def test_disabled_successor_is_refused(program: Program) -> None:
    with pytest.raises(Invalid):
        program.dispatcher.perform(ADMIN, "customers.assign_owner",
                                   {"customer_id": HARBOUR, "owner_id": cast.DISABLED.user_id})


def test_helper_comes_and_goes(program: Program) -> None:
    program.dispatcher.perform(MANAGER, "customers.end_help", {"customer_id": HARBOUR, "user_id": HELPER_REP.user_id})
    with pytest.raises(NotFound):
        program.dispatcher.perform(HELPER_REP, "customers.change_customer", {"customer_id": HARBOUR, "phone": "1"})
    program.dispatcher.perform(MANAGER, "customers.add_helper",
                               {"customer_id": HARBOUR, "user_id": HELPER_REP.user_id})
    program.dispatcher.perform(HELPER_REP, "customers.change_customer", {"customer_id": HARBOUR, "phone": "1"})
    assert len(rows(program, Helper, customer_id=HARBOUR)) == 2


def test_handover_moves_customers_cash_tasks_and_ends_the_leavers_phones(program: Program) -> None:
    receipt, task, device = uuid7(), uuid7(), uuid7()
    add(program,
        (PaymentReceipt, {"id": receipt, "number": "SJ1", "customer_id": HARBOUR, "amount_minor": 100, "method": "cash",
                          "received_at": cast.NOON, "registered_at": cast.NOON, "collector_id": REP.user_id,
                          "holder_id": REP.user_id, "owner_id": REP.user_id}),
        (Task, {"id": task, "customer_id": HARBOUR, "kind": "next_step", "title": "送对账单", "due_on": cast.TODAY,
                "assignee_id": REP.user_id, "made_at": cast.NOON}),
        (Device, {"id": device, "user_id": REP.user_id, "public_key": {}, "enrolled_at": cast.NOON,
                  "seen_at": cast.NOON - timedelta(days=1)}))
    program.dispatcher.perform(MANAGER, "customers.hand_over", {
        "handover_id": uuid7(), "from_user_id": REP.user_id, "to_user_id": HELPER_REP.user_id, "reason": "离职"})
    assert rows(program, Customer, id=HARBOUR)[0].owner_id == HELPER_REP.user_id
    moved = rows(program, PaymentReceipt, id=receipt)[0]
    assert (moved.holder_id, moved.collector_id) == (HELPER_REP.user_id, REP.user_id)
    assert rows(program, Task, id=task)[0].assignee_id == HELPER_REP.user_id
    assert rows(program, Device, id=device)[0].revoked_at is not None
    assert rows(program, User, id=REP.user_id)[0].active is False
    notice = rows(program, Handover)[0]
    assert "王小明" in notice.notice_zh
    assert "赵帮手" in notice.notice_zh


@pytest.mark.parametrize(("actor", "error"), [(REP, NotAllowed), (OTHER_MANAGER, NotAllowed), (FINANCE, NotAllowed)])
def test_handover_by_others_is_refused_and_changes_nothing(program: Program, actor, error) -> None:
    with pytest.raises(error):
        program.dispatcher.perform(actor, "customers.hand_over", {
            "handover_id": uuid7(), "from_user_id": REP.user_id, "to_user_id": HELPER_REP.user_id})
    assert rows(program, Customer, id=HARBOUR)[0].owner_id == REP.user_id
    assert rows(program, Handover) == []


def test_rep_who_changes_team_takes_his_customers_with_him(program: Program) -> None:
    program.dispatcher.perform(ADMIN, "people.change_user", {"user_id": REP.user_id, "team_id": cast.OTHER_TEAM})
    assert rows(program, Customer, id=HARBOUR)[0].team_id == cast.OTHER_TEAM
    told = {change.audience for change in rows(program, Change, kind="scope")}
    assert told == {MANAGER.user_id}
    with pytest.raises(NotFound):
        program.dispatcher.perform(MANAGER, "customers.change_customer", {"customer_id": HARBOUR, "phone": "1"})
    program.dispatcher.perform(OTHER_MANAGER, "customers.change_customer", {"customer_id": HARBOUR, "phone": "1"})
    program.dispatcher.perform(ADMIN, "people.change_user", {"user_id": REP.user_id, "no_team": True})
    assert rows(program, Customer, id=HARBOUR)[0].team_id is None


def test_nobody_moves_customers_to_a_team_by_hand(program: Program) -> None:
    for actor in (REP, MANAGER, ADMIN):
        with pytest.raises(NotAllowed):
            program.dispatcher.perform(actor, "customers.follow_owner", {"owner_id": OTHER_REP.user_id})
