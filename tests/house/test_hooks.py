"""Every hook a plugin may implement is documented in the code and in the handbook, and tested."""

from __future__ import annotations

import inspect

from fieldsales.plugin_api.hookspecs import Hooks
from tests.house.tree import ROOT, ours

ASKED = ("When:", "Returns:", "Errors:", "Since:", "Example::")


def hooks(of: type) -> dict[str, str]:
    """Return {hook: docstring}."""
    found = inspect.getmembers(of, inspect.isfunction)
    return {name: inspect.getdoc(function) or "" for name, function in found if not name.startswith("_")}


def complaints(of: type, handbook: str, tests: str) -> list[str]:
    """Return what is missing, one line each."""
    wrong = []
    for name, words in hooks(of).items():
        wrong += [f"{name}: its docstring lacks {part}" for part in ASKED if part not in words]
        wrong += [f"{name}: not in the handbook"] if name not in handbook else []
        wrong += [f"{name}: no test implements it"] if f"def {name}(" not in tests else []
    return wrong


def all_text(folder: str, suffix: str) -> str:
    """Return everything written in the files of a folder."""
    return "\n".join(path.read_text(encoding="utf-8") for path in ours(ROOT, suffix, under=(folder,)))


def test_hooks_documented_and_tested() -> None:
    wrong = complaints(Hooks, all_text("fieldsales/handbook", ".md"), all_text("tests", ".py"))
    assert not wrong, "\n".join(wrong)


def test_hooks_bare_one_is_found() -> None:
    class Bare:
        def knock(self) -> None:
            """When: now. Returns: nothing. Errors: none."""

    assert complaints(Bare, "", "") == [
        "knock: its docstring lacks Since:",
        "knock: its docstring lacks Example::",
        "knock: not in the handbook",
        "knock: no test implements it",
    ]
