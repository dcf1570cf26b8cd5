"""Photos: in pieces, resumable, whole only when the hash is right, opened only within sight."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable

from flask.testing import FlaskClient
from PIL import Image

from tests.cast import HARBOUR
from tests.sync.phone import Phone, visit

LogIn = Callable[[str], FlaskClient]


def _photo(width: int = 400, height: int = 300, kind: str = "JPEG") -> bytes:
    """A real picture that does not pack well: noise from a fixed seed."""
    noise = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(3 * width * height))
    target = io.BytesIO()
    noise.save(target, kind)
    return target.getvalue()


PHOTO = _photo()
SHA = hashlib.sha256(PHOTO).hexdigest()


def test_upload_in_pieces_goes_on_where_it_stopped(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    assert phone.post("/blobs", {"sha256": SHA, "size": len(PHOTO), "mime": "image/jpeg"}).get_json() == {
        "offset": 0, "done": False}
    assert phone.piece(SHA, PHOTO[:1000], 0, len(PHOTO)).get_json() == {"offset": 1000, "done": False}
    wrong = phone.piece(SHA, PHOTO[:1000], 0, len(PHOTO))
    assert (wrong.status_code, wrong.get_json()["offset"]) == (409, 1000)
    assert phone.post("/blobs", {"sha256": SHA, "size": len(PHOTO), "mime": "image/jpeg"}).get_json()["offset"] == 1000
    assert phone.upload(PHOTO, piece=40_000).get_json() == {"offset": len(PHOTO), "done": True}
    assert phone.upload(PHOTO).get_json()["done"] is True
    asked = f"/sync/status?photos={'0' * 64},{SHA}"
    assert phone.get(asked).get_json() == {"results": [], "photos": [SHA]}
    given = phone.get(f"/blobs/{SHA}")
    assert Image.open(io.BytesIO(given.data)).size == (400, 300)
    assert given.data != PHOTO
    assert given.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in given.headers["Content-Security-Policy"]


def test_upload_with_the_wrong_hash_is_thrown_away_and_begins_anew(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    bad = phone.piece(SHA, bytes(len(PHOTO)), 0, len(PHOTO))
    assert (bad.status_code, bad.get_json()["offset"], bad.get_json()["code"]) == (409, 0, "upload_hash")
    assert phone.get(f"/blobs/{SHA}").status_code == 404
    assert phone.get(f"/sync/status?photos={SHA}").get_json()["photos"] == []
    assert phone.upload(PHOTO).get_json()["done"] is True


def test_upload_of_another_kind_or_too_large_is_refused(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    for body in ({"mime": "text/html"}, {"mime": "image/svg+xml"}, {"size": 10**9}, {"size": 0}, {"sha256": "../../x"}):
        offer = {"sha256": SHA, "size": 10, "mime": "image/jpeg"} | body
        answer = phone.post("/blobs", offer)
        assert answer.status_code == 422, body
        assert answer.get_json()["error"]["text"]
    assert phone.piece(SHA, PHOTO, 0, 10).status_code == 422
    assert phone.piece(SHA, b"x", 0, 5 * 10**8).status_code == 422


def test_photo_is_opened_by_those_who_see_the_customer_and_nobody_else(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    photo = {"sha256": SHA, "size": len(PHOTO), "mime": "image/jpeg", "slot": "photo"}
    assert phone.results(visit(HARBOUR, photos=[photo]))[0]["status"] == "applied"
    phone.upload(PHOTO)
    seen = {login: Phone(log_in(login)).get(f"/blobs/{SHA}").status_code
            for login in ("rep", "helper_rep", "manager", "finance", "other_rep", "former_rep", "other_manager")}
    assert seen == {"rep": 200, "helper_rep": 200, "manager": 200, "finance": 200, "other_rep": 404, "former_rep": 404,
                    "other_manager": 404}


def test_two_people_uploading_the_same_photo_do_not_disturb_each_other(log_in: LogIn) -> None:
    one, other = Phone(log_in("rep")), Phone(log_in("other_rep"))
    one.piece(SHA, PHOTO[:500], 0, len(PHOTO))
    assert other.piece(SHA, PHOTO[:300], 0, len(PHOTO)).get_json()["offset"] == 300
    assert one.upload(PHOTO).get_json()["done"] is True
    assert other.piece(SHA, PHOTO[300:], 300, len(PHOTO)).get_json()["done"] is True


def test_what_is_no_whole_photo_is_refused_and_forgotten(log_in: LogIn) -> None:
    """Full decode, at most 40 megapixels; what stays out can be sent again, whole."""
    phone = Phone(log_in("rep"))
    huge = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")
    for data, code in ((PHOTO[:-2000], "documents.photo_broken"), (b"<svg/>" * 50, "documents.not_a_photo"),
                       (huge.getvalue(), "documents.photo_too_large")):
        answer = phone.upload(data)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, code)
        sha256 = hashlib.sha256(data).hexdigest()
        assert phone.get(f"/blobs/{sha256}").status_code == 404
        offer = {"sha256": sha256, "size": len(data), "mime": "image/jpeg"}
        assert phone.post("/blobs", offer).get_json() == {"offset": 0, "done": False}
