"""The commands are there, say what they do in both languages, and end with the right code."""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from fieldsales import cli
from tests.house.tree import ROOT


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_command_loads_and_says_what_it_does(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert (command.help or "").strip()
    _where, chinese, english = cli.COMMANDS[name]
    assert chinese.strip()
    assert english.strip()


@pytest.mark.parametrize(("language", "word"), [("zh", "建立数据库并提供服务"), ("en", "make the database")])
def test_help_lists_the_commands_in_the_terminals_language(
    language: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    assert cli.main([]) == 0
    said = capsys.readouterr().out
    assert word in said
    assert all(f"  {name}" in said for name in cli.COMMANDS)


@pytest.mark.parametrize("arguments", [["demolish"], ["up", "--port", "99999"], ["up", "--colour"]])
def test_wrong_usage_ends_with_2_and_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert "Usage:" in capsys.readouterr().err


@pytest.mark.slow
def test_command_on_data_makes_the_database_first(tmp_path: Path) -> None:
    """Straight after installing, before any ``up``: the tables are made, then the command finds nothing wrong."""
    ask = "import sys; from fieldsales import cli; sys.exit(cli.main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", ask, "token", "create", "--user", "nobody"], cwd=ROOT,
        env=os.environ | {"FIELDSALES_HOME": str(tmp_path / "home"), "LANGUAGE": "en"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (1, "No active user is called nobody.")
    assert (tmp_path / "home" / "fieldsales.db").is_file()


def test_version_of_python_too_old_is_said_in_both_languages() -> None:
    """The file itself stays readable for an old Python, and asks before it imports what is not."""
    source = (ROOT / "fieldsales" / "__main__.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    ask = "import sys; sys.version_info = (3, 9, 0); from fieldsales.__main__ import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "fieldsales: Python >= 3.11 / 需要 Python 3.11 或更新"


@pytest.mark.slow
def test_worker_alone_makes_the_database_beats_and_stops(tmp_path: Path) -> None:
    ask = "import sys; from fieldsales import cli; sys.exit(cli.main(['worker']))"
    database = tmp_path / "home" / "fieldsales.db"
    with subprocess.Popen(
        [sys.executable, "-c", ask], cwd=ROOT, env=os.environ | {"FIELDSALES_HOME": str(tmp_path / "home")}
    ) as worker:
        for _ in range(600):
            if database.exists() and beats(database):
                break
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    assert beats(database) == ["worker"]


def beats(database: Path) -> list[str]:
    """Return whose heart has beaten."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        try:
            return [name for (name,) in connection.execute("SELECT name FROM beats WHERE name = 'worker'")]
        except sqlite3.OperationalError:
            return []
