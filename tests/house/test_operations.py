"""Every operation has a guard, a docstring and a test; every event that is emitted is declared."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap

from flask import Flask

from fieldsales.kernel.operation import OPERATIONS, Operation
from tests.house.tree import ROOT, ours


def words_of_the_tests() -> str:
    """Return all that our tests say, without this folder."""
    files = [path for path in ours(ROOT, ".py", under=("tests", "plugins")) if "house" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def does_nothing(function: object) -> bool:
    """Return whether a guard lets everybody do everything: a lambda, or a body without a single call."""
    if getattr(function, "__name__", "") == "<lambda>":
        return True
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]
    return not any(isinstance(node, ast.Call | ast.Raise) for node in ast.walk(tree))


def complaints(operations: dict[str, Operation], tests: str) -> list[str]:
    """Return what is missing, one line each."""
    wrong = []
    for name, operation in sorted(operations.items()):
        capability, _, verb = name.partition(".")
        module = operation.handler.__module__
        if not (operation.handler.__doc__ or "").strip():
            wrong.append(f"{name}: no docstring")
        if does_nothing(operation.guard):
            wrong.append(f"{name}: its guard lets everybody through")
        if not (operation.command.__doc__ or "").strip():
            wrong.append(f"{name}: the command {operation.command.__name__} has no docstring")
        if f'"{name}"' not in tests and f"{operation.command.__name__}(" not in tests:
            wrong.append(f"{name}: no test names it")
        if not module.startswith(f"fieldsales.{capability}.") or not verb:
            wrong.append(f"{name}: declared in {module}")
    return wrong


def test_operations_all_guarded_documented_tested(app: Flask) -> None:
    wrong = complaints(OPERATIONS, words_of_the_tests())
    assert OPERATIONS
    assert not wrong, "\n".join(wrong)


def test_operations_bare_one_is_found(app: Flask) -> None:
    name, operation = next(iter(OPERATIONS.items()))

    def bare(work: object, command: object) -> None:
        return None

    planted = dataclasses.replace(operation, guard=bare, handler=bare)
    found = complaints({name: planted}, "")
    assert f"{name}: no docstring" in found
    assert f"{name}: its guard lets everybody through" in found
    assert f"{name}: no test names it" in found
    assert f"{name}: declared in {__name__}" in found
