"""The API's document, its page, and what a phone pulls through HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from fieldsales.kernel.operation import OPERATIONS
from fieldsales.web.here import Program
from tests.cast import HARBOUR, HARBOUR_NAME, REP, RIVER_CANARY, RIVER_NAME
from tests.sync.phone import Phone, visit

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def document(log_in: LogIn) -> dict[str, Any]:
    found: dict[str, Any] = log_in("admin").get("/api/v1/openapi.json").get_json()
    return found


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document, cls=OpenAPIV31SpecValidator)


def test_document_names_every_route_and_every_command(app: Flask, document: dict[str, Any]) -> None:
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(document["paths"]) == len(routes) >= 12
    secret = {"people.add_user", "people.set_password", "reminders.add_group", "extensions.set_settings"}
    assert set(document["x-commands"]) == set(OPERATIONS) - secret
    for told in document["x-commands"].values():
        assert told["payload"]["$ref"].rpartition("/")[2] in document["components"]["schemas"]
        assert told["description"]


def test_nobody_and_no_rep_reads_of_the_offices_commands(app: Flask, log_in: LogIn) -> None:
    """What a class is called, and that there is one, is in nothing a rep or a passer-by can fetch."""
    assert app.test_client().get("/api/v1/openapi.json").status_code == 401
    rep = log_in("rep")
    for path in ("openapi.json", "docs"):
        text = rep.get(f"/api/v1/{path}").get_data(as_text=True)
        assert "visits.log_visit" in text
        for word in ("bad_faith", "decide_faith", "propose_faith", "lapse_faith", "decide_supply", "decide_set_off"):
            assert word not in text, (path, word)


def test_every_api_route_says_its_shape(app: Flask) -> None:
    silent = [rule.rule for rule in app.url_map.iter_rules()
              if rule.rule.startswith("/api/v1/") and not hasattr(app.view_functions[rule.endpoint], "api_doc")]
    assert silent == []


def test_a_visit_fits_its_published_schema(document: dict[str, Any]) -> None:
    from openapi_schema_validator import OAS31Validator

    payload = document["x-commands"]["visits.log_visit"]["payload"]
    schema = {"$ref": payload["$ref"], "components": document["components"]}
    validator = OAS31Validator(schema)
    assert list(validator.iter_errors(visit()["payload"])) == []
    assert list(validator.iter_errors({"visit_id": "no"})) != []


def test_reading_page_shows_routes_and_needs_a_login(app: Flask, log_in: LogIn) -> None:
    assert app.test_client().get("/api/v1/docs").status_code in (302, 401)
    text = log_in("rep").get("/api/v1/docs").get_data(as_text=True)
    assert "/api/v1/sync/push" in text
    assert "visits.log_visit" in text
    assert "<script>" not in text


def test_ping_tells_who_is_there(app: Flask, log_in: LogIn) -> None:
    nobody = app.test_client().get("/api/v1/ping").get_json()
    assert (nobody["fieldsales"], nobody["user_id"]) == (1, None)
    somebody = log_in("rep").get("/api/v1/ping").get_json()
    assert (somebody["user_id"], somebody["name"]) == (REP.user_id, REP.name)
    assert somebody["epoch"] == nobody["epoch"] != ""


def test_pull_over_http_carries_the_dossier_and_the_small_documents(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    first = phone.get("/sync/pull?cursor=0").get_json()
    kinds = {change["kind"]: change for change in first["changes"]}
    assert set(kinds) == {"customer", "me", "settings", "today"}
    assert kinds["customer"]["doc"]["name"] == HARBOUR_NAME
    assert first["reset"] is True
    assert first["more"] is False
    again = phone.get(f"/sync/pull?cursor={first['cursor']}").get_json()
    assert again["changes"] == []
    phone.results(visit(said="对账后再付"))
    after = phone.get(f"/sync/pull?cursor={first['cursor']}").get_json()
    (changed,) = [change for change in after["changes"] if change["kind"] == "customer"]
    assert changed["id"] == HARBOUR
    assert "对账后再付" in json.dumps(changed["doc"]["timeline"], ensure_ascii=False)


def test_pull_never_carries_another_reps_customer(log_in: LogIn) -> None:
    text = Phone(log_in("rep")).get("/sync/pull?cursor=0").get_data(as_text=True)
    assert RIVER_NAME not in text
    assert RIVER_CANARY not in text


def test_forms_are_those_of_the_role(log_in: LogIn, program: Program) -> None:
    found = Phone(log_in("rep")).get("/forms").get_json()
    assert found["etag"]
    assert all("rep" in form["roles"] for form in found["forms"])
    assert {form["id"] for form in found["forms"]} == {
        form["id"] for form in program.plugins.forms() if "rep" in form["roles"]}


def test_end_session_voids_the_cookie(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"))
    assert phone.post("/session/end").status_code == 204
    assert phone.get("/sync/pull").status_code == 401
