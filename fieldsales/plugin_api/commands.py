"""Commands (命令行) a plugin brings: ``python3 -m fieldsales x <plugin> <command>``, for lists and exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Labels, Value
from fieldsales.plugin_api.keeping import Kept
from fieldsales.plugin_api.markers import hookspec

#: How long one line may be.
LONGEST_LINE = 2000
_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """What a command is shown. ``case(code_or_id)``: one customer's case, None when there is none.

    ``overdue()``: the cases of all customers with something overdue, the largest sum first, read as they are asked for.
    """

    now: datetime
    today: date
    case: Callable[[str], CaseFacts | None]
    overdue: Callable[[], Iterator[CaseFacts]]
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class CliCommand:
    """One command. ``name``: lower case with hyphens. ``options``: Fields, each an option ``--name``.

    ``run(options, facts)`` yields the lines to print; an ``int`` among them ends it and is the exit code.
    """

    name: str
    labels: Labels
    run: Callable[[Mapping[str, Value], CommandFacts], Iterable[str | int]]
    options: tuple[Field, ...] = ()


def command(given: Any) -> CliCommand:
    """A command, or Garbage."""
    need = validate.need
    need(type(given) is CliCommand, f"a command must be a CliCommand, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(_NAME.fullmatch(given.name)), f"command name {given.name!r}")
    what = f"command {given.name}"
    validate.labels(given.labels, f"{what}: labels", 120)
    need(callable(given.run), f"{what}: run must be a function")
    need(isinstance(given.options, tuple) and len(given.options) <= 20, f"{what}: options must be at most 20 fields")
    names = [validate.field(one).name for one in given.options]
    need(len(set(names)) == len(names), f"{what}: two options have the same name")
    checked: CliCommand = given
    return checked


def line(given: Any) -> str | int:
    """One line of output or the exit code, or Garbage."""
    if type(given) is int:
        validate.need(0 <= given <= 255, f"an exit code must be 0 to 255, not {given}")
        return given
    validate.need(isinstance(given, str), f"a command must yield lines of text, not {type(given).__name__}")
    validate.need(len(given) <= LONGEST_LINE, f"a line is longer than {LONGEST_LINE} characters")
    return str(given)


class CommandHooks:
    """Hooks for the command line."""

    @hookspec
    def cli_commands(self) -> Any:
        """Commands of the command line, under this plugin's own name.

        When: once, as the program starts; ``run`` when somebody types ``python3 -m fieldsales x <plugin> <command>``.
        Returns: CliCommand records; a name may stand once in a plugin.
        Errors: one bad record fails the whole plugin. What ``run`` raises, or a line it may not print, ends the
        command with exit code 1 and says why; nothing else suffers.
        Since: API 1.

        Example::

            @hookimpl
            def cli_commands():
                return [CliCommand("unanswered", {"zh": "没有回复的邮件", "en": "Mails without an answer"}, unanswered)]
        """
