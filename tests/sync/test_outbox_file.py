"""An outbox that comes as a file: whose it is is proved by the phone's key, never by what the file says."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from PIL import Image

from fieldsales.kernel.ids import uuid7
from fieldsales.store.models import AuditBody, Blob, CommandReceipt
from fieldsales.sync.messages import OutboxFile
from fieldsales.sync.outboxfile import signed_bytes
from fieldsales.visits.models import Visit
from tests.cast import ADMIN, MANAGER, OTHER_REP, REP
from tests.plans.signing import DEVICE, KEY, enrol
from tests.sync.conftest import House
from tests.sync.phone import HEADERS, visit


def photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, "JPEG")
    return target.getvalue()


def outbox_file(*commands: Any, user_id: str = REP.user_id, photos: tuple[bytes, ...] = (), sign: bool = True,
                **other: Any) -> dict[str, Any]:
    """What a phone exports."""
    blobs = [{"sha256": hashlib.sha256(one).hexdigest(), "command_id": uuid7(), "size": len(one), "mime": "image/jpeg",
              "base64": base64.b64encode(one).decode()} for one in photos]
    file = {"fieldsales_outbox": 1, "user_id": user_id, "device_id": DEVICE, "exported_at": "2026-03-12T04:00:00.000Z",
            "signature": "", "commands": list(commands), "blobs": blobs, **other}
    if sign:
        der = KEY.sign(signed_bytes(OutboxFile.model_validate(file)), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(der)
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        file["signature"] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return file


def bring(house: House, login: str, file: dict[str, Any], query: str = "") -> Any:
    return house.browser(login).post("/api/v1/outbox" + query, json=file, headers=HEADERS)


def test_colleagues_signed_file_is_judged_as_its_authors_and_names_who_brought_it(both: House) -> None:
    enrol(both.program)
    command, picture = visit(), photo()
    file = outbox_file(command, photos=(picture,))
    answer = bring(both, "manager", file).get_json()
    assert (answer["author_id"], answer["results"][0]["status"], answer["photos"]) == (REP.user_id, "applied", 1)
    assert both.rows(Visit)[0]["user_id"] == REP.user_id
    (receipt,) = both.rows(CommandReceipt)
    assert (receipt["actor_id"], receipt["delivered_by"]) == (REP.user_id, MANAGER.user_id)
    assert both.rows(Blob)[0]["by_id"] == REP.user_id
    assert json.loads(both.rows(AuditBody)[-1]["body"])["delivered_by"] == MANAGER.user_id
    # the phone comes back to life and sends it all again
    assert both.phone("rep", DEVICE).results(command)[0]["duplicate"] is True
    assert bring(both, "admin", file).get_json()["results"][0]["duplicate"] is True
    assert len(both.rows(Visit)) == 1


def test_file_changed_after_it_was_signed_is_refused_whoever_brings_it(house: House) -> None:
    enrol(house.program)
    file = outbox_file(visit(said="付一半"))
    file["commands"][0]["payload"]["said"] = "一分不付"
    for login in ("manager", "admin", "rep"):
        answer = bring(house, login, file)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "outbox.changed"), login
    other = outbox_file(visit())
    other["commands"].append(visit())  # one slipped in
    assert bring(house, "manager", other).status_code == 422
    assert house.rows(Visit) == []


def test_file_nobody_signed_cannot_speak_for_another(house: House) -> None:
    enrol(house.program)
    file = outbox_file(visit(), sign=False)
    answer = bring(house, "manager", file)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "outbox.unsigned")
    # signed by somebody else's phone is not signed by the author's
    theirs = outbox_file(visit(), user_id=OTHER_REP.user_id)
    assert bring(house, "admin", theirs).get_json()["error"]["code"] == "outbox.unsigned"
    assert house.rows(Visit) == []
    own = bring(house, "manager", file, "?as_own=1").get_json()
    assert (own["author_id"], own["results"][0]["status"]) == (MANAGER.user_id, "applied")
    assert house.rows(CommandReceipt)[0]["delivered_by"] is None
    assert house.rows(Visit)[0]["user_id"] == MANAGER.user_id


def test_ones_own_file_needs_no_signature(house: House) -> None:
    assert bring(house, "rep", outbox_file(visit(), sign=False)).get_json()["results"][0]["status"] == "applied"
    assert house.rows(CommandReceipt)[0]["actor_id"] == REP.user_id


def test_only_the_teams_manager_or_an_administrator_brings_anothers(house: House) -> None:
    enrol(house.program)
    file = outbox_file(visit())
    for login in ("other_manager", "helper_rep", "finance", "legal"):
        assert bring(house, login, file).get_json()["error"]["code"] == "outbox.not_yours", login
    assert house.rows(Visit) == []
    assert bring(house, "admin", file).get_json()["author_id"] == REP.user_id
    assert house.rows(CommandReceipt)[0]["delivered_by"] == ADMIN.user_id


def test_revoked_phones_word_counts_no_more(house: House) -> None:
    enrol(house.program)
    house.program.dispatcher.perform(ADMIN, "people.revoke_device", {"device_id": DEVICE})
    assert bring(house, "manager", outbox_file(visit())).get_json()["error"]["code"] == "outbox.revoked"
    assert house.rows(Visit) == []


def test_file_with_more_than_a_push_holds_is_taken_in_parts_and_in_order(house: House) -> None:
    enrol(house.program)
    first = visit()
    many = [visit(needs=[first["entity_id"]]) for _ in range(230)]
    results = bring(house, "manager", outbox_file(first, *many)).get_json()["results"]
    assert {one["status"] for one in results} == {"applied"}
    assert len(house.rows(Visit)) == 231


def test_photo_that_is_not_what_it_says_is_not_kept(house: House) -> None:
    enrol(house.program)
    file = outbox_file(visit(), photos=(photo(),), sign=False)
    file["blobs"][0]["base64"] = base64.b64encode(b"something else").decode()
    answer = bring(house, "rep", file).get_json()
    assert (answer["photos"], len(answer["photos_refused"])) == (0, 1)
    assert house.rows(Blob) == []


def test_office_page_takes_a_file_and_says_what_became_of_each(house: House) -> None:
    enrol(house.program)
    text = json.dumps(outbox_file(visit(), visit(said="付\u200b"), photos=(photo(),))).encode()

    def send(login: str, content: bytes, **form: str) -> Any:
        return house.browser(login).post("/phones/outbox", data=form | {"file": (io.BytesIO(content), "outbox.json")})

    shown = send("manager", text).get_data(as_text=True)
    for words in (REP.name, "拜访", "已入账", "已保留 1 张照片"):
        assert words in shown, words
    assert send("manager", b"nonsense").status_code == 422
    unsigned = json.dumps(outbox_file(visit(), sign=False)).encode()
    asked = send("manager", unsigned)
    assert asked.status_code == 422
    assert "以我本人名义接收" in asked.get_data(as_text=True)
    assert MANAGER.name in send("manager", unsigned, as_own="1").get_data(as_text=True)
