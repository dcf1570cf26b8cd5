"""The scorecard: what is counted for whom, on both engines, and a measure of a plugin in its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from fieldsales.collection.models import Action
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.money import Money
from fieldsales.people.rules import Scope, scope_of
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.metrics import RepFacts
from fieldsales.promises.models import Promise
from fieldsales.reports.scorecard import Cell, Period, measured, rep_facts
from fieldsales.reports.scorecard_views import written
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import visit

ALL = Scope("all", "", None)
MONTH = Period(cast.TODAY.replace(day=1), cast.TODAY)
ZONE = "Asia/Shanghai"
COUNT = '''
from fieldsales.plugin_api import Metric, ScorecardMetric, hookimpl, words

def wrong(facts):
    raise RuntimeError("no")

@hookimpl
def scorecard_metrics():
    return [
        ScorecardMetric("reached", words("接通率", "Answered"), "percent", lambda facts: Metric(
            sum(one.outcome == "answered" for one in facts.actions), len(facts.actions), words("三通", "of three"))),
        ScorecardMetric("wrong", words("坏的", "Broken"), "number", wrong),
        ScorecardMetric("never", words("不适用", "Never"), "number", lambda facts: None),
    ]
'''


@pytest.fixture
def ledger(any_store: Store, clock: FixedClock) -> Ledger:
    """Work of one rep this month, and some before it."""
    ledger = Ledger(Dispatcher(any_store, clock))
    ledger.invoice("A", 50_000_00, late=40)
    ledger.invoice("B", 9_00, late=40, customer_id=cast.RIVER)
    ledger.pay(300_00)
    arrived = cast.NOON - timedelta(minutes=95)
    visit(ledger, arrived_at=arrived, left_at=arrived + timedelta(minutes=35), customer_id=cast.HARBOUR,
          place={"lat": "30.25", "lon": "120.20", "accuracy_m": 10})
    later = cast.NOON - timedelta(minutes=30)
    visit(ledger, arrived_at=later, customer_id=cast.HARBOUR, place={"lat": "30.26", "lon": "120.20", "accuracy_m": 9})
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=5, due_on=cast.TODAY,
                   customer_id=cast.HARBOUR)
    earlier = uuid7()
    ledger.perform("promises.make_promise", cast.REP, promise_id=earlier, amount_minor=7, due_on=cast.TODAY,
                   customer_id=cast.HARBOUR)
    p = table_of(Promise)
    with any_store.writing() as connection:
        connection.execute(update(p).where(p.c.id == earlier).values(made_on=cast.TODAY - timedelta(days=60)))
        for days, outcome in ((1, "answered"), (2, "no_answer"), (60, "answered")):
            connection.execute(insert(table_of(Action)).values(
                id=uuid7(), customer_id=cast.HARBOUR, method="phone", by_id=cast.REP.user_id, fields={"minutes": 4},
                occurred_at=cast.NOON - timedelta(days=days), received_at=cast.NOON, outcome=outcome, summary_zh="",
                summary_en="", grade="", effect="", next_step="", source_kind="", source_id="", facts_version=1,
                plugin_error="", details=[], warnings=[], flags=[]))
    return ledger


def facts(ledger: Ledger, scope: Scope = ALL) -> dict[str, RepFacts]:
    with ledger.dispatcher.store.reading() as connection:
        return {one.rep_id: one for one in rep_facts(connection, scope, MONTH, cast.TODAY, ZONE, "CNY")}


def test_scorecard_counts_what_a_rep_did_in_the_month_alone(ledger: Ledger) -> None:
    found = facts(ledger)
    mine = found[cast.REP.user_id]
    [harbour] = [one for one in mine.customers if one.id == cast.HARBOUR]
    assert (harbour.overdue.minor, harbour.days_past_due, harbour.visited_on) == (49_700_00, 40, cast.TODAY)
    assert [(one.outcome, one.fields["minutes"]) for one in mine.actions] == [("no_answer", 4), ("answered", 4)]
    assert [(one.minutes, one.metres) for one in mine.visits] == [(35, None), (None, 1112)]
    assert [one.amount for one in mine.promises] == [Money(5)]
    assert mine.received == Money(300_00)
    assert not found[cast.OTHER_REP.user_id].actions


def test_scorecard_shows_nobody_beyond_ones_own_sight(ledger: Ledger) -> None:
    assert cast.OTHER_REP.user_id not in facts(ledger, scope_of(cast.REP))
    assert set(facts(ledger, scope_of(cast.MANAGER))) == {cast.REP.user_id}


def test_scorecard_costs_six_queries_for_one_rep_and_for_all(ledger: Ledger, count_queries: Callable[[Any], Any]
                                                             ) -> None:
    for scope in (scope_of(cast.REP), ALL):
        with count_queries(ledger.dispatcher.store.engine) as seen:
            facts(ledger, scope)
        assert len(seen) == 6


def test_measure_that_fails_marks_its_own_cell(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "count.py").write_text(COUNT, encoding="utf-8")
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    metrics = plugins.declared("scorecard_metrics")
    cells = measured(plugins, metrics, facts(ledger).values())
    mine, other = cells[cast.REP.user_id], cells[cast.OTHER_REP.user_id]
    assert (mine["reached"].state, mine["reached"].value) == ("told", Fraction(1, 2))
    assert other["reached"].state == "empty"
    assert (mine["wrong"], mine["never"]) == (Cell("failed"), Cell("none"))


@pytest.mark.parametrize(("value", "unit", "text"), [
    (Fraction(1, 3), "percent", "33%"), (Fraction(1, 21), "percent", "4.8%"), (Fraction(1, 2001), "percent", "<0.1%"),
    (Fraction(0), "percent", "0%"), (Fraction(1), "percent", "100%"),
    (Fraction(12_345), "money", "¥123.45"), (Fraction(7, 2), "number", "3.5"),
    (Fraction(4), "number", "4"), (Fraction(12_345, 2), "number", "6,172"),
])
def test_measure_is_written_by_its_unit(value: Fraction, unit: str, text: str) -> None:
    assert written(value, unit, "CNY") == text


def test_page_of_the_scorecard_shows_the_month_asked(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    Ledger(program.dispatcher).invoice("A", 50_000_00, late=40)
    client = log_in("manager")
    page = client.get("/reports/scorecard").get_data(as_text=True)
    assert cast.REP.name in page
    assert f'value="{cast.TODAY:%Y-%m}"' in page
    assert 'value="2026-01"' in client.get("/reports/scorecard?month=2026-01").get_data(as_text=True)
    assert client.get("/reports/scorecard?month=99999-77").status_code == 200
    assert cast.OTHER_REP.name not in page
