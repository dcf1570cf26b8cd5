"""Good faith or bad faith by written rules: tables of conduct, edges of days, and what must hold whatever comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.faith_rules import (
    BAD,
    GOOD,
    LONGEST_REVIEW,
    SEEN,
    BrokenPromise,
    Conduct,
    Criteria,
    Proof,
    check_approval,
    is_news,
    method_allowed,
    weigh,
)
from fieldsales.kernel.errors import Invalid, RuleBroken

TODAY = date(2026, 3, 12)
NOTHING = Conduct(TODAY, overdue_minor=100_000_00)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def proof(name: str, days: int, kind: str = "claim") -> Proof:
    return Proof(kind, name, ago(days))


def false(code: str, days: int, name: str = "") -> tuple[str, str, Proof]:
    return code, "false", proof(name or f"{code}{days}", days)


def true(code: str, days: int) -> tuple[str, str, Proof]:
    return code, "true", proof(f"{code}{days}", days)


def broken(name: str, due_days_ago: int) -> BrokenPromise:
    return BrokenPromise(proof(name, due_days_ago, "promise"), ago(due_days_ago + 10), ago(due_days_ago))


def seen(kind: str, days: int) -> tuple[str, Proof]:
    return kind, proof(f"{kind}{days}", days, "signal")


LIES = (false("cash_tight", 5), false("quality", 20))
BROKEN = (broken("p1", 10), broken("p2", 40))
AWAY = tuple(proof(f"v{days}", days, "visit") for days in (2, 6, 9))

CASES = [
    # what the record says, which class the rules propose, which criteria are met against
    ("nothing on record", NOTHING, "", set()),
    ("two lies, two words broken though able", replace(NOTHING, judged=LIES, broken=BROKEN[:1]), "", {"false_claims"}),
    ("two lies and cannot be met", replace(NOTHING, judged=LIES, away=AWAY), BAD, {"false_claims", "away"}),
    ("cannot be met and pays others: manners, no proof of intent",
     replace(NOTHING, away=AWAY, seen=(seen("pays_others", 3), seen("pays_others", 30))), "", {"away", "pays_others"}),
    ("the shop is being emptied and nobody is there", replace(NOTHING, away=AWAY, seen=(seen("asset_moves", 1),)), BAD,
     {"away", "asset_moves"}),
    ("words broken while others were paid",
     replace(NOTHING, broken=BROKEN, seen=(seen("pays_others", 12), seen("pays_others", 35))), BAD,
     {"broken_though_able", "pays_others"}),
    ("words broken without a sign of means", replace(NOTHING, broken=(*BROKEN, broken("p3", 70))), "", set()),
    ("two lies and nobody there, but mostly contested",
     replace(NOTHING, judged=LIES, away=AWAY, contested_minor=50_000_01), "", {"false_claims", "away"}),
    ("two lies and nobody there, half contested: still",
     replace(NOTHING, judged=LIES, away=AWAY, contested_minor=50_000_00), BAD, {"false_claims", "away"}),
    ("two lies and nobody there, but nothing is overdue", replace(NOTHING, judged=LIES, away=AWAY, overdue_minor=0),
     "", {"false_claims", "away"}),
    ("two lies and nobody there, but money came last week: it takes three",
     replace(NOTHING, judged=LIES, away=AWAY, paid=(proof("r", 7, "payment"),)), "", {"false_claims", "away"}),
    ("the same and the shop is being emptied",
     replace(NOTHING, judged=LIES, away=AWAY, paid=(proof("r", 7, "payment"),), seen=(seen("asset_moves", 2),)), BAD,
     {"false_claims", "away", "asset_moves"}),
    ("short of cash, found true, and money came", replace(NOTHING, judged=(true("cash_tight", 9),),
                                                         paid=(proof("r", 20, "payment"),)), GOOD, set()),
    ("found true once and untrue once", replace(NOTHING, judged=(true("cash_tight", 9), false("quality", 3)),
                                                paid=(proof("r", 20, "payment"),)), "", set()),
    ("two words kept and money came, but no cause was shown",
     replace(NOTHING, kept=(proof("k1", 9), proof("k2", 30)), paid=(proof("r", 9, "payment"),)), "", set()),
    ("told us before the day and signed a plan",
     replace(NOTHING, seen=(seen("told_before", 15),), signed=(proof("h", 10, "plan"),)), GOOD, set()),
]  # fmt: skip


@pytest.mark.parametrize(("conduct", "klass", "against"), [case[1:] for case in CASES], ids=[one[0] for one in CASES])
def test_the_record_proposes(conduct: Conduct, klass: str, against: set[str]) -> None:
    weighed = weigh(conduct)
    assert (weighed.klass, {hit.code for hit in weighed.against}) == (klass, against)


@pytest.mark.parametrize(("days", "counts"), [(365, True), (366, False)])
def test_a_lie_is_forgotten_after_a_year(days: int, counts: bool) -> None:
    conduct = replace(NOTHING, judged=(false("quality", days), false("cash_tight", 1)), away=AWAY)
    assert (weigh(conduct).klass == BAD) is counts


@pytest.mark.parametrize(("met_days_ago", "hit"), [(10, True), (9, False), (None, True)])
def test_attempts_count_since_somebody_was_last_met(met_days_ago: int | None, hit: bool) -> None:
    conduct = replace(NOTHING, away=AWAY, met_on=None if met_days_ago is None else ago(met_days_ago))
    assert bool(weigh(conduct).against) is hit


def test_three_attempts_on_one_day_are_one() -> None:
    conduct = replace(NOTHING, away=tuple(proof(f"v{n}", 2, "visit") for n in range(3)))
    assert weigh(conduct).against == ()


@pytest.mark.parametrize(("days_after_due", "able"), [(30, True), (31, False), (-10, True), (-11, False)])
def test_means_count_from_the_word_to_a_month_after_its_day(days_after_due: int, able: bool) -> None:
    sign = ("pays_others", Proof("signal", "s", ago(40) + timedelta(days=days_after_due)))
    conduct = replace(NOTHING, broken=(broken("p", 40), broken("q", 40)), seen=(sign,))
    assert ("broken_though_able" in {hit.code for hit in weigh(conduct).against}) is able


def test_no_money_found_untrue_is_means() -> None:
    conduct = replace(NOTHING, broken=BROKEN, judged=(false("cash_tight", 12), false("cash_tight", 30)))
    assert weigh(conduct).klass == BAD


SIGNS = st.builds(
    Conduct, today=st.just(TODAY), overdue_minor=st.integers(0, 10**9), contested_minor=st.integers(0, 10**9),
    judged=st.lists(st.builds(lambda code, state, days: (code, state, proof(f"{code}{days}", days)),
                              st.sampled_from(["cash_tight", "paid_others", "boss_away", "quality"]),
                              st.sampled_from(["true", "partly", "false"]), st.integers(0, 400)),
                    max_size=5).map(tuple),
    broken=st.lists(st.builds(broken, st.text("ab", max_size=3), st.integers(0, 400)), max_size=3).map(tuple),
    kept=st.lists(st.builds(proof, st.text("ab", max_size=3), st.integers(0, 400)), max_size=3).map(tuple),
    paid=st.lists(st.builds(proof, st.text("ab", max_size=3), st.integers(0, 100)), max_size=2).map(tuple),
    away=st.lists(st.builds(proof, st.text("ab", max_size=3), st.integers(0, 100)), max_size=4).map(tuple),
    seen=st.lists(st.builds(seen, st.sampled_from(sorted(SEEN)), st.integers(0, 100)), max_size=4).map(tuple),
)  # fmt: skip


@given(SIGNS)
def test_one_more_lie_never_makes_it_better(conduct: Conduct) -> None:
    worse = replace(conduct, judged=(*conduct.judged, false("quality", 1, "another")))
    before, after = weigh(conduct), weigh(worse)
    assert {hit.code for hit in before.against} <= {hit.code for hit in after.against}
    assert not (before.klass == BAD and after.klass != BAD)
    assert after.klass != GOOD or before.klass == GOOD


@given(SIGNS)
def test_a_class_always_rests_on_what_it_names(conduct: Conduct) -> None:
    weighed = weigh(conduct)
    assert all(hit.count == len(hit.proofs) >= hit.needed for hit in weighed.hits)
    assert all(one.on >= TODAY - timedelta(days=Criteria().days) for hit in weighed.hits for one in hit.proofs)
    if conduct.overdue_minor <= 0 or conduct.contested_minor * 2 > conduct.overdue_minor:
        assert weighed.klass != BAD
    if weighed.klass == BAD:
        assert len(weighed.against) >= 2
    assert weighed.klass != GOOD or not weighed.against


REFUSED = ago(4)


@pytest.mark.parametrize(
    ("klass", "newest", "standing", "refused_on", "news"),
    [(BAD, 2, "", None, True), (BAD, 2, BAD, None, False), (BAD, 2, GOOD, None, True),
     (BAD, 2, "", REFUSED, True), (BAD, 4, "", REFUSED, False), ("", 2, "", None, False)],
)  # fmt: skip
def test_a_refused_proposal_comes_again_on_newer_evidence_only(
    klass: str, newest: int, standing: str, refused_on: date | None, news: bool
) -> None:
    weighed = weigh(replace(NOTHING, judged=(false("quality", newest), false("cash_tight", 60)),
                            away=tuple(proof(f"v{days}", days, "visit") for days in (4, 6, 9))))
    assert is_news(replace(weighed, klass=klass), standing, refused_on) is news


@pytest.mark.parametrize(
    ("klass", "stage", "manner", "ok"),
    [
        ("", 1, "soft", True), ("", 1, "firm", True), ("", 1, "persistent", False), ("", 3, "firm", True),
        (GOOD, 1, "soft", True), (GOOD, 2, "firm", True), (GOOD, 1, "persistent", False),
        (GOOD, 3, "persistent", False),
        (BAD, 1, "soft", False), (BAD, 2, "soft", False), (BAD, 3, "soft", True), (BAD, 1, "firm", True),
        (BAD, 1, "persistent", True), (BAD, 2, "persistent", True),
    ],
)  # fmt: skip
def test_manners_by_class_and_stage(klass: str, stage: int, manner: str, ok: bool) -> None:
    """S53: soft ways only fit good faith; S49: pressure only an approved class."""
    allowed = method_allowed(klass, stage, manner)
    assert allowed.ok is ok
    assert bool(allowed.why) is not ok
    assert "faith" not in allowed.why, "the sentence stands on a rep's screen"


@pytest.mark.parametrize("days", [0, -1, LONGEST_REVIEW.days + 1, None])
def test_no_class_without_a_day_to_look_again(days: int | None) -> None:
    on = None if days is None else TODAY + timedelta(days=days)
    with pytest.raises(Invalid, match="faith_review"):
        check_approval(GOOD, on, TODAY, rests_on=1, is_own=False)


def test_bad_faith_takes_two_people_and_evidence() -> None:
    day = TODAY + LONGEST_REVIEW
    check_approval(BAD, day, TODAY, rests_on=1, is_own=False)
    check_approval(GOOD, day, TODAY, rests_on=0, is_own=True)
    with pytest.raises(RuleBroken, match="faith_own"):
        check_approval(BAD, day, TODAY, rests_on=1, is_own=True)
    with pytest.raises(RuleBroken, match="faith_evidence"):
        check_approval(BAD, day, TODAY, rests_on=0, is_own=False)
