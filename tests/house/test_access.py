"""The access matrix, generated from the routes, so that none can be forgotten."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import OPERATIONS, ROLES, Envelope
from fieldsales.schema import metadata
from fieldsales.web.access import policy_of
from fieldsales.web.here import Program
from tests import cast
from tests.house import canaries
from tests.house.samples import sample

#: Everybody who must not see HARBOUR.
STRANGERS = ("other_rep", "former_rep", "other_manager")
#: Path parts that are not ids; the values name nothing of HARBOUR's.
WORDS = {"filename": "css/app.css", "name": "app.js", "rest": "today", "path": "x", "topic": "rep", "kind": "invoices",
         "page": "rep", "page_no": "1", "method": "phone", "lang": "zh", "version": "1001", "plugin": "phone",
         "token": "x", "tail": "x", "sheet": "x", "tag": "x"}
#: Fields that must be filled in before anybody is asked who he is.
FILLED = {"to": "a@example.com", "name": "甲", "reason": "乙", "text": "丙", "kind": "other", "decision": "denied"}
#: Tables that a request may write whoever it comes from: sessions, the pulse, the epoch made at first use,
#: and what everybody chooses for himself alone.
BOOKKEEPING = {"form_versions", "login_sessions", "beats", "settings", "calendar_feeds", "mail_choices"}


@pytest.fixture
def stocked(app: Flask, program: Program) -> Flask:
    """The program with one of everything at HARBOUR."""
    program.dispatcher.note(canaries.fill)
    program.parts["blobs"].path(canaries.BYTES).parent.mkdir(parents=True, exist_ok=True)
    program.parts["blobs"].path(canaries.BYTES).write_bytes(canaries.CANARY.encode())
    return app


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, path with HARBOUR's ids) of every route."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        values = {name: canaries.IDS.get(name) or WORDS.get(name) for name in rule.arguments}
        unknown = [name for name, value in values.items() if value is None]
        assert not unknown, f"{rule}: tell tests/house what to put for {unknown}"
        path = str(rule)
        for name, value in values.items():
            path = re.sub(rf"<(?:[^:<>]+:)?{name}>", str(value), path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, path


def ask(client: FlaskClient, method: str, path: str) -> Any:
    """Ask with HARBOUR's ids in the body too."""
    body = canaries.IDS | FILLED | {"command_id": uuid7()}
    headers = {"X-Fieldsales": "1"}
    if path.startswith("/api/"):
        return client.open(path, method=method, json=body if method != "GET" else None, headers=headers)
    return client.open(path, method=method, data=body if method != "GET" else None)


def state_of(program: Program) -> dict[str, Any]:
    """Every table's row count, and the versions of customers and users; and the files."""
    with program.store.reading() as connection:
        counts = {name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                  for name, table in metadata.tables.items() if name not in BOOKKEEPING}
        for name in ("customers", "users"):
            table = metadata.tables[name]
            counts[f"{name} versions"] = connection.execute(select(func.sum(table.c.version))).scalar_one()
    home = Path(program.settings.home)
    counts["files"] = sorted(str(path.relative_to(home)) for path in home.rglob("*")
                             if path.is_file() and path.suffix not in {".key"} and path.name != "epoch.json")
    return counts


def test_every_route_has_a_policy(app: Flask) -> None:
    closed = [rule.endpoint for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None]
    assert closed == []


def test_route_without_policy_is_closed_to_everyone(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert log_in("admin").get("/forgotten").status_code == 403


def test_anonymous_gets_nothing_but_public_pages(stocked: Flask, program: Program) -> None:
    client, before = stocked.test_client(), state_of(program)
    for endpoint, method, path in routes(stocked):
        answer = ask(client, method, path)
        assert answer.status_code < 500, (method, path, answer.status_code)
        public = "public" in (policy_of(stocked, endpoint) or ())
        if not public:
            assert answer.status_code in (302, 401, 403), (method, path, answer.status_code)
        assert not leaks(answer), (method, path)
    assert state_of(program) == before


@pytest.mark.parametrize("role", ROLES)
def test_role_outside_the_policy_is_refused_and_changes_nothing(
    stocked: Flask, program: Program, log_in: Callable[[str], FlaskClient], role: str
) -> None:
    client = log_in(role)
    before = state_of(program)
    for endpoint, method, path in routes(stocked):
        policy = policy_of(stocked, endpoint) or frozenset()
        if "public" not in policy and role not in policy:
            assert ask(client, method, path).status_code == 403, (method, path)
    assert state_of(program) == before


@pytest.mark.parametrize("login", STRANGERS)
def test_stranger_sees_and_changes_nothing_of_another_customer(
    stocked: Flask, program: Program, log_in: Callable[[str], FlaskClient], login: str
) -> None:
    client = log_in(login)
    kept = {"command_receipts", "audit_chain", "audit_bodies"}
    for _endpoint, method, path in routes(stocked):
        if path in {"/logout", "/api/v1/session/end"}:
            continue
        before = {k: v for k, v in state_of(program).items() if k not in kept}
        answer = ask(client, method, path)
        assert answer.status_code < 500, (method, path, answer.status_code, answer.get_data()[:400])
        assert not leaks(answer), (method, path)
        if "customer_id" in path or canaries.IDS["customer_id"] in path:
            assert answer.status_code in (302, 400, 403, 404, 409, 415, 422), (method, path, answer.status_code)
        if method != "GET":
            after = {k: v for k, v in state_of(program).items() if k not in kept}
            assert after == before, (method, path)


def test_owner_and_helper_see_the_customer(stocked: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    for login in ("rep", "helper_rep", "manager", "finance", "legal", "admin"):
        answer = log_in(login).get(f"/customers/{cast.HARBOUR}")
        assert answer.status_code == 200, login
        assert cast.HARBOUR_NAME in answer.get_data(as_text=True), login


def test_disabled_user_cannot_log_in_and_his_open_session_dies(
    stocked: Flask, program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    answer = stocked.test_client().post("/login", data={"login": "disabled", "password": cast.PASSWORD})
    assert answer.status_code == 401
    client = log_in("rep")
    assert client.get("/api/v1/sync/status").status_code == 200
    program.dispatcher.perform(cast.ADMIN, "people.change_user", {"user_id": cast.REP.user_id, "active": False})
    assert client.get("/api/v1/sync/status").status_code == 401


def test_role_change_works_on_the_next_request(
    stocked: Flask, program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    client = log_in("finance")
    assert client.get("/receipts").status_code == 200
    program.dispatcher.perform(cast.ADMIN, "people.change_user", {"user_id": cast.FINANCE.user_id, "role": "legal"})
    assert client.get("/receipts").status_code == 403


@pytest.mark.parametrize("actor", [cast.OTHER_REP, cast.FORMER_REP, cast.OTHER_MANAGER], ids=lambda a: a.name)
def test_every_operation_refuses_a_stranger(stocked: Flask, program: Program, actor: Any) -> None:
    dispatcher: Dispatcher = program.dispatcher
    tried = 0
    for name, operation in sorted(OPERATIONS.items()):
        if "customer_id" not in str(operation.command.model_json_schema()):
            continue
        fixed = {key: value for key, value in canaries.IDS.items() if key != "command_id"}
        envelope = Envelope(uuid7(), name, sample(operation.command, **fixed))
        if name == "customers.add_customer":
            continue
        answer = dispatcher.perform_batch(actor, [envelope])[0]
        assert answer.status == "rejected", (name, answer)
        assert not any(mark in str(answer.data) + str(answer.params) for mark in canaries.MARKS), name
        tried += 1
    assert tried > 20


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_change_from_another_site_is_refused(stocked: Flask, log_in: Callable[[str], FlaskClient], site: str) -> None:
    client = log_in("rep")
    assert client.post("/language", data={"locale": "en"}, headers={"Sec-Fetch-Site": site}).status_code == 403
    answer = client.post("/language", data={"locale": "en"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.post("/api/v1/sync/push", json={}).status_code == 403


def test_logout_kills_the_cookie_wherever_it_was_copied(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("rep")
    stolen = client.get_cookie("session")
    assert stolen is not None
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("session", stolen.value)
    assert thief.get("/api/v1/sync/status").status_code == 401


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_login_never_leads_to_another_host(app: Flask, target: str) -> None:
    answer = app.test_client().post("/login", data={"login": "rep", "password": cast.PASSWORD, "next": target})
    assert answer.headers["Location"] == "/app"


def leaks(answer: Any) -> list[str]:
    """The marks of HARBOUR that stand in an answer, also inside a workbook."""
    data = answer.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    text = data.decode(errors="replace") + str(answer.headers)
    return [mark for mark in canaries.MARKS if mark in text]
