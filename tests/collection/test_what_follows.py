"""What an action leaves behind it: the step before is done, and a reason heard becomes a claim."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsales.collection.models import Claim, Task
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast

RING = """
from datetime import timedelta
from fieldsales.plugin_api import Choice, CollectionMethod, Decision, Field, hookimpl, words
FIELDS = (Field("excuse", "choice", words("理由", "Reason"), choices=(
    Choice("cash_tight", words("没钱", "No cash")), Choice("unheard_of", words("没听过", "Unheard of")))),
    Field("said", "prose", words("原话", "Words")))

def method(name):
    return CollectionMethod(name, words(name, name), lambda fields, facts: Decision(
        words("打了", "Rang"), "rang", next_step=words("再打", "Ring again"),
        next_on=facts.today + timedelta(days=1)), fields=FIELDS)

@hookimpl
def collection_methods():
    return [method("ring_a"), method("ring_b")]
"""


@pytest.fixture
def program(make_owed: Callable[..., Program], tmp_path: Path) -> Program:
    """With two ways of ringing."""
    (tmp_path / "ring.py").write_text(RING, encoding="utf-8")
    return make_owed(Plugins.load(own=tmp_path, with_installed=False))


def act(program: Program, method: str, **fields: Any) -> str:
    action_id = uuid7()
    program.dispatcher.perform(cast.REP, "collection.take_action", {
        "action_id": action_id, "customer_id": cast.HARBOUR, "method": method, "fields": fields})
    return action_id


def rows(program: Program, model: Any, *columns: str, **where: Any) -> list[Any]:
    table = table_of(model)
    with program.store.reading() as connection:
        return list(connection.execute(select(*(table.c[name] for name in columns)).where(
            *(table.c[name] == value for name, value in where.items())).order_by(table.c.id)))


def test_action_ends_the_step_its_own_method_set_and_no_other(program: Program) -> None:
    first, other, second = act(program, "ring_a"), act(program, "ring_b"), act(program, "ring_a")
    found = {row.source_id: row for row in rows(program, Task, "source_id", "outcome", "done_by_id", "due_on",
                                                kind="next_step")}
    assert (found[first].outcome, found[first].done_by_id) == ("done", cast.REP.user_id)
    assert not found[other].outcome
    assert not found[second].outcome
    assert found[second].due_on == cast.TODAY + timedelta(days=1) > date(2026, 1, 1)


def test_reason_heard_in_an_action_is_a_claim_to_be_verified(program: Program) -> None:
    action = act(program, "ring_a", excuse="cash_tight", said="下周才有钱")
    [claim] = rows(program, Claim, "id", "code", "words", "source_kind", "source_id")
    assert tuple(claim)[1:] == ("cash_tight", "下周才有钱", "action", action)
    assert len(rows(program, Task, "id", kind="verify_claim", source_id=claim.id)) == 1


@pytest.mark.parametrize("fields", [{}, {"excuse": "unheard_of"}])
def test_action_without_a_known_reason_makes_no_claim(program: Program, fields: dict[str, str]) -> None:
    act(program, "ring_a", **fields)
    assert not rows(program, Claim, "id")
