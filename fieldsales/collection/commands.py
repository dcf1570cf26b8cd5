"""``python3 -m fieldsales plugin new|list|check``: a start, an overview, and a judge for plugin authors."""

from __future__ import annotations

import keyword
import sys
from pathlib import Path

import click

from fieldsales.config import Settings
from fieldsales.machine.speech import say
from fieldsales.places import data_dir
from fieldsales.plugin_api import testing
from fieldsales.plugin_api.fields import NAME
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins

METHOD = '''\
"""{title}: say in one sentence how this collects."""

from __future__ import annotations

from datetime import timedelta

from fieldsales.plugin_api import (
    CaseFacts, Choice, CollectionMethod, Decision, Field, Fields, Problem, hookimpl, words,
)

__version__ = "0.1"

FIELDS = (
    Field("result", "choice", words("结果", "Result"), required_hint=True, choices=(
        Choice("done", words("办成", "Done")),
        Choice("not_done", words("没办成", "Not done")),
    )),
    Field("note", "prose", words("备注", "Note")),
)


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """What to object to. A warning is Problem(..., blocking=False)."""
    return []


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What it means. Same answers, same decision: no clock, no files, no network."""
    if fields.get("result") == "done":
        return Decision(words("{title}：办成", "{title}: done"), "done", grade="C", effect="demand")
    return Decision(
        words("{title}：没办成", "{title}: not done"), "not_done",
        next_step=words("改天再办", "Try again"), next_on=facts.today + timedelta(days=1),
    )


METHOD = CollectionMethod("{name}", words("{title}", "{title}"), outcome, fields=FIELDS, check=check)


@hookimpl
def collection_methods():
    return [METHOD]
'''
TEST = '''\
"""Tests of {name} alone: no database, no app."""

from __future__ import annotations

from fieldsales.plugin_api.testing import contract, judge

from .. import METHOD


def test_{name}_keeps_the_contract() -> None:
    contract(METHOD)


def test_{name}_done_is_a_demand() -> None:
    decision = judge(METHOD, {{"result": "done"}})
    assert (decision.effect, decision.grade) == ("demand", "C")
'''
README = '''\
# {name}

A collection method for fieldsales. Copy this folder into the folder named by `FIELDSALES_PLUGINS_DIR`.

    python3 -m fieldsales plugin check {name}
    python3 -m pytest {name}
'''


@click.group()
def plugin() -> None:
    """Begin, list and check plugins."""


@plugin.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where to make it.")
@click.option("--title", default="", help="What people see.")
def new(name: str, into: Path, title: str) -> None:
    """Make the folder of a new collection method, with a test that passes."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise click.ClickException(f"{name!r}: a-z, 0-9, _; 2-40")
    folder = into / name
    if folder.exists():
        raise click.ClickException(f"{folder} exists / 已存在")
    (folder / "tests").mkdir(parents=True)
    places = {"name": name, "title": title or name}
    (folder / "__init__.py").write_text(METHOD.format(**places), encoding="utf-8")
    (folder / "tests" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "tests" / f"test_{name}.py").write_text(TEST.format(**places), encoding="utf-8")
    (folder / "README.md").write_text(README.format(**places), encoding="utf-8")
    say(f"已建立 {folder}。检查：python3 -m fieldsales plugin check {folder}",
         f"Made {folder}. Check it: python3 -m fieldsales plugin check {folder}")  # fmt: skip


@plugin.command(name="list")
def list_plugins() -> None:
    """List every plugin found: name, version, origin, state, methods, last error."""
    settings = Settings()
    without = [name.strip() for name in settings.plugins_off.split(",") if name.strip()]
    for one in Plugins.load(data_dir("plugins"), settings.plugins_dir, without=without).status():
        parts = [one.name, one.version or "-", one.origin, one.state, ",".join(one.methods) or "-", one.last_error]
        click.echo("\t".join(parts).rstrip())


@plugin.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def check(path: Path) -> None:
    """Load one plugin alone (a folder or a .py file) and hold its methods to their contract."""
    path = path.resolve()
    found = [one for one in in_folder(path.parent, "file") if Path(one.where) == path]
    if not found:
        raise click.ClickException(f"{path}: __init__.py? .py?")
    plugins = Plugins()
    status = plugins.add(found[0])
    if status.state != "active":
        say(f"装不上：{status.last_error}", f"Does not load: {status.last_error}")
        sys.exit(1)
    for method in plugins.methods.values():
        try:
            testing.contract(method)
        except Exception as error:  # whatever an author's method raises is what he wants to read
            say(f"{method.name}：{error}", f"{method.name}: {type(error).__name__}: {error}")
            sys.exit(1)
    said = ", ".join((*status.methods, *status.hooks))
    say(f"可以用：{said}", f"Sound: {said}")
