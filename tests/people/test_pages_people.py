"""Logging in, choosing a language, and the administrator's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast

Enter = Callable[[str], FlaskClient]


def adding(**more: str) -> dict[str, str]:
    return {"command_id": uuid7(), "name": "新人", "login": "newcomer", "role": "rep", "team_id": cast.TEAM,
            "password": "long-enough-1", "locale": "zh"} | more


def test_login_page_is_chinese_by_default_and_english_when_chosen(app: Flask) -> None:
    client = app.test_client()
    assert "登录名" in client.get("/login").get_data(as_text=True)
    client.post("/language", data={"locale": "en", "next": "/login"})
    assert "Login name" in client.get("/login").get_data(as_text=True)


def test_login_failed_keeps_the_name_and_says_what_to_do(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"login": "rep", "password": "wrong", "next": "/customers?q=海"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'value="rep"' in shown
    assert "不符" in shown
    assert "wrong" not in shown


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_nowhere_else(app: Flask, target: str) -> None:
    answer = app.test_client().post("/login", data={"login": "finance", "password": cast.PASSWORD, "next": target})
    assert answer.headers["Location"] == "/desk"


def test_admin_adds_somebody_who_then_logs_in(app: Flask, log_in: Enter) -> None:
    assert log_in("admin").post("/people", data=adding()).status_code == 303
    answer = app.test_client().post("/login", data={"login": "newcomer", "password": "long-enough-1"})
    assert answer.status_code == 302


@pytest.mark.parametrize(("wrong", "field"), [
    ({"login": "rep"}, "login"), ({"login": "有 空格"}, "login"), ({"name": ""}, "name"),
    ({"password": "short"}, "password"),
])
def test_admin_wrong_field_is_told_and_the_password_is_not_sent_back(
    log_in: Enter, wrong: dict[str, str], field: str
) -> None:
    answer = log_in("admin").post("/people", data=adding(**wrong))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    assert "long-enough-1" not in shown


def test_admin_disables_somebody_and_his_next_request_fails(log_in: Enter) -> None:
    rep, admin = log_in("rep"), log_in("admin")
    assert rep.get("/customers").status_code == 200
    form = {"command_id": uuid7(), "name": cast.REP.name, "role": "rep", "team_id": cast.TEAM, "locale": "zh"}
    assert admin.post(f"/people/{cast.REP.user_id}", data=form).status_code == 303
    assert rep.get("/customers").status_code == 302


def test_admin_cannot_disable_himself(log_in: Enter) -> None:
    form = {"command_id": uuid7(), "name": cast.ADMIN.name, "role": "admin", "team_id": "", "locale": "zh"}
    answer = log_in("admin").post(f"/people/{cast.ADMIN.user_id}", data=form)
    assert answer.status_code == 422
    assert "自己" in answer.get_data(as_text=True)


def test_admin_adds_a_team_and_a_nameless_one_is_told_at_the_field(log_in: Enter) -> None:
    admin = log_in("admin")
    assert admin.post("/people/teams", data={"command_id": uuid7(), "team_name": "城南组"}).status_code == 303
    assert "城南组" in admin.get("/people").get_data(as_text=True)
    answer = admin.post("/people/teams", data={"command_id": uuid7(), "team_name": ""})
    assert "team_name-error" in answer.get_data(as_text=True)


def test_admin_is_told_of_a_team_that_is_there_already(log_in: Enter) -> None:
    admin = log_in("admin")
    answers = [admin.post("/people/teams", data={"command_id": uuid7(), "team_name": "城南组"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "team_name-error" in answers[1].get_data(as_text=True)


def test_person_unknown_is_not_there(log_in: Enter) -> None:
    assert log_in("admin").get(f"/people/{uuid7()}").status_code == 404


def test_own_password_is_changed_with_the_present_one_and_ends_every_other_session(
    app: Flask, log_in: Enter
) -> None:
    other, mine = log_in("rep"), log_in("rep")

    def change(current: str, new: str) -> tuple[int, str]:
        answer = mine.post("/account", data={"command_id": uuid7(), "current": current, "password": new})
        return answer.status_code, answer.get_data(as_text=True)

    status, shown = change("wrong", "a long new one")
    assert (status, "现在的密码不对" in shown, "a long new one" in shown) == (422, True, False)
    assert change(cast.PASSWORD, "short")[0] == 422
    assert other.get("/customers").status_code == 200
    assert change(cast.PASSWORD, " a long new one ")[0] == 303
    assert mine.get("/customers").status_code == 200
    assert other.get("/customers").status_code == 302
    tried = [app.test_client().post("/login", data={"login": "rep", "password": word}).status_code
             for word in (cast.PASSWORD, " a long new one ")]
    assert tried == [401, 302]


@pytest.mark.parametrize(("login", "places"), [
    ("rep", {"/customers", "/reports/ageing", "/receipts", "/handbook"}),
    ("legal", {"/desk", "/customers", "/reports/ageing", "/disputes", "/supply", "/handbook"}),
])
def test_rail_names_only_the_places_one_may_open(log_in: Enter, login: str, places: set[str]) -> None:
    client = log_in(login)
    shown = client.get("/customers").get_data(as_text=True)
    body = shown[shown.index('class="rail-body"'):shown.index('class="rail-foot"')]
    found = {part.split('"')[0] for part in body.split('href="')[1:]}
    assert places <= found
    for place in found:
        assert client.get(place).status_code == 200, place


def test_theme_cookie_is_drawn_by_the_server_and_nothing_else_of_it(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in client.get("/login").get_data(as_text=True)
    client.set_cookie("theme", '"><script>')
    assert "data-theme" not in client.get("/login").get_data(as_text=True)


def test_error_page_of_a_missing_record_has_the_frame_and_a_way_back(log_in: Enter, program: Program) -> None:
    answer = log_in("rep").get(f"/customers/{uuid7()}")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert 'class="rail"' in shown
    assert "回到首页" in shown
