"""What a network can do to a push: cut, lost, doubled, held, forged. Nothing is lost and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.phone.rig import Phone
from tests.faults.wire import BAD_GATEWAY, PORTAL, PORTAL_302, TOO_LARGE, UNAVAILABLE, answer

Well = Callable[..., None]
JSON = "application/json"

#: name → the faults that happen one after another, each to the next push
STORMS: dict[str, list[dict[str, object]]] = {
    "cut in the head": [{"kind": "cut", "after": 40}],
    "cut in the body": [{"kind": "cut", "after": 900}],
    "cut after the commit": [{"kind": "lost"}],
    "cut after the commit, five times": [{"kind": "lost", "times": 5}],
    "answer ends in the middle": [{"kind": "short"}],
    "truncated JSON": [{"kind": "forged", "said": answer("200 OK", b'{"results": [{"comm', JSON)}],
    "nothing but brackets": [{"kind": "answer", "said": answer("200 OK", b"{}", JSON)}],
    "another's acknowledgement": [
        {"kind": "answer", "said": answer("200 OK", b'{"results": [{"command_id": "x", "status": "applied"}]}', JSON)}],
    "an acknowledgement of nobody's": [
        {"kind": "answer", "said": answer("200 OK", b'{"results": [{"status": "applied"}]}', JSON)}],
    "twenty times": [{"kind": "twice", "count": 20}],
    "portal for an answer": [{"kind": "forged", "said": PORTAL}],
    "portal instead of the server": [{"kind": "answer", "said": PORTAL}, {"kind": "answer", "said": PORTAL_302}],
    "portal before the first question": [{"kind": "answer", "path": "/api/v1/", "said": PORTAL, "times": 3}],
    "not found, says the portal": [{"kind": "answer", "said": answer("404 Not Found", b"<html>"), "times": 2}],
    "too large, says a proxy": [{"kind": "answer", "said": TOO_LARGE, "times": 2}],
    "server away": [{"kind": "answer", "said": BAD_GATEWAY}, {"kind": "answer", "said": UNAVAILABLE}],
}


@pytest.mark.parametrize("storm", STORMS.values(), ids=STORMS.keys())
def test_push_through_a_storm_arrives_once(worn_phone: Phone, all_well: Well, storm: list[dict[str, object]]) -> None:
    phone = worn_phone
    for fault in storm:
        phone.wire.plan(**fault)  # type: ignore[arg-type]
    for n in range(3):
        phone.save(f"{n}: 下周三一定付")
    for _ in range(8):  # each tap meets the next fault
        phone.run("await sync.syncNow()")
        all_well(phone, drained=False)
        if not any(fault.times for fault in phone.wire.faults):
            break
    phone.drain()
    all_well(phone)
