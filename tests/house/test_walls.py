"""The walls stand, and each one is seen to fall when it is broken."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

#: contract -> (file, module planted as an import, who "is not allowed to import" whom)
BREACHES: dict[str, list[tuple[str, str, str, str]]] = {
    "Imports run down the floors": [
        (
            "fieldsales/visits/messages.py",
            "fieldsales.promises.messages",
            "fieldsales.visits",
            "fieldsales.promises",
        ),
        (
            "fieldsales/statements/messages.py",
            "fieldsales.plans.messages",
            "fieldsales.statements",
            "fieldsales.plans",
        ),
        (
            "fieldsales/customers/models.py",
            "fieldsales.collection.models",
            "fieldsales.customers",
            "fieldsales.collection",
        ),
        ("fieldsales/kernel/money.py", "fieldsales.store.base", "fieldsales.kernel", "fieldsales.store"),
        ("fieldsales/machine/speech.py", "fieldsales.kernel.money", "fieldsales.machine", "fieldsales.kernel"),
        ("fieldsales/dispatcher.py", "fieldsales.web.words", "fieldsales.dispatcher", "fieldsales.web"),
    ],
    "Inside a capability": [
        (
            "fieldsales/disputes/rules.py",
            "fieldsales.disputes.queries",
            "fieldsales.disputes.rules",
            "fieldsales.disputes.queries",
        ),
        (
            "fieldsales/visits/queries.py",
            "fieldsales.visits.service",
            "fieldsales.visits.queries",
            "fieldsales.visits.service",
        ),
        (
            "fieldsales/promises/messages.py",
            "fieldsales.promises.models",
            "fieldsales.promises.messages",
            "fieldsales.promises.models",
        ),
    ],
    "kernel, rules and messages reach no framework": [
        ("fieldsales/promises/rules.py", "sqlalchemy", "fieldsales.promises.rules", "sqlalchemy"),
        ("fieldsales/kernel/text.py", "flask", "fieldsales.kernel", "flask"),
    ],
    "service, queries, models, store and dispatcher reach no flask": [
        ("fieldsales/visits/models.py", "flask", "fieldsales.visits.models", "flask"),
        ("fieldsales/store/base.py", "flask", "fieldsales.store", "flask"),
    ],
    "A plugin reaches plugin_api and kernel only": [
        ("plugins/planted/__init__.py", "fieldsales.store.base", "plugins", "fieldsales.store"),
    ],
    "A plugin reaches no other plugin": [
        ("plugins/planted/__init__.py", "plugins.other", "plugins.planted", "plugins.other"),
    ],
    "The core imports no plugin": [
        ("fieldsales/web/filters.py", "plugins.other", "fieldsales", "plugins"),
    ],
}


def lint(tree: Path) -> str:
    """Run the import linter in a tree and return all it says."""
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-logo", "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split())


def copy_of_the_house(tree: Path) -> Path:
    """Copy what the linter reads."""
    only_python = shutil.ignore_patterns("__pycache__", "*.ttf", "*.po", "*.md")
    for folder in ("fieldsales", "plugins"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=only_python)
    shutil.copy(ROOT / "setup.cfg", tree)
    return tree


def write(tree: Path, name: str, line: str) -> None:
    """Add one line to a module, made with its package when it is not there."""
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_walls_every_contract_kept() -> None:
    said = lint(ROOT)
    assert " 0 broken." in said, said


def test_walls_every_breach_is_found(tmp_path: Path) -> None:
    tree = copy_of_the_house(tmp_path)
    write(tree, "plugins/other/__init__.py", "")
    for breaches in BREACHES.values():
        for name, imported, _importer, _imported in breaches:
            write(tree, name, f"import {imported}")
    said = lint(tree)
    for contract, breaches in BREACHES.items():
        assert f"{contract} " in said or f"{contract}:" in said
        for _name, _planted, importer, imported in breaches:
            assert f"{importer} is not allowed to import {imported}" in said, (contract, importer, said)
    assert " 0 kept" in said, said


def test_walls_room_on_no_floor_is_found(tmp_path: Path) -> None:
    tree = copy_of_the_house(tmp_path)
    write(tree, "fieldsales/attic/__init__.py", '"""A room nobody planned."""')
    assert "fieldsales.attic" in lint(tree)


def test_walls_plugins_may_see_only_the_plugin_api_and_the_kernel() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    forbidden = set(setup["importlinter:contract:plugins-see-little"]["forbidden_modules"].split())
    rooms = {path.parent.name for path in (ROOT / "fieldsales").glob("*/__init__.py")}
    rooms |= {path.stem for path in (ROOT / "fieldsales").glob("*.py")} - {"__init__"}
    assert {f"fieldsales.{room}" for room in rooms - {"kernel", "plugin_api"}} <= forbidden


def test_walls_every_room_is_a_package() -> None:
    """The linter does not see a folder without ``__init__.py``."""
    folders = {path.parent for path in (ROOT / "fieldsales").rglob("*.py")} - {
        path.parent for path in (ROOT / "fieldsales").rglob("migrations/**/*.py")
    }
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
