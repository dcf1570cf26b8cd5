"""The gate in the program: what happened is kept and flagged, what has not happened is held back, who lifts what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.case_models import ContactMade, ContactStop, GateEntry, StopLift
from fieldsales.collection.gate import Contact, permit
from fieldsales.collection.gate_facts import QUERIES, gate_facts
from fieldsales.collection.models import Action, Mail, Task
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.store import Store
from fieldsales.web.here import Program
from fieldsales.workday.contacting import GATE_QUERIES, read_gate
from tests import cast
from tests.collection.conftest import need_plugin, rows

Enter = Callable[[str], FlaskClient]
HARBOUR, NOON = cast.HARBOUR, cast.NOON
LETTER = {"stage": "make", "tone": "friendly", "lang": "zh"}


def do(program: Program, operation: str, actor: Any = cast.REP, **more: Any) -> dict[str, Any]:
    return program.dispatcher.perform(actor, operation, {"customer_id": HARBOUR} | more)


def act(program: Program, method: str, fields: dict[str, Any], actor: Any = cast.REP) -> dict[str, Any]:
    need_plugin(method)
    return do(program, "collection.take_action", actor, action_id=uuid7(), method=method, fields=fields)


def stop(program: Program, kind: str = "objection", actor: Any = cast.REP) -> str:
    stop_id = uuid7()
    do(program, "collection.record_stop", actor, stop_id=stop_id, kind=kind, words="别再打了", who="林海港")
    return stop_id


def may(program: Program, channel: str, at: datetime = NOON, contact_id: str = "", purpose: str = "demand"
        ) -> tuple[str, ...]:
    with program.store.reading() as connection:
        facts = gate_facts(connection, [HARBOUR], cast.TODAY)[HARBOUR]
    return permit(Contact(channel, at, purpose, contact_id), facts).codes


def test_calls_of_two_reps_count_together_and_the_fourth_is_kept_and_flagged(owed: Program) -> None:
    for actor in (cast.REP, cast.HELPER_REP, cast.MANAGER):
        assert act(owed, "phone", {"result": "refused"}, actor)["warnings"] == []
    assert may(owed, "call") == ("calls_today",)
    assert may(owed, "visit") == ()
    act(owed, "phone", {"result": "refused"})
    flagged = [row for row in rows(owed, Action) if row["flags"]]
    assert [row["flags"] for row in flagged] == [["calls_today"]]
    made = rows(owed, ContactMade)
    assert [(row["channel"], row["effective"], row["demand"]) for row in made] == [("call", True, True)] * 4
    (entry,) = rows(owed, GateEntry)
    assert (entry["kind"], entry["source_id"], entry["by_id"]) == ("flagged", flagged[0]["id"], cast.REP.user_id)


def test_call_that_reached_nobody_is_a_call_and_no_conversation(owed: Program) -> None:
    act(owed, "phone", {"result": "no_answer"})
    (made,) = rows(owed, ContactMade)
    assert (made["effective"], made["demand"]) == (False, False)


def test_letter_that_is_held_back_makes_no_paper_says_why_and_asks_again(owed: Program) -> None:
    for _ in range(7):
        act(owed, "letter", {"stage": "posted"})
    answer = act(owed, "letter", LETTER)
    (action,) = [row for row in rows(owed, Action) if row["outcome"] == "held_back"]
    assert answer["document_id"] is None
    assert "七天内的催款次数超过上限" in action["summary_zh"]
    assert "3月19日 12:00 起可以" in action["summary_zh"]
    assert (action["effect"], action["next_on"]) == ("", date(2026, 3, 19))
    assert rows(owed, Document) == []
    assert [row["due_on"] for row in rows(owed, Task) if row["source_id"] == action["id"]] == [date(2026, 3, 19)]
    (entry,) = [row for row in rows(owed, GateEntry) if row["kind"] == "refused"]
    assert (entry["channel"], entry["codes"]) == ("letter", ["too_often"])
    do(owed, "collection.give_leave", cast.MANAGER, waiver_id=uuid7(), codes=["too_often"],
       until_at=NOON + timedelta(hours=4), reason="时效将满，必须发函")
    assert act(owed, "letter", LETTER)["document_id"]
    assert [row["kind"] for row in rows(owed, GateEntry) if row["kind"] in ("waived", "used")] == ["waived", "used"]


def test_mail_of_a_method_is_held_back_when_they_objected(owed: Program) -> None:
    stop(owed)
    answer = act(owed, "email", {"to": "boss@harbour.example", "subject": "欠款", "text": "请于周五前付款"})
    assert answer["outcome"] == "held_back"
    assert rows(owed, Mail) == []
    assert "对方已要求不再联系" in "".join(answer["warnings"])


def test_stop_is_recorded_whatever_it_is_told_to_the_office_and_lifted_with_a_reason(owed: Program) -> None:
    stop_id = stop(owed, "police")
    do(owed, "collection.record_stop", stop_id=stop_id, kind="police", words="again")  # sent twice by a phone
    assert len(rows(owed, ContactStop)) == 1
    assert sorted(row["assignee_id"] for row in rows(owed, Task) if row["kind"] == "contact_stopped") == sorted(
        [cast.MANAGER.user_id, cast.LEGAL.user_id])
    assert [may(owed, channel) for channel in ("call", "message", "visit", "mail", "letter")] == [("police",)] * 5
    assert may(owed, "legal", purpose="legal") == ()
    act(owed, "phone", {"result": "refused"})  # it happened all the same: kept, and flagged
    assert rows(owed, Action)[-1]["flags"] == ["police"]
    for who in (cast.REP, cast.FINANCE):
        with pytest.raises(NotAllowed):
            do(owed, "collection.lift_stop", who, stop_id=stop_id, lift_id=uuid7(), reason="x")
    with pytest.raises(NotFound):
        do(owed, "collection.lift_stop", cast.LEGAL, stop_id=uuid7(), lift_id=uuid7(), reason="x")
    do(owed, "collection.lift_stop", cast.LEGAL, stop_id=stop_id, lift_id=uuid7(), reason="已书面说明，对方同意再谈")
    assert may(owed, "call") == ()
    with pytest.raises(RuleBroken):
        do(owed, "collection.lift_stop", cast.MANAGER, stop_id=stop_id, lift_id=uuid7(), reason="x")
    assert len(rows(owed, StopLift)) == 1


def test_relative_is_not_asked_until_a_manager_says_so(owed: Program) -> None:
    def set_to(standing: str, actor: Any = cast.REP) -> None:
        do(owed, "collection.set_standing", actor, standing_id=uuid7(), contact_id=cast.HARBOUR_CONTACT,
           standing=standing)

    set_to("family")
    assert may(owed, "call", contact_id=cast.HARBOUR_CONTACT) == ("family",)
    assert may(owed, "call") == ()
    with pytest.raises(NotAllowed):
        set_to("permitted")
    set_to("permitted", cast.MANAGER)
    assert may(owed, "call", contact_id=cast.HARBOUR_CONTACT) == ()
    with pytest.raises(NotFound):
        do(owed, "collection.set_standing", standing_id=uuid7(), contact_id=uuid7(), standing="family")


def test_zone_and_jurisdiction_of_a_customer(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        do(owed, "collection.set_terms", terms_id=uuid7(), zone="America/New_York", pack="US")
    with pytest.raises(Invalid):
        do(owed, "collection.set_terms", cast.MANAGER, terms_id=uuid7(), zone="Mars/Olympus", pack="US")
    do(owed, "collection.set_terms", cast.MANAGER, terms_id=uuid7(), zone="America/New_York", pack="US")
    assert may(owed, "call") == ("after_hours",)  # noon in Shanghai is midnight there
    assert may(owed, "call", datetime(2026, 3, 12, 15, tzinfo=UTC)) == ()
    do(owed, "collection.set_terms", cast.MANAGER, terms_id=uuid7())
    assert may(owed, "call") == ()


def test_leave_is_a_managers_for_a_while_and_never_over_a_stop(owed: Program, clock: FixedClock) -> None:
    at = NOON + timedelta(hours=10)
    do(owed, "collection.ask_leave", entry_id=uuid7(), channel="call", codes=["after_hours"], reason="他只有晚上在")
    (asked,) = [row for row in rows(owed, Task) if row["kind"] == "leave_asked"]
    assert asked["assignee_id"] == cast.MANAGER.user_id
    give = {"waiver_id": uuid7(), "codes": ["after_hours"], "reason": "他约的"}
    with pytest.raises(NotAllowed):
        do(owed, "collection.give_leave", until_at=at + timedelta(hours=1), **give)
    for until in (NOON - timedelta(hours=1), NOON + timedelta(days=8)):
        with pytest.raises(Invalid):
            do(owed, "collection.give_leave", cast.MANAGER, until_at=until, **give)
    with pytest.raises(Invalid):
        do(owed, "collection.give_leave", cast.MANAGER, until_at=at, waiver_id=uuid7(), codes=["police"], reason="x")
    do(owed, "collection.give_leave", cast.MANAGER, until_at=at + timedelta(hours=1), **give)
    assert may(owed, "call", at) == ()
    clock.at = at
    act(owed, "phone", {"result": "refused"})
    assert rows(owed, Action)[-1]["flags"] == []
    assert [row["kind"] for row in rows(owed, GateEntry)] == ["asked", "waived", "used"]


def test_message_shared_from_a_phone_is_counted_and_told(owed: Program) -> None:
    note = {"contact_made_id": uuid7(), "channel": "message", "occurred_at": (NOON + timedelta(hours=-6)).isoformat()}
    answer = do(owed, "collection.note_contact", beyond=["after_hours"], reason="他先发消息来问", **note)
    assert answer["codes"] == ["after_hours"]  # six in the morning
    assert [(row["kind"], row["reason"]) for row in rows(owed, GateEntry)] == [
        ("flagged", ""), ("told", "他先发消息来问")]
    (made,) = rows(owed, ContactMade)
    assert made["at"] == NOON - timedelta(hours=6)


def test_facts_cost_the_same_for_one_customer_and_two(any_store: Store, count_queries: Any) -> None:
    for keys in ([HARBOUR], [HARBOUR, cast.RIVER]):
        with count_queries(any_store.engine) as seen, any_store.reading() as connection:
            assert set(gate_facts(connection, keys, cast.TODAY)) == set(keys)
        assert len(seen) == QUERIES
        with count_queries(any_store.engine) as seen, any_store.reading() as connection:
            read_gate(connection, keys, cast.TODAY)
        assert len(seen) == GATE_QUERIES


def test_page_says_who_may_be_contacted_and_a_manager_decides_there(owed: Program, app: Any, log_in: Enter) -> None:
    rep, manager = log_in("rep"), log_in("manager")
    at = f"/customers/{HARBOUR}/contacting"
    assert "没有人提出异议" in rep.get(at).get_data(as_text=True)
    rep.post(f"/customers/{HARBOUR}/stops", data={"kind": "objection", "words": "别再打了", "command_id": uuid7()})
    shown = manager.get(at).get_data(as_text=True)
    for words in ("对方已要求不再联系", "别再打了", "王小明", "GB/T 45251-2025", "08:00–22:00"):
        assert words in shown, words
    (found,) = rows(owed, ContactStop)
    lift = f"/customers/{HARBOUR}/stops/{found['id']}/lift"
    assert rep.post(lift, data={"reason": "x"}).status_code == 403
    manager.post(lift, data={"reason": "对方来电约谈", "command_id": uuid7()})
    assert "对方来电约谈" in rep.get(at).get_data(as_text=True)
    rep.post(f"/customers/{HARBOUR}/standing", data={"contact_id": cast.HARBOUR_CONTACT, "standing": "left",
                                                     "command_id": uuid7()})
    assert "已离职" in manager.get(at).get_data(as_text=True)
    manager.post(f"/customers/{HARBOUR}/terms", data={"zone": "Europe/Berlin", "pack": "EU", "command_id": uuid7()})
    shown = manager.get(at).get_data(as_text=True)
    assert "Europe/Berlin" in shown
    assert "联系时间在约定时段之外" in shown
    rep.post(f"/customers/{HARBOUR}/leave/ask", data={"code": "after_hours", "channel": "call", "reason": "急",
                                                      "command_id": uuid7()})
    manager.post(f"/customers/{HARBOUR}/leave", data={"code": "after_hours", "hours": "4", "reason": "他约的",
                                                      "command_id": uuid7()})
    shown = manager.get(at).get_data(as_text=True)
    for words in ("已放行", "申请放行", "他约的", "经主管放行"):
        assert words in shown, words


@pytest.mark.parametrize("place", ["stops", "standing", "terms", "leave", "leave/ask", f"stops/{cast.HARBOUR}/lift"])
def test_stranger_finds_no_gate_of_anothers_customer(app: Any, log_in: Enter, place: str) -> None:
    """Whatever the form says or lacks."""
    assert log_in("other_manager").post(f"/customers/{HARBOUR}/{place}", data={}).status_code == 404
