"""Time and caps are never a reason to refuse what happened: kept as claimed, estimated, flagged, shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fieldsales.collection.case_models import GateEntry
from fieldsales.collection.models import Action, Mail, Task
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import clock_flags
from fieldsales.kernel.ids import uuid7
from fieldsales.store.models import CommandReceipt
from fieldsales.visits.models import Visit
from tests.cast import HARBOUR, MANAGER, NOON
from tests.collection.conftest import need_plugin, with_debt
from tests.sync.conftest import House
from tests.sync.phone import visit


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize("years", [-8, -2, 3, 40])
def test_clock_off_by_years_is_kept_flagged_and_estimated(both: House, years: int) -> None:
    wrong = timedelta(days=365 * years)
    made = NOON + wrong - timedelta(minutes=20)
    command = visit(arrived_at=stamp(made)) | {"made_at": stamp(made)}
    (result,) = both.phone().results(command, sent_at=stamp(NOON + wrong))
    assert result["status"] == "applied"
    (row,) = both.rows(Visit)
    assert (row["made_at"], row["occurred_at"]) == (made, NOON - timedelta(minutes=20))
    (receipt,) = both.rows(CommandReceipt)
    assert (receipt["made_at"], receipt["received_at"], receipt["flags"]) == (made, NOON, ["skew"])
    assert receipt["skew_ms"] == -wrong / timedelta(milliseconds=1)


def test_clock_set_back_in_between_keeps_the_phones_own_order(both: House) -> None:
    """Two visits with the clock three days ahead, then it was set right: their times are moved down, in order."""
    ahead = [visit(said=f"早 {n}") | {"made_at": stamp(NOON + timedelta(days=3, minutes=n))} for n in (0, 5)]
    right = visit(said="晚") | {"made_at": stamp(NOON - timedelta(minutes=10))}
    results = both.phone().results(*ahead, right, sent_at=stamp(NOON))
    assert [r["status"] for r in results] == ["applied"] * 3
    at = {row["said"]: row["occurred_at"] for row in both.rows(Visit)}
    assert at["早 0"] <= at["早 5"] <= at["晚"] == NOON - timedelta(minutes=10)
    flags = {row["command_id"]: row["flags"] for row in both.rows(CommandReceipt)}
    assert "jump" in flags[ahead[0]["command_id"]]
    assert "jump" in flags[ahead[1]["command_id"]]
    assert flags[right["command_id"]] == []
    assert {row["made_at"] for row in both.rows(Visit)} >= {NOON + timedelta(days=3)}


def test_held_and_judged_days_later_it_still_happened_when_it_happened(both: House, clock: Any) -> None:
    first = visit()
    waiting = visit(needs=[first["entity_id"]], said="等着") | {"made_at": stamp(NOON - timedelta(hours=3))}
    phone = both.phone()
    phone.results(waiting, sent_at=stamp(NOON - timedelta(hours=1)))  # an hour slow
    clock.at = NOON + timedelta(days=2)
    phone.results(first, sent_at=stamp(clock.at))
    (row,) = [one for one in both.rows(Visit) if one["said"] == "等着"]
    assert row["occurred_at"] == NOON - timedelta(hours=2)
    (receipt,) = both.rows(CommandReceipt, command_id=waiting["command_id"])
    assert (receipt["received_at"], receipt["skew_ms"]) == (NOON, 3_600_000)


def test_flags_of_a_clock() -> None:
    assert clock_flags(None, None, NOON) == []
    assert clock_flags(NOON, 1000, NOON) == []
    assert clock_flags(NOON + timedelta(hours=1), None, NOON) == ["in_future"]
    assert clock_flags(NOON - timedelta(days=400), None, NOON) == ["long_ago"]
    assert clock_flags(datetime(9998, 12, 31, tzinfo=UTC), 10**15, NOON) == ["skew", "in_future"]


def test_contacts_over_the_cap_are_recorded_when_they_arrive_flagged_and_shown(both: House) -> None:
    need_plugin("visit")
    with_debt(both.app)
    visits = [visit(outcome="refused", said="催款") | {"made_at": stamp(NOON - timedelta(hours=h))}
              for h in range(30, 20, -1)]
    late = visit(outcome="refused", said="深夜") | {"made_at": stamp(NOON - timedelta(hours=14))}  # ten last night
    results = both.phone().results(*visits, late)
    assert {r["status"] for r in results} == {"applied"}
    assert len(both.rows(Visit)) == 11
    demands = [row for row in both.rows(Action) if row["effect"] == "demand"]
    assert len(demands) == 11
    assert sum("too_often" in row["flags"] for row in demands) == 4
    (at_night,) = [row for row in demands if row["occurred_at"] == NOON - timedelta(hours=14)]
    assert set(at_night["flags"]) == {"after_hours", "too_often"}
    shown = both.browser("manager").get(f"/actions/{at_night['id']}").get_data(as_text=True)
    assert "联系时间在约定时段之外" in shown
    assert "七天内的催款次数超过上限" in shown
    listed = both.browser("manager").get("/records").get_data(as_text=True)
    assert "超出催款分寸" in listed
    assert at_night["id"] in listed
    assert at_night["id"] not in both.browser("other_manager").get("/records").get_data(as_text=True)


def test_sending_over_the_cap_is_kept_back_with_the_reason(house: House) -> None:
    need_plugin("visit")
    with_debt(house.app)
    house.phone().results(*(visit(outcome="refused", said="催款") | {"made_at": stamp(NOON - timedelta(hours=h))}
                            for h in range(30, 22, -1)))
    paper = {"id": uuid7(), "number": "CH260312-TEST0001", "kind": "letter", "customer_id": HARBOUR,
             "subject_kind": "action", "subject_id": uuid7(), "source": {"payload": {}}, "state": "sealed",
             "made_at": NOON, "by_id": MANAGER.user_id}
    house.program.dispatcher.note(lambda connection: connection.execute(Document.__table__.insert().values(**paper)))
    answer = house.office("collection.send_document", mail_id=uuid7(), document_id=paper["id"],
                          to="boss@harbour.example")
    assert answer["held"]
    assert answer["codes"] == ["too_often"]
    assert answer["until"] == (NOON - timedelta(hours=29) + timedelta(days=7)).isoformat()
    assert house.rows(Mail) == []
    (entry,) = [row for row in house.rows(GateEntry) if row["kind"] == "refused"]
    assert (entry["channel"], entry["codes"], entry["by_id"]) == ("mail", ["too_often"], MANAGER.user_id)
    (again,) = [row for row in house.rows(Task) if row["kind"] == "send_again"]
    assert (again["due_on"], again["assignee_id"]) == (date(2026, 3, 18), MANAGER.user_id)
