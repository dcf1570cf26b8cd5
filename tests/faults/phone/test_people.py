"""People: the login runs out, another one takes the phone, two tabs, two phones; and the server that was put back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from fieldsales.sync.service import new_epoch
from tests.browser.inside import ready
from tests.cast import HARBOUR, REP
from tests.faults.phone.conftest import log_in
from tests.faults.phone.rig import DRAINED, Phone, photo, visit
from tests.faults.wire import UNAVAILABLE

Well = Callable[..., None]
MakePhone = Callable[..., Phone]


def test_login_runs_out_for_days_and_the_queue_waits(new_phone: MakePhone, all_well: Well) -> None:
    """401 stops the sending, never the saving. After the login everything goes, by itself."""
    phone = new_phone(anew=True, service_workers="block")
    phone.save("with a good session")
    phone.drain()
    phone.context.clear_cookies()
    for n in range(3):
        phone.save(visit(f"day {n} without a login", photo()))
    phone.tap()
    phone.until("return sync.status.value.phase === 'login'")
    phone.reload()
    assert phone.run("return outbox.rows.value.length") == 3
    all_well(phone, drained=False)
    log_in(phone.page, phone.wire.url, "rep")
    phone.until(DRAINED)
    all_well(phone)


def test_session_that_ends_between_question_and_push_loses_nothing(phone: Phone, all_well: Well) -> None:
    said = b'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n' \
           b'{"error": {"code": "login_needed", "text": "Log in first."}}'
    phone.wire.plan("answer", said=said)
    phone.save("in the middle")
    phone.until("return sync.status.value.phase === 'login'")
    phone.drain()
    all_well(phone)


def test_another_person_logs_in_and_the_first_ones_queue_waits_for_him(new_phone: MakePhone, all_well: Well) -> None:
    phone = new_phone(anew=True, service_workers="block")
    phone.wire.plan("answer", said=b"", times=99)
    phone.save("the first person's", photo())
    phone.page.request.post(phone.wire.url + "/api/v1/session/end", headers={"X-Fieldsales": "1"})
    phone.wire.mend()
    log_in(phone.page, phone.wire.url, "other_rep")
    phone.until(f"return storage.storeOf() !== '{REP.user_id}'")
    seen = phone.run("return [outbox.queue.value.length, docs.docs.get('customer', arg).value ?? null]", HARBOUR)
    assert seen == [0, None]
    assert phone.run("return (await indexedDB.databases()).length") == 2
    phone.page.request.post(phone.wire.url + "/api/v1/session/end", headers={"X-Fieldsales": "1"})
    log_in(phone.page, phone.wire.url, "rep")
    phone.until(DRAINED)
    all_well(phone)


def test_logout_with_unsent_work_does_nothing_until_it_is_meant(new_phone: MakePhone, all_well: Well) -> None:
    phone = new_phone(anew=True, service_workers="block")
    phone.wire.down = True
    phone.save("unsent", photo())
    assert phone.run("return session.logout()") == {"unsent": {"commands": 1, "photos": 1}}
    all_well(phone, drained=False)
    phone.wire.mend()
    phone.drain()
    all_well(phone)
    phone.page.evaluate("() => { import('/static/js/kernel/session.js').then((session) => session.logout()) }")
    phone.page.wait_for_url("**/login*")
    assert phone.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_remote_wipe_at_the_next_contact_takes_everything(new_phone: MakePhone) -> None:
    phone = new_phone(anew=True, service_workers="block")
    phone.save("was sent before")
    phone.drain()
    device_id = phone.run("return (await device.device()).device_id")
    phone.wire.down = True
    phone.save("never to be seen by the finder")
    with phone.house.program() as program:
        program.dispatcher.perform(REP, "people.revoke_device", {"device_id": device_id})
    phone.wire.mend()
    phone.page.evaluate("() => { import('/static/js/kernel/sync.js').then((sync) => sync.syncNow()) }")
    phone.until("return door.door.value.state === 'wiped' || location.pathname === '/login'")
    assert phone.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def second_tab(phone: Phone) -> Phone:
    """The same phone, another tab."""
    page = phone.context.new_page()
    page.goto(phone.wire.url + "/app")
    ready(page)
    return Phone("the other tab", phone.context, page, phone.wire, phone.house, phone.made)


def test_two_tabs_one_queue_one_status(phone: Phone, all_well: Well) -> None:
    other = second_tab(phone)
    phone.wire.down = True
    for n in range(8):
        (phone if n % 2 else other).save(f"tab {n % 2}, {n}")
    for tab in (phone, other):
        tab.until("return outbox.rows.value.length === 8 && sync.status.value.phase === 'waiting'")
    phone.wire.mend()
    phone.wire.plan("slow", seconds=1.5)  # long enough for the other tab to push as well, if nothing held it back
    before = len(phone.wire.pushes())
    phone.tap(), other.tap()
    for tab in (phone, other):
        tab.until(DRAINED)
        tab.until("return sync.status.value.phase === 'idle' && sync.status.value.lastAt")
    assert len(phone.wire.pushes()) == before + 1, "one tab at a time: the second finds nothing left"
    all_well(phone, other)


def test_tab_closed_in_the_middle_of_a_send_hands_over_to_the_other(phone: Phone, all_well: Well) -> None:
    other = second_tab(phone)
    fault = phone.wire.plan("hole")
    phone.save("the tab that sends is closed")
    fault.happened()
    other.until("return sync.status.value.phase === 'sending' && outbox.rows.value.length === 1")
    phone.page.close()
    other.until("return outbox.queue.value.length === 0 && sync.status.value.phase === 'idle'")
    all_well(other)


def test_record_taken_back_in_one_tab_is_not_sent_by_the_other(phone: Phone, all_well: Well) -> None:
    other = second_tab(phone)
    phone.wire.down = True
    what = phone.save("taken back")
    other.until("return outbox.rows.value.length === 1")
    other.run("globalThis.was = outbox.rows.value")
    phone.run("await answers.discard(arg)", what["command_id"])
    other.until("return outbox.rows.value.length === 0")
    other.run("outbox.rows.value = globalThis.was")  # as if it had not heard of it yet
    phone.wire.mend()
    other.run("await sync.syncNow()")
    assert phone.wire.pushes() == []
    phone.drain()
    all_well(phone)


def test_two_phones_of_one_rep_bring_everything_once(new_phone: MakePhone, all_well: Well) -> None:
    first, second = (new_phone(name=name, service_workers="block") for name in ("first", "second"))
    for n in range(4):
        for phone in (first, second):
            phone.wire.plan("lost" if n % 2 else "twice")
            phone.save(visit(f"{phone.name} {n}", photo()))
            phone.run("await sync.syncNow()")
    text = "return outbox.exportOutbox()"
    first.wire.down = True
    moved = first.save("carried over in a file", photo())
    second.run("return outbox.importOutbox(arg)", first.run(text))
    first.wire.mend()
    for phone in (first, second):
        phone.drain()
    taken_in = second.run("return (await answers.history()).map((one) => one.command.command_id)")
    assert moved["command_id"] in taken_in
    second.made[moved["command_id"]] = moved
    all_well(first, second)


def test_restored_server_that_knows_the_record_but_not_its_photo_gets_the_photo(
        phone: Phone, all_well: Well) -> None:
    """The backup was made between the command and its photo: the newest photo is looked for, too."""
    phone.wire.plan("answer", path="/api/v1/blobs", said=UNAVAILABLE, times=99)
    phone.save("its photo comes later", photo())
    phone.until("return outbox.rows.value.length === 0 && sync.status.value.phase === 'waiting'")
    copy = phone.house.back_up()
    phone.wire.mend()
    phone.drain()
    phone.house.kill()
    phone.house.restore(copy)
    phone.house.start()
    phone.reload()
    phone.until(DRAINED)
    phone.drain()
    all_well(phone)


def test_restore_that_the_phone_slept_through_loses_nothing(phone: Phone, all_well: Well) -> None:
    """After the restore more arrived before the phone looked back: the newest is known then, what is before it not."""
    phone.save("before the backup", photo())
    phone.drain()
    copy = phone.house.back_up()
    phone.save("lost by the restore", photo())
    phone.drain()
    phone.house.kill()
    phone.house.restore(copy)
    phone.house.start()
    phone.save("arrives before anybody looks", photo())
    phone.drain()
    phone.reload()
    phone.until(DRAINED)
    phone.drain()
    all_well(phone)


@pytest.mark.parametrize("told", [
    pytest.param(True, id="the server knows", marks=pytest.mark.soak),
    pytest.param(False, id="nobody told the server"),
])
def test_restored_from_a_backup_everything_comes_again_once(new_phone: MakePhone, all_well: Well, told: bool) -> None:
    """What the backup does not hold is sent again, photos too; what it holds is not doubled; held ones are not lost."""
    phone = new_phone(service_workers="block")
    phone.save("before the backup", photo())
    phone.drain()
    copy = phone.house.back_up()
    missing = visit("waits for one that never comes", needs=["019c0000-0000-7000-8000-00000000dead"])
    for n in range(3):
        phone.save(visit(f"after the backup {n}", photo()))
    phone.save(missing)
    phone.drain()
    assert phone.states() == ["held"]
    phone.house.kill()
    phone.house.restore(copy)
    phone.house.start()
    if told:
        with phone.house.program() as program:
            new_epoch(program.dispatcher)
    phone.reload()
    phone.until(DRAINED)
    phone.until("return outbox.queue.value.length === 1 && outbox.queue.value[0].state === 'held'")
    all_well(phone)
    pushed = [json.loads(one.body)["commands"] for one in phone.wire.pushes()]
    assert sum(one["command_id"] == missing["command_id"] for batch in pushed for one in batch) == 2
    assert phone.run("return docs.docs.get('customer', arg).value.timeline.length", HARBOUR) >= 4
