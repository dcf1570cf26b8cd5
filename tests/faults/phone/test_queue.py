"""The queue: nothing in it blocks the rest, nothing leaves it without an answer, and it goes on by itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from fieldsales.kernel.ids import uuid7
from fieldsales.people.models import Device
from fieldsales.store.base import table_of
from tests.cast import HARBOUR
from tests.faults.phone.rig import Phone, photo, visit
from tests.faults.wire import TOO_LARGE, answer

Well = Callable[..., None]


def refused(status: str, code: str) -> bytes:
    """A refusal of the whole request in fieldsales' own words."""
    return answer(status, json.dumps({"error": {"code": code, "text": "…"}}).encode(), "application/json")


def test_duplicates_twenty_times_shuffled_change_nothing(phone: Phone, all_well: Well) -> None:
    """The network repeats old pushes in any order while the phone goes on sending."""
    for n in range(3):
        phone.save(f"first {n}")
        phone.drain()
    echo = threading.Thread(target=phone.wire.replay, args=(20, 7))
    echo.start()
    for n in range(5):
        phone.save(f"meanwhile {n}")
    phone.drain()
    echo.join()
    all_well(phone)


def test_too_much_at_once_is_halved_and_one_too_large_blocks_nothing(phone: Phone, all_well: Well) -> None:
    phone.wire.down = True
    for n in range(30):
        phone.save(f"{n}")
    large = phone.save("long " * 4000)
    last = phone.save("the last")
    phone.wire.mend()
    phone.wire.largest = 9000
    phone.tap()
    phone.until("return outbox.rows.value.length === 1 && sync.status.value.phase === 'waiting'")
    tries = [one for one in phone.wire.pushes() if large["command_id"].encode() in one.raw]
    assert len(tries) <= 8, "413 is no reason to ask the same again and again"
    assert len(phone.wire.pushes()) <= 16
    (left,) = phone.run("return outbox.queue.value")
    assert (left["command_id"], left["code"]) == (large["command_id"], "http_413")
    assert any(last["command_id"].encode() in one.raw for one in phone.wire.pushes())
    all_well(phone, drained=False)
    phone.wire.mend()  # at the office's own network it goes
    phone.drain()
    all_well(phone)


def test_what_the_server_itself_calls_too_large_is_shown_as_refused(phone: Phone, all_well: Well) -> None:
    large = visit("too large for the office")
    phone.wire.plan("answer", said=refused("413 Content Too Large", "http_413"), times=99,
                    holding=large["command_id"].encode())
    phone.wire.down = True
    phone.save("before")
    phone.save(large)
    phone.save("after")
    phone.wire.down = False
    phone.drain()
    (left,) = phone.run("return outbox.queue.value")
    assert (left["command_id"], left["state"], left["code"]) == (large["command_id"], "rejected", "too_large")
    all_well(phone)


@pytest.mark.parametrize("said", [
    pytest.param(answer("500 Internal Server Error", b"<html>"), id="crash"),
    pytest.param(refused("422 Unprocessable", "invalid"), id="invalid"),
    pytest.param(refused("500 Internal", "fault"), id="fault", marks=pytest.mark.soak),
    pytest.param(refused("400 Bad Request", "http_400"), id="bad request", marks=pytest.mark.soak),
])
def test_poison_in_the_middle_blocks_nothing(worn_phone: Phone, all_well: Well, said: bytes) -> None:
    """A request with it fails whole, whatever else is in it; everything else arrives, photos and changes too."""
    phone = worn_phone
    poison = visit("poison")
    phone.wire.plan("answer", said=said, times=999, holding=poison["command_id"].encode())
    phone.wire.down = True
    for n in range(10):
        phone.save(f"before {n}")
    phone.save(poison)
    for n in range(10):
        phone.save(visit(f"after {n}", photo()) if n == 5 else f"after {n}")
    phone.wire.down = False
    phone.tap()
    phone.until("return outbox.rows.value.length === 1 && sync.status.value.phase === 'waiting'")
    (left,) = phone.run("return outbox.queue.value")
    assert left["command_id"] == poison["command_id"]
    assert left["code"], "the person sees that something is wrong with it"
    pending = "return docs.docs.get('customer', arg).value.timeline.filter((one) => one.pending).length"
    assert phone.run(pending, HARBOUR) <= 1
    all_well(phone, drained=False)
    phone.wire.mend()
    phone.drain()
    all_well(phone)


def test_an_edit_after_a_partial_send_is_a_new_command(phone: Phone, all_well: Well) -> None:
    """What was tried may have arrived: it is sealed. The correction follows it, and both are there once."""
    phone.wire.plan("lost")
    first = phone.save("he pays on the 3rd")
    phone.until("return outbox.rows.value[0]?.attempts === 1 && sync.status.value.phase !== 'sending'")
    thrown = phone.run("return answers.discard(arg).then(() => '', (error) => error.message)", first["command_id"])
    assert thrown == "may have arrived already"
    again = phone.run("return outbox.save({...arg, payload: {...arg.payload, said: 'he pays on the 13th'}})", first)
    assert again["seq"] is None, "the same id is the first one again, never another content"
    note_id = uuid7()
    phone.save({"command_id": uuid7(), "operation": "visits.add_note", "entity_id": note_id,
                "needs": [first["entity_id"]],
                "payload": {"note_id": note_id, "customer_id": HARBOUR, "text": "correction: on the 13th"}})
    phone.drain()
    all_well(phone)


def test_queue_goes_on_by_itself_when_the_server_is_back(phone: Phone, all_well: Well) -> None:
    """No tap, no event: the waiting time alone brings it home (the first one is five seconds)."""
    phone.wire.down = True
    phone.save("nobody taps")
    phone.until("return sync.status.value.phase === 'waiting' && sync.status.value.next")
    phone.wire.mend()
    phone.until("return outbox.queue.value.length === 0")
    all_well(phone)


def test_a_tap_and_the_networks_return_end_the_waiting_at_once(phone: Phone, all_well: Well) -> None:
    phone.wire.down = True
    phone.save("waits")
    grown = "return sync.status.value.phase === 'waiting' && sync.status.value.next - Date.now() > 13_000"
    wait_longer = "await sync.syncNow(); for (let n = 0; n < 3; n++) await %s;"
    again = "new Promise((done) => { outbox.afterSave.run(); setTimeout(done, 400) })"
    phone.run(wait_longer % again)  # each failure doubles the wait
    phone.until(grown)
    phone.run("await sync.syncNow()")
    assert phone.run("return sync.status.value.next - Date.now()") <= 6_000, "a tap begins the waiting anew"
    phone.run(wait_longer % again)
    phone.until(grown)
    phone.wire.mend()
    phone.context.set_offline(True)
    phone.until("return !sync.status.value.online")
    phone.context.set_offline(False)  # the browser says "online"
    phone.until("return outbox.queue.value.length === 0", 12)
    all_well(phone)


def test_the_server_says_when_and_the_phone_waits_as_long(phone: Phone) -> None:
    phone.wire.plan("answer", path="/api/v1/ping", said=answer("503 Busy", b"", Retry_After="60"))
    phone.tap()
    phone.until("return sync.status.value.phase === 'waiting'")
    assert phone.run("return sync.status.value.next - Date.now()") > 40_000


def test_save_during_a_send_goes_in_another_run(phone: Phone, all_well: Well) -> None:
    phone.run("globalThis.phases = []; sync.status.subscribe(({phase}) => phases.push(phase))")
    fault = phone.wire.plan("slow", path="/api/v1/sync/pull", seconds=1.0)
    phone.save("first")
    fault.happened()
    phone.save("second, when the push of the first is over and its pull is on the way")
    phone.until("return outbox.queue.value.length === 0")
    assert "waiting" not in phone.run("return globalThis.phases"), "it did not have to wait for another occasion"
    all_well(phone)


def test_a_black_hole_is_left_and_a_hanging_push_loses_nothing(phone: Phone, all_well: Well) -> None:
    phone.wire.plan("hole")
    phone.save("into the hole")
    phone.until("return outbox.rows.value[0]?.state === 'sent'")
    phone.save("while it hangs")
    phone.reload()
    phone.wire.mend()
    phone.drain()
    all_well(phone)


@pytest.mark.parametrize("after", [
    0.03, *(pytest.param(seconds, marks=pytest.mark.soak) for seconds in (0.01, 0.06, 0.1, 0.2))])
def test_server_killed_in_the_middle_of_a_push(phone: Phone, all_well: Well, after: float) -> None:
    """SIGKILL to the real process while it judges forty commands; all or nothing of each, and all in the end."""
    phone.wire.down = True
    for n in range(40):
        phone.save(visit(f"{n}", photo()) if n % 20 == 0 else f"{n}")
    phone.wire.down = False
    before = len(phone.wire.pushes())
    phone.tap()
    end = time.monotonic() + 10
    while len(phone.wire.pushes()) == before and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(after)
    phone.house.kill()
    phone.until("return sync.status.value.phase !== 'sending'")
    phone.house.start()
    phone.drain()
    all_well(phone)


def test_each_phones_own_order_holds(phone: Phone, all_well: Well) -> None:
    """S5: across batches, a lost answer and a halving, what was saved first is sent first."""
    phone.wire.down = True
    made = [phone.save(f"{n}")["command_id"] for n in range(60)]
    phone.wire.mend()
    phone.wire.plan("lost")
    phone.wire.plan("answer", said=TOO_LARGE)
    phone.run("await sync.syncNow()")
    phone.drain()
    came = [one["command_id"] for push in phone.wire.pushes() for one in json.loads(push.body)["commands"]]
    assert list(dict.fromkeys(came)) == made
    for push in phone.wire.pushes():
        order = [one["seq"] for one in json.loads(push.body)["commands"]]
        assert order == sorted(order)
    all_well(phone)


def test_one_exchange_has_its_order(phone: Phone) -> None:
    """Who is there → commands → changes → photos."""
    phone.wire.down = True
    phone.save("with a photo", photo())
    phone.wire.mend()
    before = len(phone.wire.seen)
    phone.drain()
    asked = [one.path.removeprefix("/api/v1") for one in phone.wire.seen[before:] if one.path.startswith("/api/v1")]
    steps = [path for path in asked if path in ("/ping", "/sync/push", "/sync/pull", "/blobs")]
    assert list(dict.fromkeys(steps)) == ["/ping", "/sync/push", "/sync/pull", "/blobs"]


def test_pending_counts_go_with_each_push(new_phone: Callable[..., Phone]) -> None:
    """The office sees what a phone held when it last spoke, photos too, and that nothing is left when it is home."""
    phone = new_phone(service_workers="block")
    phone.save("makes the phone known")
    phone.drain()
    phone.wire.down = True
    for n in range(3):
        phone.save(visit(f"{n}", photo()))
    phone.wire.mend()
    phone.wire.plan("answer", path="/api/v1/blobs", said=answer("503 Busy"), times=99)
    phone.tap()
    phone.until("return outbox.rows.value.length === 0 && sync.status.value.phase === 'waiting'")
    push = json.loads(phone.wire.pushes()[-1].body)
    assert (push["pending"], push["pending_blobs"], push["app"]) == (3, 3, "1")
    assert office_says(phone) == (0, 3)
    phone.wire.mend()
    phone.drain()
    assert office_says(phone) == (0, 0)


def office_says(phone: Phone) -> tuple[int, int]:
    """How many commands and photos the office believes to be on this phone only."""
    table = table_of(Device)
    device_id = phone.run("return (await device.device()).device_id")
    with phone.house.store() as store, store.reading() as connection:
        row = connection.execute(select(table).where(table.c.id == device_id)).one()
    return row.pending, row.pending_blobs


def test_storage_is_asked_to_stay_after_the_first_save(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone(service_workers="block")
    asked = """const storage_ = navigator.storage, first = storage_.persist;
        globalThis.asked = 0;
        storage_.persist = () => (globalThis.asked++, first.call(storage_));"""
    phone.run(asked)
    assert phone.run("return globalThis.asked") == 0
    phone.save("one")
    phone.save("two")
    assert phone.run("return globalThis.asked") == 1
