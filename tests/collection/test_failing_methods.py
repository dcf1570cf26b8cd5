"""Methods that fail, hang or are gone: the action stays on record, the others go on, held records come back."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldsales.collection.models import Action, Mail
from fieldsales.documents.models import Document
from fieldsales.kernel.errors import RuleBroken, Stale
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from fieldsales.worker import held_if_back
from tests import cast
from tests.collection.conftest import need_plugin, rows, with_debt
from tests.collection.test_actions import act

EVIL = """
    import time
    from fieldsales.plugin_api import CollectionMethod, hookimpl, words

    def outcome(fields, facts):
        {body}

    @hookimpl
    def collection_methods():
        return [CollectionMethod("evil", words("坏", "Evil"), outcome, on=("visits.logged",))]
"""


def _with_evil(folder: Path, body: str) -> Plugins:
    indented = textwrap.indent(textwrap.dedent(body).strip(), "    ").strip()
    (folder / "evil.py").write_text(textwrap.dedent(EVIL).replace("{body}", indented), "utf-8")
    return Plugins.load(data_dir("plugins"), folder, with_installed=False, call_seconds=1.5)


@pytest.mark.parametrize("body", ["raise ValueError('no luck')", "time.sleep(30)", "return 'paid'", "raise SystemExit"])
def test_plugin_that_fails_leaves_the_action_on_record_unjudged(
    make_owed: Callable[..., Program], tmp_path: Path, body: str
) -> None:
    program = make_owed(_with_evil(tmp_path, body))
    answer = act(program, "evil", {"anything": "kept"})
    assert answer["outcome"] == ""
    assert answer["unjudged"].startswith("evil: ")
    [action] = rows(program, Action)
    assert action["fields"] == {"anything": "kept"}
    assert (action["plugin_error"], action["effect"]) == (answer["unjudged"], "")
    act(program, "phone", {"result": "refused"})
    assert len(rows(program, Action)) == 2


@pytest.mark.parametrize("body", ["raise ValueError('no luck')", "time.sleep(30)", "return 'paid'"])
def test_plugin_that_fails_on_an_event_does_not_touch_the_visit(
    make_owed: Callable[..., Program], tmp_path: Path, body: str
) -> None:
    need_plugin("visit")
    program = make_owed(_with_evil(tmp_path, body))
    envelopes = [
        Envelope(uuid7(), "visits.log_visit", {"visit_id": uuid7(), "customer_id": cast.HARBOUR, "outcome": "refused"})
        for _ in range(5)
    ]
    answers = program.dispatcher.perform_batch(cast.REP, envelopes)
    assert [answer.status for answer in answers] == ["applied"] * 5
    judged = [row for row in rows(program, Action) if row["method"] == "visit"]
    assert len(judged) == 5, "the shipped method judged every visit"


def test_action_of_a_method_that_hung_is_held_until_it_is_back(
    make_owed: Callable[..., Program], tmp_path: Path
) -> None:
    flag = tmp_path / "slow"
    flag.touch()
    plugins = _with_evil(tmp_path, f"""
        import os
        from fieldsales.plugin_api import Decision
        return time.sleep(30) if os.path.exists({str(flag)!r}) else Decision(words('好', 'Good'), 'good')
    """)
    program = make_owed(plugins)
    first = act(program, "evil", {})
    payload = {"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "evil", "fields": {}}
    envelope = Envelope(uuid7(), "collection.take_action", payload, raw={"payload": payload})
    [held] = program.dispatcher.perform_batch(cast.REP, [envelope])
    assert (held.status, held.code) == ("held", "collection.method_away")
    with pytest.raises(Stale):
        act(program, "evil", {})
    flag.unlink()
    plugins.resume("evil")
    [applied] = program.dispatcher.perform_batch(cast.REP, [envelope], again=frozenset({envelope.command_id}))
    assert applied.status == "applied"
    again = program.dispatcher.perform(cast.REP, "collection.judge_again", {
        "action_id": uuid7(), "customer_id": cast.HARBOUR, "of_action_id": first["action_id"]})
    assert again["outcome"] == "good"
    assert [row["outcome"] for row in rows(program, Action)] == ["", "good", "good"]
    with pytest.raises(RuleBroken):
        program.dispatcher.perform(cast.REP, "collection.judge_again", {
            "action_id": uuid7(), "customer_id": cast.HARBOUR, "of_action_id": again["action_id"]})


def test_deleting_any_method_leaves_the_others_working(
    make_app: Callable[..., Flask], sqlite_template: Path, tmp_path: Path
) -> None:
    names = [status.name for status in Plugins.load(data_dir("plugins"), with_installed=False).status()]
    samples: dict[str, Any] = {"phone": {"result": "refused"}, "letter": {"stage": "posted"}, "email": {}, "legal": {}}
    for gone in names:
        left = tmp_path / f"without_{gone}"
        shutil.copytree(data_dir("plugins"), left, ignore=shutil.ignore_patterns(gone, "__pycache__"))
        shutil.copy(sqlite_template, tmp_path / f"{gone}.db")
        program = with_debt(make_app(f"sqlite:///{tmp_path / f'{gone}.db'}", plugins=Plugins.load(left)))
        program.dispatcher.perform(cast.REP, "visits.log_visit", {
            "visit_id": uuid7(), "customer_id": cast.HARBOUR, "outcome": "refused"})
        for name, fields in samples.items():
            if name == gone:
                with pytest.raises(Stale):
                    act(program, name, fields, actor=cast.LEGAL)
            elif name in names:
                act(program, name, fields, actor=cast.LEGAL)
        assert gone not in {row["method"] for row in rows(program, Action)}


def test_record_held_for_a_method_that_is_away_is_applied_by_the_worker_once_it_is_back(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
) -> None:
    away = with_debt(make_app(sqlite_url, plugins=Plugins()))
    action_id = uuid7()
    command = {"command_id": uuid7(), "v": 1, "seq": 1, "operation": "collection.take_action", "entity_id": action_id,
               "needs": [], "base_rev": None, "form": None, "made_at": "2026-03-12T03:55:00.000Z", "mono": 1,
               "tz": "Asia/Shanghai", "app": "1", "blobs": []}  # fmt: skip
    payload = {"action_id": action_id, "customer_id": cast.HARBOUR, "method": "evil", "fields": {}}
    command |= {"payload": payload}
    envelope = Envelope(str(command["command_id"]), "collection.take_action", payload, raw=command)
    [answer] = away.dispatcher.perform_batch(cast.REP, [envelope])
    assert (answer.status, answer.code) == ("held", "collection.method_away")
    assert held_if_back(away) == 0
    decided = "from fieldsales.plugin_api import Decision; return Decision(words('好', 'Good'), 'good')"
    back: Program = make_app(sqlite_url, plugins=_with_evil(tmp_path, decided)).extensions["fieldsales"]
    assert held_if_back(back) == 1
    [action] = rows(back, Action)
    assert (action["id"], action["outcome"], action["by_id"]) == (action_id, "good", cast.REP.user_id)
    assert held_if_back(back) == 0


def test_method_cannot_mail_another_customers_paper(make_owed: Callable[..., Program], tmp_path: Path) -> None:
    program = make_owed()
    act(program, "letter", {"stage": "make"})
    [paper] = rows(program, Document)
    body = f"""
        from fieldsales.plugin_api import Decision, SendMail
        return Decision(words('寄', 'Send'), 'sent', effects=(SendMail('x@y.example', 's', 't', {paper['id']!r}),))
    """
    program.dispatcher.plugins = _with_evil(tmp_path, body)
    act(program, "evil", {}, actor=cast.OTHER_REP, customer_id=cast.RIVER)
    [mail] = rows(program, Mail)
    assert (mail["customer_id"], mail["document_id"]) == (cast.RIVER, None)
