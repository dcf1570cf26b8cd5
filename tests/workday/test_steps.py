"""The next step on both engines: the ladder climbed, what methods brought, and how many queries it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fieldsales.collection.ladder import way_of
from fieldsales.collection.measuring import effects_now, newest_effects, note_effects
from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.manager import Plugins
from fieldsales.workday.queries import dossiers, today_list
from fieldsales.workday.stepreads import QUERIES as STEP_QUERIES
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import fill
from tests.workday.test_step_choices import Put, plugins, step, used

__all__ = ["plugins"]


def test_ways_are_climbed_and_a_letter_needs_the_managers_yes(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    used(put, "email", 40, 2)
    used(put, "phone", 30, 2)
    assert (step(ledger, plugins)["method"], step(ledger, plugins)["screen"]) == ("visit", "visit")
    used(put, "visit", 20, 2)
    found = step(ledger, plugins)
    assert (found["kind"], found["method"], found["needs_approval"]) == ("approval", "letter", True)
    assert found["why_en"] == "6 × without money: the next way needs the manager's yes."
    ledger.perform("collection.ask_step", cast.REP, answer_id=uuid7(), method="letter", words="试过六次")
    assert step(ledger, plugins)["why_zh"] == "“信函”已请示主管；等答复期间保持联系。"
    ledger.perform("collection.decide_step", cast.MANAGER, answer_id=uuid7(), method="letter", yes=True, reason="可以")
    assert (step(ledger, plugins)["kind"], step(ledger, plugins)["method"]) == ("contact", "letter")
    ledger.perform("collection.decide_step", cast.MANAGER, answer_id=uuid7(), method="letter", yes=False, reason="再等")
    formal = {way.name for way in map(way_of, plugins.methods.values()) if way.level == 2 and way.reach != "fax"}
    for other in formal - {"letter"}:
        assert step(ledger, plugins)["method"] == other
        ledger.perform("collection.decide_step", cast.MANAGER, answer_id=uuid7(), method=other, yes=False, reason="等")
    assert step(ledger, plugins)["kind"] == "manager"
    ledger.pay(1_00)  # money: the ladder begins anew
    assert step(ledger, plugins)["method"] == "email"


def test_what_methods_brought_is_measured_and_the_newest_night_counts(ledger: Ledger, put: Put) -> None:
    ledger.invoice("A", 50_000_00, late=80)
    used(put, "phone", 40)
    used(put, "email", 30)
    ledger.pay(500_00, on=cast.TODAY - timedelta(days=28))
    store = ledger.dispatcher.store
    with store.writing() as connection:
        for night in (cast.TODAY - timedelta(days=1), cast.TODAY, cast.TODAY):
            note_effects(connection, night, "Asia/Shanghai", "CNY")
        kept = newest_effects(connection)
        assert kept == effects_now(connection, cast.TODAY, "Asia/Shanghai", "CNY")
    assert [(one.method, one.uses, one.worked, one.brought_minor) for one in kept] == [
        ("email", 1, 1, 500_00), ("phone", 1, 1, 0)]


def test_the_next_step_costs_six_queries_beside_a_dossier_and_eighteen_alone(
    ledger: Ledger, put: Put, plugins: Plugins, count_queries: Callable[[Any], Any]
) -> None:
    store = ledger.dispatcher.store
    fill(ledger, put)
    others = [put(Customer, code=f"X{n}", name="x", version=1, search_text="", created_at=cast.NOON, tier="A",
                  owner_id=cast.REP.user_id, overdue_minor=0, credit_grade="B") for n in range(3)]
    ledger.invoice("B", 5_00, late=3, customer_id=others[0])
    for ids in ([cast.HARBOUR], [cast.HARBOUR, *others]):
        counts = []
        for given in (plugins, None):
            with store.reading() as connection, count_queries(store.engine) as seen:
                dossiers(connection, ids, cast.TODAY, plugins=given)
            counts.append(len(seen))
        assert counts[0] - counts[1] == 6  # what it shares with the dossier's parts is read once
    assert STEP_QUERIES == 18
    for _ in range(2):
        with store.reading() as connection, count_queries(store.engine) as seen:
            today_list(connection, cast.REP, cast.TODAY, plugins=plugins)
        assert len(seen) == 23
        ledger.invoice(uuid7(), 7_00, late=5, customer_id=others[1])
