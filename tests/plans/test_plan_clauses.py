"""Clauses that plugins bring to plans: signed word for word, standing whatever becomes of the plugin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from fieldsales.documents import clauses as sets
from fieldsales.documents import editions
from fieldsales.documents.canonical import document_of
from fieldsales.documents.clauses import shown_text
from fieldsales.plans.added import clause_docs, declared
from fieldsales.plans.models import Plan
from fieldsales.plugin_api import PlanClause, hookimpl, words
from fieldsales.plugin_api.clauses import PLACES, clause
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.validate import Garbage
from fieldsales.web.here import Program
from tests.collection.conftest import rows
from tests.plans.signing import BOSS, plan
from tests.plans.test_plans import push

VENUE = PlanClause("venue", 1, words("管辖", "Venue"),
                   (words("争议由{seller_name}所在地法院管辖。", "The courts at the seat of {seller_name} decide."),),
                   words("民诉法 35", "Civil Procedure Law art. 35"))
BY = BOSS.model_dump(mode="json")
ALWAYS = replace(VENUE, name="always", title=words("费用", "Costs"), offered=False, order=1)


def brought(*given: PlanClause) -> Plugins:
    class Module:
        @staticmethod
        @hookimpl
        def plan_clauses() -> list[PlanClause]:
            return list(given)

    plugins = Plugins()
    status = plugins.add(Found("house", "file", "", "1", lambda: Module))
    assert status.state == "active", status.last_error
    return plugins


@pytest.mark.parametrize(("change", "why"), [
    ({"paras": (words("{balance}", "x"),)}, "a place nobody fills"), ({"paras": (words("{", "x"),)}, "a single brace"),
    ({"paras": (words("债权人放弃利息。", "x"),)}, "penalty away"),
    ({"paras": (words("x", "waives interest"),)}, "penalty away"),
    ({"paras": ()}, "1 to 6"), ({"version": 0}, "version"), ({"title": {"zh": "管辖"}}, "no en"),
    ({"when": "x"}, "depends"),
    ({"title": words("{total}", "x")}, "title"), ({"paras": (words("一\n二", "x"),)}, "line break"),
])  # fmt: skip
def test_clause_that_may_not_stand_in_a_plan_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(Garbage, match=why):
        clause(replace(VENUE, **change))


def test_places_are_those_a_plan_fills() -> None:
    payload, signatory = editions.sample("plan")
    values, _ = sets.filling(editions.edition(editions.NEWEST), "plan", "zh", payload, signatory, "", bilingual=False)
    assert set(values) >= PLACES


def test_phones_carry_the_mandatory_first_and_what_each_rests_on() -> None:
    docs = clause_docs(brought(VENUE, ALWAYS))
    assert [(one["name"], one["offered"], one["law_zh"]) for one in docs] == [
        ("always", False, "民诉法 35"), ("venue", True, "民诉法 35")]
    assert declared(None) == []


def test_clause_stands_before_the_effect_and_numbers_run_on() -> None:
    payload = plan(clauses=[VENUE.as_json()])
    text = shown_text("plan", "zh", document_of(payload), BY)
    assert "争议由海川五金批发有限公司所在地法院管辖。" in text
    bare = shown_text("plan", "zh", document_of(plan()), BY)
    assert text.index("管辖") < text.index("本文书构成乙方对上述全部债务的书面承认")
    assert len([line for line in text.split("\n") if line.startswith("第")]) == 1 + len(
        [line for line in bare.split("\n") if line.startswith("第")])


@pytest.mark.parametrize("paras", [{"paras_zh": ["债权人放弃利息。"]}, {"paras_zh": ["{nobody}"]}, {"paras_zh": []},
                                   {"paras_zh": ["一", "二"]}])
def test_words_nobody_may_sign_are_no_payload(paras: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        plan(clauses=[VENUE.as_json() | paras])


@pytest.mark.parametrize(("there", "signed", "flags"), [
    ((VENUE,), (VENUE,), []), ((VENUE,), (), []), ((ALWAYS,), (ALWAYS,), []), ((ALWAYS,), (), ["clause_missing"]),
    ((), (VENUE,), ["clause_changed"]), ((replace(VENUE, version=2),), (VENUE,), ["clause_changed"]),
    ((replace(VENUE, paras=(words("另一文字", "Other words"),)),), (VENUE,), ["clause_changed"]),
])  # fmt: skip
def test_what_was_signed_stands_and_is_flagged_where_it_is_odd(
    owed: Program, there: tuple[PlanClause, ...], signed: tuple[PlanClause, ...], flags: list[str]
) -> None:
    owed.plugins.become(brought(*there))
    answer = push(owed, plan(clauses=[one.as_json() for one in signed]))
    assert (answer.status, (answer.data or {})["flags"]) == ("applied", flags)
    [row] = rows(owed, Plan)
    assert row["payload"].get("clauses", []) == [one.as_json() for one in signed]


def test_signed_words_are_read_again_when_the_plugin_is_gone(
    owed: Program, log_in: Callable[[str], Any]
) -> None:
    owed.plugins.become(brought(VENUE))
    payload = plan(clauses=[VENUE.as_json()])
    push(owed, payload)
    owed.plugins.become(Plugins())
    text = log_in("rep").get(f"/plans/{payload.plan_id}").get_data(as_text=True)
    assert "争议由海川五金批发有限公司所在地法院管辖。" in text
