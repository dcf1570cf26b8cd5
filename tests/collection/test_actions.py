"""Actions: judged by their method, written by the core, never lost for a method's sake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from fieldsales.collection.models import Action, Claim, Mail, Task
from fieldsales.documents.models import Document
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Envelope
from fieldsales.receivables.models import Interruption
from fieldsales.store.models import CommandReceipt, OutboxRow
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import invoice, need_plugin, rows, with_debt


def act(program: Program, method: str, fields: dict[str, Any], actor: Actor = cast.REP, **more: Any) -> dict[str, Any]:
    need_plugin(method)
    command = {"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": method, "fields": fields} | more
    return program.dispatcher.perform(actor, "collection.take_action", command)


def test_call_is_recorded_with_its_effect_and_next_step(any_url: str, make_app: Callable[..., Flask]) -> None:
    program = with_debt(make_app(any_url))
    answer = act(program, "phone", {"result": "delay", "spoke_with": "王会计", "call_back_on": "2026-03-16"})
    assert answer["outcome"] == "delay"
    [action] = rows(program, Action)
    assert (action["method"], action["grade"], action["effect"]) == ("phone", "C", "agreement")
    assert action["next_on"] == date(2026, 3, 16)
    assert action["debtor_id"] == cast.HARBOUR_DEBTOR
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"], interruption["proof_id"]) == ("agreement", "C", action["id"])
    [task] = rows(program, Task)
    assert (task["kind"], task["due_on"], task["source_id"]) == ("next_step", date(2026, 3, 16), action["id"])


def test_call_nobody_answered_interrupts_nothing(owed: Program) -> None:
    act(owed, "phone", {"result": "no_answer"})
    assert rows(owed, Interruption) == []
    [action] = rows(owed, Action)
    assert (action["outcome"], action["grade"], action["effect"]) == ("no_answer", "", "")


def test_empty_form_is_never_refused(owed: Program) -> None:
    assert act(owed, "phone", {})["outcome"] == "no_answer"


def test_answer_the_form_forbids_is_refused_at_its_field(owed: Program) -> None:
    need_plugin("phone")
    with pytest.raises(Invalid) as refusal:
        act(owed, "phone", {"call_back_on": "2026-02-30", "result": "delay"},
            form_version=owed.plugins.methods["phone"].version)
    assert refusal.value.field == "call_back_on"
    assert rows(owed, Action) == []


def test_answer_of_an_older_form_is_kept_unread(owed: Program) -> None:
    need_plugin("phone")
    plugin, method = owed.plugins._declared["collection_methods"]["phone"]
    owed.plugins._declared["collection_methods"]["phone"] = (plugin, replace(method, version=2))
    act(owed, "phone", {"result": "a_choice_long_gone"}, form_version=1)
    [action] = rows(owed, Action)
    assert action["fields"] == {"result": "a_choice_long_gone"}
    assert action["outcome"] == "no_answer"


def test_fourth_conversation_of_a_day_is_recorded_with_a_warning(owed: Program) -> None:
    for _ in range(3):
        assert act(owed, "phone", {"result": "refused"})["warnings"] == []
    answer = act(owed, "phone", {"result": "refused"})
    assert answer["warnings"] == ["今天的通话次数已到上限。"]
    assert len(rows(owed, Action)) == 4


def test_calls_of_one_batch_count_for_one_another(owed: Program) -> None:
    need_plugin("phone")
    envelopes = [
        Envelope(uuid7(), "collection.take_action", {"action_id": uuid7(), "customer_id": cast.HARBOUR,
                                                     "method": "phone", "fields": {"result": "refused"}})
        for _ in range(4)
    ]  # fmt: skip
    answers = owed.dispatcher.perform_batch(cast.REP, envelopes)
    assert [answer.status for answer in answers] == ["applied"] * 4
    assert [len((answer.data or {})["warnings"]) for answer in answers] == [0, 0, 0, 1]


@pytest.mark.parametrize("who", ["other_rep", "former_rep", "other_manager", "disabled"])
def test_customer_of_somebody_else_is_not_found(owed: Program, who: str) -> None:
    with pytest.raises(NotFound):
        act(owed, "phone", {"result": "refused"}, actor=cast.PEOPLE[who])
    assert rows(owed, Action) == []


def test_legal_method_is_not_for_reps(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        act(owed, "legal", {})
    assert act(owed, "legal", {}, actor=cast.LEGAL)["outcome"] == "not_ready"
    [action] = rows(owed, Action)
    assert any("XS-1001" in line["zh"] for line in action["details"])


def test_debtor_of_another_customer_is_refused(owed: Program) -> None:
    with pytest.raises(Invalid, match="debtor"):
        act(owed, "phone", {"result": "refused"}, debtor_id=cast.RIVER_DEBTOR)


def test_visit_is_judged_by_the_method_that_listens(any_url: str, make_app: Callable[..., Flask]) -> None:
    need_plugin("visit")
    program = with_debt(make_app(any_url))
    claim_id = uuid7()
    program.dispatcher.perform(cast.REP, "visits.log_visit", {
        "visit_id": uuid7(), "customer_id": cast.HARBOUR, "outcome": "oral_only",
        "persons": [{"name": "林海港"}], "excuses": [{"id": claim_id, "code": "quality", "words": "漆面起泡"}],
    })  # fmt: skip
    [action] = rows(program, Action)
    assert (action["method"], action["outcome"], action["effect"], action["grade"]) == (
        "visit", "oral_only", "agreement", "C")  # fmt: skip
    assert action["source_kind"] == "visit"
    assert "林海港" in action["summary_zh"]
    [claim] = rows(program, Claim)
    assert (claim["id"], claim["state"], claim["words"]) == (claim_id, "unverified", "漆面起泡")
    kinds = {task["kind"]: task for task in rows(program, Task)}
    assert kinds["verify_claim"]["due_on"] == cast.TODAY + timedelta(days=3)
    assert kinds["verify_claim"]["title"].startswith("产品质量有问题：")
    assert kinds["confirm_in_writing"]["due_on"] == cast.TODAY
    [interruption] = rows(program, Interruption)
    assert interruption["ground"] == "agreement"


def test_visit_with_its_own_next_step_gets_one_task_for_it(owed: Program) -> None:
    need_plugin("visit")
    owed.dispatcher.perform(cast.REP, "visits.log_visit", {
        "visit_id": uuid7(), "customer_id": cast.HARBOUR, "outcome": "absent",
        "next_step": {"text": "周一找林老板", "on": "2026-03-16"},
    })  # fmt: skip
    [task] = [row for row in rows(owed, Task) if row["kind"] == "next_step"]
    assert (task["title"], task["due_on"]) == ("周一找林老板", date(2026, 3, 16))
    [action] = rows(owed, Action)
    assert action["next_on"] == date(2026, 3, 16)


def test_person_cannot_pass_an_action_off_as_an_event(owed: Program) -> None:
    act(owed, "phone", {"result": "refused"}, source_kind="visit", source_id=uuid7())
    [action] = rows(owed, Action)
    assert action["outcome"] == "refused", "judged by its form, as any action by hand"


def test_letter_states_the_whole_debt_and_waits_for_its_seal(owed: Program) -> None:
    answer = act(owed, "letter", {"stage": "make", "tone": "final", "pay_by": "2026-03-20",
                                   "exception": "合同即将到期"})
    [document] = rows(owed, Document)
    assert answer["document_id"] == document["id"]
    payload = document["source"]["payload"]
    assert (document["kind"], document["state"], document["subject_kind"]) == ("letter", "sealing_pending", "action")
    assert payload["total_minor"] == 18_230_000
    assert payload["overdue_minor"] == 15_000_000
    assert payload["pay_by"] == "2026-03-20"
    assert payload["seller_account"] == "示例银行宁波分行 6200 0000 0000 0001"
    assert [number for number, *_ in payload["invoices"]] == ["XS-1001", "XS-1002"]
    assert document["number"].startswith("CH260312-")
    assert {row["topic"] for row in rows(owed, OutboxRow)} == {"documents.seal"}
    assert rows(owed, Interruption) == [], "a letter in a drawer demands nothing"


def test_letter_delivered_finds_the_tracking_number_of_the_posted_one(owed: Program) -> None:
    act(owed, "letter", {"stage": "posted", "tracking_number": "SF1"})
    act(owed, "letter", {"stage": "delivered", "delivered_on": "2026-03-12"})
    assert [(row["ground"], row["grade"]) for row in rows(owed, Interruption)] == [("demand", "C"), ("demand", "B")]


def test_letters_to_a_debtor_of_two_sellers_are_two(owed: Program) -> None:
    owed.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("JC-7", 500_000, date(2026, 1, 5), date(2026, 2, 5), seller_id=cast.OTHER_SELLER)]})
    act(owed, "letter", {"stage": "make"})
    papers = {row["source"]["payload"]["seller_name"]: row["source"]["payload"] for row in rows(owed, Document)}
    assert {name: paper["total_minor"] for name, paper in papers.items()} == {
        "海川五金批发有限公司": 18_230_000, "海川建材有限公司": 500_000}  # fmt: skip


def test_check_that_objects_refuses_at_a_desk_and_holds_from_a_phone(owed: Program) -> None:
    need_plugin("letter")
    fields = {"stage": "make", "pay_by": "2026-03-01"}
    with pytest.raises(RuleBroken) as refusal:
        act(owed, "letter", fields)
    assert refusal.value.field == "pay_by"
    assert refusal.value.params["text"] == "要求付款日不能早于今天。"
    payload = {"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "letter", "fields": fields}
    envelope = Envelope(uuid7(), "collection.take_action", payload, raw={"payload": payload})
    [answer] = owed.dispatcher.perform_batch(cast.REP, [envelope])
    assert (answer.status, answer.code) == ("held", "collection.check")
    [receipt] = [row for row in rows(owed, CommandReceipt) if row["status"] == "held"]
    assert receipt["raw"] == {"payload": payload}
    assert rows(owed, Document) == []


def test_mail_is_queued_with_the_action(owed: Program) -> None:
    answer = act(owed, "email", {"attach": "letter"})
    assert answer["outcome"] == "queued"
    [mail] = rows(owed, Mail)
    assert (mail["to_address"], mail["state"], mail["accepted_effect"]) == ("boss@harbour.example", "queued", "demand")
    assert mail["document_id"] == answer["document_id"]
    assert "¥182,300.00" in mail["body"]
    assert rows(owed, Interruption) == []


def test_action_of_a_customer_who_owes_nothing_is_held_back_by_its_check(app: Flask) -> None:
    program: Program = app.extensions["fieldsales"]
    with pytest.raises(RuleBroken):
        act(program, "letter", {"stage": "make"})
    assert act(program, "phone", {"result": "refused"})["outcome"] == "refused"


@pytest.mark.parametrize(
    "fields",
    [
        {"said": "长" * 4001}, {f"f{n}": 1 for n in range(101)}, {"photos": ["a"] * 51}, {"Bad Name": 1},
        {"deep": {"er": {"est": 1}}}, {"deep": [{"er": [1]}]}, {"deep": [[1]]}, {"number": 12.5}, {"number": 10**16},
    ],
    ids=lambda one: next(iter(one)),
)  # fmt: skip
def test_form_beyond_every_bound_is_rejected_in_words(owed: Program, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        act(owed, "phone", fields)
    assert rows(owed, Action) == []


def test_hidden_signs_in_answers_no_form_knows_are_dropped(owed: Program) -> None:
    act(owed, "phone", {"of_another_version": "a\u202eb\u200b<b>"})
    assert rows(owed, Action)[0]["fields"] == {"of_another_version": "ab<b>"}
