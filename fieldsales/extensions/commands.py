"""``python3 -m fieldsales plugin …``: a start, an overview, a judge for authors, and the switch."""

from __future__ import annotations

import keyword
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import click
from sqlalchemy.engine import make_url

from fieldsales.config import Settings
from fieldsales.extensions import attending, checking, scaffold
from fieldsales.extensions.requirements import requirements as lines_of
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.operation import SYSTEM
from fieldsales.kernel.sentences import say as sentence
from fieldsales.machine.speech import in_chinese, say
from fieldsales.places import data_dir
from fieldsales.plugin_api.fields import NAME, Labels, words
from fieldsales.plugin_api.loading import Found, in_folder, installed
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.reference import reference as api_reference
from fieldsales.store.engines import Store, make_engine
from fieldsales.web.here import Program


@click.group()
def plugin() -> None:
    """Begin, list, check, test and switch plugins."""


@plugin.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where to make it.")
@click.option("--title", default="", help="What people see, in Chinese.")
@click.option("--title-en", default="", help="What people see, in English; without it the name, capitalised.")
def new(name: str, into: Path, title: str, title_en: str) -> None:
    """Make the folder of a new collection method, with tests that pass."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise click.ClickException(f"{name!r}: a-z, 0-9, _; 2-40")
    folder = into / name
    if folder.exists():
        raise click.ClickException(f"{folder} exists / 已存在")
    taken = scaffold.taken(name, _loaded())
    if taken:
        raise click.ClickException(_said(taken))
    if sys.stdin.isatty():  # somebody is there to answer
        title = title or click.prompt(_said(words("中文名称", "Chinese title")), default="", show_default=False)
        title_en = title_en or click.prompt(_said(words("英文名称", "English title")),
                                            default=scaffold.titles(name, title, "")[1])  # fmt: skip
    try:
        title, title_en = scaffold.titles(name, title, title_en)
    except ValueError as error:
        raise click.ClickException(_said(words(
            f"名称 {error}：不超过 40 个字，不能有引号、括号或换行。",
            f"Title {error}: at most 40 signs, no quotes, braces or line breaks."))) from error
    scaffold.make(folder, name, title, title_en)
    say(f"已建立 {folder}：{title} · {title_en}。检查：python3 -m fieldsales plugin check {folder}",
         f"Made {folder}: {title} · {title_en}. Check it: python3 -m fieldsales plugin check {folder}")  # fmt: skip


def _said(labels: Labels) -> str:
    return labels["zh" if in_chinese() else "en"]


def _loaded() -> Plugins:
    """The plugins as the program would load them; a database that is not there yet is not made for it."""
    settings = Settings()
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        off = attending.off_by_settings(settings)
        return Plugins.load(data_dir("plugins"), settings.plugins_dir, without=off)
    engine = make_engine(settings.database)
    try:
        return attending.load(settings, Store(engine))
    finally:
        engine.dispose()


@plugin.command(name="list")
def list_plugins() -> None:
    """List every plugin found: name, version, origin, state, methods, last error."""
    for one in _loaded().status():
        parts = [one.name, one.version or "-", one.origin, one.state, ",".join(one.methods) or "-", one.last_error]
        click.echo("\t".join(parts).rstrip())


@plugin.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="What is lacking counts as wrong.")
def check(path: Path, strict: bool) -> None:
    """Look at one plugin (a folder, a .py or a .toml file): everything wrong, everything lacking, and what to do."""
    found = checking.found_at(path)
    if found is None:
        raise click.ClickException(_said(words(
            f"{path} 不是插件：要么是含 __init__.py 的文件夹，要么是 .py 或 .toml 文件，名字只含字母、数字和 _。",
            f"{path} is no plugin: a folder with an __init__.py, a .py or a .toml file, named by letters, digits, _.")))
    found_out = checking.examined(found, _those_beside(found))
    for one in found_out.wrong:
        say(f"不行：{one.said['zh']}\n      {one.todo['zh']}", f"Wrong: {one.said['en']}\n       {one.todo['en']}")
    for one in found_out.lacking:
        say(f"还缺：{one.said['zh']}\n      {one.todo['zh']}", f"Lacking: {one.said['en']}\n         {one.todo['en']}")
    if found_out.wrong or (strict and found_out.lacking):
        wrong, lacking = len(found_out.wrong), len(found_out.lacking)
        say(f"不能这样用：错 {wrong} 处，缺 {lacking} 处。", f"Not so: {wrong} wrong, {lacking} lacking.")
        sys.exit(1)
    said = ", ".join(found_out.brings)
    say(f"可以用：{said}", f"Sound: {said}")


def _those_beside(found: Found) -> Plugins:
    """The plugins of this machine but the one that is looked at: their names are taken."""
    own = Settings().plugins_dir
    every = [*in_folder(data_dir("plugins"), "built-in"), *installed(), *(in_folder(own, "file") if own else ())]
    plugins = Plugins()
    for one in every:
        if one.name != found.name or (one.origin == "built-in" and Path(one.where).resolve() != Path(found.where)):
            plugins.add(one)  # one's own of the same name is an earlier copy of it
    return plugins


@plugin.command(context_settings={"ignore_unknown_options": True})
@click.argument("name_or_folder")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(name_or_folder: str, arguments: tuple[str, ...]) -> None:
    """Run a plugin's own tests with the kit; a plugin is named by its folder, or by its name where it is found."""
    homes = [one for one in (Path(), Settings().plugins_dir, data_dir("plugins")) if one is not None]
    places = [one / name_or_folder for one in homes]
    folder = next((one for one in places if any((one / "tests").glob("test_*.py"))), None)
    if folder is None:
        raise click.ClickException(f"{name_or_folder}: no tests/test_*.py / 没有测试")
    if find_spec("pytest") is None:
        raise click.ClickException("pip install pytest")
    # without a cache: what is tested may lie where nothing should be written
    command = [sys.executable, "-m", "pytest", str(folder), "-p", "no:cacheprovider", *arguments]
    sys.exit(subprocess.call(command))


@plugin.command()
def requirements() -> None:
    """Print what another machine needs to have the same plugins, as a requirements file."""
    click.echo(lines_of(_loaded().status()), nl=False)


@plugin.command()
@click.argument("lang", type=click.Choice(["zh", "en"]), default="zh")
def reference(lang: str) -> None:
    """Print the reference of the plugin API as the code has it: every hook, every record."""
    click.echo(api_reference(lang), nl=False)


def _switch(verb: str, name: str, zh: str, en: str, **more: str) -> None:
    program = cast(Program, click.get_current_context().obj())
    try:
        program.dispatcher.perform(SYSTEM, f"extensions.{verb}", {"plugin": name} | more)
    except TradeError as error:
        raise click.ClickException(sentence(error.message, "zh" if in_chinese() else "en", **error.params)) from error
    say(zh, en)
    if verb != "disable" and name in attending.off_by_settings(program.settings):
        say("但 FIELDSALES_PLUGINS_OFF 让它保持关闭。", "But FIELDSALES_PLUGINS_OFF keeps it off.")


@plugin.command()
@click.argument("name")
@click.option("--reason", default="", help="Stands in the log and on the page of plugins.")
def disable(name: str, reason: str) -> None:
    """Switch a plugin off, in every running process within a second."""
    _switch("disable", name, f"{name} 已关闭。", f"{name} is off.", reason=reason)


@plugin.command()
@click.argument("name")
def enable(name: str) -> None:
    """Switch a plugin on, or load one again that could not be loaded."""
    _switch("enable", name, f"{name} 已打开，等它的记录随即补上。", f"{name} is on; what waited for it is applied.")


@plugin.command()
@click.argument("name")
def resume(name: str) -> None:
    """Ask a plugin again at once that hung."""
    _switch("resume", name, f"{name} 已恢复。", f"{name} is asked again.")
