"""The commands a plugin brings: declared, typed, shown the cases, and unable to break anything but themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from fieldsales.jobs.commands import plugin_commands
from fieldsales.plugin_api import CliCommand, words
from fieldsales.plugin_api.commands import command, line
from fieldsales.plugin_api.validate import Garbage
from fieldsales.web.here import Program
from tests.collection.conftest import with_debt


def call(program: Program, *words_: str) -> Result:
    return CliRunner().invoke(plugin_commands, words_, obj=lambda: program)


@pytest.fixture
def owing(make_clerk: Callable[..., Program]) -> Program:
    program = make_clerk()
    return with_debt_of(program)


def with_debt_of(program: Program) -> Program:
    class App:
        extensions = {"fieldsales": program}

    return with_debt(App())  # type: ignore[arg-type]


def test_command_prints_what_is_overdue_and_reads_its_options(owing: Program) -> None:
    assert "overdue" in call(owing, "clerk", "--help").output
    assert call(owing, "clerk", "overdue").output == "海港五金商行 ¥150,000.00\n"
    assert call(owing, "clerk", "overdue", "--least", "15000001").exit_code == 3
    refused = call(owing, "clerk", "overdue", "--least", "many")
    assert (refused.exit_code, "¥" in refused.output) == (2, False)


def test_command_that_fails_or_is_not_there_says_so(owing: Program) -> None:
    failed = call(owing, "clerk", "broken")
    assert failed.exit_code == 1
    assert "ZeroDivisionError" in failed.output + failed.stderr
    assert call(owing, "nobody", "overdue").exit_code == 2


@pytest.mark.parametrize("bad", [3.5, None, "x" * 3000, 300])
def test_line_that_may_not_be_printed_is_garbage(bad: object) -> None:
    with pytest.raises(Garbage):
        line(bad)


def test_command_is_checked_as_it_is_declared() -> None:
    with pytest.raises(Garbage, match="command name"):
        command(CliCommand("No Name", words("名", "Name"), lambda options, facts: []))
