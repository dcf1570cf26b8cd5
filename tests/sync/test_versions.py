"""Phones, forms and the program have versions of their own: nothing that was filled in is lost on the way between."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldsales.collection.models import Action, FormVersion
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import OPERATIONS, Command, Id, operation
from fieldsales.kernel.text import Prose
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.models import CommandReceipt
from fieldsales.sync.service import let_methods_follow
from fieldsales.visits.models import Note
from fieldsales.visits.service import may_work_with
from tests.cast import HARBOUR
from tests.collection.conftest import with_debt
from tests.sync.conftest import House
from tests.sync.phone import visit

COURIER = '''
from fieldsales.plugin_api import Choice, CollectionMethod, Decision, Field, hookimpl, words

def outcome(fields, facts):
    said = fields.get("answer", "nothing")
    return Decision(summary={"zh": f"答复：{said}", "en": f"Answer: {said}"}, outcome=str(said))

@hookimpl
def collection_methods():
    return [CollectionMethod("courier", words("快递", "Courier"), outcome, fields=FIELDS, version=VERSION)]
'''
FIRST = '''
VERSION = 1
FIELDS = (Field("answer", "choice", words("答复", "Answer"), choices=(
              Choice("yes", words("付", "pays")), Choice("no", words("不付", "refuses")))),
          Field("parcel", "text", words("包裹号", "Parcel"), maximum=5))
'''
SECOND = '''
VERSION = 2
FIELDS = (Field("answer", "choice", words("答复", "Answer"), choices=(Choice("later", words("以后", "later")),)),
          Field("day", "date", words("日期", "Day")))
'''


@pytest.fixture
def courier(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> Callable[[str], House]:
    """The program with the plugin ``courier`` as it is written, on one and the same database."""
    folder = tmp_path / "plugins"
    folder.mkdir()

    def start(fields: str) -> House:
        (folder / "courier.py").write_text(textwrap.dedent(COURIER + fields), "utf-8")
        if not fields:
            (folder / "courier.py").unlink()
        app = make_app(sqlite_url, plugins=Plugins.load(own=folder, with_installed=False))
        return House(app, app.extensions["fieldsales"])

    return start


def action(version: int, **fields: Any) -> dict[str, Any]:
    """An action as the phone saved it on a form of ``version``."""
    action_id = uuid7()
    payload = {"action_id": action_id, "customer_id": HARBOUR, "method": "courier", "form_version": version,
               "fields": fields}
    return visit() | {"operation": "collection.take_action", "entity_id": action_id, "payload": payload,
                      "form": {"id": "method.courier", "version": version}}


def test_form_that_was_given_out_is_kept_whatever_the_plugin_becomes(courier: Callable[[str], House]) -> None:
    house = courier(FIRST)
    with_debt(house.app)
    forms = house.phone().get("/forms").get_json()["forms"]
    assert [(form["id"], form["version"]) for form in forms] == [("method.courier", 1)]
    house = courier(SECOND)
    house.phone().get("/forms")
    assert {row["id"] for row in house.rows(FormVersion)} == {"courier@1", "courier@2"}


def test_action_on_an_older_form_is_judged_by_that_forms_fields(courier: Callable[[str], House]) -> None:
    house = courier(FIRST)
    with_debt(house.app)
    house.phone().get("/forms")
    house = courier(SECOND)
    phone = house.phone()
    results = phone.results(
        action(1, answer="no", parcel="A12"), action(1, answer="maybe"), action(1, parcel="A123456"))
    assert [(r["status"], r["code"]) for r in results] == [
        ("applied", ""), ("held", "collection.field_not_a_choice"), ("held", "collection.field_too_large")]
    (row,) = house.rows(Action)
    # "no" is no answer of today's form: it stays on record, and the method is not told what it cannot know
    assert (row["fields"], row["form_version"]) == ({"answer": "no", "parcel": "A12"}, 1)
    assert row["outcome"] == "nothing"
    shown = house.browser("rep").get(f"/actions/{row['id']}").get_data(as_text=True)
    assert "不付" in shown
    assert "包裹号" in shown


def test_action_of_a_plugin_withdrawn_is_held_and_follows_when_it_is_back(courier: Callable[[str], House]) -> None:
    house = courier(FIRST)
    with_debt(house.app)
    house.phone().get("/forms")
    house = courier("")
    sent = action(1, answer="yes")
    (result,) = house.phone().results(sent)
    assert (result["status"], result["code"]) == ("held", "collection.method_away")
    house = courier(FIRST)
    let_methods_follow(house.program.dispatcher)
    assert [row["outcome"] for row in house.rows(Action)] == ["yes"]
    assert house.phone().results(sent)[0]["status"] == "applied"


class _Later(Command):
    note_id: Id
    customer_id: Id
    said: Prose
    mood: str


@pytest.fixture
def second_version() -> Any:
    """``tests.note`` in its second version: ``words`` became ``said``, and ``mood`` is new."""

    def raised(old: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in old.items() if name != "words"}
        return rest | {"said": old["words"], "mood": "unknown"}

    @operation("tests.note", _Later, needs=lambda c: (), guard=may_work_with, version=2, upcasters={1: raised})
    def note(work: Any, command: _Later) -> None:
        """Keep a note, as a test."""
        work.insert(Note, id=command.note_id, customer_id=command.customer_id, user_id=work.actor.user_id, kind="note",
                    text=f"{command.said} ({command.mood})", occurred_at=work.now, received_at=work.now)

    yield
    del OPERATIONS["tests.note"]


def of_version(v: int, **payload: Any) -> dict[str, Any]:
    note_id = uuid7()
    return visit() | {"operation": "tests.note", "v": v, "entity_id": note_id,
                      "payload": {"note_id": note_id, "customer_id": HARBOUR} | payload}


def test_command_of_an_older_app_is_raised_to_the_present_version(both: House, second_version: None) -> None:
    old, new = of_version(1, words="月底付"), of_version(2, said="月中付", mood="calm")
    broken = of_version(1, other="?")
    results = both.phone().results(old, new, broken)
    assert [(r["status"], r["code"]) for r in results] == [("applied", ""), ("applied", ""), ("rejected", "unreadable")]
    assert sorted(row["text"] for row in both.rows(Note)) == ["月中付 (calm)", "月底付 (unknown)"]
    assert both.phone().results(old)[0]["duplicate"] is True


def test_command_of_a_newer_app_is_kept_and_judged_when_the_server_knows_it(both: House, request: Any) -> None:
    sent = of_version(2, said="月中付", mood="calm")
    phone = both.phone()
    (result,) = phone.results(sent)
    assert (result["status"], result["code"]) == ("held", "unknown_operation")
    assert both.rows(CommandReceipt)[0]["raw"]["payload"]["mood"] == "calm"
    request.getfixturevalue("second_version")  # the server is upgraded
    let_methods_follow(both.program.dispatcher)
    assert [row["text"] for row in both.rows(Note)] == ["月中付 (calm)"]
    assert phone.get(f"/sync/status?ids={sent['command_id']}").get_json()["results"][0]["status"] == "applied"


def test_version_newer_than_the_server_knows_is_kept_too(both: House, second_version: None) -> None:
    (result,) = both.phone().results(of_version(3, said="x", mood="calm"))
    assert (result["status"], result["code"]) == ("held", "unknown_version")
