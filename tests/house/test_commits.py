"""Only the dispatcher and the store open and close transactions."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import ROOT, ours, plant

#: Who may: the one writer, its tools, and the two files that know Flask-Security (each writes an audit row).
MAY = (
    "fieldsales/dispatcher.py",
    "fieldsales/store/",
    "fieldsales/people/login.py",
    "fieldsales/people/accounts.py",
)
FORBIDDEN = {"commit", "begin", "begin_nested", "begin_twophase", "writing"}
STATEMENTS = ("BEGIN", "COMMIT", "SAVEPOINT", "END TRANSACTION")


def transactions(root: Path) -> list[str]:
    """Return every place that opens, commits or asks to write, outside those who may."""
    found = []
    for path in ours(root, ".py", under=("fieldsales", "plugins")):
        name = path.relative_to(root).as_posix()
        if name.startswith(MAY) or "/tests/" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FORBIDDEN:
                found.append(f"{name}:{node.lineno} .{node.func.attr}()")
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.upper() in STATEMENTS:
                found.append(f"{name}:{node.lineno} {node.value}")
    return found


def test_commits_outside_dispatcher_and_store_none() -> None:
    assert transactions(ROOT) == []


def test_commits_in_a_service_or_plugin_are_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "fieldsales/visits/service.py": "def log(session):\n    session.commit()\n",
            "plugins/phone/__init__.py": "def sly(engine):\n    engine.begin()\n    engine.execute('COMMIT')\n",
            "fieldsales/store/writing.py": "def fine(c):\n    c.commit()\n",
        },
    )
    assert transactions(tmp_path) == [
        "fieldsales/visits/service.py:2 .commit()",
        "plugins/phone/__init__.py:2 .begin()",
        "plugins/phone/__init__.py:3 COMMIT",
    ]
