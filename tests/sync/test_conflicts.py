"""Two people changed the same thing: each kind of record has its own rule, and nobody's words are lost."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.customers.models import Contact, ContactClash
from fieldsales.kernel.errors import NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.store.models import CommandReceipt
from fieldsales.visits.models import Visit
from tests.cast import FORMER_REP, HARBOUR, HARBOUR_CONTACT, HELPER_REP, MANAGER, OTHER_MANAGER, REP
from tests.sync.conftest import House
from tests.sync.phone import visit


def command(operation: str, entity_id: str, **payload: Any) -> dict[str, Any]:
    """A command as it lies in the outbox."""
    return visit() | {"operation": operation, "entity_id": entity_id, "payload": {"customer_id": HARBOUR} | payload}


def change(was: dict[str, str], now: dict[str, str]) -> dict[str, Any]:
    return command("customers.change_contact", HARBOUR_CONTACT, contact_id=HARBOUR_CONTACT, was=was, now=now)


def contact(house: House) -> dict[str, Any]:
    (row,) = house.rows(Contact, id=HARBOUR_CONTACT)
    return row


def test_contact_changed_in_two_fields_by_two_phones_takes_both(both: House) -> None:
    first = both.phone("rep").results(change({"phone": "13800000001"}, {"phone": "13911112222"}))
    second = both.phone("helper_rep").results(change({"role": "老板"}, {"role": "股东"}))
    assert [r["status"] for r in first + second] == ["applied", "applied"]
    assert (contact(both)["phone"], contact(both)["role"]) == ("13911112222", "股东")
    assert both.rows(ContactClash) == []


def test_contact_changed_to_what_the_office_has_already_is_nothing_to_do(house: House) -> None:
    house.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                 now={"phone": "13911112222"})
    (result,) = house.phone().results(change({"phone": "13800000001"}, {"phone": "13911112222"}))
    assert (result["status"], result["data"]["flags"]) == ("applied", [])
    assert house.rows(ContactClash) == []


def test_contact_clash_keeps_the_offices_value_and_the_phones_proposal(both: House) -> None:
    both.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                now={"phone": "13800009999"})
    sent = change({"phone": "13800000001", "role": "老板"}, {"phone": "13911112222", "role": "股东"})
    phone = both.phone()
    (result,) = phone.results(sent)
    proposal = {"phone": {"was": "13800000001", "now": "13911112222", "office": "13800009999"}}
    assert (result["status"], result["code"]) == ("conflict", "customers.contact_clash")
    assert result["data"]["proposal"] == proposal
    assert "保留公司现有的内容" in result["text"]
    assert (contact(both)["phone"], contact(both)["role"]) == ("13800009999", "股东")
    (clash,) = both.rows(ContactClash)
    assert (clash["fields"], clash["by_id"], clash["decided_at"]) == (proposal, REP.user_id, None)
    # the same bytes again: the same answer, and nothing happens twice
    (again,) = phone.results(copy.deepcopy(sent))
    assert again == result | {"duplicate": True}
    assert len(both.rows(ContactClash)) == 1
    assert [row["status"] for row in both.rows(CommandReceipt, command_id=sent["command_id"])] == ["conflict"]


def test_clash_is_taken_or_left_by_the_teams_manager_and_once(house: House) -> None:
    house.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                 now={"phone": "13800009999"})
    house.phone().results(change({"phone": "13800000001"}, {"phone": "13911112222"}))
    clash_id = house.rows(ContactClash)[0]["id"]
    with pytest.raises(NotAllowed):
        house.office("customers.decide_clash", REP, clash_id=clash_id, take=True)
    with pytest.raises(Exception, match="not yours to see"):
        house.office("customers.decide_clash", OTHER_MANAGER, clash_id=clash_id, take=True)
    house.office("customers.decide_clash", MANAGER, clash_id=clash_id, take=True)
    assert contact(house)["phone"] == "13911112222"
    assert house.rows(ContactClash)[0]["decision"] == "taken"
    with pytest.raises(RuleBroken):
        house.office("customers.decide_clash", MANAGER, clash_id=clash_id, take=False)


def test_contact_removed_in_the_office_and_edited_on_the_phone_is_back_and_flagged(both: House) -> None:
    both.office("customers.remove_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"})
    assert contact(both)["ended_at"] is not None
    (result,) = both.phone().results(change({"phone": "13800000001"}, {"phone": "13911112222"}))
    assert (result["status"], result["data"]["flags"]) == ("applied", ["was_removed"])
    assert (contact(both)["phone"], contact(both)["ended_at"]) == ("13911112222", None)
    assert [row["kind"] for row in both.rows(ContactClash)] == ["kept"]


def test_contact_edited_in_the_office_and_removed_on_the_phone_stays(both: House) -> None:
    both.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                now={"phone": "13800009999"})
    was = {"name": "林海港", "phone": "13800000001"}
    removal = command("customers.remove_contact", HARBOUR_CONTACT, contact_id=HARBOUR_CONTACT, was=was)
    (result,) = both.phone().results(removal)
    assert (result["status"], result["code"]) == ("conflict", "customers.contact_kept")
    assert contact(both)["ended_at"] is None
    clash_id = both.rows(ContactClash)[0]["id"]
    both.office("customers.decide_clash", clash_id=clash_id, take=True)  # the removal after all
    assert contact(both)["ended_at"] is not None


def test_what_waits_for_a_conflicting_command_follows_it(house: House) -> None:
    house.office("customers.change_contact", contact_id=HARBOUR_CONTACT, was={"phone": "13800000001"},
                 now={"phone": "13800009999"})
    clashing = change({"phone": "13800000001"}, {"phone": "13911112222"})
    after = visit(needs=[HARBOUR_CONTACT])
    assert [r["status"] for r in house.phone().results(after, clashing)] == ["applied", "conflict"]


def a_task(house: House, **more: Any) -> str:
    task_id = uuid7()
    house.office("collection.add_task", task_id=task_id, kind="call", title="打电话", due_on="2026-03-16", **more)
    return task_id


def test_task_withdrawn_by_the_office_and_finished_on_the_phone_is_done(both: House) -> None:
    task_id, other_id = a_task(both), a_task(both)
    for one in (task_id, other_id):
        both.office("collection.withdraw_task", task_id=one, reason="不必了")
    results = both.phone().results(
        command("collection.finish_task", task_id, task_id=task_id, note="已打"),
        command("collection.skip_task", other_id, task_id=other_id, reason="关门了"))
    assert [r["status"] for r in results] == ["applied", "applied"]
    ends = {row["id"]: (row["outcome"], row["note"], row["done_by_id"]) for row in both.rows(Task)}
    assert ends == {task_id: ("done", "已打", REP.user_id), other_id: ("skipped", "关门了", REP.user_id)}


def test_task_given_to_another_and_finished_on_the_first_phone_is_done(house: House) -> None:
    task_id = a_task(house, assignee_id=REP.user_id)
    house.office("collection.change_task", task_id=task_id, assignee_id=HELPER_REP.user_id, due_on="2026-03-20")
    finish = command("collection.finish_task", task_id, task_id=task_id)
    assert house.phone().results(finish)[0]["status"] == "applied"
    (row,) = house.rows(Task)
    assert (row["outcome"], row["due_on"]) == ("done", date(2026, 3, 20))


def test_task_moved_by_the_office_keeps_the_offices_day(house: House) -> None:
    task_id = a_task(house)
    house.office("collection.change_task", task_id=task_id, due_on="2026-03-20")
    move = command("collection.change_task", task_id, task_id=task_id, due_on="2026-03-25", was_due_on="2026-03-16")
    (result,) = house.phone().results(move)
    assert (result["status"], result["data"]["proposal"]["due_on"]["office"]) == ("conflict", "2026-03-20")
    assert house.rows(Task)[0]["due_on"] == date(2026, 3, 20)
    with pytest.raises(NotAllowed):
        house.office("collection.change_task", REP, task_id=task_id, assignee_id=REP.user_id)


def test_manager_moves_and_takes_back_a_task_on_the_customers_page(house: House) -> None:
    task_id, client = a_task(house), house.browser("manager")
    path = f"/customers/{HARBOUR}/tasks/{task_id}/change"
    assert path in client.get(f"/customers/{HARBOUR}").get_data(as_text=True)
    assert path not in house.browser("rep").get(f"/customers/{HARBOUR}").get_data(as_text=True)
    assert client.post(path, data={"command_id": uuid7(), "due_on": "2026-03-25"}).status_code == 303
    assert house.rows(Task)[0]["due_on"] == date(2026, 3, 25)
    assert client.post(path, data={"command_id": uuid7(), "withdraw": "1"}).status_code == 303
    assert house.rows(Task)[0]["outcome"] == "withdrawn"
    assert house.browser("rep").post(path, data={"withdraw": "1"}).status_code == 403


def test_first_end_of_a_task_stands(house: House) -> None:
    task_id = a_task(house)
    house.phone("helper_rep").results(command("collection.skip_task", task_id, task_id=task_id, reason="关门了"))
    assert house.phone().results(command("collection.finish_task", task_id, task_id=task_id))[0]["status"] == "applied"
    assert house.rows(Task)[0]["outcome"] == "skipped"


def test_visit_to_a_customer_given_away_meanwhile_is_held_not_lost(both: House) -> None:
    """Made in the morning, given to another at noon, sent in the evening."""
    phone, sent = both.phone(), visit()
    both.office("customers.assign_owner", owner_id=HELPER_REP.user_id)
    (result,) = phone.results(sent)
    assert (result["status"], result["code"]) == ("held", "customer_moved")
    assert both.rows(Visit) == []
    # a task of his is finished all the same
    task_id = a_task(both)
    finish = command("collection.finish_task", task_id, task_id=task_id)
    assert phone.results(finish)[0]["status"] == "applied"


def test_stranger_who_never_had_the_customer_is_refused(house: House) -> None:
    (result,) = house.phone("other_rep").results(visit())
    assert (result["status"], result["code"]) == ("rejected", "customer.not_found")
    assert house.phone("former_rep").results(visit())[0]["status"] == "held"
    assert house.rows(CommandReceipt, status="held")[0]["actor_id"] == FORMER_REP.user_id
