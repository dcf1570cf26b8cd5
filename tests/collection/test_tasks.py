"""Claims to verify, things to do, supply to stop: what follows from talking to customers."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldsales.collection.models import Claim, Mail, SupplyDecision, Task
from fieldsales.collection.queries import load_case_files, load_cases
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast
from tests.collection.conftest import rows
from tests.collection.test_actions import act


def do(program: Program, operation: str, actor: Actor = cast.REP, **command: Any) -> dict[str, Any]:
    return program.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR} | command)


def task(**more: Any) -> dict[str, Any]:
    return {"task_id": uuid7(), "kind": "call", "title": "给林老板打电话", "due_on": date(2026, 3, 16)} | more


def test_excuses_become_claims_with_a_task_each(app: Flask) -> None:
    program: Program = app.extensions["fieldsales"]
    do(program, "collection.record_claims", source_kind="phone", source_id=uuid7(),
       claims=[(uuid7(), "quality", "漆面起泡"), (uuid7(), "of_a_plugin_long_gone", "")])  # fmt: skip
    assert [row["state"] for row in rows(program, Claim)] == ["unverified"] * 2
    titles = [row["title"] for row in rows(program, Task)]
    assert titles[0].startswith("产品质量有问题：看实物")
    assert titles[1] == "of_a_plugin_long_gone"
    assert {row["due_on"] for row in rows(program, Task)} == {cast.TODAY + timedelta(days=3)}


def test_claim_is_found_true_or_false_by_who_sees_the_customer(owed: Program) -> None:
    claim_id = uuid7()
    do(owed, "collection.record_claims", source_kind="phone", source_id=uuid7(), claims=[(claim_id, "quality", "")])
    with pytest.raises(NotFound):
        do(owed, "collection.verify_claim", cast.OTHER_REP, claim_id=claim_id, state="false")
    with pytest.raises(NotFound):
        do(owed, "collection.verify_claim", cast.OTHER_REP, customer_id=cast.RIVER, claim_id=claim_id, state="false")
    assert rows(owed, Claim)[0]["state"] == "unverified"
    do(owed, "collection.verify_claim", claim_id=claim_id, state="false")
    assert rows(owed, Claim)[0]["state"] == "false"


def test_task_twice_is_one_task_and_done_twice_is_done_once(owed: Program) -> None:
    one = task()
    do(owed, "collection.add_task", **one)
    do(owed, "collection.add_task", **one)
    assert len(rows(owed, Task)) == 1
    do(owed, "collection.finish_task", task_id=one["task_id"], note="打了")
    do(owed, "collection.finish_task", cast.MANAGER, task_id=one["task_id"], note="又打了")
    [row] = rows(owed, Task)
    assert (row["done_by_id"], row["note"]) == (cast.REP.user_id, "打了")


def test_task_of_another_customer_is_not_to_be_finished(owed: Program) -> None:
    one = task()
    do(owed, "collection.add_task", **one)
    with pytest.raises(NotFound):
        do(owed, "collection.finish_task", cast.OTHER_REP, customer_id=cast.RIVER, task_id=one["task_id"])
    with pytest.raises(RuleBroken):
        do(owed, "collection.add_task", cast.OTHER_REP, **one | {"customer_id": cast.RIVER})
    assert rows(owed, Task)[0]["done_at"] is None


def test_only_a_manager_of_the_team_stops_supply(owed: Program) -> None:
    command = {"decision_id": uuid7(), "stop": True, "reason": "逾期超过 90 天"}
    for who, refusal in ((cast.REP, NotAllowed), (cast.FINANCE, NotAllowed), (cast.OTHER_MANAGER, NotFound)):
        with pytest.raises(refusal):
            do(owed, "collection.decide_supply", who, **command)
    assert rows(owed, SupplyDecision) == []
    do(owed, "collection.decide_supply", cast.MANAGER, **command)
    with owed.store.reading() as connection:
        assert load_cases(connection, [cast.HARBOUR])[cast.HARBOUR].facts.customer.supply_stopped
    do(owed, "collection.decide_supply", cast.MANAGER, decision_id=uuid7(), stop=False, reason="已付一半")
    with owed.store.reading() as connection:
        assert not load_cases(connection, [cast.HARBOUR])[cast.HARBOUR].facts.customer.supply_stopped


def test_what_became_of_a_mail_is_written_by_the_system_and_once(owed: Program) -> None:
    act(owed, "email", {})
    mail_id = rows(owed, Mail)[0]["id"]
    result = {"mail_id": mail_id, "state": "sent", "server_answer": "250 ok"}
    with pytest.raises(NotAllowed):
        owed.dispatcher.perform(cast.ADMIN, "collection.record_mail", result)
    with pytest.raises(RuleBroken):
        owed.dispatcher.perform(SYSTEM, "collection.record_mail", result)
    owed.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": mail_id})
    with pytest.raises(RuleBroken):
        owed.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": mail_id})
    owed.dispatcher.perform(SYSTEM, "collection.record_mail", result)
    assert rows(owed, Mail)[0]["state"] == "sent"


def test_case_costs_the_same_queries_for_one_and_for_two_customers(
    owed: Program, count_queries: Callable[..., Any]
) -> None:
    for loader, count in ((load_cases, 4), (load_case_files, 18)):
        for keys in ([cast.HARBOUR], [cast.HARBOUR, cast.RIVER]):
            with owed.store.reading() as connection, count_queries(owed.store.engine) as seen:
                files = loader(connection, keys)
            assert set(files) == set(keys)
            assert len(seen) == count, seen


OBSERVER = """
    from fieldsales.plugin_api import Observer, hookimpl

    HEARD = []

    def listen(name, data):
        HEARD.append((name, data["method"], data["fields"]))
        {then}

    @hookimpl
    def observers():
        return [Observer("ears", ("actions.taken",), listen)]
"""


@pytest.mark.parametrize("then", ["pass", "raise OSError('no bell')"])
def test_observer_hears_of_an_action_after_it_is_on_record(
    make_owed: Callable[..., Program], tmp_path: Path, then: str
) -> None:
    (tmp_path / "ears.py").write_text(textwrap.dedent(OBSERVER).replace("{then}", then), "utf-8")
    plugins = Plugins.load(data_dir("plugins"), tmp_path, with_installed=False)
    program = make_owed(plugins)
    act(program, "phone", {"result": "refused"})
    observer = plugins.declared("observers")["ears/ears"]
    heard = observer.call.__globals__["HEARD"]
    assert heard == []
    while run_once(program):
        pass
    assert heard == [("actions.taken", "phone", {"result": "refused"})]
    [ears] = [one for one in plugins.status() if one.name == "ears"]
    assert ears.last_error == ("" if then == "pass" else "OSError: no bell")
