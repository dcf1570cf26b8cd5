"""The plugin tutorial, done to the letter in a clean folder: every file it shows, every command it gives."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from fieldsales.collection.measuring import effects_now
from fieldsales.collection.models import Action
from fieldsales.kernel.ids import uuid7
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.models import Interruption
from fieldsales.workday.queries import dossiers
from fieldsales.workday.steps import steps_of
from tests import cast
from tests.collection.conftest import rows, with_debt

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "fieldsales" / "handbook" / "plugin-author"
BLOCK = re.compile(r"```(\w+)(?: file=(\S+))?\n(.*?)```", re.DOTALL)


def blocks(lang: str) -> list[tuple[str, str, str]]:
    """(language, file, text) of every fenced block of the page."""
    return BLOCK.findall(PAGE.with_suffix(f".{lang}.md").read_text("utf-8"))


def run(command: str, folder: Path, python: Path, environment: dict[str, str]) -> str:
    """One command of the page, as its reader would type it, with the wheel's Python."""
    words = shlex.split(command)
    assert words[:2] == ["python3", "-m"], command
    done = subprocess.run([str(python), *words[1:]], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=120)  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def courier(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder after the tutorial, and what each command printed. Nothing but the wheel is there."""
    folder = tmp_path_factory.mktemp("author")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
                   "FIELDSALES_HOME": str(folder / "home"), "FIELDSALES_PLUGINS_DIR": str(folder)}  # fmt: skip
    printed = {}
    for language, file, text in blocks("zh"):
        if language == "python" and file:
            (folder / file).write_text(text, "utf-8")
        elif language == "python":
            compile(text, "an excerpt", "exec")
        elif language == "console":
            for command in text.strip().splitlines():
                printed[command] = run(command, folder, elsewhere, environment)
    return folder, printed


def test_tutorial_says_the_same_in_both_languages() -> None:
    assert blocks("zh") == blocks("en")
    assert len(blocks("zh")) >= 8


@pytest.mark.slow
def test_tutorial_commands_all_work(courier: tuple[Path, dict[str, str]]) -> None:
    _, printed = courier
    assert "8 passed" in printed["python3 -m pytest courier"]
    assert "courier\t1.0\tfile\tactive\tcourier" in printed["python3 -m fieldsales plugin list"]
    assert "courier" in printed["python3 -m fieldsales plugin check courier"]


def test_tutorial_method_works_in_the_program(
    courier: tuple[Path, dict[str, str]], make_app: Callable[..., Flask], sqlite_url: str
) -> None:
    folder, _ = courier
    program = with_debt(make_app(sqlite_url, plugins=Plugins.load(data_dir("plugins"), folder, with_installed=False)))
    [form] = [one for one in program.plugins.forms() if one["method"] == "courier"]
    assert form["labels"] == {"zh": "专人送达", "en": "Courier"}
    program.dispatcher.perform(cast.REP, "collection.take_action", {
        "action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "courier",
        "fields": {"result": "signed", "signed_by": "王会计", "receipt": ["a" * 64], "delivered_on": "2026-03-12"}})
    [action] = rows(program, Action)
    assert (action["outcome"], action["grade"], action["effect"]) == ("delivered", "A", "demand")
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"]) == ("demand", "A")


def test_courier_shows_on_the_customers_page(
    courier: tuple[Path, dict[str, str]], make_app: Callable[..., Flask], sqlite_url: str
) -> None:
    app = make_app(sqlite_url, plugins=Plugins.load(data_dir("plugins"), courier[0], with_installed=False))
    with_debt(app)
    client = app.test_client()
    client.post("/login", data={"login": "manager", "password": cast.PASSWORD})
    page = client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert f"/customers/{cast.HARBOUR}/actions/courier" in page
    form = client.get(f"/customers/{cast.HARBOUR}/actions/courier").get_data(as_text=True)
    for words in ("专人送达", "当面签收", "签收单照片"):
        assert words in form


def test_courier_is_weighed_counted_and_proves_in_every_place(
    courier: tuple[Path, dict[str, str]], make_app: Callable[..., Flask], sqlite_url: str
) -> None:
    """Next step, effect statistics, limitation clock and the phone's dossier know it; no JavaScript was written."""
    app = make_app(sqlite_url, plugins=Plugins.load(data_dir("plugins"), courier[0], with_installed=False))
    program, today = with_debt(app), cast.TODAY
    assert not list(courier[0].rglob("*.js"))
    with program.store.reading() as connection:
        before = steps_of(connection, [cast.HARBOUR], today, program.plugins)[cast.HARBOUR]
    assert "courier" in {way.name for way in before.facts.ways}
    program.dispatcher.perform(cast.REP, "collection.take_action", {
        "action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "courier",
        "fields": {"result": "signed", "signed_by": "王会计", "receipt": ["a" * 64], "delivered_on": "2026-03-12"}})
    with program.store.reading() as connection:
        after = steps_of(connection, [cast.HARBOUR], today, program.plugins)[cast.HARBOUR]
        effects = effects_now(connection, today + timedelta(days=20), "Asia/Shanghai", "CNY")
        dossier = dossiers(connection, [cast.HARBOUR], today, "CNY", program.plugins)[cast.HARBOUR]
    assert (before.contacted_on, after.contacted_on) == (None, today)
    assert {one.method for one in effects} == {"courier"}
    assert "专人送达 2026-03-12，王会计签收" in json.dumps(dossier["timeline"], ensure_ascii=False)
    assert "2029-03-12" in json.dumps(dossier["limitation_detail"])  # three years from the demand
