"""A person of the office sees what was not simply applied, and settles it; what came stays as it came."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from fieldsales.customers.models import Contact, ContactClash
from fieldsales.kernel.errors import NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditLink, CommandMark, CommandReceipt, ReusedId
from fieldsales.store.writing import Moved
from fieldsales.sync.rules import envelope_of
from fieldsales.visits.models import Visit
from tests.cast import FINANCE, HARBOUR, HARBOUR_CONTACT, HARBOUR_NAME, HELPER_REP, LEGAL, MANAGER, OTHER_MANAGER, REP
from tests.sync.conftest import House
from tests.sync.phone import visit


def held_for_good(house: House) -> dict[str, Any]:
    """A visit to a customer that was given away meanwhile."""
    sent = visit()
    house.office("customers.assign_owner", owner_id=HELPER_REP.user_id)
    assert house.phone().results(sent)[0]["code"] == "customer_moved"
    return sent

def refused_visit(house: House) -> dict[str, Any]:
    sent = visit(said="月底一定付\u200b")
    (result,) = house.phone().results(sent)
    assert (result["status"], result["field"]) == ("rejected", "said")
    return sent

def page_of(house: House, path: str, login: str = "manager") -> str:
    answer = house.browser(login).get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))

def post(house: House, path: str, login: str = "manager", **form: str) -> Any:
    return house.browser(login).post(path, data={"command_id": uuid7()} | form)

def test_held_record_stands_on_the_teams_page_in_plain_words(both: House) -> None:
    sent = held_for_good(both)
    shown = page_of(both, "/records")
    for words in ("拜访", HARBOUR_NAME, REP.name, "月底一定付", "期间已转给别人"):
        assert words in shown, words
    assert "visits.log_visit" not in shown
    assert sent["command_id"] not in page_of(both, "/records", "other_manager")
    assert sent["command_id"] not in page_of(both, "/records", "finance")
    assert sent["command_id"] in page_of(both, "/records", "admin")
    assert both.browser("rep").get("/records").status_code == 403
    assert f'href="/records/{sent["command_id"]}"' in shown
    assert "1 条记录等待处理" in page_of(both, "/desk")

def test_judged_again_by_who_answers_for_it_it_is_the_authors_own(both: House) -> None:
    sent = held_for_good(both)
    phone = both.phone()
    assert phone.post(f"/held/{sent['command_id']}/retry").get_json()["status"] == "held"  # he cannot vouch for himself
    assert post(both, f"/records/{sent['command_id']}/again").status_code == 303
    (row,) = both.rows(Visit)
    assert (row["user_id"], row["said"]) == (REP.user_id, "月底一定付")
    (receipt,) = both.rows(CommandReceipt, command_id=sent["command_id"])
    assert (receipt["status"], receipt["vouched_by"], receipt["actor_id"]) == ("applied", MANAGER.user_id, REP.user_id)
    (status,) = phone.get(f"/sync/status?ids={sent['command_id']}").get_json()["results"]
    assert status["status"] == "applied"
    assert post(both, f"/records/{sent['command_id']}/again").status_code == 404

def test_put_right_is_a_new_record_of_that_person_and_the_old_one_stays(both: House) -> None:
    sent = refused_visit(both)
    phone = both.phone()
    waiting = visit(needs=[sent["entity_id"]])
    assert phone.results(waiting)[0]["status"] == "held"
    path = f"/records/{sent['command_id']}"
    assert "所说的话" in page_of(both, path)
    new_id = uuid7()
    still_wrong = {"f.purpose": "sleep", "f.said": "月底一定付", "command_id": new_id}
    wrong = post(both, f"{path}/right", **{**still_wrong, "f.persons.0.name": ""})
    assert wrong.status_code == 422
    assert both.rows(Visit) == []
    done = post(both, f"{path}/right", **{"f.said": "月底一定付", "command_id": new_id})
    assert done.status_code == 303, done.get_data(as_text=True)
    made = {row["id"]: row for row in both.rows(Visit)}
    assert (made[sent["entity_id"]]["user_id"], made[sent["entity_id"]]["said"]) == (MANAGER.user_id, "月底一定付")
    assert made[waiting["entity_id"]]["user_id"] == REP.user_id  # what waited for it followed
    (mark,) = both.rows(CommandMark)
    assert (mark["of_id"], mark["kind"], mark["new_command_id"]) == (sent["command_id"], "put_right", new_id)
    (old,) = both.rows(CommandReceipt, command_id=sent["command_id"])
    assert (old["status"], old["raw"]["payload"]["said"]) == ("rejected", "月底一定付\u200b")
    assert sent["command_id"] not in page_of(both, "/records")

def test_held_record_put_right_can_never_be_applied_a_second_time(house: House) -> None:
    sent = held_for_good(house)
    house.office("customers.assign_owner", owner_id=REP.user_id)  # his again: it could be applied
    done = post(house, f"/records/{sent['command_id']}/right", **{"f.said": "月底付一半"})
    assert done.status_code == 303
    phone = house.phone()
    for verdict in (phone.post(f"/held/{sent['command_id']}/retry").get_json(), phone.results(sent)[0]):
        assert (verdict["status"], verdict["code"]) == ("rejected", "put_right")
        assert MANAGER.name in verdict["text"]
    assert [row["said"] for row in house.rows(Visit)] == ["月底付一半"]

def test_closed_with_a_reason_its_author_reads_it(both: House) -> None:
    sent = held_for_good(both)
    assert post(both, f"/records/{sent['command_id']}/close", reason="已由赵帮手记录").status_code == 303
    phone = both.phone()
    (verdict,) = phone.get(f"/sync/status?ids={sent['command_id']}").get_json()["results"]
    assert (verdict["status"], verdict["code"]) == ("rejected", "closed")
    assert "已由赵帮手记录" in verdict["text"]
    assert phone.results(sent)[0]["text"] == verdict["text"]
    assert both.rows(Visit) == []
    assert [link["operation"] for link in both.rows(AuditLink)][-1] == "sync.close_record"

def test_closing_what_was_judged_meanwhile_does_not_undo_it(house: House) -> None:
    """Judged between a person's look and his click: the close is judged anew, and refused."""
    sent = held_for_good(house)
    house.office("customers.assign_owner", owner_id=REP.user_id)
    dispatcher = house.program.dispatcher
    close = Envelope(uuid7(), "sync.close_record", {"record_id": sent["command_id"], "reason": "x"})
    verdicts, facts, buffer = dispatcher._judge(MANAGER, [close], frozenset())
    assert house.phone().post(f"/held/{sent['command_id']}/retry").get_json()["status"] == "applied"
    with pytest.raises(Moved):
        dispatcher._write(verdicts, facts, buffer, MANAGER, True, frozenset())
    with pytest.raises(NotFound):
        dispatcher.perform(MANAGER, "sync.close_record", {"record_id": sent["command_id"], "reason": "x"})
    assert house.rows(CommandReceipt, command_id=sent["command_id"])[0]["status"] == "applied"

def test_two_retries_at_once_have_one_effect(both: House) -> None:
    """Both judged while it was held: the second finds it settled and answers as the first."""
    sent = held_for_good(both)
    both.office("customers.assign_owner", owner_id=REP.user_id)
    dispatcher, again = both.program.dispatcher, frozenset({sent["command_id"]})
    envelope = envelope_of(sent, device=None, skew_ms=None)
    assert envelope is not None
    judged = dispatcher._judge(REP, [envelope], again)
    first = dispatcher.perform_batch(REP, [envelope], again=again)
    with pytest.raises(Moved):
        dispatcher._write(*judged, REP, True, again)
    second = dispatcher.perform_batch(REP, [envelope], again=again)
    assert [(one.status, one.duplicate) for one in (*first, *second)] == [("applied", False), ("applied", True)]
    assert len(both.rows(Visit)) == 1

def test_id_used_twice_is_kept_apart_once_and_flagged(both: House) -> None:
    first = visit(said="付一半")
    other = first | {"payload": first["payload"] | {"said": "一分不付"}}
    phone = both.phone()
    phone.results(first)
    for _ in range(3):
        assert phone.results(other)[0]["code"] == "id_reused"
    (kept,) = both.rows(ReusedId)
    assert (kept["command_id"], kept["raw"]["payload"]["said"]) == (first["command_id"], "一分不付")
    shown = page_of(both, "/records")
    assert "编号重复" in shown
    assert "一分不付" in shown
    assert post(both, f"/records/{kept['id']}/close", reason="误传").status_code == 303
    assert "一分不付" not in page_of(both, "/records")
    assert [row["said"] for row in both.rows(Visit)] == ["付一半"]

def test_clash_is_taken_on_the_page(house: House) -> None:
    house.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                 now={"phone": "13800009999"})
    change = visit() | {"operation": "customers.change_contact", "entity_id": HARBOUR_CONTACT, "payload": {
        "customer_id": HARBOUR, "contact_id": HARBOUR_CONTACT, "was": {"phone": "13800000001"},
        "now": {"phone": "13911112222"}}}
    house.phone().results(change)
    clash_id = house.rows(ContactClash)[0]["id"]
    shown = page_of(house, f"/records/{clash_id}")
    for words in ("13800000001", "13800009999", "13911112222", "采用"):
        assert words in shown, words
    assert house.browser("other_manager").get(f"/records/{clash_id}").status_code == 404
    assert post(house, f"/records/{clash_id}/decide", take="1").status_code == 303
    assert house.rows(Contact, id=HARBOUR_CONTACT)[0]["phone"] == "13911112222"
    assert clash_id not in page_of(house, "/records")

def test_handed_to_a_colleague_it_waits_on_his_page_too(house: House) -> None:
    sent = held_for_good(house)
    path = f"/records/{sent['command_id']}"
    assert house.browser("legal").get(path).status_code == 404
    assert post(house, f"{path}/hand", to_user_id=LEGAL.user_id, note="请看").status_code == 303
    assert sent["command_id"] in page_of(house, "/records", "legal")
    assert LEGAL.name in page_of(house, path)
    with pytest.raises(NotFound):
        house.program.dispatcher.perform(FINANCE, "sync.hand_record", {
            "record_id": sent["command_id"], "to_user_id": FINANCE.user_id})
    assert post(house, f"{path}/close", "legal", reason="看过").status_code == 303

@pytest.mark.parametrize("actor", [REP, OTHER_MANAGER, FINANCE], ids=lambda actor: actor.name)
def test_only_who_looks_after_a_record_settles_it(house: House, actor: Any) -> None:
    sent = held_for_good(house)
    for name, more in (("sync.close_record", {"reason": "x"}), ("sync.hand_record", {"to_user_id": LEGAL.user_id}),
                       ("sync.note_put_right", {"new_command_id": uuid7()})):
        with pytest.raises(NotFound):
            house.program.dispatcher.perform(actor, name, {"record_id": sent["command_id"]} | more)
    assert house.rows(CommandMark) == []
    assert house.rows(CommandReceipt, command_id=sent["command_id"])[0]["status"] == "held"


def test_finance_looks_after_its_own_trade(house: House) -> None:
    sent = visit() | {"operation": "receivables.register_receipt", "payload": {"customer_id": HARBOUR}}
    assert house.phone().results(sent)[0]["status"] == "rejected"
    assert sent["command_id"] in page_of(house, "/records", "finance")
    assert sent["command_id"] not in page_of(house, "/records", "legal")

def test_signed_plan_is_never_rewritten(house: House) -> None:
    sent = visit() | {"operation": "plans.sign_plan", "payload": {"payload": {"customer_id": HARBOUR}, "signing": {}}}
    house.phone().results(sent)
    shown = page_of(house, f"/records/{sent['command_id']}", "legal")
    assert "/right" not in shown
    assert post(house, f"/records/{sent['command_id']}/right", "legal").status_code == 422

@pytest.mark.parametrize("many", [1, 3])
def test_page_costs_the_same_with_one_and_three(house: House, count_queries: Any, many: int) -> None:
    client, phone = house.browser("manager"), house.phone()
    phone.results(*(visit(said=f"付\u200b{n}") for n in range(many)))
    with count_queries(house.program.store.engine) as seen:
        assert client.get("/records").status_code == 200
    assert len(seen) == 16

def test_receipts_of_the_nights_own_errands_are_nobodys_worry(house: House) -> None:
    house.program.dispatcher.note(lambda connection: connection.execute(insert(table_of(CommandReceipt)).values(
        command_id=uuid7(), operation="promises.settle_promises", status="rejected",
        received_at=house.program.clock.now())))
    assert "没有待处理的记录" in page_of(house, "/records", "admin")
