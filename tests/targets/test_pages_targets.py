"""Office pages of targets: the month by level, a customer's plan, numbers to approve, the library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.targets.models import CollectionPlan, GapMeasure, HealthCheck, PayCalendar, PlanStep, PotentialSheet
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]
PLAN = f"/targets/customers/{cast.HARBOUR}"


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def send(client: FlaskClient, path: str, **fields: Any) -> None:
    """Send a form of the month; it must be taken."""
    answer = client.post(path, data={"command_id": uuid7(), "month": "2026-03-01", **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with client.session_transaction() as session:
        said = session.pop("_flashes", [])
    assert [kind for kind, _ in said] == ["done"], said


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_from_the_company_to_the_customer_in_one_tap(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A", 60_000_00, late=5)
    ledger.invoice("B", 20_000_00, late=5, customer_id=cast.RIVER)
    admin = log_in("admin")
    send(admin, "/targets/set", level="company", subject_id="", arrears="40,000", cash="80,000")
    send(admin, "/targets/split", level="company", subject_id="")
    company = text(admin, "/targets")
    assert "城东组" in company
    assert "¥60,000.00" in company  # the team's cash: three quarters
    team = text(admin, f"/targets?team={cast.TEAM}&month=2026-03")
    assert cast.REP.name in team
    rep = text(admin, f"/targets?rep={cast.REP.user_id}&month=2026-03")
    assert cast.HARBOUR_NAME in rep
    assert "<polyline" in rep
    assert PLAN in rep


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        ("rep", "/targets", 200), ("rep", f"/targets?rep={cast.OTHER_REP.user_id}", 200),  # his own all the same
        ("manager", f"/targets?rep={cast.OTHER_REP.user_id}", 404),
        ("finance", f"/targets?team={cast.OTHER_TEAM}", 200),
        ("admin", "/targets?team=019c0000-0000-7000-8000-00000000dead", 404),
        ("other_rep", PLAN, 404), ("rep", PLAN, 200),
        ("rep", "/targets/approvals", 403), ("rep", "/targets/measures", 200), ("manager", "/targets?month=x", 200),
    ],
)
def test_who_may_look_where(ledger: Ledger, log_in: Enter, login: str, path: str, status: int) -> None:
    ledger.pay(5_00, customer_id=cast.RIVER)
    answer = log_in(login).get(path)
    assert answer.status_code == status
    if login == "rep":
        assert cast.RIVER_NAME not in answer.get_data(as_text=True)
        assert cast.OTHER_REP.name not in answer.get_data(as_text=True)


def test_a_reps_numbers_are_approved_on_their_page(ledger: Ledger, log_in: Enter) -> None:
    rep, manager = log_in("rep"), log_in("manager")
    send(rep, f"{PLAN}/numbers", cash="300,000", arrears="", reason="要进新货")
    assert "¥300,000.00" in text(manager, "/targets/approvals")
    assert "要进新货" in text(manager, "/targets/approvals")
    send(manager, f"{PLAN}/decide", decision="approve")
    assert "没有待批的" in text(manager, "/targets/approvals")
    assert "300000.00" in text(rep, PLAN)


def test_a_plan_page_takes_everything_and_shows_it(ledger: Ledger, log_in: Enter) -> None:
    client = log_in("rep")
    form = {"command_id": uuid7(), "month": "2026-03-01"}
    refused = client.post(f"{PLAN}/publish", data=form, follow_redirects=True)
    assert "没有步骤的计划不能发布" in refused.get_data(as_text=True)
    send(client, f"{PLAN}/plan", theirs="200,000", difficulties="下家没付", remedy="帮做促销",
         discussed_on="2026-03-10")
    send(client, f"{PLAN}/steps", text="对账", due_on="2026-03-15")
    send(client, f"{PLAN}/publish")
    [step] = ledger.rows(PlanStep, "id")
    send(client, f"{PLAN}/steps/{step}", do="done", evidence="盖章对账单")
    send(client, f"{PLAN}/measures", code="promotion", cost="500", expected="20,000", due_on="2026-03-20")
    [measure] = ledger.rows(GapMeasure, "id")
    send(client, f"{PLAN}/measures/{measure}", actual="12,000")
    send(client, f"{PLAN}/pay-days", run_days=["d25", "w5"], approver_name="李会计")
    send(client, f"{PLAN}/rivals", supplier="东方建材", took="80,000")
    send(client, f"{PLAN}/potential", cash="50,000", season="high")
    send(client, f"{PLAN}/health", stock_moves="bad", sells="good")
    shown = text(client, PLAN)
    for words in ("已发布", "¥200,000.00", "盖章对账单", "¥12,000.00", "李会计签字", "东方建材", "50 / 100",
                  "我们的货周转正常，不压库"):
        assert words in shown, words
    assert ledger.rows(PayCalendar, "run_days") == [["d25", "w5"]]
    assert ledger.rows(PotentialSheet, "cash_minor", "stock_minor") == [(50_000_00, None)]
    assert ledger.rows(HealthCheck, "answers") == [{"stock_moves": "bad", "sells": "good"}]
    assert ledger.rows(CollectionPlan, "theirs_minor") == [200_000_00]
    assert "¥12,000.00" in text(client, "/targets/measures")


def test_a_weak_promise_is_helped_on_the_page(ledger: Ledger, log_in: Enter) -> None:
    promise = uuid7()
    ledger.perform("promises.make_promise", cast.REP, promise_id=promise, amount_minor=10_00, words="再说吧",
                   due_on=cast.TODAY + timedelta(days=5))
    client = log_in("rep")
    assert "没把握：未计入" in text(client, PLAN)
    send(client, f"{PLAN}/support", promise_id=promise, text="帮他做促销", due_on="2026-03-16")
    assert "没把握，有支持" in text(client, PLAN)


def test_the_library_is_reworded_by_a_manager(log_in: Enter) -> None:
    client = log_in("manager")
    send(client, "/targets/measures", code="promotion", name="下乡促销")
    assert "下乡促销" in text(client, "/targets/measures")
    wrong = client.post("/targets/measures", data={"command_id": uuid7(), "code": "X Y", "name": "a"})
    assert wrong.status_code == 422


@pytest.mark.parametrize("path", [f"/targets?rep={cast.REP.user_id}", "/targets", "/targets/approvals",
                                  "/targets/measures", PLAN])
def test_a_page_asks_as_much_for_one_customer_as_for_three(
    ledger: Ledger, program: Program, log_in: Enter, count_queries: Callable[[Any], Any], path: str
) -> None:
    client, asked = log_in("admin"), []
    client.get(path)
    for ids in ([cast.HARBOUR], [cast.an_id(0x901), cast.an_id(0x902)]):
        for n, customer in enumerate(ids):
            if customer != cast.HARBOUR:
                with program.store.writing() as connection:
                    connection.execute(insert(table_of(Customer)).values(
                        id=customer, code=f"X{n}", name=f"第{n}家", version=1, search_text="", created_at=cast.NOON,
                        owner_id=cast.REP.user_id, team_id=cast.TEAM, overdue_minor=0, credit_grade="B"))
            ledger.invoice(customer[-4:], 10_00, late=5, customer_id=customer)
            ledger.pay(3_00, customer_id=customer)
            ledger.perform("targets.propose_target", cast.REP, customer_id=customer, month="2026-03-01",
                           arrears_minor=0, cash_minor=5_00)
            ledger.perform("targets.add_measure", cast.REP, customer_id=customer, month="2026-03-01",
                           measure_id=uuid7(), code="promotion", due_on=cast.TODAY)
        with count_queries(program.store.engine) as seen:
            assert client.get(path).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1]
