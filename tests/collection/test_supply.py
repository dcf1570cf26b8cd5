"""Supply decided by a manager: suggested by rules, released by typed conditions, told to the phone and the ERP."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.models import SupplyDecision, Task
from fieldsales.collection.supply import decided
from fieldsales.collection.supplyout import supply as supply_command
from fieldsales.collection.supplyrules import STATES, Progress, SupplyFacts, is_met, suggest
from fieldsales.kernel.errors import Invalid, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.web.here import Program
from fieldsales.workday.lawsection import supply_tasks
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY
Enter = Callable[[str], FlaskClient]


def facts(overdue: int = 100_00, open_: int = 100_00, days: int = 0, **more: Any) -> SupplyFacts:
    return SupplyFacts(overdue, open_, days, **more)


@pytest.mark.parametrize(("given", "state", "reasons"), [
    (facts(days=60), None, ()), (facts(days=61), "cash_first", ("late",)), (facts(days=91), "stop", ("late",)),
    (facts(days=31, broken=1), "cash_first", ("late", "broken")), (facts(days=61, broken=1), "cash_first",
                                                                  ("late", "broken")),
    (facts(days=61, broken=2), "stop", ("late", "broken")), (facts(days=30, broken=5), None, ()),
    (facts(days=91, overdue=4_99), "cash_first", ("late",)),  # under a twentieth of all that is owed: milder
    (facts(days=91, klass="good_faith"), "cash_first", ("late",)), (facts(days=61, klass="good_faith"), None, ()),
    (facts(days=91, klass="good_faith", broken=1), "stop", ("late", "broken")),
    (facts(days=1, klass="bad_faith"), "stop", ("bad_faith",)), (facts(0, 100, 0, klass="bad_faith"), None, ()),
    (facts(0, 0, 0, watch="red"), "stop", ("watch",)), (facts(0, 0, 0, watch="amber"), None, ()),
    (facts(0, 100_00, 0, limit_minor=99_99), "cash_first", ("limit",)), (facts(0, 100, 0, limit_minor=100), None, ()),
    (facts(days=61, state="cash_first"), None, ()), (facts(days=91, state="cash_first"), "stop", ("late",)),
])  # fmt: skip
def test_supply_is_suggested_by_written_rules(given: SupplyFacts, state: str | None, reasons: tuple[str, ...]) -> None:
    found = suggest(given, TODAY)
    assert (found.state if found else None) == state
    assert (found.reasons if found else ()) == reasons


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 400), st.integers(0, 5),
       st.sampled_from(["", "good_faith", "bad_faith"]))
def test_later_or_oftener_broken_is_never_milder(overdue: int, rest: int, days: int, broken: int, klass: str) -> None:
    def step(days: int, broken: int) -> int:
        found = suggest(facts(overdue, overdue + rest, days, broken=broken, klass=klass), TODAY)
        return STATES.index(found.state) if found else 0

    assert step(days, broken) <= step(days + 1, broken)
    assert step(days, broken) <= step(days, broken + 1)


@pytest.mark.parametrize(("kind", "minor", "progress", "met"), [
    ("paid", 50, Progress(49, False, 9), False), ("paid", 50, Progress(50, False, 9), True),
    ("plan", 0, Progress(0, True, 9), True), ("plan", 0, Progress(99, False, 0), False),
    ("cleared", 0, Progress(0, False, 0), True), ("cleared", 0, Progress(9, True, 1), False),
    ("", 0, Progress(99, True, 0), False),
])  # fmt: skip
def test_conditions_of_release(kind: str, minor: int, progress: Progress, met: bool) -> None:
    assert is_met(kind, minor, progress) is met


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def decide(ledger: Ledger, who: Any = cast.MANAGER, **more: Any) -> None:
    ledger.perform("collection.decide_supply", who, decision_id=uuid7(), reason="两次失约", **({"stop": False} | more))


def supply_of(program: Program) -> dict[str, Any]:
    with program.store.reading() as connection:
        found: dict[str, Any] = dossiers(connection, [cast.HARBOUR], TODAY)[cast.HARBOUR].get("supply", {})
    return found


def test_cash_first_is_told_to_the_phone_with_its_condition_until_the_money_is_there(
    ledger: Ledger, program: Program
) -> None:
    ledger.invoice("A", 900_00, late=70)
    decide(ledger, cash_first=True, release_kind="paid", release_minor=300_00)
    told = supply_of(program)
    assert (told["state"], told["state_zh"], told["met"]) == ("cash_first", "款到发货", False)
    assert told["release_zh"] == "此后到账 ¥300 即恢复"
    ledger.pay(200_00)
    paid = ledger.pay(100_00)
    assert supply_of(program)["met"] is True
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=paid, reason="退票")
    assert supply_of(program)["met"] is False
    decide(ledger)
    assert supply_of(program) == {}


def test_money_of_before_the_decision_releases_nothing(ledger: Ledger, program: Program, clock: Any) -> None:
    """Another customer's earlier decision must not lend its day."""
    clock.at = cast.NOON - timedelta(days=9)
    decide(ledger, cast.OTHER_MANAGER, stop=True, customer_id=cast.RIVER)
    clock.at = cast.NOON
    ledger.invoice("A", 900_00, late=70)
    ledger.pay(900_00, on=TODAY - timedelta(days=1))
    decide(ledger, stop=True, release_kind="paid", release_minor=1)
    with program.store.reading() as connection:
        found = {one.customer_id: (one.progress.paid_minor, one.met) for one in decided(
            connection, scope_of(cast.ADMIN))}
    assert found == {cast.HARBOUR: (0, False), cast.RIVER: (0, False)}


def test_whoever_decided_is_told_once_when_the_condition_has_come_about(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A", 900_00, late=70)
    decide(ledger, stop=True, release_kind="cleared")
    with program.store.reading() as connection:
        assert supply_tasks(connection, TODAY) == []
    ledger.pay(900_00)
    for _ in range(2):
        with program.store.reading() as connection:
            tasks = supply_tasks(connection, TODAY)
        for task in tasks:
            ledger.perform("collection.add_task", **task)
    assert ledger.rows(Task, "assignee_id", kind="supply_ready") == [cast.MANAGER.user_id]


def test_a_sum_to_come_in_needs_a_sum(ledger: Ledger) -> None:
    with pytest.raises(Invalid):
        decide(ledger, stop=True, release_kind="paid")
    assert ledger.rows(SupplyDecision, "id") == []


def test_page_suggests_says_why_and_shows_what_was_decided(ledger: Ledger, log_in: Enter, count_queries: Any,
                                                           program: Program) -> None:
    ledger.invoice("A", 900_00, late=95)
    client = log_in("manager")
    with count_queries(program.store.engine) as first:
        text = client.get("/supply").get_data(as_text=True)
    assert "最早一笔逾期 95 天" in text
    form = {"command_id": uuid7(), "state": "cash_first", "reason": "逾期太久", "release_kind": "paid"}
    answer = client.post(f"/customers/{cast.HARBOUR}/supply", data=form)
    assert answer.status_code == 422
    assert "请填写金额" in answer.get_data(as_text=True) or "release_minor-error" in answer.get_data(as_text=True)
    form |= {"command_id": uuid7(), "release_minor": "3,000"}
    assert client.post(f"/customers/{cast.HARBOUR}/supply", data=form).status_code == 303
    with count_queries(program.store.engine) as second:
        text = client.get("/supply").get_data(as_text=True)
    assert "此后到账 ¥3,000.00 即恢复" in text
    assert "已到账 ¥0.00" in text
    assert len(first) == len(second)


def test_credit_limit_is_set_by_manager_or_finance_and_warns_only(ledger: Ledger, log_in: Enter) -> None:
    path = f"/customers/{cast.HARBOUR}/credit-limit"
    with pytest.raises(NotAllowed):
        ledger.perform("collection.set_credit_limit", cast.REP, limit_id=uuid7(), limit_minor=1, reason="x")
    for limit in ("100", "500"):
        answer = log_in("finance").post(path, data={"command_id": uuid7(), "limit_minor": limit,
                                                    "limit_reason": "按年度授信"})
        assert answer.status_code == 303
    ledger.invoice("A", 600_00)
    text = log_in("manager").get("/supply").get_data(as_text=True)
    assert "超出信用额度 ¥100.00" in text
    assert "款到发货" in text
    assert "500.00" in log_in("finance").get(f"/customers/{cast.HARBOUR}/supply").get_data(as_text=True)
    log_in("finance").post(path, data={"command_id": uuid7(), "limit_minor": "", "limit_reason": "取消"})
    assert "超出信用额度" not in log_in("manager").get("/supply").get_data(as_text=True)


def test_erp_is_told_of_stops_and_releases_since_an_instant(ledger: Ledger, log_in: Enter, clock: Any) -> None:
    decide(ledger, stop=True, release_when="=cmd()")
    client = log_in("finance")
    now = json.loads(client.get("/api/v1/supply").get_data(as_text=True))["decisions"]
    assert [(one["customer_code"], one["state"]) for one in now] == [("C001", "stop")]
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/supply?format=csv").get_data(as_text=True))))
    assert rows[0]["release_when"] == "'=cmd()"
    clock.at = clock.now() + timedelta(hours=1)
    since = clock.now().isoformat().replace("+", "%2B")
    decide(ledger)
    later = json.loads(client.get(f"/api/v1/supply?since={since}").get_data(as_text=True))["decisions"]
    assert [(one["customer_code"], one["state"]) for one in later] == [("C001", "run")]
    assert json.loads(client.get("/api/v1/supply").get_data(as_text=True))["decisions"] == []
    assert client.get("/api/v1/supply?since=yesterday").status_code == 422
    others = json.loads(log_in("other_manager").get("/api/v1/supply").get_data(as_text=True))
    assert others == {"decisions": []}


def test_command_line_writes_the_same(ledger: Ledger, program: Program, tmp_path: Any) -> None:
    decide(ledger, stop=True)
    target = tmp_path / "supply.csv"
    done = CliRunner().invoke(supply_command, ["-o", str(target)], obj=lambda: program)
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert [(row["customer_code"], row["state"]) for row in rows] == [("C001", "stop")]
    said = CliRunner().invoke(supply_command, ["--format", "json"], obj=lambda: program)
    assert json.loads(said.output)[0]["state"] == "stop"
    assert CliRunner().invoke(supply_command, ["--since", "soon"], obj=lambda: program).exit_code == 2
