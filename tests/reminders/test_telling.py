"""What a plugin's job tells the company's groups: once, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from fieldsales.jobs.carrying import Orders
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.jobs import Tell
from fieldsales.web.here import Program
from tests import cast
from tests.reminders.conftest import Outside
from tests.reminders.test_groups import add, plugins


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> Flask:
    return make_app(main_url, plugins=plugins(tmp_path / "plugins"), remind_private=True)


def test_company_groups_are_told_once_however_often_the_job_says_it(
    program: Program, outside: Outside, work: Callable[[], None], clock: FixedClock
) -> None:
    outside.answers = [(200, {"errcode": 0})]
    add(program, outside.url + "/hook", cast.ADMIN, None)
    add(program, outside.url + "/team")
    orders = Orders(program, "courier", "parcels", clock.at + timedelta(minutes=1))
    told = Tell("parcels 2026-03-12", words("三件未签收", "Three not signed for"), (words("李明 2 件", "Li Ming 2"),))
    for _ in range(2):
        orders.carry_out((told,))
        work()
    [(_, _, body)] = outside.came
    assert json.loads(body)["text"] == ["三件未签收", "李明 2 件"]


def test_nobody_but_a_job_tells_them(program: Program) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.ADMIN, "reminders.tell_groups", {
            "told_id": uuid7(), "title": {"zh": "甲", "en": "a"}})
