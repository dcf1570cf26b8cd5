"""Text messages to debtors, over real TLS to a provider of the test's own: sent at most once, followed to the phone."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldsales.collection.case_models import ContactMade, ContactStop
from fieldsales.collection.models import Task
from fieldsales.collection.texting import parts_of
from fieldsales.collection.textmodels import TextMessage
from fieldsales.kernel.errors import RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Envelope
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.models import Interruption
from fieldsales.reminders.texting import ASK_AFTER, POLL_TOPIC, ask_state, send_text
from fieldsales.store.models import OutboxRow
from fieldsales.web import outward
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.reminders.conftest import Outside

PLUGIN = '''
from fieldsales.plugin_api import (
    CollectionMethod, Decision, Field, MessageSender, MessageState, OutPost, SendText, StopContact, hookimpl, words,
)

def outcome(fields, facts):
    if fields.get("text") == "stop":
        return Decision(words("退订", "Stop"), "stop", effects=(StopContact("objection", "T", "陈海"),))
    text = SendText("138 0571 2222", fields.get("text") or f"请付 {facts.balance}", "firm", {"open": "1"}, "demand")
    return Decision(words("短信", "Text"), "queued", effects=(text,))

def build(message, settings):
    return OutPost(WHERE + "/send", form={"to": message.to, "text": message.text, "id": message.id,
                                          "key": settings["secret"]})

def poll(sent, settings, at):
    return OutPost(WHERE + "/states", {"ids": [one.number for one in sent]})

def states(answer):
    return [MessageState(one["id"], one["state"], one.get("why", "")) for one in answer["states"]]

@hookimpl
def collection_methods():
    return [CollectionMethod("texter", words("短信", "Text"), outcome, 
        fields=(Field("text", "prose", words("内容", "Text")),))]

@hookimpl
def message_senders():
    return [MessageSender("house_sms", words("短信", "Text"), ("127.0.0.1",), build,
                          poll=poll, states=states, at_once=10)]
'''


@pytest.fixture
def house(make_app: Callable[..., Any], main_url: str, tmp_path: Path, outside: Outside) -> Program:
    """The program with a provider of text messages, and somebody who owes."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "texter.py").write_text(f'WHERE = "{outside.url}"' + PLUGIN, encoding="utf-8")
    return with_debt(make_app(main_url, plugins=Plugins.load(None, folder, with_installed=False),
                              sms_sender="house_sms", sms_secret="s3", remind_private=True))


def send(program: Program, text: str = "", **more: Any) -> dict[str, Any]:
    command = {"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "texter",
               "fields": {"text": text} if text else {}} | more
    return program.dispatcher.perform(cast.REP, "collection.take_action", command)


def work_off(program: Program) -> None:
    while run_once(program):
        pass


def last(program: Program) -> dict[str, Any]:
    return rows(program, TextMessage)[-1]


def test_text_is_handed_over_once_and_proves_arrival_when_the_network_says_so(
    house: Program, outside: Outside
) -> None:
    outside.answers = [(200, {"code": 0, "id": "P1"})]
    send(house)
    work_off(house)
    [(path, headers, body)] = outside.came
    assert (path, headers["content-type"]) == ("/send", "application/x-www-form-urlencoded")
    assert b"key=s3" in body
    text = last(house)
    assert (text["state"], text["provider_number"], text["parts"], text["cost_minor"]) == ("sent", "P1", 1, 5)
    assert rows(house, Interruption) == []  # handed over is not arrived
    [contact] = rows(house, ContactMade)
    assert (contact["channel"], contact["demand"]) == ("message", True)
    [waits] = [row for row in rows(house, OutboxRow) if row["topic"] == POLL_TOPIC]
    assert waits["due_at"] - text["sent_at"] == ASK_AFTER[0]
    outside.answers = [(200, {"states": [{"id": "P1", "state": "waiting"}]})]
    ask_state(house, waits["payload"])
    assert json.loads(outside.came[-1][2]) == {"ids": ["P1"]}
    assert last(house)["state"] == "sent"
    assert len([row for row in rows(house, OutboxRow) if row["topic"] == POLL_TOPIC]) == 2  # asked again later
    outside.answers = [(200, {"states": [{"id": "P1", "state": "delivered"}, {"id": "else", "state": "failed"}]})]
    ask_state(house, {"text_id": text["id"], "step": 1})
    assert last(house)["state"] == "delivered"
    [interruption] = rows(house, Interruption)
    assert (interruption["ground"], interruption["grade"], interruption["proof_kind"]) == ("demand", "B", "text")
    outside.answers = [(200, {"states": [{"id": "P1", "state": "failed"}]})]
    ask_state(house, {"text_id": text["id"], "step": 2})
    assert (last(house)["state"], len(outside.came)) == ("delivered", 3)  # settled: not even asked
    house.dispatcher.perform(SYSTEM, "collection.record_text", {
        "text_id": text["id"], "customer_id": cast.HARBOUR, "state": "failed", "answer": "too late"})
    assert (last(house)["state"], rows(house, Task)) == ("delivered", [])


def test_what_was_not_surely_refused_is_never_sent_again(house: Program, outside: Outside) -> None:
    for answer, state, reason in [
        ((200, {"code": 7, "msg": "余额不足"}), "failed", "7 余额不足"),
        ((403, {"errmsg": "key"}), "failed", "403 key"),
        ((500, {}), "unsure", "500"), ((0, {}), "unsure", "BadStatusLine"), ((503, {}), "queued", "503"),
    ]:  # fmt: skip
        outside.answers = [answer]
        send(house)
        run_once(house)
        text = last(house)
        assert text["state"] == state, text["answer"]
        assert reason in text["answer"]
        told = [row for row in rows(house, Task) if row["kind"] == "text_failed" and row["source_id"] == text["id"]]
        assert len(told) == (state != "queued")
    outside.answers = [(200, {"code": 0, "id": "P9"})]  # a busy provider took nothing: the same message, once more
    send_text(house, {"text_id": text["id"]})
    assert (last(house)["state"], last(house)["attempts"]) == ("sent", 2)
    assert len({body for _, _, body in outside.came}) == 5  # the second try of the last bears the same id


def test_message_that_was_cut_off_is_unsure_and_a_dead_provider_is_tried_again(
    house: Program, outside: Outside, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        def hang_up() -> None:
            line, _ = deaf.accept()
            line.recv(10)
            line.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(outward.Unreachable) as cut:
            outward.post(f"http://127.0.0.1:{deaf.getsockname()[1]}/", b"x", {}, private=True)
    assert isinstance(cut.value, outward.Unanswered)
    with pytest.raises(outward.Unreachable) as dead:
        outward.post("http://127.0.0.1:1/", b"x", {}, private=True)
    assert not isinstance(dead.value, outward.Unanswered)
    send(house)
    text = last(house)
    house.dispatcher.perform(SYSTEM, "collection.begin_text", {
        "text_id": text["id"], "customer_id": cast.HARBOUR, "sender": "house_sms"})
    work_off(house)  # the worker before this one died while sending
    assert (last(house)["state"], outside.came) == ("unsure", [])


def test_they_want_no_messages_by_report_or_by_their_word(house: Program, outside: Outside) -> None:
    outside.answers = [(200, {"code": 0, "id": "P1"})]
    send(house)
    work_off(house)
    outside.answers = [(200, {"states": [{"id": "P1", "state": "stopped", "why": "用户退订"}]})]
    ask_state(house, {"text_id": last(house)["id"], "step": 0})
    [stop] = rows(house, ContactStop)
    assert (stop["kind"], stop["words"]) == ("objection", "用户退订")
    assert last(house)["state"] == "failed"
    send(house, "stop")
    assert len(rows(house, ContactStop)) == 2
    answer = send(house)
    assert answer["outcome"] == "held_back"  # from now on the gate holds what disturbs
    assert len(rows(house, TextMessage)) == 1


def test_words_that_never_leave_are_corrected_at_a_desk_and_held_from_a_phone(
    house: Program, outside: Outside
) -> None:
    with pytest.raises(RuleBroken, match="曝光你"):
        send(house, "再不还钱就曝光你")
    payload = {"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "texter",
               "fields": {"text": "老赖，其余的免了吧"}}
    envelope = Envelope(uuid7(), "collection.take_action", payload, raw={"payload": payload})
    [answer] = house.dispatcher.perform_batch(cast.REP, [envelope])
    assert answer.status == "held"
    assert rows(house, TextMessage) == []


def test_house_without_a_provider_says_so(make_app: Callable[..., Any], main_url: str, tmp_path: Path) -> None:
    (tmp_path / "texter.py").write_text('WHERE = "https://127.0.0.1"' + PLUGIN, encoding="utf-8")
    house = with_debt(make_app(main_url, plugins=Plugins.load(None, tmp_path, with_installed=False)))
    send(house)
    work_off(house)
    assert (last(house)["state"], last(house)["answer"]) == ("failed", "no provider of text messages is set")


@pytest.mark.parametrize(("text", "parts"), [("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("a" * 135, 3), ("", 1)])
def test_parts_as_they_are_paid(text: str, parts: int) -> None:
    assert parts_of(text) == parts
