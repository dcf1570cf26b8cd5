"""A page's dataclass declares what its template may use: no name undeclared, none declared for nothing."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import typing
from collections import defaultdict
from pathlib import Path

from flask import Flask

from fieldsales.web.pages import names_used
from tests.house.tree import ROOT, ours, plant


def calls(root: Path) -> dict[str, set[tuple[str, str]]]:
    """Return {template: {(module, dataclass)}} of every ``page(…)``, with "" for what is not written out."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in ours(root, ".py", under=("fieldsales",)):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page":
                template, context = node.args[0], node.args[1]
                name = template.value if isinstance(template, ast.Constant) else f"? in {module}:{node.lineno}"
                found[str(name)] |= {(module, built) for built in _builders(tree, context)}
    return found


def _builders(tree: ast.Module, context: ast.expr) -> set[str]:
    """Return what the context is built by, there or where its name is assigned: a dataclass or a function."""
    if isinstance(context, ast.Name):
        assigned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
                    and any(isinstance(to, ast.Name) and to.id == context.id for to in node.targets)]  # fmt: skip
        return set().union(*(_builders(tree, value) for value in assigned if isinstance(value, ast.Call))) or {""}
    return {context.func.id} if isinstance(context, ast.Call) and isinstance(context.func, ast.Name) else {""}


def declared_by(module: str, builder: str) -> set[str]:
    """Return the fields of a dataclass, or of the dataclass a function says it returns."""
    thing = getattr(importlib.import_module(module), builder)
    if not isinstance(thing, type):
        thing = typing.get_type_hints(thing)["return"]
    return {field.name for field in dataclasses.fields(thing)}


def undeclared(app: Flask, root: Path) -> list[str]:
    """Return pages whose template uses a name that their dataclass does not declare."""
    wrong = []
    for template, contexts in sorted(calls(root).items()):
        for module, name in sorted(contexts):
            if template.startswith("?") or not name:
                wrong.append(f"{template}: its page is not written out in {module}")
                continue
            extras = names_used(app, template) - declared_by(module, name)
            wrong += [f"{template}: {extra} is not in {name}" for extra in sorted(extras)]
    return wrong


def nobody_shows(root: Path) -> list[str]:
    """Return templates no page shows and no other template takes in."""
    templates = [path.relative_to(root / "templates").as_posix() for path in ours(root, ".html", under=("templates",))]
    code = "\n".join(path.read_text(encoding="utf-8") for path in ours(root, ".py", under=("fieldsales", "plugins")))
    code += "\n".join(path.read_text(encoding="utf-8") for path in ours(root, ".html", under=("templates", "plugins")))
    # A paper's template is opened by its own name: the press has a loader for that folder alone.
    known = {name: {name, name.removeprefix("documents/")} for name in templates}
    return [name for name in templates if not any(f'"{k}"' in code or f"'{k}'" in code for k in known[name])]


def test_pages_use_only_what_they_declare(app: Flask) -> None:
    wrong = undeclared(app, ROOT)
    assert not wrong, "\n".join(wrong)


def test_pages_no_template_left_over() -> None:
    left = nobody_shows(ROOT)
    assert not left, "\n".join(left)


def test_pages_undeclared_name_is_found(app: Flask, tmp_path: Path) -> None:
    plant(tmp_path, {"planted/show.html": "{{ login }}{% if secret %}{% include 'planted/part.html' %}{% endif %}",
                     "planted/part.html": "{{ deeper }}"})  # fmt: skip
    plant(tmp_path, {"fieldsales/people/views.py": 'page("planted/show.html", LoginPage("", "", True))'})
    app.jinja_loader.loaders.append(type(app.jinja_loader.loaders[0])(str(tmp_path)))  # type: ignore[union-attr]
    assert undeclared(app, tmp_path) == [
        "planted/show.html: deeper is not in LoginPage",
        "planted/show.html: secret is not in LoginPage",
    ]


def test_pages_left_over_template_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"templates/attic/old.html": "", "fieldsales/a.py": "", "plugins/a.py": ""})
    assert nobody_shows(tmp_path) == ["attic/old.html"]
