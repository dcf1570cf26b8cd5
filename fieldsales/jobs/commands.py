"""``python3 -m fieldsales x <plugin> <command>``: the commands plugins bring, each with its declared options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click
from sqlalchemy import select

from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import case_for
from fieldsales.customers.models import Customer
from fieldsales.jobs.queries import kept_by
from fieldsales.kernel.operation import SYSTEM
from fieldsales.kernel.sentences import say as said
from fieldsales.machine.speech import in_chinese, say
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.commands import CliCommand, CommandFacts, line
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Value
from fieldsales.plugin_api.isolation import describe
from fieldsales.plugin_api.keeping import Kept
from fieldsales.store.base import table_of

_customers = table_of(Customer)
#: Cases are read so many at a time.
_PAGE = 50


class PluginCommands(click.Group):
    """Every plugin that brings commands, by its name; below it, its commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The plugins that bring commands."""
        return sorted({plugin for plugin, _one in _declared(_program())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One plugin's commands."""
        program = _program()
        ours = [one for plugin, one in _declared(program) if plugin == cmd_name]
        if not ours:
            return None
        group = click.Group(cmd_name, help=_words({"zh": f"插件 {cmd_name} 的命令", "en": f"Commands of {cmd_name}"}))
        for one in ours:
            group.add_command(_as_click(program, cmd_name, one))
        return group


@click.group(cls=PluginCommands, name="x")
def plugin_commands() -> None:
    """Commands that plugins bring: x PLUGIN COMMAND."""


def _program() -> Any:
    return click.get_current_context().find_root().obj()


def _declared(program: Any) -> list[tuple[str, CliCommand]]:
    found = program.plugins.declared("cli_commands")
    return [(program.plugins.brought_by("cli_commands", name), one) for name, one in found.items()]


def _words(labels: Any) -> str:
    return str(labels["zh" if in_chinese() else "en"])


def _as_click(program: Any, plugin: str, one: CliCommand) -> click.Command:
    options = [
        click.Option([f"--{field.name.replace('_', '-')}", field.name], help=_help(field), is_flag=field.type == "bool")
        for field in one.options
    ]

    def call(**given: Any) -> None:
        click.get_current_context().exit(run(program, plugin, one, given))

    return click.Command(one.name, params=list(options), callback=call, help=_words(one.labels))


def _help(field: Field) -> str:
    offered = "|".join(choice.value for choice in field.choices)
    return _words(field.labels) + (f" ({offered})" if offered else "")


def run(program: Any, plugin: str, one: CliCommand, given: dict[str, Any]) -> int:
    """Run a command and print its lines; returns its exit code: 1 when it failed, 2 when an option is wrong."""
    values, wrong = read_fields(one.options, {name: _typed(one, name, text) for name, text in given.items()})
    for refusal in wrong:
        say(said_of(refusal, "zh"), said_of(refusal, "en"), error=True)
    if wrong:
        return 2
    try:
        for printed in _lines(one, values, facts_for(program, plugin)):
            if isinstance(printed, int):
                return printed
            click.echo(printed)
    except BrokenPipeError:
        raise
    except Exception as error:  # a plugin's fault ends its own command only
        say(f"插件 {plugin} 的命令 {one.name} 出错：{describe(error)}",
            f"The command {one.name} of {plugin} failed: {describe(error)}", error=True)
        return 1
    return 0


def said_of(refusal: Any, lang: str) -> str:
    """Why an option is refused."""
    return said(refusal.message, lang, **refusal.params)


def _typed(one: CliCommand, name: str, text: Any) -> Any:
    """An option as the form's JSON has it: whole numbers for number and money."""
    field = next(each for each in one.options if each.name == name)
    if field.type in ("number", "money") and isinstance(text, str) and text.lstrip("-").isdigit():
        return int(text)
    return text


def _lines(one: CliCommand, values: dict[str, Value], facts: CommandFacts) -> Iterator[str | int]:
    given: Iterable[Any] = one.run(values, facts)
    validate.need(isinstance(given, Iterable) and not isinstance(given, str), "a command must yield lines")
    for printed in given:
        yield line(printed)


def facts_for(program: Any, plugin: str) -> CommandFacts:
    """What a plugin's command is shown."""
    with program.store.reading() as connection:
        kept = kept_by(connection, plugin)

    def case(wanted: str) -> CaseFacts | None:
        with program.store.reading() as connection:
            c = _customers.c
            found = connection.scalar(select(c.id).where((c.code == wanted) | (c.id == wanted)))
        return next(iter(_cases(program, plugin, kept, [found])), None) if found else None

    return CommandFacts(program.clock.now(), program.today, case, _overdue(program, plugin, kept),
                        program.plugins.settings_of(plugin), kept)


def _overdue(program: Any, plugin: str, kept: tuple[Kept, ...]) -> Callable[[], Iterator[CaseFacts]]:
    def overdue() -> Iterator[CaseFacts]:
        c = _customers.c
        with program.store.reading() as connection:
            ids = list(connection.scalars(
                select(c.id).where(c.overdue_minor > 0).order_by(c.overdue_minor.desc(), c.id)))
        for start in range(0, len(ids), _PAGE):
            yield from _cases(program, plugin, kept, ids[start:start + _PAGE])

    return overdue


def _cases(program: Any, plugin: str, kept: tuple[Kept, ...], ids: list[str]) -> Iterator[CaseFacts]:
    with program.store.reading() as connection:
        files = load_case_files(connection, ids)
    for key in ids:
        if key in files:
            facts = case_for(files[key], SYSTEM, program.clock.now(), program.today)
            own = tuple(one for one in kept if one.customer_id in ("", key))
            yield program.plugins.shown(plugin, facts, own)
