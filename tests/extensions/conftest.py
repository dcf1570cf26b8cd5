"""A plugin of the tests' own that keeps what it is told to keep, and says what it was shown."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from tests import cast

#: Does what ``told`` says, in Python: ``e`` is the list of effects to fill.
KEEPER = """
    from fieldsales.plugin_api import (CollectionMethod, Decision, Field, Forget, Keep, Setting, SettingsForm,
                                       hookimpl, words)

    def outcome(fields, facts):
        e, kept = [], {{(one.customer_id != "", one.kind, one.key): one for one in facts.kept}}
        exec(fields.get("told", ""))
        seen = ";".join(f"{{one.kind}}/{{one.key}}={{dict(one.body)}} v{{one.version}}" for one in facts.kept)
        return Decision(words(seen[:400] or "无", str(dict(facts.settings))), "done", effects=tuple(e))

    @hookimpl
    def collection_methods():
        fields = (Field("told", "prose", words("话", "Told")),)
        return [CollectionMethod("{name}", words("记", "Keep"), outcome, fields=fields)]

    @hookimpl
    def settings():
        return [SettingsForm((
            Setting(Field("days", "number", words("天数", "Days"), minimum=1, maximum=30), default=3),
            Setting(Field("token", "text", words("令牌", "Token")), secret=True),
        ))]
"""


def write_keeper(folder: Path, name: str, source: str = KEEPER) -> None:
    """Put a plugin of that name, and with a method of that name, into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(textwrap.dedent(source).format(name=name), "utf-8")


@pytest.fixture
def keepers(tmp_path: Path) -> Path:
    """A folder with two plugins that keep what they are told."""
    for name in ("keeper", "other"):
        write_keeper(tmp_path / "own", name)
    return tmp_path / "own"


@pytest.fixture
def make_kept(make_app: Callable[..., Flask], keepers: Path) -> Callable[[str], Program]:
    """A program of its own with the two, on that database."""

    def make(url: str) -> Program:
        plugins = Plugins.load(None, keepers, with_installed=False)
        found: Program = make_app(url, plugins=plugins).extensions["fieldsales"]
        return found

    return make


@pytest.fixture
def kept(make_kept: Callable[[str], Program], main_url: str) -> Program:
    """The program with the two plugins."""
    return make_kept(main_url)


def tell(program: Program, told: str, *, method: str = "keeper", actor: Actor = cast.REP,
         customer_id: str = cast.HARBOUR) -> dict[str, Any]:
    """Have a plugin do something; answers what the action answers (``summary``: what it was shown)."""
    return program.dispatcher.perform(actor, "collection.take_action", {
        "action_id": uuid7(), "customer_id": customer_id, "method": method, "fields": {"told": told}})
