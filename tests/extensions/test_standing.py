"""On and off in every process, kept failures, and phones' records that come back with their plugin."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import cast as cast_to

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from fieldsales.cli import _program
from fieldsales.collection.models import Action
from fieldsales.extensions.models import PluginFault, PluginState
from fieldsales.extensions.standing import Standing, standing_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor, Envelope
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody
from fieldsales.web.here import Program
from fieldsales.worker import follow_plugins
from tests import cast
from tests.collection.conftest import rows
from tests.extensions.conftest import tell, write_keeper


def switch(program: Program, verb: str, plugin: str = "keeper", actor: Actor = cast.ADMIN, **more: str) -> None:
    program.dispatcher.perform(actor, f"extensions.{verb}", {"plugin": plugin} | more)


def state(program: Program, plugin: str = "keeper") -> str:
    return next(one.state for one in program.plugins.status() if one.name == plugin)


def from_phone(method: str = "keeper") -> Envelope:
    action_id = uuid7()
    payload = {"action_id": action_id, "customer_id": cast.HARBOUR, "method": method, "fields": {}}
    command = {"command_id": uuid7(), "v": 1, "seq": 1, "operation": "collection.take_action", "entity_id": action_id,
               "needs": [], "base_rev": None, "form": None, "made_at": "2026-03-12T03:55:00.000Z", "mono": 1,
               "tz": "Asia/Shanghai", "app": "1", "blobs": [], "payload": payload}  # fmt: skip
    return Envelope(str(command["command_id"]), "collection.take_action", payload, raw=command)


def test_plugin_switched_off_here_is_off_in_the_other_process_and_its_records_come_back(
    any_url: str, make_kept: Callable[[str], Program]
) -> None:
    web, worker = make_kept(any_url), make_kept(any_url)
    switch(web, "disable", reason="试用结束")
    assert standing_of(web).look(at_once=True)
    assert state(web) == "disabled"
    standing_of(worker)._looked = 0.0
    assert follow_plugins(worker)
    assert (state(worker), state(worker, "other")) == ("disabled", "active")
    [answer] = web.dispatcher.perform_batch(cast.REP, [from_phone()])
    assert (answer.status, answer.code) == ("held", "collection.method_away")
    with pytest.raises(Stale):
        tell(web, "")
    with pytest.raises(RuleBroken):
        switch(web, "disable")
    switch(web, "enable")
    standing_of(worker)._looked = 0.0
    assert follow_plugins(worker), "the worker follows, and applies what was held"
    [action] = rows(worker, Action)
    assert (action["method"], action["outcome"], action["by_id"]) == ("keeper", "done", cast.REP.user_id)
    assert not standing_of(worker).look(at_once=True), "nothing has changed since"


def test_plugin_switched_off_is_not_even_imported_at_the_next_start(
    make_app: Callable[..., Flask], kept: Program, keepers: Path, main_url: str
) -> None:
    switch(kept, "disable")
    trace = keepers.parent / "imported"
    source = (keepers / "keeper.py").read_text("utf-8")
    (keepers / "keeper.py").write_text(f"open({str(trace)!r}, 'a').close()\n{source}", "utf-8")
    program: Program = make_app(main_url, plugins_dir=keepers).extensions["fieldsales"]
    assert (state(program), trace.exists()) == ("disabled", False)
    switch(program, "enable")
    assert standing_of(program).look(at_once=True)
    assert (state(program), trace.exists()) == ("active", True)


def test_what_the_machine_switches_off_stays_off(make_app: Callable[..., Flask], keepers: Path, main_url: str) -> None:
    program: Program = make_app(main_url, plugins_dir=keepers, plugins_off="keeper").extensions["fieldsales"]
    switch(program, "enable")
    assert standing_of(program).look(at_once=True)
    assert state(program) == "disabled"


def test_only_administrators_switch_and_set_and_only_what_is_there(kept: Program) -> None:
    for operation in ("extensions.disable", "extensions.enable", "extensions.resume", "extensions.set_aside",
                      "extensions.set_settings"):  # fmt: skip
        command = {"plugin": "keeper"} | ({"given": {}} if operation == "extensions.set_settings" else {})
        for actor in (cast.REP, cast.MANAGER, cast.FINANCE, cast.LEGAL):
            with pytest.raises(NotAllowed):
                kept.dispatcher.perform(actor, operation, command)
        with pytest.raises(NotFound):
            kept.dispatcher.perform(SYSTEM, operation, command | {"plugin": "nobody"})
    assert rows(kept, PluginState) == []


def test_who_switched_and_why_stands_in_the_audit_log(kept: Program) -> None:
    switch(kept, "disable", reason="试用结束")
    with kept.store.reading() as connection:
        bodies = list(connection.scalars(select(table_of(AuditBody).c.body)))
    assert any("extensions.disable" in body and "试用结束" in body and cast.ADMIN.user_id in body for body in bodies)


def test_name_taken_by_another_is_free_once_the_other_is_off(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    source = (keepers / "keeper.py").read_text("utf-8")
    (keepers / "later.py").write_text(source, "utf-8")  # brings the method "keeper" too
    program: Program = make_app(main_url, plugins_dir=keepers).extensions["fieldsales"]
    assert (state(program), state(program, "later")) == ("active", "failed")
    switch(program, "disable")
    standing_of(program).look(at_once=True)
    assert (state(program), state(program, "later")) == ("disabled", "active")


def test_one_tiny_read_a_second_and_none_of_it_in_a_request(
    kept: Program, app: Flask, count_queries: Callable[..., Any], main_url: str
) -> None:
    standing = standing_of(kept)
    with count_queries(kept.store.engine) as seen:
        for _ in range(3):
            standing._looked = 0.0
            assert not standing.look()
    assert seen == []
    standing.look(at_once=True)
    began = time.perf_counter()
    for _ in range(1000):
        standing.look()
    assert time.perf_counter() - began < 0.5, "between two looks it costs nothing"


HUNG = """
    import os, time
    from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl, words

    def outcome(fields, facts):
        if os.path.exists({flag!r}):
            time.sleep(5)
        return Decision(words("好", "Good"), "good")

    @hookimpl
    def collection_methods():
        return [CollectionMethod("slow", words("慢", "Slow"), outcome)]
"""


@pytest.fixture
def hanging(tmp_path: Path) -> Callable[[], Plugins]:
    """Plugins with one that hangs while ``tmp_path / "flag"`` is there; loaded anew for every process."""
    (tmp_path / "flag").touch()
    write_keeper(tmp_path / "hung", "slow", HUNG.replace("{flag!r}", repr(str(tmp_path / "flag"))))
    return lambda: Plugins.load(None, tmp_path / "hung", with_installed=False, call_seconds=0.5)


def test_plugin_that_hung_in_one_process_is_left_alone_in_all_until_somebody_resumes_it(
    make_app: Callable[..., Flask], main_url: str, hanging: Callable[[], Plugins], tmp_path: Path
) -> None:
    apps = [make_app(main_url, plugins=hanging()) for _ in range(2)]
    web, worker = (one.extensions["fieldsales"] for one in apps)
    assert "hung" in tell(worker, "", method="slow")["unjudged"]
    standing_of(worker).process, standing_of(worker)._told = "worker", time.monotonic()
    assert not follow_plugins(worker), "told at once, whatever was told a moment ago; the next look is to come"
    [fault] = rows(web, PluginFault)
    assert (fault["id"], fault["count"], fault["why"], fault["process"]) == ("slow", 1, "hung", "worker")
    standing_of(web)._looked = 0.0
    apps[0].test_client().get("/login")
    assert state(web, "slow") == "suspended", "within a second of the next request, without being asked itself"
    [answer] = web.dispatcher.perform_batch(cast.REP, [from_phone("slow")])
    assert (answer.status, answer.code) == ("held", "collection.method_away")
    later: Program = make_app(main_url, plugins=hanging()).extensions["fieldsales"]
    assert state(later, "slow") == "suspended", "a process that starts meanwhile knows"
    (tmp_path / "flag").unlink()
    switch(web, "resume", "slow")
    standing_of(worker)._looked = 0.0
    assert follow_plugins(worker)
    assert [one["outcome"] for one in rows(web, Action)] == ["", "good"], "what was held is judged"
    assert standing_of(later).look(at_once=True)
    assert state(later, "slow") == "active"


def test_hang_after_hang_waits_longer_and_the_fourth_waits_for_a_person(
    kept: Program, clock: FixedClock, make_kept: Callable[[str], Program], main_url: str
) -> None:
    waits = []
    for _ in range(4):
        for _process in range(2):  # two that hang at the same moment are one hang
            kept.dispatcher.perform(SYSTEM, "extensions.set_aside", {"plugin": "keeper", "why": "no answer"})
        [row] = rows(kept, PluginState)
        waits.append((row["until"] - row["at"]).total_seconds() if row["until"] else None)
        clock.at = (row["until"] or clock.at) + timedelta(seconds=1)
    assert waits == [60, 120, 240, None]
    clock.at += timedelta(days=30)
    other = make_kept(main_url)
    assert (state(other), state(other, "other")) == ("suspended", "active"), "neither a month nor a restart ends it"
    switch(other, "resume")
    kept.dispatcher.perform(SYSTEM, "extensions.set_aside", {"plugin": "keeper", "why": "no answer"})
    assert rows(kept, PluginState)[0]["hangs"] == 1, "who resumes it forgives"
    clock.at += timedelta(days=2)
    kept.dispatcher.perform(SYSTEM, "extensions.set_aside", {"plugin": "keeper", "why": "no answer"})
    assert rows(kept, PluginState)[0]["hangs"] == 1, "and a day does"


def test_hang_does_not_switch_on_what_was_switched_off(kept: Program) -> None:
    switch(kept, "disable")
    kept.dispatcher.perform(SYSTEM, "extensions.set_aside", {"plugin": "keeper", "why": "no answer"})
    assert rows(kept, PluginState)[0]["state"] == "disabled"
    with pytest.raises(NotAllowed):
        switch(kept, "set_aside")


def test_command_that_ends_tells_what_hung_in_it(
    make_app: Callable[..., Flask], main_url: str, hanging: Callable[[], Plugins], monkeypatch: pytest.MonkeyPatch
) -> None:
    program: Program = make_app(main_url, plugins=hanging()).extensions["fieldsales"]
    monkeypatch.setattr("fieldsales.opening.program", lambda: program)

    @click.command()
    def hang() -> None:
        tell(cast_to(Program, click.get_current_context().obj()), "", method="slow")

    done = CliRunner().invoke(hang, obj=_program, standalone_mode=False)
    assert done.exception is None
    assert [(one["id"], one["state"]) for one in rows(program, PluginState)] == [("slow", "aside")]


def test_changed_files_are_loaded_at_the_next_look_when_authors_ask_for_it(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    asleep: Program = make_app(main_url, plugins_dir=keepers).extensions["fieldsales"]
    program: Program = make_app(main_url, plugins_dir=keepers, plugins_reload=True).extensions["fieldsales"]
    write_keeper(keepers, "fresh")
    (keepers / "other.py").unlink()
    source = (keepers / "keeper.py").read_text("utf-8")
    (keepers / "keeper.py").write_text(source.replace('"Keep")', '"Keep it")'), "utf-8")
    assert standing_of(program).look()
    assert program.plugins.methods["keeper"].labels["en"] == "Keep it"
    assert set(program.plugins.methods) >= {"keeper", "fresh"}
    assert "other" not in program.plugins.methods
    (keepers / "keeper.py").write_text("this is no Python", "utf-8")
    assert standing_of(program).look()
    assert (state(program), state(program, "fresh")) == ("failed", "active")
    assert not standing_of(asleep).look(at_once=True)
    assert asleep.plugins.methods["keeper"].labels["en"] == "Keep"


def test_changed_template_is_drawn_at_the_next_request_when_authors_ask_for_it(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    folder = keepers / "parcel" / "templates" / "parcel"
    folder.mkdir(parents=True)
    (keepers / "parcel" / "__init__.py").write_text("", "utf-8")
    (folder / "form.html").write_text("first", "utf-8")
    app = make_app(main_url, plugins_dir=keepers, plugins_reload=True)
    assert app.jinja_env.get_template("parcel/form.html").render() == "first"
    (folder / "form.html").write_text("second", "utf-8")
    app.test_client().get("/login")
    assert app.jinja_env.get_template("parcel/form.html").render() == "second"


def test_program_without_tables_starts_all_the_same(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    program: Program = make_app(f"sqlite:///{tmp_path / 'nothing.db'}").extensions["fieldsales"]
    assert isinstance(standing_of(program), Standing)
    assert not standing_of(program).look(at_once=True)
