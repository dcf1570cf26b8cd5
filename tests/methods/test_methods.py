"""Methods written on the page: kept in versions, in use at once, on the phone, in the books, and off again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from fieldsales.collection.measuring import effects_now
from fieldsales.collection.models import Action, Task
from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.errors import Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.methods.models import WrittenMethod
from fieldsales.methods.typed import press
from fieldsales.plugin_api.loading import in_folder, written
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.written import read
from fieldsales.receivables.models import Interruption
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.contacting import read_gate
from fieldsales.workday.steps import steps_of
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.methods.reading_forms import editor_of
from tests.methods.written_cases import EVERYTHING, EXAMPLES, VOICE_CALL, WITNESS
from tests.sync.phone import Phone

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64 + b"\xff\xd9"


def write(program: Program, text: str = WITNESS, was: int = 0, actor: Actor = cast.MANAGER) -> dict[str, Any]:
    answer = program.dispatcher.perform(actor, "methods.write_method", {"text": text, "was": was, "note": "初稿"})
    standing_of(program).look(at_once=True)
    return answer


def taken(method: str, version: int, **fields: Any) -> dict[str, Any]:
    """An action by the method, as it lies in a phone's outbox."""
    action_id = uuid7()
    return {
        "command_id": uuid7(), "v": 1, "seq": 1, "operation": "collection.take_action", "entity_id": action_id,
        "needs": [], "base_rev": None, "form": {"id": f"method.{method}", "version": version},
        "made_at": "2026-03-12T03:55:00.000Z", "mono": 1, "tz": "Asia/Shanghai", "app": "1", "blobs": [],
        "payload": {"action_id": action_id, "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
                    "method": method, "form_version": version, "fields": fields,
                    "occurred_at": "2026-03-12T03:55:00Z", "source_kind": "", "source_id": ""},
    }


def test_written_method_is_on_the_phone_in_the_books_and_in_the_figures(
    make_app: Callable[..., Flask], any_url: str
) -> None:
    app = make_app(any_url)
    program = with_debt(app)
    write(program, VOICE_CALL)
    phone = Phone(entered(app, "rep"))
    [form] = [one for one in phone.get("/forms").get_json()["forms"] if one["method"] == "voice_call"]
    assert form["version"] == 1
    assert [one["name"] for one in form["fields"]] == ["result", "meet_on", "said", "screenshot"]
    [result] = phone.results(taken("voice_call", 1, result="asked_time", said="月底给"))
    assert result["status"] == "applied", result
    [action] = [one for one in rows(program, Action) if one["method"] == "voice_call"]
    assert (action["outcome"], action["grade"], action["effect"]) == ("asked_time", "C", "agreement")
    assert action["summary_zh"] == "微信语音：对方请求宽限，原话：月底给"
    assert (action["next_step"], action["next_on"]) == ("约定具体还款日，记成承诺", date(2026, 3, 13))
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"], interruption["proof_id"]) == ("agreement", "C", action["id"])
    assert {(one["kind"], one["due_on"]) for one in rows(program, Task) if one["source_id"] == action["id"]} == {
        ("next_step", date(2026, 3, 13)), ("follow_up", date(2026, 3, 13))}
    assert "微信语音：对方请求宽限" in str(phone.get("/sync/pull?cursor=0").get_json())
    with program.store.reading() as connection:
        measured = effects_now(connection, date(2026, 4, 12), "Asia/Shanghai", "CNY")
    assert [one.uses for one in measured if one.method == "voice_call"] == [1]
    page = entered(app, "manager").get(f"/actions/{action['id']}").get_data(as_text=True)
    assert "月底给" in page
    assert "微信语音约见" in page
    steps = entered(app, "manager").get("/steps").get_data(as_text=True)
    assert "微信语音约见" in steps


def entered(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"login": login, "password": cast.PASSWORD}).status_code == 302
    return client


def test_question_that_changes_raises_the_form_and_the_old_one_stays_readable(any_url: str,
                                                                             make_app: Callable[..., Flask]) -> None:
    app = make_app(any_url)
    program = with_debt(app)
    assert write(program) == {"name": "witness", "n": 1, "form_version": 1}
    phone = Phone(entered(app, "rep"))
    phone.get("/forms")
    same = WITNESS.replace("没见到人，未送达", "没见到人，没送成")
    assert write(program, same, 1)["form_version"] == 1
    more = same.replace("拒签，留置送达", "拒收，留置送达", 1).replace('name = "photo"', 'name = "picture"').replace(
        'field = "photo"', 'field = "picture"')
    assert write(program, more, 2) == {"name": "witness", "n": 3, "form_version": 2}
    [result] = phone.results(taken("witness", 1, result="left", witness_name="老周", photo=["a" * 64]))
    assert result["status"] == "applied", result
    [action] = rows(program, Action)
    assert (action["outcome"], action["form_version"]) == ("left", 1)
    assert action["fields"]["photo"] == ["a" * 64]
    [kept] = [one["text"] for one in rows(program, WrittenMethod) if one["n"] == 3]
    assert read(kept).document["version"] == 2


def test_form_version_passes_what_another_plugin_of_this_name_gave_out(app: Flask) -> None:
    program = with_debt(app)
    write(program)
    Phone(entered(app, "rep")).get("/forms")
    program.dispatcher.note(lambda connection: connection.execute(table_of(WrittenMethod).delete()))
    assert write(program)["form_version"] == 2


def test_switched_off_it_is_nowhere_and_phones_records_wait_for_it(app: Flask, log_in: Callable[[str], FlaskClient]
                                                                  ) -> None:
    program, manager = with_debt(app), log_in("manager")
    write(program)
    assert "witness" in program.plugins.methods
    assert manager.post("/methods/witness/switch", data={"on": ""}).status_code == 303
    assert "witness" not in program.plugins.methods
    assert "已关闭" in manager.get("/methods").get_data(as_text=True)
    phone = Phone(log_in("rep"))
    assert "witness" not in [one["method"] for one in phone.get("/forms").get_json()["forms"]]
    record = taken("witness", 1, result="away")
    [held] = phone.results(record)
    assert (held["status"], rows(program, Action)) == ("held", [])
    assert manager.post("/methods/witness/switch", data={"on": "1"}).status_code == 303
    assert "witness" in program.plugins.methods
    assert [one["is_on"] for one in rows(program, WrittenMethod)] == [True, False, True]


def test_another_process_knows_it_as_soon_as_it_looks(make_app: Callable[..., Flask], any_url: str) -> None:
    here: Program = make_app(any_url).extensions["fieldsales"]
    there: Program = make_app(any_url).extensions["fieldsales"]
    write(here)
    assert "witness" not in there.plugins.methods
    assert standing_of(there).look(at_once=True)
    assert "witness" in there.plugins.methods
    assert not standing_of(there).look(at_once=True)
    later: Program = make_app(any_url).extensions["fieldsales"]
    assert "witness" in later.plugins.methods


def test_only_keepers_write_and_only_what_can_be_read(program: Program) -> None:
    with pytest.raises(NotAllowed):
        write(program, actor=cast.REP)
    with pytest.raises(Invalid) as wrong:
        write(program, WITNESS.replace("level = 2", "level = 9"))
    assert "第 9 行" in str(wrong.value.params)
    assert rows(program, WrittenMethod) == []
    write(program)
    off = {"name": "witness", "was": 1, "is_on": False}
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.REP, "methods.switch_method", off)
    with pytest.raises(RuleBroken, match="moved"):
        program.dispatcher.perform(cast.ADMIN, "methods.switch_method", off | {"was": 7})
    assert "witness" in program.plugins.methods


def test_name_of_another_plugin_and_an_older_page_are_refused(make_app: Callable[..., Flask], sqlite_url: str,
                                                              tmp_path: Any) -> None:
    (tmp_path / "courier.toml").write_text(WITNESS.replace('"witness"', '"courier"', 1), encoding="utf-8")
    plugins = Plugins()
    for found in in_folder(tmp_path, "file"):
        plugins.add(found)
    program: Program = make_app(sqlite_url, plugins=plugins).extensions["fieldsales"]
    with pytest.raises(RuleBroken, match="name_taken"):
        write(program, WITNESS.replace('"witness"', '"courier"', 1))
    write(program)
    with pytest.raises(RuleBroken, match="name_taken"):
        write(program)
    write(program, was=1)
    with pytest.raises(RuleBroken, match="moved"):
        write(program, was=1)


def test_use_beyond_the_cap_is_on_record_with_a_warning_and_not_suggested(app: Flask) -> None:
    program = with_debt(app)
    write(program, VOICE_CALL.replace("times = 3", "times = 1"))
    phone = Phone(entered(app, "rep"))
    for said in ("月底给", "下月给"):
        [result] = phone.results(taken("voice_call", 1, result="asked_time", said=said))
        assert result["status"] == "applied", result
    first, second = sorted(rows(program, Action), key=lambda one: one["received_at"])
    assert first["warnings"] == []
    assert [one["zh"] for one in second["warnings"]] == ["7 天内此方式最多用 1 次，这次超过了。"]
    page = phone.client.get(f"/customers/{cast.HARBOUR}/actions/voice_call").get_data(as_text=True)
    assert "7 天内最多用 1 次，已经用满" in page, "the office's form says so before"
    with program.store.reading() as connection:
        gate = read_gate(connection, [cast.HARBOUR], cast.TODAY, program.plugins)[cast.HARBOUR]
    assert gate["used"] == {"voice_call": [cast.TODAY.isoformat()] * 2}, "and so can the phone's"


def test_page_takes_a_file_in_tries_it_and_gives_it_out_again(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    program, manager = with_debt(app), log_in("manager")
    sent = {"file": (io.BytesIO(WITNESS.encode()), "witness.toml")}
    page = manager.post("/methods/import", data=sent).get_data(as_text=True)
    assert program.plugins.method("witness") is None
    form = editor_of(page)
    bare = [pair for pair in form if not pair[0].startswith("try.")]
    tried = MultiDict([*bare, ("do", "look"), ("try.result", "signed"), ("try.signed_by", "王会计"), ("try.photo", "1"),
                       ("try.delivered_on", "2026-03-12")])
    page = manager.post("/methods/write", data=tried).get_data(as_text=True)
    assert "见证送达 2026年3月12日，王会计签收" in page
    assert "A · 签字或盖章" in page
    assert manager.post("/methods/write", data=MultiDict([*form, ("do", "save")])).status_code == 303
    assert manager.get("/methods/witness/file").data.decode() == WITNESS
    with zipfile.ZipFile(io.BytesIO(manager.get("/methods/witness/python").data)) as archive:
        assert "witness/tests/test_witness.py" in archive.namelist()
    for path in ("/methods", "/methods/new?of=witness", "/methods/witness/edit?n=1", "/methods/witness/history"):
        assert manager.get(path).status_code == 200, path
    assert "初稿" not in manager.get("/methods/witness/history").get_data(as_text=True)


def test_editor_carries_everything_there_is_unchanged(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    manager, sent = log_in("manager"), io.BytesIO(EVERYTHING.encode())
    page = manager.post("/methods/import", data={"file": (sent, "everything.toml")}).get_data(as_text=True)
    assert manager.post("/methods/write", data=MultiDict([*editor_of(page), ("do", "save")])).status_code == 303
    carried = read(manager.get("/methods/everything/file").data).document
    assert {**carried, "version": 4} == read(EVERYTHING).document


def test_question_taken_out_takes_its_conditions_with_it() -> None:
    document = press(dict(read(WITNESS).document), "drop:fields.4")
    assert "'photo'" not in str([document["fields"], document["checks"], document["outcomes"]])
    assert press(document, "drop:fields.99") == document
    assert [one["code"] for one in press(document, "up:outcomes.1")["outcomes"]] == ["left", "signed", "away"]


def test_bad_file_is_told_line_by_line_and_nothing_is_kept(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    bad = WITNESS.replace("level = 2", "level = 9").encode()
    answer = log_in("manager").post("/methods/import", data={"file": (io.BytesIO(bad), "x.toml")})
    assert answer.status_code == 422
    assert "第 9 行 · use.level" in answer.get_data(as_text=True)


def test_shipped_examples_are_read_and_offered(log_in: Callable[[str], FlaskClient]) -> None:
    page = log_in("manager").get("/methods").get_data(as_text=True)
    for path in EXAMPLES.glob("*.toml"):
        assert read(path.read_text(encoding="utf-8")).document["labels"]["zh"] in page


def test_every_row_is_kept_as_it_was_written(program: Program) -> None:
    write(program)
    with program.store.reading() as connection:
        row = connection.execute(select(table_of(WrittenMethod))).one()
    assert (row.id, row.by_id, row.note, row.is_on) == ("witness@1", cast.MANAGER.user_id, "初稿", True)


def test_cap_that_is_reached_takes_the_method_out_of_the_next_step(app: Flask) -> None:
    program = with_debt(app)
    plugins = Plugins()
    plugins.add(written("voice_call", "page", "", "1", lambda: VOICE_CALL.replace("times = 3", "times = 1")))

    def suggested() -> str:
        with program.store.reading() as connection:
            step = steps_of(connection, [cast.HARBOUR], program.today, plugins)[cast.HARBOUR]
        return step.suggestion.method

    assert suggested() == "voice_call"
    write(program, VOICE_CALL)
    [result] = Phone(entered(app, "rep")).results(taken("voice_call", 1, result="no_answer"))
    assert result["status"] == "applied"
    assert suggested() == ""
