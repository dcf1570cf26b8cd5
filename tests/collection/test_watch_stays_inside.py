"""What the house thinks of a customer's solvency, supply and limits reaches no paper, bundle or customer's screen."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.tree import ROOT, ours

#: Who may know the tables and rules of the watch, of supply and of credit limits.
MAY_KNOW = ("fieldsales/collection/", "fieldsales/workday/", "fieldsales/demo/", "fieldsales/reminders/",
            "fieldsales/reactions.py", "fieldsales/money_reactions.py", "fieldsales/schema.py", "fieldsales/cli.py",
            "fieldsales/targets/", "fieldsales/reports/")  # fmt: skip
INSIDE = {f"fieldsales.collection.{name}" for name in (
    "solvency", "watching", "watchlist", "watchmodels", "watchpages", "supply", "supplyrules", "supplying")}
#: Parts of collection that write what leaves the house.
PAPERS = ("fieldsales/collection/casepapers.py", "fieldsales/collection/mailing.py",
          "fieldsales/collection/effects.py")  # fmt: skip
#: What a dossier carries of them.
KEYS = re.compile(r"\b(watch|supply|supply_stopped|set_offs|limitation_detail)\b")


def modules_of(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


def test_no_part_that_makes_papers_or_files_knows_the_watch_or_supply() -> None:
    wrong = []
    for path in ours(ROOT, ".py", under=("fieldsales", "plugins")):
        name = path.relative_to(ROOT).as_posix()
        allowed = name.startswith(MAY_KNOW) and name not in PAPERS
        if not allowed and modules_of(ast.parse(path.read_text(encoding="utf-8"))) & INSIDE:
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("name", ["static/js/customers/facing.js"])
def test_the_customers_screen_reads_none_of_it(name: str) -> None:
    text = re.sub(r"//.*", "", (ROOT / name).read_text(encoding="utf-8"))
    assert KEYS.findall(text) == []
