"""The calendar address: RFC 5545 by an outside reader, one's own customers only, void when revoked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from fieldsales.kernel.ids import uuid7
from fieldsales.reminders.ics import Event, calendar, folded
from fieldsales.web.here import Program
from tests import cast
from tests.cast import NOON, TODAY

LogIn = Callable[[str], FlaskClient]
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=200)


def address(client: FlaskClient) -> str:
    """Make a calendar address as a person does, and read it off the page."""
    client.post("/reminders/calendar", data={"command_id": uuid7()})
    page = client.get("/reminders").get_data(as_text=True)
    return re.search(r'value="https?://[^"]*?(/calendar/[^"]+\.ics)"', page)[1]  # type: ignore[index]


def test_feed_says_what_is_due_to_its_owner_and_nothing_of_others(app: Flask, due: Program, log_in: LogIn) -> None:
    where = address(log_in("rep"))
    answer = app.test_client().get(where)  # a calendar has no cookie
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    read = Calendar.from_ical(answer.get_data())
    events = {str(one["SUMMARY"]): one for one in read.walk("VEVENT")}
    assert set(events) >= {"海港五金商行 承诺付款 ¥50,000.00"}
    assert not [title for title in events if cast.RIVER_NAME in title]
    assert len(events) == 2  # two promises of the same sum have the same title
    days = sorted(one["DTSTART"].dt for one in read.walk("VEVENT"))
    assert days == [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert all(type(one["DTSTART"].dt) is date for one in read.walk("VEVENT")), "all-day"
    again = Calendar.from_ical(app.test_client().get(where).get_data())
    assert {str(one["UID"]) for one in again.walk("VEVENT")} == {str(one["UID"]) for one in read.walk("VEVENT")}


def test_manager_sees_the_team_and_finance_all(app: Flask, due: Program, log_in: LogIn) -> None:
    def titles(login: str) -> str:
        return app.test_client().get(address(log_in(login))).get_data(as_text=True)

    assert cast.RIVER_NAME not in titles("manager")
    assert cast.HARBOUR_NAME in titles("manager")
    assert cast.RIVER_NAME in titles("finance")
    assert cast.HARBOUR_NAME not in titles("other_rep")


def test_address_is_shown_once_and_only_its_hash_is_kept(app: Flask, due: Program, log_in: LogIn) -> None:
    client = log_in("rep")
    where = address(client)
    token = where.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in client.get("/reminders").get_data(as_text=True)
    with due.store.reading() as connection:
        dump = "\n".join(connection.connection.iterdump()) if due.store.is_sqlite else ""  # type: ignore[attr-defined]
    assert token not in dump
    assert not dump or hashlib.sha256(token.encode()).hexdigest() in dump


def test_revoked_replaced_or_unknown_address_is_gone(app: Flask, due: Program, log_in: LogIn) -> None:
    client, calendar_app = log_in("rep"), app.test_client()
    first = address(client)
    second = address(client)
    assert calendar_app.get(first).status_code == 404
    assert calendar_app.get(second).status_code == 200
    client.post("/reminders/calendar/end", data={"command_id": uuid7()})
    assert calendar_app.get(second).status_code == 404
    assert calendar_app.get("/calendar/no-such-secret.ics").status_code == 404


def test_address_of_someone_disabled_is_gone(app: Flask, due: Program, log_in: LogIn) -> None:
    where = address(log_in("rep"))
    due.dispatcher.perform(cast.ADMIN, "people.change_user", {"user_id": cast.REP.user_id, "active": False})
    assert app.test_client().get(where).status_code == 404


def test_operations_keep_to_their_person(due: Program) -> None:
    due.dispatcher.perform(cast.REP, "reminders.make_feed", {"feed_id": uuid7(), "token_sha256": "a" * 64})
    due.dispatcher.perform(cast.OTHER_REP, "reminders.revoke_feed", {})
    with due.store.reading() as connection:
        from fieldsales.reminders.queries import feed_row

        assert feed_row(connection, "a" * 64) is not None
    due.dispatcher.perform(cast.REP, "reminders.revoke_feed", {})
    with due.store.reading() as connection:
        assert feed_row(connection, "a" * 64) is None


# a busy machine draws slowly, which says nothing of the calendar
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=TEXT, text=st.lists(TEXT, max_size=4).map("\n".join), name=TEXT)
def test_any_words_come_back_as_they_were(title: str, text: str, name: str) -> None:
    event = Event("promise-1@fieldsales", date(2026, 3, 12), title, text, "https://a.example/app", NOON)
    written = calendar(name, [event], NOON)
    assert not re.search(r"(?<!\r)\n", written)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    read = Calendar.from_ical(written.encode())
    [one] = read.walk("VEVENT")
    assert str(one["SUMMARY"]) == title
    assert str(one.get("DESCRIPTION", "")) == text
    assert one["DTEND"].dt == date(2026, 3, 13)


@pytest.mark.parametrize("sign", ["a", "港", "𠮷", "é"])
def test_fold_never_cuts_a_character(sign: str) -> None:
    line = "SUMMARY:" + sign * 100
    pieces = folded(line).split("\r\n ")
    assert "".join(pieces) == line
    assert max(len(piece.encode()) for piece in pieces[1:]) <= 74
