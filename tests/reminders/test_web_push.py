"""Web push: the RFC's own example, then a real push service over TLS that reads what only the phone can."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.people.models import Device, LoginSession
from fieldsales.reminders.daily import remind_if_due, remind_of_alerts, remind_of_held
from fieldsales.reminders.models import PushSubscription, Reminder
from fieldsales.reminders.webpush import decoded, encoded, headers, house_key, point, sealed
from fieldsales.store.base import table_of
from fieldsales.store.models import Beat, OutboxRow
from fieldsales.web.here import Program
from tests import cast
from tests.cast import NOON, an_id
from tests.reminders.conftest import Outside
from tests.reminders.push import Browser
from tests.sync.phone import visit

DEVICE = an_id(0x900)


@pytest.fixture
def browser() -> Browser:
    return Browser(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


@pytest.fixture
def told(due: Program, log_in: Callable[[str], FlaskClient], browser: Browser, outside: Outside) -> FlaskClient:
    """REP's phone, enrolled, logged in, and subscribed at the push service outside."""
    object.__setattr__(due.settings, "remind_private", True)
    due.dispatcher.note(lambda connection: connection.execute(insert(table_of(Device)).values(
        id=DEVICE, user_id=cast.REP.user_id, public_key={}, enrolled_at=NOON, seen_at=NOON)))
    client = log_in("rep")
    assert offer(client, browser, outside.url + "/push/1").status_code == 204
    return client


def offer(client: FlaskClient, browser: Browser, endpoint: str, device: str = DEVICE) -> object:
    return client.post("/api/v1/reminders/push", headers={"X-Fieldsales": "1"}, json={
        "device_id": device, "endpoint": endpoint, "p256dh": browser.p256dh, "auth": encoded(browser.auth)})


def states(program: Program) -> list[str]:
    with program.store.reading() as connection:
        r = table_of(Reminder).c
        return list(connection.scalars(select(r.state).where(r.kind == "push").order_by(r.at)))


def alive(program: Program) -> int:
    with program.store.reading() as connection:
        p = table_of(PushSubscription).c
        return len(connection.execute(select(p.id).where(p.ended_at.is_(None))).all())


def test_sealing_gives_the_example_of_rfc_8291() -> None:
    private = int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = sealed(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"), own=ec.derive_private_key(private, ec.SECP256R1()),
    )  # fmt: skip
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
        "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")


def test_phone_is_told_in_the_morning_without_a_name_or_a_sum(
    told: FlaskClient, due: Program, outside: Outside, browser: Browser, work: Callable[[], None]
) -> None:
    assert remind_if_due(due) == 1
    work()
    [(path, sent, body)] = outside.came
    assert path == "/push/1"
    words = json.loads(browser.open(body))
    assert words == {"title": "fieldsales", "body": "今天到期：1 笔\n明天到期：1 笔", "url": "/app/promises",
                     "tag": "digest-2026-03-12"}
    assert cast.HARBOUR_NAME.encode() not in body
    assert sent["content-encoding"] == "aes128gcm"
    assert int(sent["ttl"]) > 0
    assert states(due) == ["sent"]


def test_house_says_who_it_is_and_its_key_is_its_own(told: FlaskClient, due: Program, outside: Outside,
                                                     work: Callable[[], None]) -> None:
    remind_if_due(due)
    work()
    scheme, _, rest = outside.came[0][1]["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _, signature = parts["t"].rpartition(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split("."))
    raw = decoded(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    assert (scheme, head["alg"]) == ("vapid", "ES256")
    assert claims["aud"] == outside.url
    assert claims["sub"].startswith(("mailto:", "http"))
    assert 0 < claims["exp"] - NOON.timestamp() <= 24 * 3600
    assert parts["k"] == told.get("/api/v1/reminders/push").get_json()["public_key"]
    key = due.settings.home / "keys" / "vapid.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert point(house_key(due.settings.home).public_key()) == decoded(parts["k"])


def test_reminded_once_a_day_and_only_by_day(told: FlaskClient, due: Program, outside: Outside, clock: FixedClock,
                                             work: Callable[[], None]) -> None:
    clock.at = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # half past seven in Shanghai
    assert remind_if_due(due) == 0
    clock.at = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)
    assert remind_if_due(due) == 1
    assert remind_if_due(due) == 0
    work()
    clock.at = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)  # nine in the evening
    assert remind_if_due(due) == 0
    assert len(outside.came) == 1


def hold_one(client: FlaskClient) -> None:
    """Send a record that this server does not know yet: it is kept, and held."""
    command = visit() | {"operation": "visits.log_dream"}
    answer = client.post("/api/v1/sync/push", json={"sent_at": "2026-03-12T04:00:00Z", "commands": [command]},
                         headers={"X-Fieldsales": "1"})
    assert [one["status"] for one in answer.get_json()["results"]] == ["held"]


def test_phone_is_told_of_a_held_record_once_an_hour(told: FlaskClient, due: Program, outside: Outside,
                                                     browser: Browser, clock: FixedClock, work: Callable[[], None]
                                                     ) -> None:
    assert remind_of_held(due) == 0
    hold_one(told)
    assert remind_of_held(due) == 1
    hold_one(told)
    assert remind_of_held(due) == 0, "once an hour"
    work()
    [(_, _, body)] = outside.came
    assert json.loads(browser.open(body)) == {
        "title": "fieldsales", "body": "公司暂存待处理的记录：2 条", "url": "/app/queue", "tag": "held-2026-03-12"}
    clock.at += timedelta(hours=2)
    assert remind_of_held(due) == 0, "nothing new was held since"


def test_legals_phone_is_told_of_a_red_alert_once_an_hour_with_a_count_alone(
    due: Program, log_in: Callable[[str], FlaskClient], browser: Browser, outside: Outside, work: Callable[[], None]
) -> None:
    object.__setattr__(due.settings, "remind_private", True)
    due.dispatcher.note(lambda connection: connection.execute(insert(table_of(Device)).values(
        id=DEVICE, user_id=cast.LEGAL.user_id, public_key={}, enrolled_at=NOON, seen_at=NOON)))
    assert offer(log_in("legal"), browser, outside.url + "/push/1").status_code == 204
    assert remind_of_alerts(due) == 0
    due.dispatcher.perform(cast.REP, "collection.report_signs", {
        "sighting_id": uuid7(), "customer_id": cast.HARBOUR, "signs": ["court_papers"]})
    assert remind_of_alerts(due) == 1
    assert remind_of_alerts(due) == 0, "once an hour"
    work()
    [(_, _, body)] = outside.came
    assert json.loads(browser.open(body)) == {
        "title": "fieldsales", "body": "偿债红色预警：1 家", "url": "/watch", "tag": "alert-2026-03-12"}


def test_stranger_is_not_told_of_a_held_record(told: FlaskClient, due: Program, log_in: Callable[[str], FlaskClient]
                                               ) -> None:
    """The phone belongs to one rep, the held record to another."""
    hold_one(log_in("other_rep"))
    assert remind_of_held(due) == 0


def test_second_worker_writes_nobody_down_again(told: FlaskClient, due: Program) -> None:
    assert remind_if_due(due) == 1
    beats = table_of(Beat)
    due.dispatcher.note(lambda connection: connection.execute(delete(beats).where(beats.c.name == "reminders")))
    assert remind_if_due(due) == 0, "the day and the receiver make the reminder's id"
    assert states(due) == ["queued"]


@pytest.mark.parametrize("status", [404, 410])
def test_phone_that_is_gone_is_forgotten(told: FlaskClient, due: Program, outside: Outside, work: Callable[[], None],
                                         status: int) -> None:
    outside.answers = [(status, {})]
    remind_if_due(due)
    work()
    assert alive(due) == 0
    assert states(due) == ["failed"]


@pytest.mark.parametrize("status", [429, 503])
def test_busy_push_service_is_asked_again_later(told: FlaskClient, due: Program, outside: Outside, clock: FixedClock,
                                                work: Callable[[], None], status: int) -> None:
    outside.answers = [(status, {}), (201, {})]
    remind_if_due(due)
    work()
    assert (states(due), alive(due), len(outside.came)) == (["queued"], 1, 1)
    clock.at += timedelta(minutes=5)
    work()
    assert (states(due), len(outside.came)) == (["sent"], 2)


def test_what_could_not_be_sent_on_its_day_is_not_sent_on_the_next(
    told: FlaskClient, due: Program, outside: Outside, clock: FixedClock, work: Callable[[], None]
) -> None:
    outside.answers = [(503, {})]
    remind_if_due(due)
    work()
    clock.at += timedelta(days=1)
    work()
    assert states(due) == ["late"]
    assert len(outside.came) == 1


def test_worker_that_died_while_sending_sends_nothing_twice(told: FlaskClient, due: Program, outside: Outside,
                                                            work: Callable[[], None]) -> None:
    remind_if_due(due)
    due.dispatcher.note(lambda connection: connection.execute(update(table_of(Reminder)).values(state="sending")))
    work()
    assert states(due) == ["unsure"]
    assert outside.came == []


@pytest.mark.parametrize("how", ["revoked", "logged out", "disabled", "ended", "idle"])
def test_phone_without_its_right_is_told_nothing(told: FlaskClient, due: Program, outside: Outside, how: str,
                                                 clock: FixedClock, work: Callable[[], None]) -> None:
    if how == "revoked":
        due.dispatcher.perform(cast.ADMIN, "people.revoke_device", {"device_id": DEVICE})
    elif how == "logged out":
        told.post("/api/v1/session/end", headers={"X-Fieldsales": "1"})
    elif how == "disabled":
        due.dispatcher.perform(cast.ADMIN, "people.change_user", {"user_id": cast.REP.user_id, "active": False})
    elif how == "idle":
        due.dispatcher.note(lambda connection: connection.execute(
            update(table_of(LoginSession)).values(seen_at=NOON - timedelta(days=30))))
    else:
        told.post("/api/v1/reminders/push/end", headers={"X-Fieldsales": "1"}, json={"device_id": DEVICE})
    remind_if_due(due)
    work()
    assert outside.came == []


def test_phone_tells_for_its_owner_only(told: FlaskClient, due: Program, log_in: Callable[[str], FlaskClient],
                                        browser: Browser, outside: Outside) -> None:
    stranger = log_in("other_rep")
    assert offer(stranger, browser, outside.url + "/push/2").status_code == 404  # type: ignore[attr-defined]
    assert stranger.post("/api/v1/reminders/push/end", headers={"X-Fieldsales": "1"},
                         json={"device_id": DEVICE}).status_code == 404
    assert alive(due) == 1
    offer(told, browser, outside.url + "/push/3")
    assert alive(due) == 1, "a phone has one subscription"
    with pytest.raises(TradeError):
        due.dispatcher.perform(cast.REP, "reminders.subscribe_push", {
            "subscription_id": uuid7(), "device_id": DEVICE, "endpoint": "https://a.example/", "p256dh": "A" * 87,
            "auth": encoded(browser.auth)})
    due.dispatcher.perform(cast.REP, "reminders.end_push", {"device_id": DEVICE})
    assert alive(due) == 0


def test_endpoint_inside_the_house_is_not_spoken_to(told: FlaskClient, due: Program, outside: Outside,
                                                    work: Callable[[], None]) -> None:
    object.__setattr__(due.settings, "remind_private", False)
    remind_if_due(due)
    work()
    assert outside.came == []
    assert states(due) == ["failed"]
    with due.store.reading() as connection:
        waiting = connection.execute(select(table_of(OutboxRow)).where(table_of(OutboxRow).c.done_at.is_(None))).all()
    assert waiting == [], "and it is not tried again"


def test_headers_name_the_service_and_no_path() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = headers("https://push.example:8443/x/y?z", key, "mailto:a@b.c", NOON, "t")
    claims = json.loads(decoded(made["Authorization"].split(".")[1]))
    assert claims["aud"] == "https://push.example:8443"
