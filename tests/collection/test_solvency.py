"""The solvency watch: the score, the alert, its tasks, and its closing by a person with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.models import Task
from fieldsales.collection.solvency import ALONE, SIGNS, Seen, judge
from fieldsales.collection.watchmodels import Sighting, WatchClosing
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY


def seen(*signs: str, ago: int = 0) -> Seen:
    return Seen(TODAY - timedelta(days=ago), signs)


@pytest.mark.parametrize(("sightings", "level", "score"), [
    ([], "", 0), ([seen("staff_gone")], "", 2), ([seen("wages_unpaid")], "amber", 3),
    ([seen("wages_unpaid", "notice_on_door")], "red", 6),
    ([seen("wages_unpaid"), seen("wages_unpaid", ago=3)], "amber", 3),  # the same sign counts once
    ([seen("wages_unpaid", ago=30), seen("notice_on_door")], "red", 6),
    ([seen("wages_unpaid", ago=31), seen("notice_on_door")], "amber", 4),  # older: half
    ([seen("wages_unpaid", ago=91)], "", 0),
    ([seen("court_papers")], "red", 6), ([seen("court_papers", ago=60)], "red", 3), ([seen("assets_moved")], "red", 6),
    ([seen("staff_gone", "shelves_empty")], "amber", 4), ([seen("never_heard_of")], "", 0),
])  # fmt: skip
def test_signs_are_scored(sightings: list[Seen], level: str, score: int) -> None:
    found = judge(sightings, TODAY)
    assert (found.level, found.score) == (level, score)
    assert bool(found.steps) == bool(level)


@given(st.lists(st.builds(Seen, st.dates(date(2025, 9, 1), TODAY), st.lists(st.sampled_from(sorted(SIGNS)), max_size=4)
                          .map(tuple)), max_size=6), st.sampled_from(sorted(SIGNS)))
def test_seeing_more_never_calms(sightings: list[Seen], sign: str) -> None:
    before, after = judge(sightings, TODAY), judge([*sightings, Seen(TODAY, (sign,))], TODAY)
    assert after.score >= before.score
    assert (after.level == "red") >= (before.level == "red")
    assert sign not in ALONE or after.level == "red"


def report(ledger: Ledger, *signs: str, who: Any = cast.REP, **more: Any) -> dict[str, Any]:
    return ledger.perform("collection.report_signs", who, sighting_id=uuid7(), signs=list(signs), **more)


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def test_red_alert_is_told_to_finance_and_legal_once(ledger: Ledger) -> None:
    assert report(ledger, "wages_unpaid")["level"] == "amber"
    assert ledger.rows(Task, "kind") == []
    assert report(ledger, "boss_unreachable")["level"] == "red"
    assert report(ledger, "court_papers")["level"] == "red"
    assert ledger.rows(Task, "kind", "assignee_id") == sorted(
        [("solvency", cast.FINANCE.user_id), ("solvency", cast.LEGAL.user_id)])


def test_finances_task_does_not_stand_among_the_reps(ledger: Ledger, program: Program) -> None:
    report(ledger, "court_papers")
    with program.store.reading() as connection:
        doc = dossiers(connection, [cast.HARBOUR], TODAY)[cast.HARBOUR]
    assert doc["tasks"] == []
    assert (doc["watch"]["level"], doc["watch"]["signs"][0]["zh"]) == ("red", "法院文书或封条")
    assert [step["code"] for step in doc["watch"]["steps"]] == ["stop_supply", "secure", "preserve", "register"]


def test_alert_is_closed_by_the_office_with_a_reason_and_opens_anew(ledger: Ledger, clock: Any) -> None:
    report(ledger, "court_papers")
    close = {"closing_id": uuid7(), "reason": "是另一家公司的传票"}
    with pytest.raises(NotAllowed):
        ledger.perform("collection.close_watch", cast.REP, **close)
    with pytest.raises(NotFound):
        ledger.perform("collection.close_watch", cast.OTHER_MANAGER, **close)
    clock.at = clock.now() + timedelta(minutes=1)
    ledger.perform("collection.close_watch", cast.LEGAL, **close)
    assert ledger.rows(WatchClosing, "reason") == ["是另一家公司的传票"]
    with pytest.raises(RuleBroken):
        ledger.perform("collection.close_watch", cast.LEGAL, closing_id=uuid7(), reason="又一次")
    clock.at = clock.now() + timedelta(minutes=1)
    assert report(ledger, "assets_moved")["level"] == "red"
    assert len(ledger.rows(Task, "id", kind="solvency")) == 4


def test_photos_of_a_sighting_are_expected_and_a_stranger_reports_nothing(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        report(ledger, "court_papers", who=cast.OTHER_REP)
    report(ledger, "notice_on_door", photos=[{"sha256": "ab" * 32, "size": 9}], words="门口贴了催租通知")
    assert ledger.rows(Sighting, "words", "signs") == [("门口贴了催租通知", ["notice_on_door"])]


def test_the_page_shows_signs_steps_and_closing(
    ledger: Ledger, log_in: Callable[[str], FlaskClient], count_queries: Any, program: Program
) -> None:
    report(ledger, "assets_moved", words="半夜在搬货", photos=[{"sha256": "ab" * 32, "size": 9}])
    client = log_in("legal")
    with count_queries(program.store.engine) as first:
        text = client.get("/watch").get_data(as_text=True)
    for words in ("货物、设备或店面正在转移", "半夜在搬货", "红色", "民法典 538 至 541 条", "abababab"):
        assert words in text, words
    program.dispatcher.perform(cast.ADMIN, "collection.report_signs", {
        "sighting_id": uuid7(), "customer_id": cast.RIVER, "signs": ["court_papers"]})
    with count_queries(program.store.engine) as second:
        assert "2" in client.get("/watch").get_data(as_text=True)
    assert len(first) == len(second)
    answer = client.post(f"/customers/{cast.HARBOUR}/watch/close", data={"command_id": uuid7(), "reason": "已付清"})
    assert answer.status_code == 303
    assert "已付清" in client.get("/watch").get_data(as_text=True)
    assert cast.HARBOUR_NAME not in log_in("other_manager").get("/watch").get_data(as_text=True)


def test_red_alert_stands_on_the_desk_until_it_is_closed(ledger: Ledger, log_in: Callable[[str], FlaskClient]) -> None:
    report(ledger, "court_papers")
    for login in ("finance", "legal", "manager"):
        assert f"偿债红色预警：{cast.HARBOUR_NAME}" in log_in(login).get("/desk").get_data(as_text=True), login
    assert "偿债红色预警" not in log_in("other_manager").get("/desk").get_data(as_text=True)
