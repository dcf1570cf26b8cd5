"""Behind a reverse proxy: what it says of the visitor counts when it was announced, and never otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request

from fieldsales.web.access import PUBLIC, access
from tests import cast

PUBLIC_URL = "https://sales.example.com"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "sales.example.com"}


def told(app: Flask) -> dict[str, Any]:
    """What the program believes of a request that came with the proxy's headers."""
    seen: dict[str, Any] = {}

    @access(*PUBLIC)
    def look() -> str:
        seen.update(address=request.remote_addr, scheme=request.scheme, host=request.host)
        return "seen"

    app._got_first_request = False
    app.add_url_rule("/look", "look", look)
    assert app.test_client().get("/look", headers=FORWARDED).status_code == 200
    return seen


def test_announced_proxy_is_believed(make_app: Callable[..., Flask], main_url: str) -> None:
    app = make_app(main_url, trusted_proxies=1, public_url=PUBLIC_URL)
    assert told(app) == {"address": "203.0.113.9", "scheme": "https", "host": "sales.example.com"}


def test_headers_nobody_announced_are_ignored(make_app: Callable[..., Flask], main_url: str) -> None:
    assert told(make_app(main_url)) == {"address": "127.0.0.1", "scheme": "http", "host": "localhost"}


def test_only_the_nearest_proxy_is_believed(make_app: Callable[..., Flask], main_url: str) -> None:
    app = make_app(main_url, trusted_proxies=1, public_url=PUBLIC_URL)
    forged = FORWARDED | {"X-Forwarded-For": "10.0.0.1, 203.0.113.9"}
    for n in range(11):
        answer = app.test_client().post("/login", data={"login": "rep", "password": f"wrong {n}"}, headers=forged | {
            "X-Forwarded-For": f"10.0.0.{n}, 203.0.113.9"})
    assert answer.status_code == 429, "tries are counted by the address the proxy saw, not by one made up"


def test_login_behind_the_proxy_sets_a_cookie_for_https_and_its_own_origin_may_post(
    make_app: Callable[..., Flask], main_url: str
) -> None:
    app = make_app(main_url, trusted_proxies=1, public_url=PUBLIC_URL, allowed_hosts="sales.example.com")
    client = app.test_client()
    answer = client.post("/login", data={"login": "rep", "password": cast.PASSWORD},
                         headers=FORWARDED | {"Origin": PUBLIC_URL})
    assert answer.status_code == 302
    assert "Secure" in answer.headers["Set-Cookie"]
    assert client.get("/login", headers=FORWARDED | {"X-Forwarded-Host": "evil.example"}).status_code == 400


def test_a_limit_that_was_reached_is_logged_without_address_and_name(
    make_app: Callable[..., Flask], main_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(main_url, trusted_proxies=1, public_url=PUBLIC_URL, allowed_hosts="sales.example.com")
    client = app.test_client()
    with caplog.at_level(logging.INFO):
        tries = [client.post("/login", data={"login": "rep", "password": f"wrong {n}"}, headers=FORWARDED).status_code
                 for n in range(11)]
    assert tries[-1] == 429
    lines = [one.getMessage() for one in caplog.records if one.name == "flask-limiter"]
    assert lines == ["limit 10 per 1 minute reached at people.enter"]
    assert "203.0.113.9" not in caplog.text
