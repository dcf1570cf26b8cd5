"""A form declared once: refused at a desk with the field named, held from a phone with a reason, drawn, kept, read."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from fieldsales.collection.messages import TakeAction
from fieldsales.collection.models import Action
from fieldsales.documents.models import Attachment
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.fields import FIELD_TYPES
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.models import Blob
from fieldsales.sync.messages import Forms
from tests.cast import HARBOUR, REP
from tests.collection.conftest import with_debt
from tests.plugins.test_fields import FIELDS, SHARED
from tests.sync.conftest import House
from tests.sync.phone import visit

EXAMPLES = Path(__file__).parent / "examples"
EVERY = '''
import json
from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl, words
from fieldsales.plugin_api.fields import field_of
FIELDS = tuple(field_of(one) for one in json.loads(%r))

@hookimpl
def collection_methods():
    return [CollectionMethod("every", words("样样", "Every"), lambda fields, facts: Decision(
        words("好", "Fine"), "done"), fields=FIELDS)]
'''
WAV = b"RIFF$\x00\x00\x00WAVEfmt " + b"\x00" * 64


def _command(fields: dict[str, Any], method: str = "every") -> dict[str, Any]:
    return {"action_id": uuid7(), "customer_id": HARBOUR, "method": method, "fields": fields}


def _fits(case: dict[str, Any]) -> bool:
    try:
        TakeAction.model_validate(_command({case["field"]: case["given"]}))
    except ValidationError:  # not even the shape of an answer: no form sends it
        return False
    return True


BAD = [case for case in SHARED["cases"] if "code" in case and _fits(case)]


@pytest.fixture
def every(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> House:
    """The program with a method that asks every type of field there is."""
    (tmp_path / "own").mkdir()
    source = EVERY % json.dumps([field.as_json() for field in FIELDS.values()])
    (tmp_path / "own" / "every.py").write_text(source, "utf-8")
    app = make_app(sqlite_url, plugins=Plugins.load(own=tmp_path / "own", with_installed=False))
    with_debt(app)
    return House(app, app.extensions["fieldsales"])


@pytest.fixture
def parcel(make_app: Callable[..., Flask], sqlite_url: str) -> House:
    """The program with the example that brings a screen, a template, static files and words."""
    app = make_app(sqlite_url, plugins=Plugins.load(own=EXAMPLES, with_installed=False))
    with_debt(app)
    return House(app, app.extensions["fieldsales"])


def test_every_type_that_is_breached_is_refused_at_a_desk_and_held_from_a_phone(every: House) -> None:
    assert {FIELDS[case["field"]].type for case in BAD} == set(FIELD_TYPES)
    for case in BAD:
        with pytest.raises(Invalid) as refused:
            every.program.dispatcher.perform(REP, "collection.take_action", _command({case["field"]: case["given"]}))
        assert (refused.value.field, refused.value.code) == (
            case.get("at", case["field"]), f"collection.field_{case['code']}")
    sent = [visit() | {"operation": "collection.take_action", "entity_id": (made := _command(
        {case["field"]: case["given"]}))["action_id"], "payload": made} for case in BAD]
    phone = every.phone()
    results = [one for at in range(0, len(sent), 50) for one in phone.results(*sent[at : at + 50])]
    for case, result in zip(BAD, results, strict=True):
        assert (result["status"], result["code"]) == ("held", f"collection.field_{case['code']}"), case
        assert "问题" in result["text"], case
        assert "%(" not in result["text"], case
    assert every.rows(Action) == []


def test_what_is_not_asked_is_not_kept_and_files_belong_to_the_action(parcel: House) -> None:
    phone = parcel.phone()
    sha256, tape = "a" * 64, {"sha256": "b" * 64, "mime": "audio/wav", "size": 80, "consent": True}
    command = _command({
        "result": "away", "at": "14:30", "told": False, "who": "老王", "signature": sha256, "tape": tape,
        "stock": [{"item": "水泥", "count": 3, "faulty": False, "fault": "wet"}],
    }, "parcel")  # fmt: skip
    envelope = visit() | {"operation": "collection.take_action", "entity_id": command["action_id"], "payload": command}
    assert [one["status"] for one in phone.results(envelope)] == ["applied"]
    [row] = parcel.rows(Action)
    assert row["fields"] == {"result": "away", "told": False, "signature": sha256, "tape": tape,
                             "stock": [{"item": "水泥", "count": 3, "faulty": False}]}
    assert [(one["slot"], one["sha256"], one["mime"]) for one in sorted(
        parcel.rows(Attachment), key=lambda one: str(one["slot"]))] == [
        ("signature", sha256, "image/png"), ("tape", "b" * 64, "audio/wav")]
    page = parcel.browser("rep").get(f"/actions/{row['id']}").get_data(as_text=True)
    assert "水泥" in page
    assert f'src="/api/v1/blobs/{"b" * 64}"' in page
    # a recording is no photo: the dossier on the phone does not list it among them
    dossier = json.dumps(phone.get("/sync/pull").get_json(), ensure_ascii=False)
    assert sha256 in dossier
    assert "b" * 64 not in dossier


def test_recording_comes_by_its_first_bytes_and_within_its_size(parcel: House) -> None:
    phone = parcel.phone()
    assert phone.upload(WAV, mime="audio/wav").get_json()["done"]
    assert phone.upload(WAV + b"x", mime="audio/mpeg").status_code == 422
    assert phone.upload(b"MZ" + b"\x00" * 100, mime="audio/wav").status_code == 422
    assert phone.post("/blobs", {"sha256": "c" * 64, "size": 21 * 1024 * 1024, "mime": "audio/wav"}).status_code == 422
    assert [row["mime"] for row in parcel.rows(Blob)] == ["audio/wav"]


def _post(house: House, **typed: Any) -> Any:
    return house.browser("rep").post(
        f"/customers/{HARBOUR}/actions/parcel", data={"command_id": uuid7(), **typed},
        content_type="multipart/form-data")  # fmt: skip


def test_office_form_reads_rows_a_place_and_a_recording_as_the_phone_sends_them(parcel: House) -> None:
    answer = _post(parcel, **{
        "result": "handed", "at": "14:30", "waited": "20", "where": "后门", "told": "1", "who": "老王",
        "stock.0.item": "水泥", "stock.0.count": "3", "stock.1.item": "", "stock.2.item": "沙", "stock.2.faulty": "1",
        "stock.2.fault": "wet", "tape": (io.BytesIO(WAV), "call.wav"), "tape.consent": "1",
    })  # fmt: skip
    assert answer.status_code == 303, answer.get_data(as_text=True)
    [row] = parcel.rows(Action)
    assert row["fields"].pop("tape")["mime"] == "audio/wav"
    assert row["fields"] == {
        "result": "handed", "at": "14:30", "waited": 20, "where": {"address": "后门"}, "told": True, "who": "老王",
        "stock": [{"item": "水泥", "count": 3}, {}, {"item": "沙", "faulty": True, "fault": "wet"}],
    }  # fmt: skip
    assert row["summary_zh"] == "包裹：已交付，清点 2 项"


def test_office_form_marks_what_is_wished_for_and_demands_nothing(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
) -> None:
    forms = {"every": FIELDS, "wished": {name: replace(field, required_hint=True) for name, field in FIELDS.items()}}
    for name, fields in forms.items():
        source = EVERY % json.dumps([field.as_json() for field in fields.values()])
        (tmp_path / f"{name}.py").write_text(source.replace('"every"', f'"{name}"'), "utf-8")
    app = make_app(sqlite_url, plugins=Plugins.load(own=tmp_path, with_installed=False))
    with_debt(app)
    browser = House(app, app.extensions["fieldsales"]).browser("rep")
    plain, wished = (browser.get(f"/customers/{HARBOUR}/actions/{name}").get_data(as_text=True) for name in forms)
    mark = '<em class="wish">最好填写</em>'
    assert (plain.count(mark), wished.count(mark)) == (0, len(FIELDS))
    main = wished[wished.index("<main"):wished.index("</main>")]
    assert " required" not in main
    assert "&lt;em" not in main


def test_office_form_names_the_row_that_is_wrong_and_keeps_what_was_typed(parcel: House) -> None:
    answer = _post(parcel, **{"result": "handed", "stock.0.item": "水泥", "stock.0.count": "-3", "where": "后门"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="stock.0.count-error"' in text
    assert "库存 1 · 数量" in text
    assert 'value="后门"' in text


def test_recording_nobody_agreed_to_is_refused_and_its_bytes_are_not_kept(parcel: House) -> None:
    answer = _post(parcel, result="handed", tape=(io.BytesIO(WAV), "call.wav"))
    assert answer.status_code == 422
    assert "须经对方同意" in answer.get_data(as_text=True)
    assert parcel.rows(Blob) == []
    assert _post(parcel, result="handed", tape=(io.BytesIO(b"MZ"), "x.wav"), **{"tape.consent": "1"}).status_code == 422


def test_template_and_words_of_a_plugin_are_drawn_behind_the_cores(parcel: House) -> None:
    form = parcel.browser("rep").get(f"/customers/{HARBOUR}/actions/parcel").get_data(as_text=True)
    assert "包裹服务记录在门口发生的事。" in form
    assert "插件改不了这个词" not in form


TRICKS = {
    "templates/layout.html": "shadowed {{ 1/0 }}", "templates/collection/method.html": "shadowed",
    "templates/tricky/form.html": "{{ nobody.knows }}", "translations/zh/broken.po": 'msgid "\nnonsense',
    "static/secret.py": "KEY = 1", "static/.hidden.js": "1", "static/tricky.js": "export default () => null;",
}  # fmt: skip
TRICKY = '''
from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl, words

@hookimpl
def collection_methods():
    return [CollectionMethod("tricky", words("捣乱", "Tricky"), lambda f, c: Decision(words("好", "Fine"), "done"),
                             screen="tricky.js", template="tricky/form.html")]
'''


@pytest.fixture
def tricky(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> House:
    """A plugin that stands in for the core's templates, breaks its own, and lays out what is not to be given."""
    home = tmp_path / "own" / "tricky"
    for name, text in ({"__init__.py": TRICKY} | TRICKS).items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")
    (home / "static" / "out.js").symlink_to("/etc/hostname")
    app = make_app(sqlite_url, plugins=Plugins.load(own=tmp_path / "own", with_installed=False))
    return House(app, app.extensions["fieldsales"])


def test_plugin_cannot_shadow_the_cores_templates_and_a_broken_one_costs_only_itself(tricky: House) -> None:
    client = tricky.browser("rep")
    page = client.get(f"/customers/{HARBOUR}/actions/tricky")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "shadowed" not in text
    assert "这种方式自带的页面出错了" in text
    assert "记入" in text or "<form" in text
    [status] = tricky.program.plugins.status()
    assert (status.errors, "nobody" in status.last_error) == (1, True)


def test_static_files_are_given_by_their_hash_and_nothing_else_is(tricky: House) -> None:
    client = tricky.app.test_client()
    [form] = [one for one in tricky.phone().get("/forms").get_json()["forms"] if one["method"] == "tricky"]
    address = form["screen"]
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "immutable" in answer.headers["Cache-Control"]
    folder = address.rpartition("/")[0]
    for name in ("secret.py", ".hidden.js", "out.js", "../__init__.py", "..%2f__init__.py", "nothing.js"):
        assert client.get(f"{folder}/{name}").status_code == 404, name
    assert client.get(address.replace(folder.rpartition("/")[2], "0" * 16)).status_code == 404
    worker = client.get("/sw.js").get_data(as_text=True)
    assert f'const BROUGHT = ["{address}"];' in worker
    tricky.program.plugins.become(Plugins.load(with_installed=False))
    assert client.get(address).status_code == 404
    assert address not in client.get("/sw.js").get_data(as_text=True)


def test_static_file_that_changes_has_another_address_and_makes_another_worker(tricky: House, tmp_path: Path) -> None:
    def seen() -> tuple[str, str]:
        forms = tricky.phone().get("/forms").get_json()["forms"]
        return forms[0]["screen"], tricky.app.test_client().get("/sw.js").get_data(as_text=True).partition("\n")[0]

    first = seen()
    (tmp_path / "own" / "tricky" / "static" / "tricky.js").write_text("export default () => undefined;", "utf-8")
    second = seen()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_too_much_of_static_files_is_not_given_at_all(tricky: House, tmp_path: Path) -> None:
    (tmp_path / "own" / "tricky" / "static" / "big.png").write_bytes(b"\x00" * (2 * 1024 * 1024 + 1))
    assert [form["screen"] for form in tricky.phone().get("/forms").get_json()["forms"]] == [""]


def test_schema_of_the_api_knows_every_type_and_every_form_given_fits_it(every: House) -> None:
    phone = every.phone()
    given = Forms.model_validate(phone.get("/forms").get_json())
    assert {field.type for form in given.forms for field in form.fields} == set(FIELD_TYPES)
    schema = phone.get("/openapi.json").get_json()["components"]["schemas"]
    assert set(schema["FormField"]["properties"]["type"]["enum"]) == set(FIELD_TYPES)
    assert schema["FormField"]["properties"]["fields"]["items"]["$ref"].endswith("/FormField")


def test_record_held_for_a_cell_of_a_row_is_put_right_at_its_own_question(parcel: House) -> None:
    command = _command({"result": "handed", "stock": [{"item": "水泥", "count": -3}]}, "parcel")
    envelope = visit() | {"operation": "collection.take_action", "entity_id": command["action_id"], "payload": command}
    [result] = parcel.phone().results(envelope)
    assert (result["status"], result["field"]) == ("held", "stock.0.count")
    client = parcel.browser("manager")
    page = client.get(f"/records/{result['command_id']}").get_data(as_text=True)
    assert "库存 1 · 数量" in page
    assert 'name="f.fields.stock.0.count"' in page
    client.post(f"/records/{result['command_id']}/right", data={"command_id": uuid7(), "f.fields.stock.0.count": "3"})
    [row] = parcel.rows(Action)
    assert row["fields"]["stock"] == [{"item": "水泥", "count": 3}]
