"""Every route says who may open it."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from fieldsales.kernel.operation import ROLES
from fieldsales.web.access import policy_of
from tests.house.tree import ROOT, ours

KNOWN = {*ROLES, "public", "token"}


def open_routes(app: Flask) -> list[str]:
    """Return routes without a policy, and those whose policy names nobody we know."""
    wrong = []
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if policy is None:
            wrong.append(f"{rule.rule}: no policy")
        elif not policy or not policy <= KNOWN:
            wrong.append(f"{rule.rule}: {sorted(policy)}")
    return sorted(wrong)


def test_routes_every_one_has_a_policy(app: Flask) -> None:
    wrong = open_routes(app)
    assert not wrong, "\n".join(wrong)


def test_routes_one_without_policy_is_found_and_closed(app: Flask) -> None:
    app.add_url_rule("/attic", "attic", lambda: "treasure")
    assert open_routes(app) == ["/attic: no policy"]
    answer = app.test_client().get("/attic")
    assert answer.status_code == 403
    assert b"treasure" not in answer.data


def test_routes_views_ask_no_database_by_themselves() -> None:
    """A view is HTTP in, HTTP out: what it reads comes from queries, what it changes from the dispatcher."""
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in ours(ROOT, ".py", under=("fieldsales",))
        if Path(path).name == "views.py" and re.search(r"^(?:from|import) sqlalchemy", path.read_text(), re.MULTILINE)
    ]
    assert not wrong, wrong
