"""What an observer has the team's groups told: at once, each once, by day, and not without end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.manager import Plugins
from fieldsales.reminders.telling import waking
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.web.here import Program
from tests import cast
from tests.reminders.conftest import Outside
from tests.reminders.test_groups import PLUGIN, add, said

WATCH = '''
from fieldsales.plugin_api import Observer, Tell

def money(happened):
    if {then}:
        return [Tell("money", words("到账 " + str(happened.data["amount_minor"]), "Money"),
                     (words(happened.owner_name, happened.owner_name),))]
    return "nothing"

@hookimpl
def observers():
    return [Observer("money", ("payments.posted",), tell=money)]
'''


@pytest.fixture
def make_watched(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> Callable[..., Program]:
    """A program with one plugin, which tells of money by a messenger of the house's own."""

    def make(then: str = "True") -> Program:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        (folder / "chat.py").write_text('WHERE = ""' + PLUGIN + WATCH.format(then=then), encoding="utf-8")
        app = make_app(main_url, plugins=Plugins.load(None, folder, with_installed=False), remind_private=True)
        found: Program = app.extensions["fieldsales"]
        return found

    return make


@pytest.fixture
def program(make_watched: Callable[..., Program]) -> Program:
    return make_watched()


@pytest.fixture
def groups(program: Program, outside: Outside) -> Outside:
    """The groups of the customer's team, of another team and of the company."""
    outside.answers = [(200, {"errcode": 0})]
    for team in (cast.TEAM, cast.OTHER_TEAM, None):
        add(program, f"{outside.url}/{team}", cast.ADMIN, team)
    return outside


def pay(program: Program, *sums: int) -> None:
    """Money of HARBOUR's in the books."""
    program.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [
        {"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": minor, "method": "transfer",
         "received_on": program.today} for minor in sums]})


def rows_of(program: Program, topic: str) -> list[dict[str, Any]]:
    """What the outbox holds or held of a topic."""
    with program.store.reading() as connection:
        return [dict(row) for row in connection.execute(
            select(table_of(OutboxRow)).where(table_of(OutboxRow).c.topic == topic)).mappings()]


def test_groups_of_the_team_and_of_the_company_are_told_once_with_the_way_to_the_customer(
    program: Program, groups: Outside, work: Callable[[], None]
) -> None:
    pay(program, 500, 700)
    [row] = rows_of(program, "observe")
    assert len(row["payload"]["events"]) == 2, "however much one command does, it is one row of the outbox"
    work()
    program.dispatcher.note(lambda connection: connection.execute(
        table_of(OutboxRow).update().where(table_of(OutboxRow).c.id == row["id"]).values(done_at=None)))
    work()
    assert sorted((path, *json.loads(body)["text"]) for path, _, body in groups.came) == sorted(
        (f"/{team}", f"到账 {minor}", "王小明") for team in (cast.TEAM, None) for minor in (500, 700))
    assert {one["payload"]["path"] for one in rows_of(program, "reminders.tell")} == {f"/customers/{cast.HARBOUR}"}


def test_group_hears_six_an_hour_and_the_sixth_says_so(
    program: Program, groups: Outside, work: Callable[[], None], clock: FixedClock
) -> None:
    pay(program, *range(1, 10))
    work()
    team = [json.loads(body)["text"] for path, _, body in groups.came if path == f"/{cast.TEAM}"]
    assert [one[0] for one in team] == [f"到账 {n}" for n in range(1, 7)]
    assert team[5][-1].startswith("这一小时里还有更多")
    clock.at += timedelta(hours=1)
    pay(program, 10)
    work()
    assert said(groups)[-1]["text"][0] == "到账 10"


@pytest.mark.parametrize(("hour", "later"), [(8, 0), (12, 0), (20, 0), (21, 11), (23, 9), (0, 8), (7, 1)])
def test_what_happens_at_night_is_told_in_the_morning(clock: FixedClock, hour: int, later: int) -> None:
    at = clock.at + timedelta(hours=hour - 12)
    assert waking(at, "Asia/Shanghai", 8) - at == timedelta(hours=later)


def test_night_s_news_go_out_at_the_hour_of_the_morning(
    program: Program, groups: Outside, work: Callable[[], None], clock: FixedClock
) -> None:
    clock.at += timedelta(hours=10)
    pay(program, 500)
    work()
    assert groups.came == []
    clock.at += timedelta(hours=10)
    work()
    assert len(groups.came) == 2


def test_observer_that_is_set_aside_hears_it_when_it_is_back(
    program: Program, groups: Outside, work: Callable[[], None], clock: FixedClock
) -> None:
    program.plugins.leave_alone("chat", 4, None)
    pay(program, 500)
    work()
    assert groups.came == []
    program.plugins.resume("chat")
    clock.at += timedelta(hours=1)
    work()
    assert len(groups.came) == 2


@pytest.mark.parametrize("then", ["1 / 0", "False"])
def test_observer_that_fails_tells_nobody_and_stops_nothing(
    make_watched: Callable[..., Program], outside: Outside, then: str
) -> None:
    from fieldsales import worker

    program = make_watched(then)
    add(program, outside.url, cast.ADMIN, None)
    pay(program, 500)
    while worker.run_once(program):
        pass
    assert outside.came == []
    assert program.plugins.failures[0].plugin == "chat"
    standing_of(program).tell()


def test_nobody_but_the_program_tells_a_team(program: Program) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.ADMIN, "reminders.tell_team", {
            "told_id": uuid7(), "title": {"zh": "甲", "en": "a"}})
