"""Mail to debtors, over real SMTP: accepted, put off, refused, not reached, cut off in the middle."""

from __future__ import annotations

import email
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from fieldsales.collection.effects import mail_domain
from fieldsales.collection.jobs import send_mail
from fieldsales.collection.models import Action, Mail
from fieldsales.documents.models import Document
from fieldsales.kernel.errors import NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.receivables.models import Interruption
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.store.outbox import Later
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast
from tests.collection.conftest import rows
from tests.collection.test_actions import act


class Handler:
    """A mail server that answers as it is told, and keeps what it took."""

    def __init__(self) -> None:
        self.rcpt_answer = ""
        self.data_answers: list[str] = []
        self.taken: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt_answer:
            return self.rcpt_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.data_answers.pop(0) if self.data_answers else "250 2.0.0 Ok: queued as 4Xq1"
        if answer.startswith("2"):
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def server() -> Iterator[tuple[Handler, str]]:
    """A real SMTP server on the loopback, and its address."""
    handler = Handler()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


def program_with(make_owed: Callable[..., Program], url: str) -> Program:
    return make_owed(smtp_url=url, mail_from="海川五金 <ar@haichuan.example>")


def work_off(program: Program) -> None:
    """Let the worker run until nothing is due now. Papers are not sealed in these tests."""
    while run_once(program):
        pass


def mail_row(program: Program) -> dict[str, Any]:
    [row] = rows(program, Mail)
    return row


def test_accepted_mail_keeps_message_id_and_answer_and_interrupts_with_grade_b(
    make_owed: Callable[..., Program], server: tuple[Handler, str]
) -> None:
    handler, url = server
    program = program_with(make_owed, url)
    act(program, "email", {"to": "boss@harbour.example"})
    work_off(program)
    row = mail_row(program)
    assert (row["state"], row["server_answer"], row["attempts"]) == ("sent", "250 2.0.0 Ok: queued as 4Xq1", 1)
    [(sender, receivers, content)] = handler.taken
    assert (sender, receivers) == ("ar@haichuan.example", ["boss@harbour.example"])
    message = email.message_from_bytes(content, policy=default)
    assert message["Message-ID"] == row["message_id"]
    assert message["Subject"] == "付款通知：未付货款 ¥182,300.00"
    assert "XS-1001" in message.get_content()
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"], interruption["proof_id"]) == ("demand", "B", row["id"])


def test_mail_is_sent_once_however_often_the_job_runs(
    make_owed: Callable[..., Program], server: tuple[Handler, str]
) -> None:
    handler, url = server
    program = program_with(make_owed, url)
    act(program, "email", {})
    for _ in range(3):
        send_mail(program, {"mail_id": mail_row(program)["id"]})
    work_off(program)
    assert len(handler.taken) == 1


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_mail_put_off_is_tried_again_with_the_same_message_id(
    make_owed: Callable[..., Program], server: tuple[Handler, str], clock: Any, where: str
) -> None:
    handler, url = server
    if where == "rcpt":
        handler.rcpt_answer = "450 4.2.1 mailbox busy"
    else:
        handler.data_answers = ["451 4.3.0 try later"]
    program = program_with(make_owed, url)
    act(program, "email", {})
    work_off(program)
    row = mail_row(program)
    assert (row["state"], row["attempts"]) == ("queued", 1)
    assert row["server_answer"].startswith("45")
    assert rows(program, Interruption) == []
    handler.rcpt_answer = ""
    clock.at += timedelta(minutes=5)
    work_off(program)
    assert mail_row(program)["state"] == "sent"
    assert mail_row(program)["message_id"] == row["message_id"]
    assert len(handler.taken) == 1


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_mail_refused_for_good_says_what_the_server_said(
    make_owed: Callable[..., Program], server: tuple[Handler, str], clock: Any, where: str
) -> None:
    handler, url = server
    if where == "rcpt":
        handler.rcpt_answer = "550 5.1.1 no such user"
    else:
        handler.data_answers = ["554 5.7.1 looks like spam"]
    program = program_with(make_owed, url)
    act(program, "email", {})
    work_off(program)
    clock.at += timedelta(hours=5)
    work_off(program)
    row = mail_row(program)
    assert (row["state"], row["attempts"]) == ("refused", 1)
    assert row["server_answer"].startswith("55")
    assert handler.taken == []
    assert rows(program, Interruption) == []


def test_server_that_cannot_be_reached_is_tried_again_and_given_up_at_last(
    make_owed: Callable[..., Program], clock: Any
) -> None:
    program = program_with(make_owed, f"smtp://127.0.0.1:{free_port()}")
    act(program, "email", {})
    work_off(program)
    assert mail_row(program)["state"] == "queued"
    assert "refused" in mail_row(program)["server_answer"].lower()
    for _ in range(12):
        clock.at += timedelta(hours=2)
        work_off(program)
    row = mail_row(program)
    assert (row["state"], row["attempts"]) == ("refused", 10)


class DropsAfterText(socketserver.StreamRequestHandler):
    """Takes the whole text and hangs up without a word."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        in_text = False
        for line in self.rfile:
            if in_text:
                if line == b".\r\n":
                    self.server.texts += 1  # type: ignore[attr-defined]
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
            elif line.upper().startswith(b"DATA"):
                in_text = True
                self.wfile.write(b"354 go on\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")


def test_connection_cut_after_the_text_is_ambiguous_and_never_sent_again(
    make_owed: Callable[..., Program], clock: Any
) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), DropsAfterText) as listening:
        listening.texts = 0  # type: ignore[attr-defined]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        program = program_with(make_owed, f"smtp://127.0.0.1:{listening.server_address[1]}")
        act(program, "email", {})
        work_off(program)
        for _ in range(5):
            clock.at += timedelta(hours=3)
            work_off(program)
        listening.shutdown()
        assert listening.texts == 1  # type: ignore[attr-defined]
    assert mail_row(program)["state"] == "ambiguous"
    assert rows(program, Interruption) == []


def test_worker_that_died_while_sending_leaves_the_mail_ambiguous(
    make_owed: Callable[..., Program], server: tuple[Handler, str]
) -> None:
    handler, url = server
    program = program_with(make_owed, url)
    act(program, "email", {})
    program.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": mail_row(program)["id"]})
    work_off(program)
    assert (mail_row(program)["state"], handler.taken) == ("ambiguous", [])


def test_mail_waits_while_no_server_is_set(make_owed: Callable[..., Program], clock: Any) -> None:
    program = make_owed(smtp_url="", mail_from="")
    act(program, "email", {})
    for _ in range(30):
        work_off(program)
        clock.at += timedelta(hours=1)
    assert (mail_row(program)["state"], mail_row(program)["attempts"]) == ("queued", 0)
    table = table_of(OutboxRow)
    with program.store.reading() as connection:
        waiting = connection.execute(select(table).where(table.c.done_at.is_(None), table.c.failed_at.is_(None))).all()
    assert [row.topic for row in waiting] == ["collection.mail"]


def test_mail_with_a_paper_waits_for_its_seal(make_owed: Callable[..., Program], server: tuple[Handler, str]) -> None:
    handler, url = server
    program = program_with(make_owed, url)
    act(program, "email", {"attach": "letter"})
    with pytest.raises(Later):
        send_mail(program, {"mail_id": mail_row(program)["id"]})
    assert (mail_row(program)["state"], handler.taken) == ("queued", [])
    [document] = rows(program, Document)
    sha256 = program.parts["blobs"].put(b"%PDF-1.7 sealed")
    program.dispatcher.perform(SYSTEM, "documents.record_seal", {
        "document_id": document["id"], "customer_id": cast.HARBOUR, "sha256": sha256, "unsealed_sha256": sha256,
        "size": 15, "level": "B-B", "certificate": "development"})  # fmt: skip
    send_mail(program, {"mail_id": mail_row(program)["id"]})
    [(_, _, content)] = handler.taken
    [attached] = email.message_from_bytes(content, policy=default).iter_attachments()
    assert attached.get_content() == b"%PDF-1.7 sealed"
    assert attached.get_filename() == f"{document['number']}.pdf"


def test_line_of_a_single_dot_arrives_whole(make_owed: Callable[..., Program], server: tuple[Handler, str]) -> None:
    handler, url = server
    program = program_with(make_owed, url)
    act(program, "email", {"text": "one\n.\n..two\nthree"})
    work_off(program)
    [(_, _, content)] = handler.taken
    text = email.message_from_bytes(content, policy=default).get_content()
    assert text.splitlines()[:4] == ["one", ".", "..two", "three"]


def test_paper_of_another_customer_cannot_be_mailed(owed: Program) -> None:
    act(owed, "letter", {"stage": "make"})
    [document] = rows(owed, Document)
    command = {"mail_id": uuid7(), "customer_id": cast.RIVER, "document_id": document["id"], "to": "a@b.example"}
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.OTHER_REP, "collection.send_document", command)
    assert rows(owed, Mail) == []


def test_paper_is_mailed_once_with_the_usual_words(owed: Program) -> None:
    act(owed, "letter", {"stage": "make"})
    [document] = rows(owed, Document)
    command = {"mail_id": uuid7(), "customer_id": cast.HARBOUR, "document_id": document["id"], "to": "a@b.example"}
    for _ in range(2):
        owed.dispatcher.perform(cast.REP, "collection.send_document", command)
    row = mail_row(owed)
    assert row["subject"] == f"{document['number']} 号文书"
    assert "只付公司账户" in row["body"]
    assert len(rows(owed, Action)) == 1


def test_message_id_ends_in_the_senders_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    mail_domain.cache_clear()
    monkeypatch.setenv("FIELDSALES_MAIL_FROM", "海川五金 <ar@haichuan.example>")
    assert mail_domain() == "haichuan.example"
    mail_domain.cache_clear()
    monkeypatch.delenv("FIELDSALES_MAIL_FROM")
    assert mail_domain() == "mail.fieldsales.invalid"
