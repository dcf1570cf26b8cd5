"""Sizes, as a ratchet: nothing new grows past its measure, and what is too long may only shrink."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.tree import ROOT, ours, plant

FUNCTION = 40
FILES = {".py": 300, ".html": 150, ".js": 200}
#: What is longer for now, with the lines it has. Only ever smaller; an entry no longer needed must go.
LONGER: dict[str, int] = {}


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring: words shall cost nothing."""
    end = function.end_lineno or function.lineno
    lines = end - function.lineno + 1
    if ast.get_docstring(function) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def measures(root: Path) -> dict[str, tuple[int, int]]:
    """Return {what: (lines, limit)} for every file, and for every function of the program."""
    found: dict[str, tuple[int, int]] = {}
    for path in ours(root, *FILES, under=("fieldsales", "plugins", "static", "templates", "tests")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        found[name] = (text.count("\n"), FILES[path.suffix])
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{name}::{node.name}"] = (code_lines(node), FUNCTION)
    return found


def complaints(root: Path, longer: dict[str, int]) -> list[str]:
    """Return what is too long, has grown, or stands in the list of exceptions for nothing."""
    seen = measures(root)
    wrong = [
        f"{name}: {lines} lines, allowed {longer.get(name, limit)}"
        for name, (lines, limit) in seen.items()
        if lines > longer.get(name, limit)
    ]
    wrong += [
        f"{name}: allowed {allowed}, has {seen[name][0] if name in seen else 'gone'}: lower or remove the exception"
        for name, allowed in longer.items()
        if name not in seen or seen[name][0] < allowed
    ]
    return wrong


def test_sizes_everything_within_measure() -> None:
    wrong = complaints(ROOT, LONGER)
    assert not wrong, "\n".join(wrong)


def test_sizes_function_of_41_lines_is_found(tmp_path: Path) -> None:
    body = "\n".join("    x = 1" for _ in range(40))
    plant(tmp_path, {"fieldsales/a.py": f'def long():\n    """Words."""\n{body}\n', "templates/b.html": "x\n" * 151})
    assert complaints(tmp_path, {}) == [
        "fieldsales/a.py::long: 41 lines, allowed 40",
        "templates/b.html: 151 lines, allowed 150",
    ]


def test_sizes_exception_no_longer_needed_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"static/js/a.js": "x\n" * 210})
    assert complaints(tmp_path, {"static/js/a.js": 210}) == []
    assert complaints(tmp_path, {"static/js/a.js": 220}) != []
    assert complaints(tmp_path, {"static/js/a.js": 209}) != []
    assert complaints(tmp_path, {"static/js/gone.js": 300}) != []


def test_sizes_vendored_files_do_not_count(tmp_path: Path) -> None:
    plant(tmp_path, {"static/vendor/a.js": "x\n" * 900})
    assert complaints(tmp_path, {}) == []
