"""Photos between phone and server: cut and resumed, shared, missing, damaged, refused; never silently gone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from fieldsales.documents.models import Attachment
from fieldsales.store.base import table_of
from tests.faults.phone.rig import Phone, photo, visit
from tests.faults.wire import TOO_LARGE, answer

Well = Callable[..., None]
JSON = "application/json"
BLOBS = "/api/v1/blobs"
#: Larger than one piece (256 KiB).
LARGE = 640


def test_photo_cut_midway_goes_on_where_it_stopped(phone: Phone, all_well: Well) -> None:
    whole = photo(LARGE)
    assert whole["size"] > 256 * 1024
    phone.wire.plan("cut", path=BLOBS, method="PATCH", after=9000)  # less than half a piece gets through
    phone.wire.plan("lost", path=BLOBS, method="PATCH")  # a piece arrives, its answer does not
    phone.save("with a large photo", whole)
    for _ in range(2):
        phone.until("return sync.status.value.phase === 'waiting'")
        assert phone.states() == ["photos"], "the words are there, the photo is not"
        phone.tap()
    phone.drain()
    offsets = [int(one.raw.partition(b"Upload-Offset: ")[2].split(b"\r\n")[0] or 0)
               for one in phone.wire.seen if one.method == "PATCH"]
    assert offsets[-1] > 0, "what had arrived was not sent again"
    all_well(phone)


def test_photo_request_doubled_and_answered_409_goes_on(phone: Phone, all_well: Well) -> None:
    phone.wire.plan("twice", path=BLOBS, method="PATCH", times=9, count=2)
    phone.save("every piece comes twice", photo(LARGE))
    phone.drain()
    all_well(phone)


def test_same_photo_in_two_commands_is_sent_once_and_counts_for_both(phone: Phone, all_well: Well) -> None:
    shared = photo()
    phone.wire.plan("answer", path=BLOBS, said=TOO_LARGE, times=2)
    first = phone.save("first use", shared)
    second = phone.save("second use", shared)
    phone.until("return outbox.rows.value.length === 0 && sync.status.value.phase === 'waiting'")
    assert phone.run("return outbox.queue.value.map((one) => one.command_id)") == [
        first["command_id"], second["command_id"]], "both are shown as waiting for their photo"
    phone.wire.mend()
    phone.drain()
    assert phone.run("return outbox.queue.value.length") == 0
    third = phone.save("and again, when it is there already", shared)
    phone.drain()
    with phone.house.store() as store, store.reading() as connection:
        table = table_of(Attachment)
        named = connection.scalar(select(func.count()).select_from(table).where(table.c.sha256 == shared["sha256"]))
    assert (named, third["command_id"] != second["command_id"]) == (3, True)
    assert sum(one.method == "PATCH" for one in phone.wire.seen) == 1
    all_well(phone)


def test_photo_of_a_command_taken_back_is_never_sent(phone: Phone, all_well: Well) -> None:
    alone, shared = photo(), photo()
    phone.wire.down = True
    taken_back = phone.save("a mistake", alone, shared)
    phone.save("this one stays", shared)
    phone.run("await answers.discard(arg)", taken_back["command_id"])
    assert phone.run("return outbox.blobstates.value.map((one) => one.id)") == [shared["sha256"]]
    phone.wire.mend()
    phone.drain()
    assert not any(alone["sha256"] in one.path or alone["sha256"].encode() in one.raw for one in phone.wire.seen)
    all_well(phone)


@pytest.mark.parametrize("how", [
    "at('blobs').delete(arg)",
    "at('blobs').put({...await storage.asked(at('blobs').get(arg)), ct: new ArrayBuffer(40)})",
], ids=["missing", "damaged"])
def test_photo_gone_from_the_phone_is_said_and_the_next_one_goes(phone: Phone, all_well: Well, how: str) -> None:
    gone, sound = photo(), photo()
    phone.wire.plan("answer", path=BLOBS, said=answer("503 Busy"), times=99)
    lost = phone.save("its photo disappears", gone)
    phone.save("its photo is well", sound)
    phone.until("return outbox.rows.value.length === 0 && sync.status.value.phase === 'waiting'")
    phone.run("await storage.transact(['blobs'], 'readwrite', async (at) => void (" + how + "))", gone["sha256"])
    phone.wire.mend()
    phone.drain()
    assert phone.states() == ["rejected"], "the person is told"
    (shown,) = phone.run("return outbox.queue.value")
    assert (shown["command_id"], shown["state"], shown["code"]) == (lost["command_id"], "rejected", "photo_lost")
    assert "照片" in shown["text"]
    phone.reload()
    phone.until("return outbox.queue.value.length === 1")
    all_well(phone)
    phone.run("await answers.acknowledge(arg)", lost["command_id"])
    assert phone.run("return [outbox.queue.value.length, session.unsent().photos]") == [0, 0]


@pytest.mark.parametrize("said", [
    b'{"done": true}', b"<html>portal</html>",
    *(pytest.param(said, marks=pytest.mark.soak) for said in (b"{}", b'{"offset": "0", "done": 1}', b"null")),
])
def test_only_an_answer_that_says_how_far_is_an_answer(worn_phone: Phone, all_well: Well, said: bytes) -> None:
    """A proxy's 200 neither completes a photo nor condemns it."""
    phone = worn_phone
    phone.wire.plan("answer", path=BLOBS, method="POST", said=answer("200 OK", said, JSON))
    phone.wire.plan("answer", path=BLOBS, method="PATCH", said=answer("200 OK", said, JSON))
    phone.save("a photo", photo())
    for _ in range(2):
        phone.run("await sync.syncNow()")
        (last,) = phone.run("return outbox.blobstates.value.slice(-1)")
        assert (last["done"], last.get("refused", "")) == (False, "")
    phone.drain()
    all_well(phone)


@pytest.mark.parametrize("said", [
    TOO_LARGE, answer("403 Forbidden", b'{"error": {"code": "http_403", "text": "no"}}', JSON),
    answer("404 Not Found", b"<html>"), answer("500 Fault", b'{"error": {"code": "fault", "text": "no"}}', JSON),
], ids=["proxy 413", "403", "portal 404", "500"])
def test_trouble_of_one_photo_holds_back_no_other_and_condemns_none(
        worn_phone: Phone, all_well: Well, said: bytes) -> None:
    phone = worn_phone
    first, second = photo(), photo()
    phone.wire.plan("answer", path=BLOBS, said=said, times=99, holding=first["sha256"].encode())
    phone.save(visit("two photos", first, second))
    phone.until("return outbox.rows.value.length === 0 && !['sending', 'idle'].includes(sync.status.value.phase)")
    states = dict(phone.run("return outbox.blobstates.value.map((one) => [one.id, [one.done, one.refused ?? '']])"))
    assert states[first["sha256"]] == [False, ""]
    assert states[second["sha256"]][0] is not (said.startswith(b"HTTP/1.1 404")), "only a strange network stops all"
    phone.wire.mend()
    phone.drain()
    all_well(phone)


def test_damaged_on_the_way_it_is_sent_again(phone: Phone, all_well: Well) -> None:
    """The server's hash differs: it begins anew, and the phone does not call it done."""
    whole = photo(LARGE)
    said = answer("409 Conflict", json.dumps({"offset": 0, "done": False, "code": "upload_hash"}).encode(), JSON)
    phone.wire.plan("answer", path=BLOBS, method="PATCH", said=said, times=2)
    phone.save("spoilt twice", whole)
    phone.drain()
    all_well(phone)
