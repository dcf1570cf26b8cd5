"""The limitation clock of each debt: what keeps it alive, the page, and that no act ever shortens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.receivables.clocks import clocks
from fieldsales.receivables.keepalive import ADVICE, advise
from fieldsales.receivables.limitation import (
    WITHDRAWN,
    Interruption,
    Reckoning,
    alert_of,
    day_of_effect,
    last_day,
    months_after,
    reckon,
    years_after,
)
from fieldsales.receivables.models import Interruption as InterruptionRow
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import need_plugin
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY
DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
GROUNDS = st.sampled_from(["demand", "agreement", "part_payment", "acknowledgement", "suit", WITHDRAWN])
#: An act so many days after the due date, most of them where it matters: within the period and just beyond.
LATER = st.tuples(st.one_of(st.integers(-60, 1500), st.integers(-400, 9000)), GROUNDS, st.sampled_from(["A", "B", "C"]))
ACTS = st.lists(st.builds(
    Interruption, DAYS, GROUNDS, st.sampled_from(["A", "B", "C"])), max_size=6)


@given(DAYS, st.lists(LATER, max_size=6), LATER, st.booleans())
def test_an_interruption_never_shortens(
    due: date, acts: list[tuple[int, str, str]], more: tuple[int, str, str], believe: bool
) -> None:
    known = [Interruption(due + timedelta(days=days), ground, grade) for days, ground, grade in [*acts, more]]
    before = last_day(due, known[:-1], believe_asserted=believe)
    assert years_after(due, 3) <= before <= last_day(due, known, believe_asserted=believe) <= years_after(due, 20)


@given(DAYS, st.integers(0, 4000), ACTS)
def test_the_readings_keep_their_order(due: date, later: int, acts: list[Interruption]) -> None:
    found = reckon(due, due + timedelta(days=later), acts)
    assert found.each_on <= found.doubtful_on <= found.asserted_on
    assert found.earliest_on <= found.last_on


@given(DAYS, st.integers(0, 24))
def test_months_count_to_the_corresponding_day_or_the_months_last(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1 > day.day - 32


@pytest.mark.parametrize(("day", "months", "found"), [
    (date(2024, 1, 31), 1, date(2024, 2, 29)), (date(2023, 1, 31), 1, date(2023, 2, 28)),
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2026, 12, 31), 12, date(2027, 12, 31)),
    (date(2026, 10, 31), 1, date(2026, 11, 30)),
])  # fmt: skip
def test_month_ends_and_leap_days(day: date, months: int, found: date) -> None:
    assert months_after(day, months) == found
    assert alert_of(found, day) == min(m for m in (1, 3, 6, 12) if months_after(day, m) >= found)


@pytest.mark.parametrize(("occurred", "said", "counts"), [
    (TODAY, {}, TODAY), (TODAY, {"delivered_on": TODAY - timedelta(days=4)}, TODAY - timedelta(days=4)),
    (TODAY, {"on": "2026-03-01"}, date(2026, 3, 1)), (TODAY, {"delivered_on": "2027-01-01"}, TODAY),
    (TODAY, {"delivered_on": "soon", "on": None}, TODAY),
])  # fmt: skip
def test_an_act_counts_from_the_day_it_took_effect_never_from_a_later_one(
    occurred: date, said: dict[str, object], counts: date
) -> None:
    assert day_of_effect(occurred, said) == counts


def at(each: int, **others: int) -> Reckoning:
    """Days from today on which the readings end: those not named as ``each``."""
    days = [each, *(others.get(name, each) for name in ("last", "asserted", "doubtful"))]
    return Reckoning(*(TODAY + timedelta(days=n) for n in days))


@pytest.mark.parametrize(("clock", "due", "disputed", "code"), [
    (at(800), date(2025, 5, 1), False, "rest"), (at(800, asserted=900), date(2025, 5, 1), False, "confirm"),
    (at(360), date(2024, 3, 1), False, "sign"), (at(170), date(2023, 9, 1), False, "sign"),
    (at(80), date(2023, 6, 1), False, "letter"), (at(20), date(2023, 4, 1), False, "file"),
    (at(20), date(2023, 4, 1), True, "sue"), (at(0), date(2023, 3, 12), False, "file"),
    (at(-1), date(2023, 3, 11), False, "acknowledge"),
    (at(-1, last=90), date(2023, 3, 11), False, "acknowledge_or_sue"),
    (at(-1, asserted=90), date(2023, 3, 11), False, "prove"),
    (at(-1, doubtful=90, asserted=90), date(2023, 3, 11), False, "doubt_lapsed"),
    (at(-100, doubtful=-1, asserted=90), date(2022, 3, 11), False, "prove"),
    (at(-1, last=30, doubtful=90), date(2023, 3, 11), False, "acknowledge_or_sue"),
    (at(800, doubtful=900, asserted=900), date(2025, 5, 1), False, "doubt"),
    (at(170, doubtful=900), date(2023, 9, 1), False, "doubt"),
    (at(80, doubtful=900), date(2023, 6, 1), False, "letter"), (at(20, doubtful=900), date(2023, 4, 1), False, "file"),
    (Reckoning(*[date(2026, 9, 1)] * 4), date(2006, 9, 1), False, "cap"),
])  # fmt: skip
def test_what_keeps_it_alive(clock: Reckoning, due: date, disputed: bool, code: str) -> None:
    found = advise(clock, due, TODAY, disputed=disputed)
    assert found.code == code
    assert found.sentence == ADVICE[code]
    assert found.day == clock.earliest_on


def old(ledger: Ledger, number: str, days: int, **more: Any) -> str:
    """An invoice whose own three years end in ``days``."""
    due = years_after(TODAY + timedelta(days=days), -3)
    return ledger.invoice(number, 100_00, late=(TODAY - due).days, **more)


def shown(ledger: Ledger, show: str, who: Any = cast.LEGAL, **more: Any) -> list[tuple[str, str]]:
    with ledger.dispatcher.store.reading() as connection:
        return [(one.number, one.advice.code) for one in clocks(connection, scope_of(who), TODAY, show, **more)[0]]


def test_debts_stand_by_the_end_of_their_period_and_what_is_interrupted_drops_out(ledger: Ledger) -> None:
    old(ledger, "NEAR", 20)
    old(ledger, "HALF", 150)
    kept = old(ledger, "KEPT", 10)
    old(ledger, "GONE", -5)
    ledger.invoice("YOUNG", 100_00, late=30)
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=TODAY, grade="A",
                   ground="demand", proof_kind="action", proof_id="x", invoice_ids=[kept])
    assert shown(ledger, "soon") == [("GONE", "acknowledge"), ("NEAR", "file"), ("HALF", "sign")]
    assert shown(ledger, "lapsed") == [("GONE", "acknowledge")]
    assert len(shown(ledger, "all")) == 5
    assert shown(ledger, "soon", cast.OTHER_MANAGER) == []
    assert shown(ledger, "all", customer_id=cast.RIVER) == []


@pytest.mark.parametrize(("show", "customer"), [("all", ""), ("all", cast.HARBOUR), ("soon", ""), ("lapsed", "")])
def test_every_debt_comes_page_by_page_in_two_queries(
    ledger: Ledger, count_queries: Any, show: str, customer: str
) -> None:
    for n in range(5):
        old(ledger, f"N{n}", -1 - n)
    seen_numbers, after = [], None
    with ledger.dispatcher.store.reading() as connection:
        for _ in range(4):
            with count_queries(ledger.dispatcher.store.engine) as seen:
                rows, after = clocks(connection, scope_of(cast.LEGAL), TODAY, show, customer, after, limit=2)
            assert len(seen) == 2
            seen_numbers += [one.number for one in rows]
            if after is None:
                break
    assert seen_numbers == ["N4", "N3", "N2", "N1", "N0"]


def test_the_page_says_what_to_do_and_names_the_proof(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    ledger = Ledger(program.dispatcher)
    old(ledger, "旧账", 20)
    ledger.pay(10_00, "旧账", on=TODAY - timedelta(days=2000))
    text = log_in("legal").get("/limitation").get_data(as_text=True)
    assert "旧账" in text
    assert "申请支付令或起诉" in text
    ledger.pay(10_00, "旧账", on=TODAY)
    whole = log_in("legal").get(f"/limitation?customer={cast.HARBOUR}").get_data(as_text=True)
    assert "部分还款" in whole
    assert "B：送达有据" in whole
    assert "旧账" not in log_in("legal").get("/limitation").get_data(as_text=True)


def test_a_letter_delivered_earlier_counts_from_its_arrival_in_the_branchs_day(program: Program) -> None:
    """Recorded at 00:30 in Shanghai, which is still the day before in UTC; delivered two days earlier."""
    need_plugin("letter")
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 100_00, late=90)
    late = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    assert on_date(late) == date(2026, 3, 11)
    for number, fields in (("said", {"stage": "posted"}),
                           ("came", {"stage": "delivered", "delivered_on": "2026-03-09"})):
        ledger.perform("collection.take_action", cast.REP, action_id=uuid7(), method="letter", fields=fields,
                       occurred_at=late.isoformat(), source_id=number)
    assert ledger.rows(InterruptionRow, "occurred_on") == [date(2026, 3, 9), date(2026, 3, 11)]


#: What a rep, finance or legal does, and the interruption it leaves: (operation, command, ground, grade).
CONTACTS = [
    ("visits.log_visit", {"outcome": "refused"}, ("demand", "C")),
    ("visits.log_visit", {"outcome": "oral_only"}, ("agreement", "C")),
    ("visits.log_visit", {"outcome": "not_discussed"}, None),
    ("visits.log_visit", {"outcome": "absent"}, None),
    ("phone", {"result": "refused"}, ("demand", "C")),
    ("phone", {"result": "no_answer"}, None),
    ("letter", {"stage": "posted", "tracking_number": "SF1"}, ("demand", "C")),
    ("letter", {"stage": "delivered", "tracking_number": "SF1", "delivered_on": "2026-03-12"}, ("demand", "B")),
    ("legal", {"stage": "filed", "case_number": "（2026）浙0203民督1号"}, ("suit", "B")),
    ("legal", {"stage": "filed"}, ("suit", "C")),
    ("payment", {}, ("part_payment", "B")),
]


@pytest.mark.parametrize(("what", "said", "left"), CONTACTS)
def test_every_kind_of_contact_leaves_its_graded_interruption(
    program: Program, what: str, said: dict[str, Any], left: tuple[str, str] | None
) -> None:
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 100_00, late=90)
    if what == "payment":
        ledger.pay(10_00)
    elif what == "visits.log_visit":
        ledger.perform(what, cast.REP, visit_id=uuid7(), **said)
    else:
        need_plugin(what)
        who = cast.LEGAL if what == "legal" else cast.REP
        ledger.perform("collection.take_action", who, action_id=uuid7(), method=what, fields=said)
    assert ledger.rows(InterruptionRow, "ground", "grade") == ([left] if left else [])
