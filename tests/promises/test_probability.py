"""What a promise is worth, from a table the phone's twin is held to as well; and laws no table can break."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.sentences import catalog
from fieldsales.promises import refusals
from fieldsales.promises.pausing import FOLLOWED, FOLLOWED_CLOSELY, StandingPromise, covers, days_followed, paused
from fieldsales.promises.probability import (
    CLASSES,
    FUNDING,
    TABLE,
    PromiseShape,
    assess,
    hedge_in,
    reasons_in,
)

CASES = json.loads((Path(__file__).parent / "probability_cases.json").read_text(encoding="utf-8"))
MADE = date(2026, 3, 12)


def shape(case: dict[str, Any]) -> PromiseShape:
    days = {name: date.fromisoformat(case[name]) for name in ("made_on", "due_on")}
    truth = (case["truth"][0], case["truth"][1]) if "truth" in case else None
    return PromiseShape(**{**case, **days, "months": tuple(case.get("months", ())), "truth": truth})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_promise_is_judged_as_the_table_says(case: dict[str, Any]) -> None:
    found = assess(shape(case["shape"]))
    assert (found.klass, found.probability_bp) == (case["klass"], case["bp"])
    assert [[reason.code, reason.effect_bp] for reason in found.reasons] == case["lines"]


def test_twenty_ten_thousand_reckoned_by_hand() -> None:
    """2 of 4 kept, 4 of the house's half: 50 %. Twice the best month and more takes 70 %: 15 %. Hoping for their
    own customers takes a fifth of that: 12 %."""
    found = assess(PromiseShape(20_0000_00, MADE, date(2026, 3, 27), payer_named=True, funding="customers_pay",
                                months=(3_0000_00, 2_5000_00, 3_5000_00, 3_0000_00), kept=2, settled=4))
    assert (found.probability_bp, found.klass) == (1200, "impossible")


def test_every_line_and_class_is_reached_by_the_table() -> None:
    assert {code for case in CASES for code, _ in case["lines"]} == set(TABLE)
    assert {case["klass"] for case in CASES} == set(CLASSES)


def test_every_reason_is_said_in_both_languages() -> None:
    for case in CASES:
        for reason in assess(shape(case["shape"])).reasons:
            assert reason.says("zh") != reason.says("en")
            assert "%(" not in reason.says("zh") + reason.says("en")
    words = [*CLASSES.values(), *(one.text for one in refusals.REASONS.values()), *refusals.TASKS.values()]
    assert [word for word in words if word not in catalog()] == []


def test_the_record_stands_first_and_then_what_weighed_most() -> None:
    case = next(one for one in CASES if one["klass"] == "impossible")
    said = reasons_in(assess(shape(case["shape"])).reasons, "en", most=2)
    assert said[0].startswith("kept so far: 2 of 4")
    assert said[1].startswith("more than twice")


@pytest.mark.parametrize(("words", "hedge"), [
    ("周二打款", ""), ("尽量月底", "尽量"), ("再说吧，过几天看", "再说"), ("I will pay on Tuesday", ""),
    ("We'll try on Tuesday", "try"), ("the country", ""), ("", ""),
])  # fmt: skip
def test_words_that_leave_a_way_out(words: str, hedge: str) -> None:
    assert hedge_in(words) == hedge


SHAPES = st.builds(
    PromiseShape, amount_minor=st.integers(1, 10**13), made_on=st.just(MADE),
    due_on=st.integers(-30, 400).map(lambda days: MADE + timedelta(days=days)), day_named=st.booleans(),
    payer_named=st.booleans(), decides=st.sampled_from(["", "yes", "no"]), words=st.sampled_from(["", "尽量", "周二"]),
    funding=st.sampled_from(["", *FUNDING]), funding_proven=st.booleans(),
    others_promised=st.sampled_from(["", "yes", "no"]), confirmed=st.booleans(), put_off=st.integers(0, 9),
    house_bp=st.integers(0, 10_000), months=st.lists(st.integers(-10**12, 10**12), max_size=12).map(tuple),
    truth=st.none() | st.tuples(st.integers(0, 5), st.integers(5, 9)),
)  # fmt: skip


@given(SHAPES, st.integers(0, 40), st.data())
def test_probability_lies_between_nought_and_one_and_never_falls_with_the_kept_rate(
    one: PromiseShape, settled: int, data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, settled))
    worse = data.draw(st.integers(0, kept))
    better, less = (assess(replace(one, kept=number, settled=settled)) for number in (kept, worse))
    assert 0 <= less.probability_bp <= better.probability_bp <= 10_000
    assert better.klass in CLASSES


@given(SHAPES)
def test_what_speaks_for_a_promise_never_makes_it_less_likely(one: PromiseShape) -> None:
    at = assess(one).probability_bp
    assert assess(replace(one, funding_proven=True)).probability_bp >= at
    assert assess(replace(one, confirmed=True)).probability_bp >= at
    assert assess(replace(one, put_off=one.put_off + 1)).probability_bp <= at
    assert assess(replace(one, amount_minor=one.amount_minor * 2)).probability_bp <= at


DUE = MADE + timedelta(days=5)


@pytest.mark.parametrize(("promise", "as_of", "minor"), [
    (StandingPromise(10_00, DUE, "easy"), MADE, 10_00),
    (StandingPromise(10_00, DUE, "costly"), DUE, 10_00),
    (StandingPromise(10_00, DUE, "costly"), DUE + timedelta(days=1), 10_00),  # its grace
    (StandingPromise(10_00, DUE, "costly"), DUE + timedelta(days=2), 0),
    (StandingPromise(10_00, DUE, "evasive"), MADE, 0),
    (StandingPromise(10_00, DUE, "impossible"), MADE, 0),
    (StandingPromise(0, DUE, "easy"), MADE, 0),  # all of it came
    (StandingPromise(10_00, MADE + timedelta(days=45), "easy"), MADE, 10_00),
    (StandingPromise(10_00, MADE + timedelta(days=46), "easy"), MADE, 0),
])  # fmt: skip
def test_a_promise_keeps_demands_back_for_its_own_sum_until_its_day_is_over(
    promise: StandingPromise, as_of: date, minor: int
) -> None:
    assert paused(promise, as_of, grace_days=1) == minor


def test_a_promise_of_part_of_the_debt_does_not_cover_it() -> None:
    assert covers(10_00, 10_00)
    assert not covers(10_01, 10_00)
    assert not covers(0, 10_00)


@pytest.mark.parametrize(("grade", "klass", "days"), [
    ("A", "easy", FOLLOWED), ("B", "costly", FOLLOWED), ("C", "easy", FOLLOWED_CLOSELY),
    ("A", "evasive", FOLLOWED_CLOSELY), ("", "impossible", FOLLOWED_CLOSELY),
])  # fmt: skip
def test_poor_credit_and_weak_promises_are_followed_more_closely(grade: str, klass: str, days: tuple[int, ...]) -> None:
    assert days_followed(grade, klass) == days


@pytest.mark.parametrize(("outcome", "excuses", "reason"), [
    ("refused", (), "refused"), ("refused", ("cash_tight",), "no_money"),
    ("refused", ("downstream",), "waits_for_others"),
    ("absent", ("cash_tight",), "absent"), ("account_differs", (), "disputed"), ("promised", ("cash_tight",), None),
    ("paid", (), None),
])  # fmt: skip
def test_why_a_visit_brought_no_promise(outcome: str, excuses: tuple[str, ...], reason: str | None) -> None:
    assert refusals.reason_of_visit(outcome, excuses) == reason


def test_something_is_done_about_every_refusal() -> None:
    assert {refusal.task for refusal in refusals.REASONS.values()} == set(refusals.TASKS)
    assert refusals.asked_again_on("refused", MADE, None) == MADE
    assert refusals.asked_again_on("absent", MADE, DUE) == DUE
    assert refusals.asked_again_on("absent", MADE, MADE - timedelta(days=1)) == MADE + timedelta(days=1)
