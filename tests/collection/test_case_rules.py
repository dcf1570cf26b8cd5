"""A debtor's case by its rule alone: what opens and closes it, how far it climbs, what is still to be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldsales.collection.case_rules import (
    HIGHEST,
    LADDER,
    STAGE_MEANS,
    STAGE_WORDS,
    STAGES,
    CaseBooks,
    CaseDue,
    CaseState,
    Pledge,
    Reckoned,
    reckon_case,
    ripe_for_law,
    stage_by_days,
    sums_of,
)

TODAY = date(2026, 3, 12)


def due(days_late: int, minor: int, contested: int = 0, invoice: str = "", currency: str = "CNY") -> CaseDue:
    return CaseDue(invoice or f"i{days_late}", currency, TODAY - timedelta(days=days_late), minor, contested)


def going(stage: str = "reminder", **more: object) -> CaseState:
    """An open case, opened thirty days ago."""
    case = CaseState("case", "customer", "debtor", stage, TODAY - timedelta(days=30), stage_on=TODAY, events=1)
    return replace(case, **more)  # type: ignore[arg-type]


def settled(before: CaseState | None, now: Reckoned, today: date = TODAY) -> CaseState:
    """The case as it is written after a reckoning."""
    case = before or CaseState("case", "customer", "debtor", now.stage, today)
    return replace(
        case, stage=now.stage or case.stage, owner_id=now.owner_id, currency=now.currency,
        overdue_minor=now.overdue_minor, contested_minor=now.contested_minor, oldest_on=now.oldest_on,
        collectable_minor=now.collectable_minor, covered_until=now.covered_until, next_on=now.next_on,
        closed_on=None if now.is_open else today)


@pytest.mark.parametrize(("dues", "in_hand", "expected"), [
    # (overdue, contested, collectable, days late of the oldest that may be asked for)
    ([due(0, 100)], 0, (0, 0, 0, None)),  # due today is not overdue
    ([due(1, 100)], 0, (100, 0, 100, 1)),  # the first overdue instalment, the day after its due date
    ([due(40, 100), due(10, 50), due(-20, 500)], 0, (150, 0, 150, 40)),  # by instalment, not by invoice
    ([due(40, 60), due(10, 50)], 0, (110, 0, 110, 40)),  # part-paid: the rest of the oldest is still the oldest
    ([due(40, 100), due(10, 50)], 30, (120, 0, 120, 40)),  # cash in hand takes of the oldest
    ([due(40, 100), due(10, 50)], 100, (50, 0, 50, 10)),
    ([due(40, 100), due(10, 50)], 150, (0, 0, 0, None)),  # credit notes and cash cover it all
    ([due(40, 100, contested=30)], 0, (100, 30, 70, 40)),  # the undisputed part is collected all the same
    ([due(40, 100, contested=100), due(10, 50)], 0, (150, 100, 50, 10)),  # the oldest is contested: days of the next
    ([due(40, 100, contested=100)], 0, (100, 100, 0, None)),  # nothing left to ask for, and still overdue
    ([due(40, 100, contested=100), due(10, 50)], 60, (90, 90, 0, None)),  # money in hand takes what is clear first
    ([due(40, 50, 60, "i"), due(10, 50, 60, "i")], 0, (100, 60, 40, 10)),  # one dispute over two instalments
    ([due(40, 50, 60, "i"), due(-10, 50, 60, "i")], 0, (50, 50, 0, None)),
])  # fmt: skip
def test_what_is_overdue_and_what_may_be_asked_for(
    dues: list[CaseDue], in_hand: int, expected: tuple[int, int, int, int | None],
) -> None:
    found = sums_of(dues, in_hand, TODAY)
    late = (TODAY - found.oldest_on).days if found.oldest_on else None
    assert (found.overdue_minor, found.contested_minor, found.collectable_minor, late) == expected


@pytest.mark.parametrize(("grade", "broken", "days", "stage"), [
    ("B", 0, 1, "reminder"), ("B", 0, 14, "reminder"), ("B", 0, 15, "firm"), ("B", 0, 44, "firm"),
    ("B", 0, 45, "final"), ("B", 0, 60, "manager"), ("B", 0, 2000, "manager"),  # law is a person's decision
    ("A", 0, 29, "reminder"), ("A", 0, 30, "firm"), ("D", 0, 7, "firm"), ("D", 0, 21, "final"), ("D", 0, 30, "manager"),
    ("", 0, 15, "firm"), ("B", 1, 1, "firm"), ("B", 2, 1, "final"), ("B", 9, 1, "manager"),
])  # fmt: skip
def test_stage_by_days_grade_and_broken_promises(grade: str, broken: int, days: int, stage: str) -> None:
    assert stage_by_days(days, grade, broken) == stage


def test_first_overdue_instalment_opens_money_closes_and_a_bounced_cheque_goes_on() -> None:
    books = CaseBooks((due(1, 100),), owner_id="rep")
    opened = reckon_case(books, None, TODAY)
    found = (opened.happens, opened.stage, opened.owner_id, opened.collectable_minor)
    assert found == ("opened", "reminder", "rep", 100)
    case = settled(None, opened)
    assert reckon_case(CaseBooks(), case, TODAY + timedelta(days=3)).happens == "closed"
    closed = replace(case, stage="firm", closed_on=TODAY + timedelta(days=3))
    assert reckon_case(CaseBooks(), closed, TODAY + timedelta(days=4)) == Reckoned(False)
    # the money has gone again: what was overdue then is overdue once more, and the stage is where it was
    back = reckon_case(books, closed, TODAY + timedelta(days=5))
    assert (back.happens, back.stage) == ("reopened", "firm")
    # another instalment, due after the case was closed, is another case
    later = CaseBooks((due(-10, 70),))
    assert reckon_case(later, closed, TODAY + timedelta(days=11)).happens == "opened"
    assert reckon_case(later, closed, TODAY + timedelta(days=11)).stage == "reminder"


def test_part_payment_stays_on_the_ladder() -> None:
    before = going("final", opened_on=TODAY - timedelta(days=50))
    paid_down = reckon_case(CaseBooks((due(3, 20),)), before, TODAY)  # the old instalment is paid, a young one is not
    assert (paid_down.stage, paid_down.collectable_minor) == ("final", 20)


def test_case_finds_its_place_on_the_day_it_opens() -> None:
    """A ledger comes in as invoices first and payments after them: what was long paid sends nobody to the manager."""
    new = going("manager", opened_on=TODAY)
    assert reckon_case(CaseBooks((due(20, 100),)), new, TODAY).stage == "firm"
    assert reckon_case(CaseBooks((due(20, 100),)), replace(new, decided_stage="manager"), TODAY).stage == "manager"
    assert reckon_case(CaseBooks((due(20, 100),)), new, TODAY + timedelta(days=1)).stage == "manager"


def test_promise_that_covers_it_all_holds_the_ladder_and_its_breaking_lifts_it_a_step() -> None:
    books = CaseBooks((due(20, 100),), pledges=(Pledge("CNY", 100, TODAY + timedelta(days=3)),))
    held = reckon_case(books, going("reminder"), TODAY)
    assert (held.stage, held.covered_until) == ("reminder", TODAY + timedelta(days=3))
    assert held.next_on == TODAY + timedelta(days=4)
    half = replace(books, pledges=(Pledge("CNY", 99, TODAY + timedelta(days=3)),))
    assert (reckon_case(half, going("reminder"), TODAY).covered_until, reckon_case(half, going(), TODAY).stage) == (
        None, "firm")
    far = replace(books, pledges=(replace(books.pledges[0], since=TODAY + timedelta(days=1)),))
    assert reckon_case(far, going("reminder"), TODAY).stage == "firm"
    other = replace(books, pledges=(Pledge("USD", 100, TODAY + timedelta(days=3)),))
    assert reckon_case(other, going("reminder"), TODAY).covered_until is None
    broken = replace(books, pledges=(), broken_on=(TODAY - timedelta(days=1),))
    assert reckon_case(broken, going("reminder"), TODAY).stage == "final"
    of_old = replace(broken, broken_on=(TODAY - timedelta(days=400),))
    assert reckon_case(of_old, going("reminder"), TODAY).stage == "firm"


def test_everything_contested_keeps_the_case_open_and_the_ladder_still() -> None:
    found = reckon_case(CaseBooks((due(80, 100, contested=100),)), going("firm"), TODAY)
    assert (found.is_open, found.stage, found.overdue_minor, found.collectable_minor) == (True, "firm", 100, 0)


@pytest.mark.parametrize(("decided", "until", "expected"), [
    ("reminder", TODAY, "reminder"),  # held down to this very day
    ("reminder", TODAY - timedelta(days=1), "final"),  # the days lead on
    ("legal", None, "legal"),  # law was a person's decision, and stays
    ("firm", None, "final"),
])
def test_what_a_person_decided_of_the_stage(decided: str, until: date | None, expected: str) -> None:
    before = going(decided, decided_stage=decided, decided_until=until)
    assert reckon_case(CaseBooks((due(50, 100),)), before, TODAY).stage == expected


def test_owner_is_the_customers_until_somebody_decides_otherwise() -> None:
    books = CaseBooks((due(50, 100),), owner_id="new rep")
    assert reckon_case(books, going(owner_id="old rep"), TODAY).owner_id == "new rep"
    assert reckon_case(books, going(owner_id="legal", decided_owner="legal"), TODAY).owner_id == "legal"


def test_ripe_for_law_by_the_last_step_of_the_ladder() -> None:
    case = going("manager", oldest_on=TODAY - timedelta(days=90))
    assert ripe_for_law(case, "B", TODAY)
    assert not ripe_for_law(case, "A", TODAY)
    assert not ripe_for_law(replace(case, stage="legal"), "B", TODAY)
    assert not ripe_for_law(replace(case, covered_until=TODAY), "B", TODAY)
    assert not ripe_for_law(replace(case, closed_on=TODAY), "B", TODAY)


def test_tables_of_the_ladder_are_whole() -> None:
    assert set(STAGE_WORDS) == set(STAGE_MEANS) == set(STAGES)
    for steps in LADDER.values():
        assert len(steps) == len(STAGES)
        assert list(steps) == sorted(set(steps))
    for better, worse in (("A", "B"), ("B", "C"), ("C", "D")):
        assert all(one >= other for one, other in zip(LADDER[better], LADDER[worse], strict=True))


DUES = st.lists(st.builds(
    CaseDue, st.sampled_from(["a", "b", "c"]), st.sampled_from(["CNY", "USD"]),
    st.integers(-60, 200).map(lambda late: TODAY - timedelta(days=late)), st.integers(1, 1000),
    st.sampled_from([0, 0, 300]))).map(tuple)  # fmt: skip
BOOKS = st.builds(
    CaseBooks, DUES, st.dictionaries(st.sampled_from(["CNY", "USD"]), st.integers(0, 900)),
    st.lists(st.builds(Pledge, st.just("CNY"), st.integers(1, 900), st.integers(-3, 60).map(
        lambda days: TODAY + timedelta(days=days)))).map(tuple),
    st.lists(st.integers(0, 60).map(lambda days: TODAY - timedelta(days=days)), max_size=3).map(tuple),
    st.sampled_from(["A", "B", "C", "D", ""]), st.just("rep"))  # fmt: skip
DAYS = st.lists(st.integers(0, 9), max_size=6)


@settings(max_examples=150, deadline=None)
@given(BOOKS)
def test_reckoned_again_nothing_changes(books: CaseBooks) -> None:
    first = reckon_case(books, None, TODAY)
    if first.is_open:
        case = settled(None, first)
        again = reckon_case(books, case, TODAY)
        assert again.happens == ""
        assert settled(case, again) == case


@settings(max_examples=150, deadline=None)
@given(BOOKS, st.integers(0, 90))
def test_between_the_days_that_are_named_nothing_changes(books: CaseBooks, ahead: int) -> None:
    """The night looks only at cases whose ``next_on`` has come: until then a reckoning must say the same."""
    first = reckon_case(books, None, TODAY)
    if not first.is_open:
        return
    case, day = settled(None, first), TODAY + timedelta(days=ahead)
    if first.next_on is None or day < first.next_on:
        assert settled(case, reckon_case(books, case, day), day) == case


@settings(max_examples=150, deadline=None)
@given(BOOKS, DAYS)
def test_nobody_climbs_down_and_days_never_lead_to_law(books: CaseBooks, steps: list[int]) -> None:
    case, day = None, TODAY
    for days in steps:
        day += timedelta(days=days)
        now = reckon_case(books, case, day)
        if case is not None and case.is_open and now.is_open:
            assert case.opened_on == day or STAGES.index(now.stage) >= STAGES.index(case.stage)
        if now.is_open:
            assert STAGES.index(now.stage) <= HIGHEST
            assert now.overdue_minor == now.contested_minor + now.collectable_minor
            case = settled(case, now, day)
