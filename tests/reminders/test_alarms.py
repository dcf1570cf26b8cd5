"""What a team's group is told at once: counts of what went wrong within the hour, and of its own customers only."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, insert

from fieldsales.collection.models import Task
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.reminders import alarms
from fieldsales.reminders.daily import remind_groups_at_once
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.cast import HARBOUR, NOON, RIVER, TODAY
from tests.reminders.conftest import Outside
from tests.reminders.test_groups import add, plugins


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> Flask:
    return make_app(main_url, plugins=plugins(tmp_path / "plugins"), remind_private=True)


def task(program: Program, kind: str, customer: str = HARBOUR, before: timedelta = timedelta(minutes=10)) -> None:
    def write(connection: Connection) -> None:
        connection.execute(insert(table_of(Task)).values(
            id=uuid7(), customer_id=customer, kind=kind, title="", due_on=TODAY, assignee_id="", source_id=uuid7(),
            made_at=NOON - before, done_by_id="", note="", outcome=""))

    program.dispatcher.note(write)


def test_group_is_told_at_once_of_its_own_customers_and_only_once(
    program: Program, outside: Outside, work: Callable[[], None]
) -> None:
    outside.answers = [(200, {"errcode": 0})]
    add(program, outside.url + "/hook")
    assert remind_groups_at_once(program) == 0
    for kind in ("promise_broken", "promise_broken", "find_address", "text_failed", "limitation", "next_step"):
        task(program, kind)
    task(program, "promise_broken", RIVER)
    task(program, "promise_broken", before=timedelta(hours=2))
    assert (remind_groups_at_once(program), remind_groups_at_once(program)) == (1, 0)
    work()
    [(_, _, body)] = outside.came
    title, *lines = json.loads(body)["text"]
    assert title.startswith("需要处理")
    assert lines == ["承诺失约：2 笔", "邮件被退回：1 封", "短信未送达：1 条", "时效将届满：1 笔"]
    assert cast.HARBOUR_NAME not in body.decode()


def test_alarm_the_messenger_refuses_says_so_beside_the_group(
    program: Program, outside: Outside, work: Callable[[], None], app: Flask
) -> None:
    outside.answers = [(200, {"errcode": 310000, "errmsg": "sign not match"})]
    add(program, outside.url + "/hook")
    task(program, "find_address")
    remind_groups_at_once(program)
    work()
    client = app.test_client()
    client.post("/login", data={"login": "manager", "password": cast.PASSWORD})
    page = client.get("/reminders").get_data(as_text=True)
    assert "310000 sign not match" in page


def test_night_is_told_in_the_morning_and_nobody_is_told_by_night(program: Program) -> None:
    morning = NOON.replace(hour=0, minute=20)  # 08:20 in Shanghai
    assert alarms.since(program, morning) == morning.replace(hour=13, minute=0) - timedelta(days=1)
    assert alarms.since(program, NOON) == NOON - timedelta(hours=1)
    task(program, "find_address", before=timedelta(hours=-10))
    assert isinstance(program.clock, FixedClock)
    program.clock.at = NOON + timedelta(hours=10)  # 22:00
    assert remind_groups_at_once(program) == 0
