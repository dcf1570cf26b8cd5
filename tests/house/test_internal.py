"""What is asked for across the table is ours alone: not a page, paper or file that a customer could read names it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from fieldsales.kernel.operation import ROLES
from fieldsales.web.access import policy_of
from fieldsales.web.here import Program
from tests.house import canaries
from tests.house.test_access import ask, routes
from tests.house.tree import ROOT, ours

#: The figure of ``canaries.ASK_MINOR`` in every way the program writes it.
FIGURE = ("777,123", "777123", "77712300", "77.7 万", "777.1 k")
#: Pages of the house where it stands, and who reads it there.
READ_BY = {
    "sync.pull": set(ROLES),  # what a person's own phone carries; its screen for the customer has a test of its own
    "table.asked": {"manager", "admin"},
    "workday.customer": {"rep", "manager", "admin"},
}
#: Parts of the program that may know the tables of asks: none that makes papers, shares pages or writes files.
MAY_KNOW = ("fieldsales/collection/", "fieldsales/workday/", "fieldsales/demo/", "fieldsales/targets/",
            "fieldsales/reports/", "fieldsales/schema.py")  # fmt: skip
TABLES = {"fieldsales.collection.tablemodels", "fieldsales.collection.asking", "fieldsales.collection.asks"}

#: The same of a case's stage, its history, stops and leave.
CASES = {"fieldsales.collection.case_models", "fieldsales.collection.cases", "fieldsales.collection.case_rules",
         "fieldsales.collection.case_lists", "fieldsales.collection.gate_facts"}


def named(answer: object) -> bool:
    text = answer.get_data().decode(errors="replace")  # type: ignore[attr-defined]
    return any(way in text for way in FIGURE)


def test_ask_stands_on_no_page_but_those_of_who_asks(
    app: Flask, program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    program.dispatcher.note(canaries.fill)
    asked = [(endpoint, path) for endpoint, method, path in routes(app) if method == "GET"]
    found: dict[str, set[str]] = {}
    for role in sorted(ROLES, key=lambda one: one not in ("admin", "rep")):
        client, whole = log_in(role), role in ("admin", "rep")
        for endpoint, path in asked:
            may = policy_of(app, endpoint) or frozenset()
            # what neither the administrator nor the rep is shown, the others are shown on pages of their own alone
            if role in may and (whole or endpoint in found or "admin" not in may) and named(ask(client, "GET", path)):
                found.setdefault(endpoint, set()).add(role)
    public = app.test_client()
    assert [path for _, path in asked if named(ask(public, "GET", path))] == []
    assert found == READ_BY


def knowing(tables: set[str], may_know: tuple[str, ...]) -> list[str]:
    """Where one of these is imported by a part that may not know it."""
    wrong = []
    for path in ours(ROOT, ".py", under=("fieldsales", "plugins")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = {node.module} if isinstance(node, ast.ImportFrom) else {
                one.name for one in node.names} if isinstance(node, ast.Import) else set()
            if modules & tables and not name.startswith(may_know):
                wrong.append(f"{name}:{node.lineno}")
    return wrong


def test_no_part_that_makes_papers_or_files_knows_the_asks() -> None:
    assert knowing(TABLES, MAY_KNOW) == []


def test_no_part_that_makes_papers_or_files_knows_stages_and_stops() -> None:
    """How far a case has come, and who must not be rung, is for the house: no paper, bundle or shared page says it."""
    assert knowing(CASES, (*MAY_KNOW, "fieldsales/audit/")) == []
