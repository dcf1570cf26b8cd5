"""What plugins show of a customer and of the day: read once for all of them, one that fails alone shows a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldsales.collection.case_models import ContactStop
from fieldsales.collection.models import Action
from fieldsales.customers.models import Customer
from fieldsales.extensions.models import PluginRecord
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.manager import Plugins
from fieldsales.workday.queries import dossiers, today_list
from fieldsales.workday.showing import told
from fieldsales.workday.today import day_cards
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import fill, third_customer

Put = Callable[..., str]
HEAD = """
from fieldsales.plugin_api import (
    Card, CardRow, CollectionMethod, CustomerPanel, Decision, Line, Link, Panel, Table, WorkdayCard, hookimpl, words,
)
L = words("包裹", "Parcels")
"""
PARCELS = HEAD + """
def show(facts):
    if not facts.balance.minor:
        return None
    return Panel((Line(L, facts.overdue, "bad"), Line(L, len(facts.kept))), tone="warn",
                 links=(Link(words("打电话", "Ring"), "call"),))

def card(facts):
    rows = [CardRow(one.case.customer.id, words("取件", "Fetch"), facts.now, "call",
                    stop=one.refused["parcel"].text if "parcel" in one.refused else None) for one in facts.customers]
    return Card(tuple(rows), method="parcel", note=len(facts.kept))

@hookimpl
def customer_panels():
    return [CustomerPanel("parcels", L, show), CustomerPanel("secret", L, show, roles=("legal",))]

@hookimpl
def workday_cards():
    return [WorkdayCard("parcels", L, card)]

@hookimpl
def collection_methods():
    return [CollectionMethod("parcel", L, lambda fields, facts: Decision(L, "sent"), reach="phone")]
"""
BROKEN = HEAD + """
def show(facts):
    raise RuntimeError("no")

@hookimpl
def customer_panels():
    return [CustomerPanel("broken", words("坏的", "Broken"), show)]

@hookimpl
def workday_cards():
    return [WorkdayCard("broken", words("坏的", "Broken"), lambda facts: Card((CardRow("nobody", L),)))]
"""
SLOW = HEAD + """
import time

ASKED = []

def show(facts):
    ASKED.append(facts.customer.id)
    time.sleep(3)

@hookimpl
def customer_panels():
    return [CustomerPanel("slow", words("慢的", "Slow"), show)]
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Plugins]:
    """Plugins of these sources alone."""

    def loaded(*sources: str, **more: Any) -> Plugins:
        for n, source in enumerate(sources):
            (tmp_path / f"one_{n}.py").write_text(source, encoding="utf-8")
        return Plugins.load(own=tmp_path, with_installed=False, **more)

    return loaded


def panels(ledger: Ledger, plugins: Plugins, viewer: Actor = cast.REP, customer_id: str = cast.HARBOUR) -> Any:
    with ledger.dispatcher.store.reading() as connection:
        doc = dossiers(connection, [customer_id], cast.TODAY, plugins=plugins, viewer=viewer)[customer_id]
    return doc.get("panels")


def test_panel_is_in_the_dossier_of_who_may_see_it(ledger: Ledger, put: Put, load: Callable[..., Plugins]) -> None:
    plugins = load(PARCELS)
    assert panels(ledger, plugins) is None  # nothing owed: show returned None
    ledger.invoice("A", 50_000_00, late=40)
    put(PluginRecord, id="r1", plugin="one_0", kind="k", key="1", body={}, version=1, changed_at=cast.NOON,
        changed_by="")
    put(PluginRecord, id="r2", plugin="other", kind="k", key="1", body={}, version=1, changed_at=cast.NOON,
        changed_by="")
    assert panels(ledger, plugins) == [{
        "name": "parcels", "title": {"zh": "包裹", "en": "Parcels"}, "tone": "warn",
        "lines": [{"label": {"zh": "包裹", "en": "Parcels"}, "value": "¥50,000", "tone": "bad"},
                  {"label": {"zh": "包裹", "en": "Parcels"}, "value": "1", "tone": ""}],
        "links": [{"label": {"zh": "打电话", "en": "Ring"}, "opens": "call"}]}]
    assert [one["name"] for one in panels(ledger, plugins, cast.LEGAL)] == ["parcels", "secret"]


def test_card_names_the_day_and_a_broken_one_shows_a_note(ledger: Ledger, load: Callable[..., Plugins]) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    with ledger.dispatcher.store.reading() as connection:
        doc = today_list(connection, cast.REP, cast.TODAY, plugins=load(PARCELS, BROKEN), now=cast.NOON)
    good, broken = doc["cards"]
    [row] = good["rows"]
    assert (row["customer_id"], row["when"], row["opens"], good["method"], good["note"]) == (
        cast.HARBOUR, "12:00", "call", "parcel", "0")
    assert broken == {"name": "broken", "title": {"zh": "坏的", "en": "Broken"},
                      "failed": {"zh": "“坏的”暂时无法显示。", "en": "Broken could not be shown just now."}}
    assert doc["items"][0]["customer_id"] == cast.HARBOUR


def test_card_says_why_the_gate_lets_no_call_today(ledger: Ledger, put: Put, load: Callable[..., Plugins]) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    put(ContactStop, kind="objection", words="别再打了", occurred_at=cast.NOON, received_at=cast.NOON, by_id="x")
    with ledger.dispatcher.store.reading() as connection:
        [card] = day_cards(connection, cast.REP, cast.TODAY, cast.NOON, load(PARCELS))
    assert "不" in card["rows"][0]["stop"]["zh"]


def test_customer_with_a_record_is_shown_to_the_card_though_nothing_is_due(
    ledger: Ledger, put: Put, load: Callable[..., Plugins]
) -> None:
    other = third_customer(put)
    put(PluginRecord, id="r1", plugin="one_0", kind="k", key="1", body={}, version=1, changed_at=cast.NOON,
        changed_by="", customer_id=other)
    with ledger.dispatcher.store.reading() as connection:
        [card] = day_cards(connection, cast.REP, cast.TODAY, cast.NOON, load(PARCELS))
        assert other in [row["customer_id"] for row in card["rows"]]
        [card] = day_cards(connection, cast.OTHER_REP, cast.TODAY, cast.NOON, load(PARCELS))
        assert other not in [row["customer_id"] for row in card["rows"]]


def test_broken_panel_shows_a_note_and_the_good_one_stays(ledger: Ledger, load: Callable[..., Plugins]) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    good, broken = panels(ledger, load(PARCELS, BROKEN))
    assert good["lines"]
    assert broken["failed"]["en"] == "Broken could not be shown just now."


def test_hanging_panel_costs_one_call_whatever_the_page(
    ledger: Ledger, put: Put, load: Callable[..., Plugins]
) -> None:
    others = [put(Customer, code=f"X{n}", name="x", version=1, search_text="", created_at=cast.NOON, tier="A",
                  owner_id=cast.REP.user_id, overdue_minor=0, credit_grade="B") for n in range(20)]
    plugins = load(SLOW, call_seconds=0.2)
    asked = plugins.declared("customer_panels")["slow"].show.__globals__["ASKED"]
    with ledger.dispatcher.store.reading() as connection:
        found = dossiers(connection, others, cast.TODAY, plugins=plugins, viewer=cast.REP)
    assert all(one["panels"][0]["failed"] for one in found.values())
    assert len(asked) == 1


def test_panels_cost_eighteen_queries_and_cards_twenty_one_for_one_and_for_many(
    ledger: Ledger, put: Put, load: Callable[..., Plugins], count_queries: Callable[[Any], Any]
) -> None:
    store, plugins = ledger.dispatcher.store, load(PARCELS, BROKEN)
    fill(ledger, put)
    others = [third_customer(put)]
    put(Action, method="parcel", occurred_at=cast.NOON, received_at=cast.NOON, fields={}, outcome="sent",
        summary_zh="x", summary_en="x", grade="C", effect="", by_id=cast.REP.user_id, customer_id=others[0])
    for ids in ([cast.HARBOUR], [cast.HARBOUR, *others]):
        counts = []
        for viewer in (cast.REP, None):
            with store.reading() as connection, count_queries(store.engine) as seen:
                dossiers(connection, ids, cast.TODAY, plugins=plugins, viewer=viewer)
            counts.append(len(seen))
        assert counts[0] - counts[1] == 18
    for _ in range(2):
        counts = []
        for now in (cast.NOON, None):
            with store.reading() as connection, count_queries(store.engine) as seen:
                today_list(connection, cast.REP, cast.TODAY, plugins=plugins, now=now)
            counts.append(len(seen))
        assert counts[0] - counts[1] == 21
        ledger.invoice(uuid7(), 7_00, late=5, customer_id=others[0])


@pytest.mark.parametrize(("given", "shown"), [
    (words("好", "Fine"), {"zh": "好", "en": "Fine"}),
    ("陈海", "陈海"),
    (12_345, "12,345"),
    (Money(5_050), "¥50.50"),
    (date(2026, 3, 16), {"zh": "3月16日", "en": "16 Mar"}),
    (date(2024, 3, 16), {"zh": "2024年3月16日", "en": "16 Mar 2024"}),
    (datetime(2026, 3, 12, 7, 30, tzinfo=UTC), "15:30"),
    (datetime(2026, 3, 12, 17, 30, tzinfo=UTC), {"zh": "3月13日 01:30", "en": "13 Mar 01:30"}),
])
def test_cell_is_written_in_the_words_and_hours_of_the_house(given: Any, shown: Any) -> None:
    assert told(given, date(2026, 3, 12), "Asia/Shanghai") == shown
