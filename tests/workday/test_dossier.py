"""The dossier: the contract with the phone, in a constant number of queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from fieldsales.collection.models import Action
from fieldsales.collection.queries import load_case_files
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.models import PlanInstalment
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.workday.gathering import QUERIES as GATHERED
from fieldsales.workday.queries import QUERIES, dossiers, timeline_page
from fieldsales.workday.sections import SECTIONS
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import fill, promise, sign, third_customer, visit

Put = Callable[..., str]
#: What the brief promises the phone.
PROMISED = set(
    "id name code aliases pinyin phone address lat lon tier credit_grade owner helpers supply_stopped currency "
    "open_minor overdue_minor unapplied_minor ageing oldest_due_on days_past_due kept_rate next_limitation_on contacts "
    "debtors invoices payments promises plans statements disputes claims timeline tasks documents "
    "papers photos".split()
)


def read(ledger: Ledger, *ids: str) -> dict[str, Any]:
    with ledger.dispatcher.store.reading() as connection:
        return dossiers(connection, list(ids), cast.TODAY)


def test_a_dossier_holds_everything_the_phone_was_promised(ledger: Ledger, put: Put) -> None:
    fill(ledger, put)
    sign(put)
    doc = read(ledger, cast.HARBOUR)[cast.HARBOUR]
    assert doc.keys() >= PROMISED
    assert (doc["open_minor"], doc["overdue_minor"], doc["days_past_due"]) == (700_00, 700_00, 40)
    assert doc["ageing"] == [0, 0, 700_00, 0, 0]
    assert doc["supply_stopped"] is True
    assert doc["aliases"] == ["海港老店"]
    assert [one["name"] for one in doc["helpers"]] == [cast.HELPER_REP.name]
    assert doc["owner"] == {"id": cast.REP.user_id, "name": cast.REP.name}
    assert {one["kind"] for one in doc["debtors"]} == {"company", "person"}
    assert doc["contacts"][0]["phone"] == "13800000001"
    assert doc["tasks"][0]["title_en"] == "Look into the complaint."
    assert doc["disputes"][0]["state"] == "open"
    assert doc["claims"][0]["words"] == "下家没付"
    assert doc["receipts"][0]["state"] == "pending"
    assert doc["statements"][0]["agreed_minor"] == 10
    assert doc["next_limitation_on"] == "2029-01-31"  # due on 2026-01-31, nothing restarted it


def test_photos_of_what_happened_stand_apart_from_the_papers(ledger: Ledger) -> None:
    """A phone fetches both; a visit's photo is no paper of the customer's."""
    visit_id = visit(ledger, photos=[{"sha256": "ab" * 32, "size": 9, "slot": "shelf"}])
    doc = read(ledger, cast.HARBOUR)[cast.HARBOUR]
    assert doc["papers"] == []
    assert [(one["of"], one["of_id"], one["slot"], one["sha256"]) for one in doc["photos"]] == [
        ("visit", visit_id, "shelf", "ab" * 32)
    ]


def test_an_invoice_shows_its_instalments_and_a_payment_says_why(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, dues=[(cast.TODAY - timedelta(days=9), 40_00), (cast.TODAY + timedelta(days=9), 60_00)])
    ledger.pay(50_00)
    doc = read(ledger, cast.HARBOUR)[cast.HARBOUR]
    assert [(due["open_minor"], due["days_past_due"]) for due in doc["invoices"][0]["dues"]] == [(0, 0), (50_00, 0)]
    why = [(part["amount_minor"], part["why_en"]) for part in doc["payments"][0]["allocations"]]
    assert why[0] == (40_00, "Invoice A was already due; due debts come first (Civil Code art. 560).")
    assert "民法典" in doc["payments"][0]["allocations"][0]["why_zh"]


def test_limitation_shows_each_reading_and_warns_by_the_earlier(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, dues=[(cast.TODAY - timedelta(days=90), 40_00), (cast.TODAY, 60_00)])
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="C",
                   ground="demand", proof_kind="action", proof_id="x")
    doc = read(ledger, cast.HARBOUR)[cast.HARBOUR]
    assert doc["limitation"] == {"each_on": "2028-12-12", "last_on": "2029-03-12", "asserted_on": "2029-03-12",
                                 "doubtful_on": "2028-12-12"}
    assert doc["next_limitation_on"] == "2028-12-12"


def test_a_reversed_payment_restarts_nothing(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=90)
    payment = ledger.pay(10_00)
    ledger.perform("receivables.interrupt", cast.FINANCE, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="B",
                   ground="part_payment", proof_kind="payment", proof_id=payment)
    assert read(ledger, cast.HARBOUR)[cast.HARBOUR]["next_limitation_on"] == "2029-03-12"
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=payment, reason="退票")
    assert read(ledger, cast.HARBOUR)[cast.HARBOUR]["next_limitation_on"] == "2028-12-12"


def test_a_plan_shows_its_instalments_and_its_sealed_paper(ledger: Ledger, put: Put) -> None:
    sign(put)
    plan = read(ledger, cast.HARBOUR)[cast.HARBOUR]["plans"][0]
    assert (plan["document_state"], plan["sha256"], plan["signed_on"]) == ("sealed", "ab" * 32, "2026-03-12")
    assert [(part["n"], part["state"], part["kept_minor"]) for part in plan["instalments"]] == [
        (1, "kept", 150_00), (2, "open", 0)]
    assert plan["state"] == "open"


@pytest.mark.parametrize(
    ("instalment", "state"),
    [(("broken", 0), "broken"), (("broken", 150_00), "late"), (("superseded", 0), "superseded"),
     (("kept", 150_00), "kept")],
)
def test_a_plan_stands_in_the_dossier_and_before_a_method_as_on_its_own_page(
    ledger: Ledger, put: Put, instalment: tuple[str, int], state: str
) -> None:
    sign(put)
    table = table_of(PlanInstalment)
    with ledger.dispatcher.store.writing() as connection:
        connection.execute(update(table).where(table.c.n == 2).values(state=instalment[0], kept_minor=instalment[1]))
    assert read(ledger, cast.HARBOUR)[cast.HARBOUR]["plans"][0]["state"] == state
    with ledger.dispatcher.store.reading() as connection:
        [shown] = load_case_files(connection, [cast.HARBOUR])[cast.HARBOUR].facts.plans
    assert (shown.state, shown.broken) == (state, int(state == "broken"))


def test_a_second_currency_stands_apart_and_is_never_added(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    ledger.invoice("B", 70_00, currency="USD")
    doc = read(ledger, cast.HARBOUR)[cast.HARBOUR]
    assert (doc["currency"], doc["open_minor"]) == ("CNY", 100_00)
    assert doc["other_currencies"] == [{"currency": "USD", "open_minor": 70_00, "overdue_minor": 0}]
    assert [one["number"] for one in doc["invoices"]] == ["A"]


def test_the_timeline_is_the_newest_thirty_and_pages_go_further_back(ledger: Ledger, put: Put) -> None:
    for n in range(40):
        put(Visit, user_id=cast.REP.user_id, purpose="collect", outcome="absent", said=f"第{n}次", persons=[], flags=[],
            gaps=[], occurred_at=cast.NOON - timedelta(days=n), received_at=cast.NOON)
    line = read(ledger, cast.HARBOUR)[cast.HARBOUR]["timeline"]
    assert len(line) == 30
    assert "第0次" in line[0]["text_zh"]
    assert line[0]["text_en"] == "Visit to collect: the person in charge was away “第0次”"
    with ledger.dispatcher.store.reading() as connection:
        older = timeline_page(connection, cast.HARBOUR, cast.NOON - timedelta(days=29))
    assert [one["said"] for one in older] == [f"第{n}次" for n in range(30, 40)]


def test_a_visit_and_what_a_method_made_of_it_are_one_entry(ledger: Ledger, put: Put) -> None:
    came = visit(ledger)
    act = {"by_id": cast.REP.user_id, "method": "visit", "occurred_at": cast.NOON, "received_at": cast.NOON,
           "fields": {}, "outcome": "promised", "summary_zh": "拜访：承诺付款", "summary_en": "Visit: promised to pay",
           "grade": "C", "effect": "agreement"}
    judged = put(Action, source_kind="visit", source_id=came, **act)
    own = put(Action, **{**act, "method": "phone", "occurred_at": cast.NOON - timedelta(days=1)})
    elsewhere = put(Action, source_kind="visit", source_id=uuid7(),
                    **{**act, "occurred_at": cast.NOON - timedelta(days=2)})
    line = read(ledger, cast.HARBOUR)[cast.HARBOUR]["timeline"]
    assert [(one["id"], one["action_id"]) for one in line] == [(came, judged), (own, own), (elsewhere, elsewhere)]
    assert line[0]["grade"] == "C"


def test_an_imported_payment_stands_at_the_day_it_came_in(ledger: Ledger) -> None:
    visit(ledger)
    ledger.pay(1, on=cast.TODAY - timedelta(days=400))
    ledger.pay(2)
    line = read(ledger, cast.HARBOUR)[cast.HARBOUR]["timeline"]
    assert [one["at"] for one in line if one["kind"] == "payment"] == ["2026-03-12T04:00:00Z", "2025-02-05T04:00:00Z"]
    assert line[-1]["text_zh"] == "收到回款¥0.01（转账）"


def test_kept_rate_counts_every_settled_promise(ledger: Ledger) -> None:
    promise(ledger, 10_00, 0)
    assert read(ledger, cast.HARBOUR)[cast.HARBOUR]["kept_rate"] is None


def test_dossiers_of_others_do_not_mix(ledger: Ledger, put: Put) -> None:
    fill(ledger, put)
    fill(ledger, put, cast.RIVER, cast.OTHER_REP)
    both = read(ledger, cast.HARBOUR, cast.RIVER)
    assert [one["number"] for one in both[cast.RIVER]["invoices"]] == [f"A{cast.RIVER[-2:]}"]
    assert all(len(one["timeline"]) == 8 for one in both.values())


def test_ids_that_are_not_there_are_left_out(ledger: Ledger) -> None:
    assert read(ledger, uuid7()) == {}
    assert read(ledger) == {}


def test_dossiers_cost_as_many_queries_for_one_as_for_three(
    ledger: Ledger, put: Put, count_queries: Callable[[Any], Any]
) -> None:
    third = third_customer(put)
    for customer, actor in ((cast.HARBOUR, cast.REP), (cast.RIVER, cast.OTHER_REP), (third, cast.REP)):
        fill(ledger, put, customer, actor)
    store = ledger.dispatcher.store
    counts = []
    for ids in ([cast.HARBOUR], [cast.HARBOUR, cast.RIVER, third]):
        connection: Connection
        with store.reading() as connection, count_queries(store.engine) as seen:
            assert len(dossiers(connection, ids, cast.TODAY)) == len(ids)
        counts.append(len(seen))
    assert GATHERED == 12
    assert counts[0] == counts[1] == 70 <= QUERIES == GATHERED + sum(section.queries for section in SECTIONS)


def test_a_visits_gaps_and_flags_are_shown(ledger: Ledger) -> None:
    visit(ledger, persons=[], outcome="refused", said="")
    entry = read(ledger, cast.HARBOUR)[cast.HARBOUR]["timeline"][0]
    assert entry["gaps"] == ["nobody_met", "no_words", "no_next_step"]
    assert entry["flags"] == ["no_place"]
    assert entry["marks_en"] == ["No position was recorded.", "Nobody is recorded as met.",
                                 "Nothing that was said is recorded.", "No next step is recorded."]
    assert all(mark[-1] == "。" for mark in entry["marks_zh"])
