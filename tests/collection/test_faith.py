"""A class from the first sign to the lapse: seen, proposed by night, decided by a manager, told to nobody outside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from fieldsales.collection.conduct import QUERIES, conducts
from fieldsales.collection.faith import standing_of
from fieldsales.collection.models import Action, FaithDecision, FaithProposal, Task
from fieldsales.collection.queries import load_cases
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor, Envelope
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.paperfiles import PaperFile
from fieldsales.receivables.papers import keep_bytes
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.collection.conftest import need_plugin, rows, with_debt

REVIEW = cast.TODAY + timedelta(days=60)


def do(program: Program, operation: str, actor: Actor = cast.REP, **command: Any) -> dict[str, Any]:
    return program.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR} | command)


def lies(program: Program, *, and_moves: bool = True) -> None:
    """Two reasons found untrue; and goods carried away."""
    ids = [uuid7(), uuid7()]
    do(program, "collection.record_claims", source_kind="phone", source_id=uuid7(),
       claims=[(ids[0], "quality", "起泡"), (ids[1], "unsold", "卖不动")])
    for claim_id in ids:
        do(program, "collection.verify_claim", claim_id=claim_id, state="false")
    if and_moves:
        do(program, "collection.note_sign", sign_id=uuid7(), kind="asset_moves", seen_on=cast.TODAY, words="夜里搬货")


def proposed(program: Program) -> str:
    lies(program)
    run_night(program.dispatcher)
    [row] = rows(program, FaithProposal)
    return str(row["id"])


def decide(program: Program, actor: Actor = cast.MANAGER, **command: Any) -> None:
    do(program, "collection.decide_faith", actor, **{
        "decision_id": uuid7(), "decision": "approved", "klass": "bad_faith", "note": "证据在案", "review_on": REVIEW,
        **command})


def standing(program: Program) -> str:
    with program.store.reading() as connection:
        found = standing_of(connection, [cast.HARBOUR, cast.RIVER])
        assert cast.RIVER not in found
        assert load_cases(connection, [cast.HARBOUR])[cast.HARBOUR].facts.customer.faith == (
            found[cast.HARBOUR].klass if found else "")
    return found[cast.HARBOUR].klass if found else ""


def open_tasks(program: Program, kind: str) -> list[str]:
    return [one["assignee_id"] for one in rows(program, Task) if one["kind"] == kind and one["done_at"] is None]


def at(app: Flask, program: Program, day: date) -> None:
    """Another day dawns."""
    clock = program.clock
    assert isinstance(clock, FixedClock)
    clock.at = cast.NOON + (day - cast.TODAY)


def test_the_night_proposes_once_and_decides_nothing(owed: Program) -> None:
    proposal = proposed(owed)
    run_night(owed.dispatcher)
    [row] = rows(owed, FaithProposal)
    assert (row["id"], row["klass"], row["by_id"]) == (proposal, "bad_faith", "")
    assert [(hit["code"], hit["count"], hit["needed"]) for hit in row["hits"]] == [
        ("false_claims", 2, 2), ("asset_moves", 1, 1)]
    assert row["hits"][1]["proofs"][0]["words"] == "夜里搬货"
    assert standing(owed) == ""
    assert open_tasks(owed, "faith_proposed") == [cast.MANAGER.user_id]


def test_two_lies_alone_propose_nothing(owed: Program) -> None:
    lies(owed, and_moves=False)
    run_night(owed.dispatcher)
    assert rows(owed, FaithProposal) == []


def test_a_manager_approves_with_a_day_and_takes_back(owed: Program) -> None:
    proposal = proposed(owed)
    decide(owed, proposal_id=proposal)
    assert standing(owed) == "bad_faith"
    assert open_tasks(owed, "faith_proposed") == []
    with pytest.raises(RuleBroken, match="faith_answered"):
        decide(owed, proposal_id=proposal)
    decide(owed, decision="ended", note="换了老板，已付一半", review_on=None)
    assert standing(owed) == ""
    assert [one["decision"] for one in sorted(rows(owed, FaithDecision), key=lambda one: one["id"])] == [
        "approved", "ended"]
    run_night(owed.dispatcher)
    assert len(rows(owed, FaithProposal)) == 1, "what was taken back is not put up again on the same evidence"


def test_a_refused_proposal_comes_again_on_newer_evidence(owed: Program, app: Flask) -> None:
    decide(owed, decision="rejected", proposal_id=proposed(owed), review_on=None)
    assert standing(owed) == ""
    run_night(owed.dispatcher)
    assert len(rows(owed, FaithProposal)) == 1
    at(app, owed, cast.TODAY + timedelta(days=2))
    do(owed, "collection.note_sign", sign_id=uuid7(), kind="asset_moves", seen_on=cast.TODAY + timedelta(days=1))
    run_night(owed.dispatcher)
    assert len(rows(owed, FaithProposal)) == 2


@pytest.mark.parametrize(
    ("actor", "error"),
    [(cast.REP, NotAllowed), (cast.FINANCE, NotAllowed), (cast.LEGAL, NotAllowed), (cast.OTHER_MANAGER, NotFound)],
)
def test_only_the_teams_manager_decides(owed: Program, actor: Actor, error: type[Exception]) -> None:
    proposal = proposed(owed)
    with pytest.raises(error):
        decide(owed, actor, proposal_id=proposal)
    assert rows(owed, FaithDecision) == []


def test_bad_faith_takes_two_people(owed: Program) -> None:
    with pytest.raises(RuleBroken, match="faith_own"):
        decide(owed, evidence_sha256=["ab" * 32])
    with pytest.raises(NotAllowed):
        do(owed, "collection.propose_faith", cast.REP, proposal_id=uuid7(), klass="bad_faith")
    proposal = uuid7()
    do(owed, "collection.propose_faith", cast.LEGAL, proposal_id=proposal, klass="bad_faith", note="已查到转移资产")
    with pytest.raises(RuleBroken, match="faith_evidence"):
        decide(owed, proposal_id=proposal)
    with pytest.raises(Invalid, match="faith_review"):
        decide(owed, proposal_id=proposal, evidence_sha256=["ab" * 32], review_on=None)
    with pytest.raises(NotFound):
        decide(owed, proposal_id=proposal, klass="good_faith")
    kept = keep_bytes(owed, cast.MANAGER, [PaperFile("合同.pdf", "application/pdf", b"%PDF-1.7")])
    decide(owed, proposal_id=proposal, evidence_sha256=kept)
    assert standing(owed) == "bad_faith"


def test_a_class_is_asked_about_before_its_day_and_lapses_after_it(owed: Program, app: Flask) -> None:
    decide(owed, klass="good_faith", note="受灾，属实")
    for day, waiting in ((REVIEW - timedelta(days=15), []), (REVIEW - timedelta(days=14), [cast.MANAGER.user_id])):
        at(app, owed, day)
        run_night(owed.dispatcher)
        assert open_tasks(owed, "faith_review") == waiting
    at(app, owed, REVIEW)
    run_night(owed.dispatcher)
    do(owed, "collection.lapse_faith", SYSTEM)
    with pytest.raises(NotAllowed):
        do(owed, "collection.lapse_faith", cast.MANAGER)
    assert standing(owed) == "good_faith"
    at(app, owed, REVIEW + timedelta(days=1))
    run_night(owed.dispatcher)
    run_night(owed.dispatcher)
    assert standing(owed) == ""
    assert [one["decision"] for one in rows(owed, FaithDecision)].count("lapsed") == 1
    assert open_tasks(owed, "faith_review") == [cast.MANAGER.user_id]


def test_a_rep_reads_how_to_follow_up_and_no_class(owed: Program, log_in: Callable[[str], FlaskClient]) -> None:
    decide(owed, proposal_id=proposed(owed))
    with owed.store.reading() as connection:
        doc = dossiers(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
    assert (doc["following"]["mode"], doc["following"]["zh"]) == ("close", "从紧")
    assert not [word for word in ("恶意", "善意", "faith") if word in json.dumps(doc, ensure_ascii=False)]
    client = log_in("rep")
    for path in ("/faith", f"/customers/{cast.HARBOUR}/faith"):
        assert client.get(path).status_code == 403
    page = client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert "恶意" not in page
    assert "从紧" in page


def test_the_managers_page_shows_both_sides_and_decides(owed: Program, log_in: Callable[[str], FlaskClient]) -> None:
    proposal, client = proposed(owed), log_in("manager")
    assert "恶意拖欠" in client.get("/faith").get_data(as_text=True)
    shown = client.get(f"/customers/{cast.HARBOUR}/faith").get_data(as_text=True)
    for words in ("理由查实不属实", "夜里搬货", "按书面规则", proposal):
        assert words in shown
    form = {"decision": "approved", "klass": "bad_faith", "proposal_id": proposal, "note": "", "command_id": uuid7(),
            "review_on": REVIEW.isoformat()}
    address = f"/customers/{cast.HARBOUR}/faith/decide"
    assert client.post(address, data=form).status_code == 422
    assert client.post(address, data=form | {"note": "证据在案", "command_id": uuid7()}).status_code == 303
    assert standing(owed) == "bad_faith"
    assert REVIEW.strftime("%-m月%-d日") in client.get("/faith").get_data(as_text=True)
    sign = {"kind": "hides", "seen_on": cast.TODAY.isoformat(), "words": "电话换了", "command_id": uuid7()}
    assert client.post(f"/customers/{cast.HARBOUR}/faith/signs", data=sign).status_code == 303
    assert "电话换了" in client.get(f"/customers/{cast.HARBOUR}/faith").get_data(as_text=True)


def test_conduct_is_read_in_as_many_queries_for_one_as_for_two_and_sees_the_watch(
    owed: Program, count_queries: Callable[..., Any]
) -> None:
    for actor, customer_id, signs in ((cast.REP, cast.HARBOUR, ["assets_moved", "staff_gone"]),
                                      (cast.OTHER_REP, cast.RIVER, ["boss_unreachable"])):
        do(owed, "visits.log_visit", actor, customer_id=customer_id, visit_id=uuid7(), outcome="absent",
           absent_person="林海港")
        do(owed, "collection.report_signs", actor, customer_id=customer_id, sighting_id=uuid7(), signs=signs)
    calls = [{"id": uuid7(), "customer_id": cast.RIVER, "method": "phone", "outcome": outcome, "fields": {},
              "occurred_at": cast.NOON, "received_at": cast.NOON, "by_id": cast.REP.user_id}
             for outcome in ("wrong_number", "no_answer")]
    owed.dispatcher.note(lambda connection: connection.execute(insert(table_of(Action)), calls))
    for ids in ([cast.HARBOUR], [cast.HARBOUR, cast.RIVER]):
        with owed.store.reading() as connection, count_queries(owed.store.engine) as seen:
            found = conducts(connection, ids, cast.TODAY)
        assert len(seen) == QUERIES
    assert [kind for kind, _ in found[cast.HARBOUR].seen] == ["asset_moves"]
    assert [kind for kind, _ in found[cast.RIVER].seen] == ["hides"]
    assert [one.kind for one in found[cast.RIVER].away] == ["visit", "action"]  # not the wrong number
    assert (found[cast.HARBOUR].overdue_minor, found[cast.RIVER].overdue_minor) == (15_000_000, 0)


PRESSURE = """
from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl, words

def outcome(fields, facts):
    return Decision(words("又问了一次", "Asked again"), "asked")

@hookimpl
def collection_methods():
    return [CollectionMethod("pressure", words("密集跟进", "Close pace"), outcome, manner="persistent")]
"""


def test_pressure_is_for_an_approved_class_alone(make_owed: Callable[..., Program], tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "pressure.py").write_text(PRESSURE, "utf-8")
    owed = make_owed(Plugins.load(own=tmp_path / "own", with_installed=False))
    press = {"method": "pressure", "fields": {}}
    with pytest.raises(RuleBroken, match="check"):
        do(owed, "collection.take_action", action_id=uuid7(), **press)
    sent = {"customer_id": cast.HARBOUR, "action_id": uuid7(), **press}
    [answer] = owed.dispatcher.perform_batch(cast.REP, [Envelope(uuid7(), "collection.take_action", sent, raw=sent)])
    assert (answer.status, (answer.data or {})["warnings"]) == ("applied", ["这样密集的跟进要先由主管决定。"])
    decide(owed, proposal_id=proposed(owed))
    do(owed, "collection.take_action", action_id=uuid7(), **press)
    assert [one["warnings"] != [] for one in rows(owed, Action)] == [True, False]


def test_no_paper_and_no_record_of_an_act_names_a_class(owed: Program) -> None:
    """What a method is shown (``CustomerFacts.faith``) reaches neither a paper nor the words kept with an act."""
    need_plugin("letter")
    decide(owed, proposal_id=proposed(owed))
    do(owed, "collection.take_action", action_id=uuid7(), method="letter",
       fields={"stage": "make", "tone": "friendly", "pay_by": "2026-03-20"})
    kept = [*rows(owed, Document), *rows(owed, Action), *rows(owed, Task)]
    assert rows(owed, Document)
    said = [{name: value for name, value in one.items() if name != "kind"} for one in kept]
    assert not re.search("恶意|善意|_faith|从紧", json.dumps(said, ensure_ascii=False, default=str))


def test_refusing_another_class_leaves_what_stands(owed: Program) -> None:
    decide(owed, klass="good_faith", note="受灾，属实")
    decide(owed, decision="rejected", proposal_id=proposed(owed), review_on=None)
    assert standing(owed) == "good_faith"


def test_the_whole_way_on_either_database(make_app: Callable[..., Flask], any_url: str) -> None:
    app = make_app(any_url)
    program = with_debt(app)
    decide(program, proposal_id=proposed(program))
    assert standing(program) == "bad_faith"
    do(program, "disputes.open_dispute", dispute_id=uuid7(), kind="quality", amount_minor=50_00)
    do(program, "collection.record_claims", source_kind="phone", source_id=uuid7(), claims=[(uuid7(), "threat", "")])
    client = app.test_client()
    client.post("/login", data={"login": "manager", "password": cast.PASSWORD})
    for page in ("claims", "claims?show=threats", "claims?show=all", "claims/rates", "claims/rates?by=product", "faith",
                 f"customers/{cast.HARBOUR}/faith", "disputes?show=mine", "disputes", f"customers/{cast.HARBOUR}"):
        assert client.get(f"/{page}").status_code == 200, page
