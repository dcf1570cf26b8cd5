"""The whole way on real servers: a demand by SMTP, what comes back by IMAP, and the way out by one tap."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask

from fieldsales.collection.arrival_models import ReceivedMessage
from fieldsales.collection.case_models import ContactStop
from fieldsales.collection.models import Mail
from fieldsales.documents.models import Attachment
from fieldsales.jobs.models import JobRun
from fieldsales.jobs.runner import carry_through, due_jobs, take
from fieldsales.kernel.clock import FixedClock
from fieldsales.testkit.imapserver import PASSWORD, ImapServer
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import need_plugin, rows, with_debt
from tests.collection.test_actions import act
from tests.collection.test_mail import Handler, work_off
from tests.collection.test_mail import server as server


@pytest.fixture
def mailbox() -> Iterator[ImapServer]:
    imap = ImapServer()
    imap.start()
    yield imap
    imap.stop()


@pytest.fixture
def house(
    make_app: Callable[..., Flask], main_url: str, server: tuple[Handler, str], mailbox: ImapServer
) -> Flask:
    """A program that sends and reads mail on the loopback."""
    need_plugin("email")
    app = make_app(main_url, smtp_url=server[1], mail_from="海川五金 <ar@haichuan.example>", mail_plus=True,
                   public_url="https://fs.haichuan.example")
    with_debt(app).plugins.take_settings({"email": mailbox.settings})
    return app


@pytest.fixture
def office(house: Flask) -> Program:
    program: Program = house.extensions["fieldsales"]
    return program


def sent(handler: Handler) -> EmailMessage:
    found: EmailMessage = email.message_from_bytes(handler.taken[-1][2], policy=default)
    return found


def answer(to: EmailMessage, text: str, **headers: str) -> bytes:
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = "boss@harbour.example", to["Reply-To"], f"回复: {to['Subject']}"
    reply["In-Reply-To"] = to["Message-ID"]
    for name, value in headers.items():
        reply[name.replace("_", "-")] = value
    reply.set_content(text)
    reply.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="回单.pdf")
    return reply.as_bytes()


def poll(program: Program, clock: FixedClock) -> str:
    """Let the mailbox be read once, as the worker does it."""
    [(plugin, job)] = [one for one in due_jobs(program) if one[0] == "email"]
    taken = take(program, plugin, job)
    assert taken is not None
    outcome = carry_through(program, taken)
    clock.at += timedelta(minutes=6)
    return outcome


def test_answer_comes_onto_the_case_once_with_its_files(
    office: Program, server: tuple[Handler, str], mailbox: ImapServer, clock: FixedClock
) -> None:
    act(office, "email", {"to": "boss@harbour.example"})
    work_off(office)
    demand = sent(server[0])
    mailbox.put(answer(demand, "周五付五万。"), answer(demand, "我在出差。", Auto_Submitted="auto-replied"))
    assert (poll(office, clock), poll(office, clock)) == ("done", "done")
    real, machine = rows(office, ReceivedMessage)
    [mail] = rows(office, Mail)
    assert (real["kind"], real["mail_id"], real["body"]) == ("reply", mail["id"], "周五付五万。")
    assert (machine["kind"], mail["fate"]) == ("auto_reply", "answered")
    assert sorted(one["name"] for one in real["files"]) == ["message.eml", "回单.pdf"]
    assert all(office.parts["blobs"].has(one["sha256"]) for one in real["files"])
    assert {row["subject_id"] for row in rows(office, Attachment)} == {real["id"], machine["id"]}
    assert PASSWORD not in str(rows(office, JobRun))


def test_wrong_password_is_told_to_the_administrator_and_nobody_else_suffers(
    office: Program, mailbox: ImapServer, clock: FixedClock
) -> None:
    office.plugins.take_settings({"email": {**mailbox.settings, "imap_password": "old"}})
    assert poll(office, clock) == "raised"
    [run] = rows(office, JobRun)
    assert "login refused" in run["error"]
    assert "old" not in run["error"].split()


def test_demand_carries_the_way_out_and_one_tap_takes_it(
    house: Flask, office: Program, server: tuple[Handler, str]
) -> None:
    act(office, "email", {"to": "boss@harbour.example"})
    work_off(office)
    demand = sent(server[0])
    [mail] = rows(office, Mail)
    assert demand["Reply-To"] == f"海川五金 <ar+{mail['id']}@haichuan.example>"
    assert demand["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [link] = re.findall(r"<https://fs\.haichuan\.example(/m/[^>]+)>", demand["List-Unsubscribe"])
    client = house.test_client()
    assert "bo…@harbour.example" in client.get(link).get_data(as_text=True)
    assert rows(office, ContactStop) == []
    assert client.post(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404
    for _ in range(2):
        assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    [stop] = rows(office, ContactStop)
    assert (stop["kind"], stop["customer_id"]) == ("no_mail", mail["customer_id"])
    act(office, "email", {"to": "boss@harbour.example"})
    assert len(rows(office, Mail)) == 1


def test_office_sees_the_thread_and_files_what_came_from_nobody(
    house: Flask, office: Program, server: tuple[Handler, str], mailbox: ImapServer, clock: FixedClock
) -> None:
    act(office, "email", {"to": "boss@harbour.example"})
    work_off(office)
    stray = EmailMessage()
    stray["From"], stray["Subject"] = "who@else.example", "<script>货款"
    stray.set_content("请问谁负责？")
    mailbox.put(answer(sent(server[0]), "周五付五万。"), stray.as_bytes())
    assert poll(office, clock) == "done"
    client = house.test_client()
    client.post("/login", data={"login": "manager", "password": cast.PASSWORD})
    shown = client.get(f"/customers/{cast.HARBOUR}/mail").get_data(as_text=True)
    for words in ("周五付五万。", "对方已回复", "对方回信", "回单.pdf", "付款通知"):
        assert words in shown, words
    real, other = rows(office, ReceivedMessage)
    slip = next(one for one in real["files"] if one["name"] == "回单.pdf")
    file = client.get(f"/mail/{real['id']}/files/{slip['sha256']}")
    assert (file.get_data(), file.headers["Content-Type"]) == (b"%PDF-1.7", "application/octet-stream")
    assert "attachment" in file.headers["Content-Disposition"]
    waiting = client.get("/mail").get_data(as_text=True)
    assert "请问谁负责？" in waiting
    assert "<script>货款" not in waiting
    client.post(f"/mail/{other['id']}/file", data={"code": "C001"})
    assert rows(office, ReceivedMessage)[1]["customer_id"] == cast.HARBOUR
