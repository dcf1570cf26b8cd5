"""Push: accept, then judge; the same bytes get the same answer; nothing blocks what follows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldsales.kernel.ids import uuid7
from fieldsales.people.models import Device
from fieldsales.promises.models import Promise
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditLink, CommandReceipt
from fieldsales.visits.models import Visit
from fieldsales.web.here import Program
from tests.cast import ADMIN, HARBOUR, RIVER, RIVER_CANARY
from tests.sync.phone import Phone, visit

LogIn = Callable[[str], FlaskClient]


def count(program: Program, model: Any) -> int:
    with program.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar() or 0)


def test_push_visit_is_applied_once_however_often_it_is_sent(log_in: LogIn, program: Program) -> None:
    phone, command = Phone(log_in("rep")), visit()
    first = phone.results(command)
    assert [r["command_id"] for r in first] == [command["command_id"]]
    assert [(r["status"], r["duplicate"]) for r in first] == [("applied", False)]
    again = [phone.results(copy.deepcopy(command))[0] for _ in range(5)]
    assert {(r["status"], r["duplicate"]) for r in again} == {("applied", True)}
    assert {str(r["data"]) for r in again} == {str(first[0]["data"])}
    assert count(program, Visit) == 1
    assert count(program, AuditLink) == 1


def test_push_same_id_twice_in_one_batch_is_one_effect(log_in: LogIn, program: Program) -> None:
    command = visit()
    results = Phone(log_in("rep")).results(command, command)
    assert [r["status"] for r in results] == ["applied", "applied"]
    assert count(program, Visit) == 1


def test_push_same_id_other_bytes_is_rejected_id_reused(log_in: LogIn, program: Program) -> None:
    phone, command = Phone(log_in("rep")), visit(said="付一半")
    phone.results(command)
    other = copy.deepcopy(command)
    other["payload"]["said"] = "不付"
    (result,) = phone.results(other)
    assert (result["status"], result["code"]) == ("rejected", "id_reused")
    with program.store.reading() as connection:
        assert connection.execute(select(table_of(Visit).c.said)).scalars().all() == ["付一半"]


def test_push_key_order_and_spacing_are_not_other_bytes(log_in: LogIn) -> None:
    phone, command = Phone(log_in("rep")), visit()
    phone.results(command)
    turned = dict(reversed(list(command.items())))
    assert phone.results(turned)[0]["duplicate"] is True


def test_push_another_persons_command_id_is_rejected_and_tells_nothing(log_in: LogIn) -> None:
    command = visit(said="海港说的话")
    Phone(log_in("rep")).results(command)
    (result,) = Phone(log_in("other_rep")).results(command)
    assert (result["status"], result["code"], result["data"]) == ("rejected", "id_reused", None)


def test_push_poison_in_the_middle_stops_nothing_else(log_in: LogIn, program: Program) -> None:
    good = [visit() for _ in range(3)]
    bad_amount = visit(place={"lat": "north", "lon": "1", "accuracy_m": 5})
    unknown = visit() | {"operation": "visits.teleport"}
    no_id = {"operation": "visits.log_visit", "payload": {}}
    results = Phone(log_in("rep")).results(good[0], "garbage", bad_amount, good[1], unknown, no_id, good[2])
    assert [r["status"] for r in results] == [
        "applied", "rejected", "rejected", "applied", "held", "rejected", "applied"]
    assert results[2]["field"] == "place.lat"
    assert results[4]["code"] == "unknown_operation"
    assert count(program, Visit) == 3


def test_push_twin_entity_id_is_held_alone(log_in: LogIn, program: Program) -> None:
    first, twin, last = visit(), visit(), visit()
    twin["payload"]["visit_id"] = first["payload"]["visit_id"]  # a constraint nobody foresaw
    results = Phone(log_in("rep")).results(first, twin, last)
    assert [r["status"] for r in results] == ["applied", "held", "applied"]
    assert count(program, Visit) == 2


def test_push_customer_out_of_sight_is_rejected_and_writes_no_visit(log_in: LogIn, program: Program) -> None:
    answer = Phone(log_in("rep")).push(visit(RIVER))
    (result,) = answer.get_json()["results"]
    assert (result["status"], result["code"]) == ("rejected", "customer.not_found")
    assert RIVER_CANARY not in answer.get_data(as_text=True)
    assert count(program, Visit) == 0


def test_push_text_with_hidden_signs_is_rejected_never_changed(log_in: LogIn, program: Program) -> None:
    (result,) = Phone(log_in("rep")).results(visit(said="付\u202e100"))
    assert result["status"] == "rejected"
    assert "U+202E" in result["text"]
    assert count(program, Visit) == 0


def test_push_missing_predecessor_is_held_and_follows_when_it_comes(log_in: LogIn, program: Program) -> None:
    phone, first = Phone(log_in("rep")), visit()
    second = visit(needs=[first["entity_id"]])
    third = visit(needs=[second["entity_id"]])
    held = phone.results(third, second)
    assert [(r["status"], r["code"]) for r in held] == [("held", "needs_missing")] * 2
    assert phone.results(first)[0]["status"] == "applied"
    assert count(program, Visit) == 3
    now = phone.get(f"/sync/status?ids={second['command_id']},{third['command_id']}").get_json()["results"]
    assert {r["status"] for r in now} == {"applied"}


def test_push_held_before_and_freed_within_one_batch_is_answered_applied(log_in: LogIn) -> None:
    first = visit()
    second = visit(needs=[first["entity_id"]])
    results = Phone(log_in("rep")).results(second, first)
    assert [r["status"] for r in results] == ["applied", "applied"]


def test_retry_of_held_command_judges_it_again_and_only_for_its_author(log_in: LogIn) -> None:
    command = visit(needs=[uuid7()])
    phone = Phone(log_in("rep"))
    phone.results(command)
    assert phone.post(f"/held/{command['command_id']}/retry").get_json()["status"] == "held"
    assert Phone(log_in("other_rep")).post(f"/held/{command['command_id']}/retry").status_code == 404


def test_push_device_clock_wrong_by_years_is_accepted_and_corrected(log_in: LogIn, program: Program) -> None:
    command = visit() | {"made_at": "2031-01-01T00:00:00.000Z"}
    Phone(log_in("rep")).results(command, sent_at="2031-01-01T00:05:00.000Z")
    with program.store.reading() as connection:
        occurred = connection.execute(select(table_of(Visit).c.occurred_at)).scalar()
    assert occurred is not None
    assert (program.clock.now() - occurred).total_seconds() == 300


def test_push_unreadable_times_are_no_reason_to_refuse(log_in: LogIn) -> None:
    command = visit() | {"made_at": "yesterday"}
    assert Phone(log_in("rep")).results(command, sent_at="never")[0]["status"] == "applied"


def test_push_in_english_answers_in_english(log_in: LogIn) -> None:
    client = log_in("rep")
    client.post("/language", data={"locale": "en"}, headers={"Sec-Fetch-Site": "same-origin"})
    (result,) = Phone(client).results(visit(RIVER))
    assert result["text"].startswith("There is no such customer")


def test_push_more_than_the_limit_is_413_or_422_and_writes_nothing(log_in: LogIn, program: Program) -> None:
    phone = Phone(log_in("rep"))
    assert phone.push(*[visit() for _ in range(201)]).status_code == 422
    assert phone.push(*[visit(said="长" * 3000) for _ in range(200)], padding="x" * 4_000_000).status_code == 413
    assert count(program, CommandReceipt) == 0


def test_push_without_login_or_header_is_refused(log_in: LogIn, app: Any, program: Program) -> None:
    assert Phone(app.test_client()).push(visit()).status_code == 401
    bare = log_in("rep").post("/api/v1/sync/push", json={"commands": [visit()]})
    assert bare.status_code == 403
    assert count(program, Visit) == 0


def test_push_not_json_is_a_clear_error(log_in: LogIn) -> None:
    client = log_in("rep")
    for body in (b"{", b"[]", b'{"commands": NaN}', b"[" * 100_000):
        answer = client.post("/api/v1/sync/push", data=body, headers={"X-Fieldsales": "1"})
        assert answer.status_code == 422, body[:20]


def test_push_notes_pending_of_the_device_and_refuses_a_revoked_one(log_in: LogIn, program: Program) -> None:
    phone = Phone(log_in("rep"), uuid7())
    key = {"kty": "EC", "crv": "P-256", "x": "a" * 43, "y": "b" * 43}
    enrol = {"device_id": phone.device, "name": "测试机", "public_key": key, "app": "1"}
    assert [phone.post("/devices", enrol).status_code for _ in range(2)] == [201, 201]
    phone.results(visit(), pending=7, pending_blobs=2, app="1.4")
    with program.store.reading() as connection:  # one of the seven has come
        d = table_of(Device).c
        assert connection.execute(select(d.pending, d.pending_blobs, d.app)).one() == (6, 2, "1.4")
    headers = {"X-Fieldsales": "1", "X-Fieldsales-Device": str(phone.device)}
    assert phone.client.get("/api/v1/ping", headers=headers).get_json()["device"] == "active"
    assert phone.client.delete(f"/api/v1/devices/{phone.device}", headers=headers).status_code == 204
    assert phone.push(visit()).status_code == 403
    assert phone.client.get("/api/v1/ping", headers=headers).get_json()["device"] == "wipe"
    assert phone.push(visit()).status_code == 401
    assert count(program, Visit) == 1


def test_enrol_refuses_a_private_key_and_another_persons_device(log_in: LogIn) -> None:
    phone, device = Phone(log_in("rep")), uuid7()
    key = {"kty": "EC", "crv": "P-256", "x": "a" * 43, "y": "b" * 43}
    assert phone.post("/devices", {"device_id": device, "public_key": key | {"d": "secret"}}).status_code == 422
    assert phone.post("/devices", {"device_id": device, "public_key": key}).status_code == 201
    other = Phone(log_in("other_rep"))
    assert other.post("/devices", {"device_id": device, "public_key": key}).status_code == 403


def test_push_never_keeps_a_password(log_in: LogIn, program: Program) -> None:
    """A refused command is kept as it came; one that carries a password is not even taken in."""
    command = visit() | {"operation": "people.set_password",
                         "payload": {"user_id": ADMIN.user_id, "password": "secret-canary-77"}}
    for login in ("rep", "admin"):
        (result,) = Phone(log_in(login)).results(command)
        assert (result["status"], result["code"]) == ("rejected", "not_by_sync")
    with program.store.reading() as connection:
        raw = connection.exec_driver_sql("SELECT raw FROM command_receipts").all()
    assert "secret-canary" not in str(raw)


def test_push_a_day_of_promises_each_in_the_place_of_the_last_is_applied_in_one_go(
        log_in: LogIn, program: Program) -> None:
    """A phone that was away for long, and a server that has just been started."""
    before, commands = [], []
    for _ in range(25):
        promise_id = uuid7()
        commands.append(visit(needs=before) | {
            "operation": "promises.make_promise", "entity_id": promise_id,
            "payload": {"promise_id": promise_id, "customer_id": HARBOUR, "amount_minor": 100, "words": "再等几天",
                        "due_on": "2026-03-20", "supersedes": before}})
        before = [promise_id]
    assert {r["status"] for r in Phone(log_in("rep")).results(*commands)} == {"applied"}
    assert count(program, Promise) == 25
