"""Void and replaced plans: nothing signed is rewritten, what was paid stays, and everybody can read why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.models import PlanInstalment
from fieldsales.plans.queries import standing_of
from fieldsales.plans.rules import Part, settle
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.plans import signing

LogIn = Callable[[str], FlaskClient]


def sign(program: Program, **other: object) -> PlanPayload:
    payload = signing.plan(**other)  # type: ignore[arg-type]
    program.dispatcher.perform(cast.REP, "plans.sign_plan",
                               signing.command(payload, signing.signed(payload, device_id="")))
    return payload


def void(program: Program, plan_id: str, actor: Actor = cast.MANAGER) -> None:
    program.dispatcher.perform(actor, "plans.void_plan", {
        "revision_id": uuid7(), "plan_id": plan_id, "customer_id": cast.HARBOUR, "reason": "双方同意改签"})


def states(program: Program, plan_id: str) -> list[str]:
    p = table_of(PlanInstalment).c
    with program.store.reading() as connection:
        return list(connection.scalars(select(p.state).where(p.plan_id == plan_id).order_by(p.n)))


def test_void_plan_waits_for_nothing_and_says_who_and_why(owed: Program, log_in: LogIn) -> None:
    plan = sign(owed)
    before = log_in("manager").get(f"/plans/{plan.plan_id}").get_data(as_text=True)
    assert "确认作废" in before
    void(owed, plan.plan_id)
    assert states(owed, plan.plan_id) == ["void"] * 3
    page = log_in("manager").get(f"/plans/{plan.plan_id}").get_data(as_text=True)
    assert "双方同意改签" in page
    assert "确认作废" not in page
    assert plan.number in page
    with owed.store.reading() as connection:
        assert standing_of(connection, plan.plan_id) == "void"
    with pytest.raises(RuleBroken, match=r"plans\.ended"):
        void(owed, plan.plan_id)


@pytest.mark.parametrize(("actor", "refusal"), [(cast.REP, NotAllowed), (cast.FINANCE, NotAllowed),
                                                (cast.OTHER_MANAGER, NotFound)])
def test_only_who_may_declares_a_plan_void(owed: Program, actor: Actor, refusal: type[Exception]) -> None:
    plan = sign(owed)
    with pytest.raises(refusal):
        void(owed, plan.plan_id, actor)
    assert states(owed, plan.plan_id) == ["open"] * 3


def test_page_of_a_rep_has_no_form_to_void(owed: Program, log_in: LogIn) -> None:
    plan = sign(owed)
    assert "确认作废" not in log_in("rep").get(f"/plans/{plan.plan_id}").get_data(as_text=True)


def test_successor_names_its_predecessor_and_both_pages_show_the_line(owed: Program, log_in: LogIn) -> None:
    first = sign(owed)
    second = sign(owed, total=10_000_000, predecessor_id=first.plan_id, predecessor_number=first.number,
                  predecessor_paid_minor=8_230_000)
    assert states(owed, first.plan_id) == ["superseded"] * 3
    client = log_in("manager")
    for plan_id in (first.plan_id, second.plan_id):
        page = client.get(f"/plans/{plan_id}").get_data(as_text=True)
        assert first.number in page
        assert second.number in page
    page = client.get(f"/plans/{second.plan_id}").get_data(as_text=True)
    assert f"还款计划{first.number}" in page
    assert "¥82,300.00继续有效" in page


def test_money_after_the_voiding_is_not_the_plans() -> None:
    part = Part("a", "p", 1, date(2026, 4, 1), 100, "CNY", date(2026, 3, 1), "d", "void", 0, date(2026, 3, 20))
    money = [MoneyIn(40, "CNY", date(2026, 3, 10)), MoneyIn(60, "CNY", date(2026, 3, 25))]
    [verdict] = settle([part], money, date(2026, 4, 10))
    assert (verdict.state, verdict.kept_minor) == ("void", 40)
