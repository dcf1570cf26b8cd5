"""People: who may add, change and disable whom; tokens; sessions that the server can end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.models import ApiToken, Device, LoginSession, Team, User
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody
from fieldsales.web.here import Program
from tests import cast
from tests.cast import ADMIN, MANAGER, OTHER_REP, REP

KEY = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}


def one(program: Program, model, row_id: str):
    table = table_of(model)
    with program.store.reading() as connection:
        return connection.execute(select(table).where(table.c.id == row_id)).first()


def test_admin_adds_team_and_user_who_can_log_in(app: Flask, program: Program) -> None:
    team, user = uuid7(), uuid7()
    program.dispatcher.perform(ADMIN, "people.add_team", {"team_id": team, "name": "城南组"})
    program.dispatcher.perform(ADMIN, "people.add_user", {
        "user_id": user, "login": "new.rep", "name": "新人", "role": "rep", "team_id": team, "password": "long enough"})
    assert one(program, Team, team).name == "城南组"
    answer = app.test_client().post("/login", data={"login": "new.rep", "password": "long enough"})
    assert answer.headers["Location"] == "/app"


def test_password_reaches_no_audit_body_and_no_table_but_as_argon2(program: Program) -> None:
    user = uuid7()
    program.dispatcher.perform(ADMIN, "people.add_user", {
        "user_id": user, "login": "secretive", "name": "某", "role": "rep", "password": "canary-password"})
    program.dispatcher.perform(ADMIN, "people.set_password", {"user_id": user, "password": "canary-password-2"})
    with program.store.reading() as connection:
        bodies = [row.body for row in connection.execute(select(table_of(AuditBody)))]
    assert bodies
    assert not any("canary-password" in body for body in bodies)
    assert one(program, User, user).password.startswith("$argon2id$")


@pytest.mark.parametrize(("operation", "command"), [
    ("add_team", {"team_id": uuid7(), "name": "x"}),
    ("add_user", {"user_id": uuid7(), "login": "xx", "name": "x", "role": "rep", "password": "long enough"}),
    ("change_user", {"user_id": OTHER_REP.user_id, "role": "admin"}),
    ("set_password", {"user_id": OTHER_REP.user_id, "password": "long enough"}),
    ("create_token", {"token_id": uuid7(), "user_id": OTHER_REP.user_id, "name": "x", "token_sha256": "a" * 64}),
    ("end_access", {"user_id": OTHER_REP.user_id}),
])
def test_others_may_not(program: Program, operation: str, command: dict) -> None:
    for actor in (REP, MANAGER):
        with pytest.raises(NotAllowed):
            program.dispatcher.perform(actor, f"people.{operation}", command)


def test_login_taken_and_self_disable_are_refused(program: Program) -> None:
    with pytest.raises(Invalid) as caught:
        program.dispatcher.perform(ADMIN, "people.add_user", {
            "user_id": uuid7(), "login": "rep", "name": "x", "role": "rep", "password": "long enough"})
    assert caught.value.field == "login"
    with pytest.raises(Invalid):
        program.dispatcher.perform(ADMIN, "people.change_user", {"user_id": ADMIN.user_id, "active": False})


def test_new_password_ends_every_session(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("rep")
    program.dispatcher.perform(REP, "people.set_password", {"user_id": REP.user_id, "password": "another long one"})
    assert client.get("/api/v1/sync/status").status_code == 401


def test_session_unused_too_long_ends(app: Flask, clock: FixedClock, log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("rep")
    clock.at = cast.NOON + timedelta(days=13)
    assert client.get("/api/v1/sync/status").status_code == 200
    clock.at = cast.NOON + timedelta(days=26)
    assert client.get("/api/v1/sync/status").status_code == 200
    clock.at = cast.NOON + timedelta(days=41)
    assert client.get("/api/v1/sync/status").status_code == 401


def test_session_use_is_written_down_at_most_every_ten_minutes(
    program: Program, clock: FixedClock, log_in: Callable[[str], FlaskClient]
) -> None:
    client = log_in("rep")
    for minutes, seen in ((5, 0), (11, 11), (15, 11), (30, 30)):
        clock.at = cast.NOON + timedelta(minutes=minutes)
        client.get("/api/v1/sync/status")
        with program.store.reading() as connection:
            at = connection.execute(select(table_of(LoginSession).c.seen_at)).scalar_one()
        assert at == cast.NOON + timedelta(minutes=seen)


def test_wrong_password_and_unknown_name_get_the_same_answer(app: Flask) -> None:
    answers = [app.test_client().post("/login", data={"login": login, "password": "wrong"})
               for login in ("rep", "nobody")]
    assert [a.status_code for a in answers] == [401, 401]
    texts = [a.get_data(as_text=True).replace("rep", "").replace("nobody", "") for a in answers]
    assert len({len(text) for text in texts}) == 1


def test_too_many_tries_are_slowed(app: Flask) -> None:
    client = app.test_client()
    codes = [client.post("/login", data={"login": "slow", "password": "x"}).status_code for _ in range(12)]
    assert codes[:10] == [401] * 10
    assert codes[10:] == [429, 429]


def test_token_reads_within_its_scope_until_revoked(app: Flask, program: Program) -> None:
    token, token_id = "a-secret-token", uuid7()
    program.dispatcher.perform(REP, "people.create_token", {
        "token_id": token_id, "user_id": REP.user_id, "name": "script", "scopes": ["read"],
        "token_sha256": hashlib.sha256(token.encode()).hexdigest()})
    client, bearer = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/sync/status", headers=bearer).status_code == 200
    assert client.post("/api/v1/sync/push", headers=bearer, json={}).status_code == 403
    with pytest.raises(NotFound):
        program.dispatcher.perform(OTHER_REP, "people.revoke_token", {"token_id": token_id})
    program.dispatcher.perform(REP, "people.revoke_token", {"token_id": token_id})
    assert client.get("/api/v1/sync/status", headers=bearer).status_code == 401
    assert one(program, ApiToken, token_id).token_sha256 != token


def test_device_is_enrolled_once_and_revoked_for_good(program: Program) -> None:
    device = uuid7()
    command = {"device_id": device, "public_key": KEY, "name": "phone"}
    program.dispatcher.perform(REP, "people.enrol_device", command)
    program.dispatcher.perform(REP, "people.enrol_device", command)
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(OTHER_REP, "people.enrol_device", command)
    with pytest.raises(NotFound):
        program.dispatcher.perform(OTHER_REP, "people.revoke_device", {"device_id": device})
    program.dispatcher.perform(ADMIN, "people.revoke_device", {"device_id": device})
    assert one(program, Device, device).revoked_at == cast.NOON
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(REP, "people.enrol_device", command)


@pytest.mark.parametrize("key", [{}, KEY | {"d": "private"}, KEY | {"crv": "P-384"}, {"kty": "RSA"}])
def test_key_that_is_not_a_public_p256_is_refused(program: Program, key: dict) -> None:
    with pytest.raises(Invalid):
        program.dispatcher.perform(REP, "people.enrol_device", {"device_id": uuid7(), "public_key": key})


def test_end_access_by_the_system_ends_phones_sessions_and_login(
    program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    client, device = log_in("rep"), uuid7()
    program.dispatcher.perform(REP, "people.enrol_device", {"device_id": device, "public_key": KEY})
    program.dispatcher.perform(SYSTEM, "people.end_access", {"user_id": REP.user_id, "disable": True})
    assert client.get("/api/v1/sync/status").status_code == 401
    assert one(program, Device, device).revoked_at is not None
    assert one(program, User, REP.user_id).active is False


def test_language_is_kept_with_the_person(app: Flask, program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("rep")
    client.post("/language", data={"locale": "en", "next": "/app"})
    assert one(program, User, REP.user_id).locale == "en"
    program.dispatcher.perform(REP, "people.choose_language", {"locale": "zh"})
    assert one(program, User, REP.user_id).locale == "zh"
