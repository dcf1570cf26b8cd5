"""What anybody may write into an address or the login form: answered in words, never by a fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import cast

Enter = Callable[[str], FlaskClient]
HUGE = "9" * 30
LONG = "x" * 3000


@pytest.mark.parametrize("path", [
    f"/reports/audit?after={HUGE}", "/reports/audit?after=%C2%B2", f"/customers?after={HUGE}.a",
    f"/reports/ageing?after={HUGE}.a.CNY", "/reports/ageing?after=%C2%B2.a.CNY", "/receipts?after=2026-01-01~a",
    "/receipts?after=9999-12-31T23:59:59-14:00~a", f"/api/v1/sync/pull?cursor={HUGE}",
])
def test_address_key_that_no_page_gave_starts_the_list_over(log_in: Enter, path: str) -> None:
    assert log_in("admin").get(path).status_code == 200


@pytest.mark.parametrize("path", [
    f"/handbook/{LONG}", f"/static/js/{LONG}.js", f"/static/css/{LONG}", f"/static/vendor/{LONG}", "/static/js/a%00.js",
    "/static/css/%00", "/static/js/..%2f..%2fsetup.cfg", "/handbook/..%2f..%2fsetup", "/handbook/%2e%2e/config",
])
def test_address_of_no_file_is_refused(log_in: Enter, path: str) -> None:
    assert log_in("admin").get(path).status_code in (404, 422)


@pytest.mark.parametrize("target", ["/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\x0b//evil.example"])
def test_next_with_a_sign_that_browsers_drop_leads_nowhere_else(app: Flask, target: str) -> None:
    client = app.test_client()
    answer = client.post("/language", data={"locale": "en", "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    answer = client.post("/login", data={"login": "finance", "password": cast.PASSWORD, "next": target})
    assert answer.headers["Location"] == "/desk"


def test_login_tries_are_counted_by_the_name_whatever_space_is_around_it(app: Flask) -> None:
    client = app.test_client()
    tries = [client.post("/login", data={"login": "rep" + " " * n, "password": "guess"}) for n in range(11)]
    assert [answer.status_code for answer in tries] == [401] * 10 + [429]


@pytest.mark.parametrize(
    "origin", ["http://[::1", "http://evil@localhost", "http://localhost.evil.example", "null", ""]
)
def test_origin_that_is_not_ours_is_refused(app: Flask, origin: str) -> None:
    answer = app.test_client().post("/language", data={"locale": "en"}, headers={"Origin": origin})
    assert answer.status_code == 403
