"""The digest by mail: to who asked for it, through a real SMTP server, one's own customers only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from fieldsales.kernel.ids import uuid7
from fieldsales.people.models import User
from fieldsales.reminders.daily import remind_if_due
from fieldsales.reminders.models import Reminder
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.lan.conftest import free_port


class Box:
    """Keeps what comes."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail in."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def box() -> Iterator[tuple[Box, str]]:
    box = Box()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}?starttls=never"
    controller.stop()


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str, box: tuple[Box, str]) -> Flask:
    return make_app(main_url, smtp_url=box[1], mail_from="fieldsales <desk@haichuan.example>")


def test_rep_who_asked_gets_his_morning_and_nobody_elses(
    due: Program, box: tuple[Box, str], log_in: Callable[[str], FlaskClient], work: Callable[[], None]
) -> None:
    users = table_of(User)
    due.dispatcher.note(lambda connection: connection.execute(
        update(users).where(users.c.role == "rep").values(email="rep@haichuan.example")))
    client = log_in("rep")
    assert "rep@haichuan.example" in client.get("/reminders").get_data(as_text=True)
    client.post("/reminders/mail", data={"wanted": "1", "command_id": uuid7()})
    assert remind_if_due(due) == 1
    work()
    [mail] = box[0].mails
    assert mail["To"] == "rep@haichuan.example"
    assert mail["Subject"] == "fieldsales: 今天到期：1 笔, 明天到期：1 笔"
    text = mail.get_content()
    assert "海港五金商行 承诺付款 ¥50,000.00" in text
    assert cast.RIVER_NAME not in text
    with due.store.reading() as connection:
        assert connection.execute(select(table_of(Reminder).c.state)).scalar_one() == "sent"


def test_nobody_is_mailed_unasked_or_after_saying_no(
    due: Program, box: tuple[Box, str], work: Callable[[], None]
) -> None:
    users = table_of(User)
    due.dispatcher.note(lambda connection: connection.execute(update(users).values(email="x@haichuan.example")))
    due.dispatcher.perform(cast.REP, "reminders.choose_mail", {"wanted": True})
    due.dispatcher.perform(cast.REP, "reminders.choose_mail", {"wanted": False})
    assert remind_if_due(due) == 0
    work()
    assert box[0].mails == []
