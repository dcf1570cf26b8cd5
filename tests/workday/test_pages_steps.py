"""The manager's page of ways and frequency, and answers to a suggestion from the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from fieldsales.collection.models import Action
from fieldsales.collection.stepmodels import MethodEffect, StepAnswer
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.pacing import answers, followed
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def answer(ledger: Ledger, operation: str, actor: Any = cast.REP, **values: Any) -> None:
    ledger.perform(f"collection.{operation}", actor, answer_id=uuid7(), **values)


def put(program: Program, model: Any, **values: Any) -> None:
    with program.store.writing() as connection:
        connection.execute(insert(table_of(model)).values(id=uuid7(), **values))


def send(client: FlaskClient, path: str, **values: str) -> None:
    assert client.post(path, data={"command_id": uuid7(), **values}).status_code == 303


def test_the_page_names_large_debts_weak_ways_questions_and_declines(
    ledger: Ledger, program: Program, log_in: Enter
) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    ledger.pay(1_000_00)
    put(program, Action, customer_id=cast.HARBOUR, method="phone", by_id=cast.REP.user_id, received_at=cast.NOON,
        occurred_at=cast.NOON - timedelta(days=30))
    for method, uses, worked in (("phone", 40, 1), ("visit", 9, 9)):
        put(program, MethodEffect, as_of=cast.TODAY, method=method, faith="", grade="B", uses=uses, worked=worked,
            brought_minor=120_00)
    answer(ledger, "ask_step", method="letter", words="试过了")
    answer(ledger, "decline_step", step="contact", method="email", reason="no_use", words="没人看邮件")
    text = log_in("manager").get("/steps").get_data(as_text=True)
    for said in ("力度弱", "2 %", "次数太少", "试过了", "没人看邮件", "对这家没有用 × 1", "10 天一次", "1.000"):
        assert said in text, said
    assert text.count(cast.HARBOUR_NAME) == 3  # asked, neglected, declined
    assert cast.HARBOUR_NAME not in log_in("other_manager").get("/steps").get_data(as_text=True)
    assert log_in("rep").get("/steps").status_code == 403


def test_the_page_costs_four_queries_for_one_and_for_many(
    ledger: Ledger, program: Program, count_queries: Callable[[Any], Any]
) -> None:
    for n in range(2):
        ledger.invoice(f"A{n}", 50_000_00, late=40)
        answer(ledger, "decline_step", step="contact", method="email", reason="no_use")
        scope = scope_of(cast.MANAGER)
        with program.store.reading() as connection, count_queries(program.store.engine) as seen:
            assert followed(connection, scope, cast.TODAY, "Asia/Shanghai", "CNY")
            assert len(answers(connection, scope, cast.TODAY, "Asia/Shanghai")[1]) == n + 1
        assert len(seen) == 4


def test_the_office_answers_a_suggestion_and_the_manager_decides(
    ledger: Ledger, program: Program, log_in: Enter
) -> None:
    ledger.invoice("A", 50_000_00, late=8)
    rep, at = log_in("rep"), f"/customers/{cast.HARBOUR}"
    assert "先用最省的办法，没有效果再换下一种。" in rep.get(at).get_data(as_text=True)
    send(rep, f"{at}/step/decline", step="contact", method="email", reason="no_use", words="没人看")
    assert "“邮件”你这阵子先不用，改用这个。" in rep.get(at).get_data(as_text=True)
    send(rep, f"{at}/step/ask", method="letter", words="")
    assert rep.post(f"{at}/step/decide", data={"command_id": uuid7()}).status_code == 403
    send(log_in("manager"), f"{at}/step/decide", method="letter", yes="1", reason="可以", back="steps")
    with program.store.reading() as connection:
        kept = connection.execute(select(table_of(StepAnswer)).order_by(table_of(StepAnswer).c.at)).all()
    assert [(row.answer, row.method, row.by_id) for row in kept] == [
        ("declined", "email", cast.REP.user_id), ("asked", "letter", cast.REP.user_id),
        ("approved", "letter", cast.MANAGER.user_id)]


def test_a_letter_without_the_managers_yes_is_recorded_flagged_and_shown(
    ledger: Ledger, program: Program, log_in: Enter
) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    letter = next((one for one in program.plugins.methods.values() if one.level == 2 and one.manner == "firm"), None)
    if letter is None:
        pytest.skip("no method above a first notice is here")

    # a method that waits for the last one to arrive takes a reason for the next
    waits = any(field.name == "exception" for field in letter.fields)
    said = {"stage": "make", "exception": "另有原因"} if waits else {}

    def send_it(actor: Any) -> list[str]:
        action_id = uuid7()
        ledger.perform("collection.take_action", actor, action_id=action_id, method=letter.name,
                       fields=said,
                       form_version=letter.version)
        with program.store.reading() as connection:
            a = table_of(Action).c
            return list(connection.scalar(select(a.flags).where(a.id == action_id)))

    assert send_it(cast.REP) == ["no_yes"]
    assert "主管还没同意" in log_in("manager").get("/records").get_data(as_text=True)
    assert send_it(cast.MANAGER) == []
    answer(ledger, "decide_step", cast.MANAGER, method=letter.name, yes=True, reason="可以")
    assert send_it(cast.REP) == []
