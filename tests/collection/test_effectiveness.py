"""What a method brings, and who is contacted how often: reckoned on paper."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.cadence import Debt
from fieldsales.collection.effectiveness import Cash, Effect, Use, measured_for, reckon, shrunk_bp, totals_of
from fieldsales.collection.frequency import Followed, grouped, neglected
from fieldsales.collection.steprules import Answer, learn, rest_until
from tests.cast import NOON, TODAY


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("uses", "cash", "expected"),
    [
        ([Use("a", "call", ago(30))], [], (1, 0, 0)),
        ([Use("a", "call", ago(30))], [Cash("a", ago(30), 5)], (1, 1, 5)),  # the same day
        ([Use("a", "call", ago(30))], [Cash("a", ago(16), 5)], (1, 1, 5)),  # the fourteenth day
        ([Use("a", "call", ago(30))], [Cash("a", ago(15), 5)], (1, 0, 0)),  # a day too late
        ([Use("a", "call", ago(30))], [Cash("a", ago(31), 5)], (1, 0, 0)),  # before it
        ([Use("a", "call", ago(30))], [Cash("b", ago(29), 5)], (1, 0, 0)),  # somebody else
        ([Use("a", "call", ago(14))], [Cash("a", ago(13), 5)], None),  # its fourteen days are not over
        ([Use("a", "call", ago(30)), Use("a", "call", ago(28))], [Cash("a", ago(27), 5)], (2, 2, 5)),  # counted once
    ],
)
def test_a_use_works_when_money_comes_within_fourteen_days(
    uses: list[Use], cash: list[Cash], expected: tuple[int, int, int] | None
) -> None:
    found = [(one.uses, one.worked, one.brought_minor) for one in reckon(uses, cash, TODAY)]
    assert found == ([expected] if expected else [])


def test_effects_are_told_apart_by_method_class_and_grade() -> None:
    uses = [Use("a", "call", ago(30), "", "B"), Use("b", "call", ago(30), "bad_faith", "D"),
            Use("a", "go", ago(40), "", "B")]
    found = reckon(uses, [Cash("a", ago(29), 7)], TODAY)
    assert found == [Effect("call", "", "B", 1, 1, 7), Effect("call", "bad_faith", "D", 1, 0, 0),
                     Effect("go", "", "B", 1, 1, 0)]
    assert totals_of(found)["call"] == Effect("call", "", "", 2, 1, 7)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["call", "go"]), st.integers(15, 60))),
       st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60), st.integers(1, 99))))
def test_what_methods_brought_never_adds_up_to_more_than_came_in(
    used: list[tuple[str, str, int]], came: list[tuple[str, int, int]]
) -> None:
    effects = reckon([Use(who, method, ago(days)) for who, method, days in used],
                     [Cash(who, ago(days), minor) for who, days, minor in came], TODAY)
    assert sum(one.brought_minor for one in effects) <= sum(minor for _, _, minor in came)
    assert all(0 <= one.worked <= one.uses for one in effects)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 10_000))
def test_a_share_of_few_uses_stays_near_the_wider_groups(worked: int, more: int, wider: int) -> None:
    uses = worked + more
    found = shrunk_bp(worked, uses, wider)
    own = worked * 10_000 // uses if uses else wider
    assert min(own, wider) - 1 <= found <= max(own, wider) + 1


def test_three_lucky_uses_do_not_make_a_method_the_best() -> None:
    effects = [Effect("lucky", "", "B", 3, 3, 0), Effect("solid", "", "B", 200, 120, 0)]
    found = measured_for(effects, "", "B")
    assert found["lucky"].rate_bp < 6_500 < 10_000
    assert found["solid"].rate_bp == pytest.approx(6_000, abs=150)
    assert (found["lucky"].uses, found["solid"].uses) == (3, 200)
    assert measured_for(effects, "bad_faith", "D")["solid"].uses == 0  # nothing known of such customers yet


def follow(overdue: int, contacts: int, paid: int, last: date | None, grade: str = "B", late: int = 20) -> Followed:
    return Followed(f"{overdue}-{contacts}", "x", "", overdue * 100, contacts, paid * 100, last,
                    Debt(grade, overdue, late))


def test_contacts_and_cash_stand_in_groups() -> None:
    every = [follow(100, 0, 0, None), follow(100, 0, 100, None), follow(300, 3, 100, ago(1)), follow(5, 9, 0, ago(1))]
    found = grouped(every)
    assert [(one.from_, one.to, one.customers, one.paying, one.cleared_bp) for one in found] == [
        (0, 0, 2, 1, 3333), (1, 1, 0, 0, 0), (2, 3, 1, 1, 2500), (4, 7, 0, 0, 0), (8, None, 1, 0, 0)]
    assert sum(one.customers for one in found) == len(every)


def test_large_debts_contacted_too_seldom_are_named_the_largest_first() -> None:
    every = [follow(29_999, 0, 0, None), follow(30_000, 0, 0, None), follow(50_000, 1, 0, ago(14)),
             follow(60_000, 1, 0, ago(15)), follow(40_000, 1, 0, ago(8), "C")]
    found = neglected(every, TODAY, 7)
    assert [(one.overdue_minor, one.days) for one in found] == [(6_000_000, 14), (4_000_000, 7), (3_000_000, 14)]
    assert found[0].since == ago(1)


@pytest.mark.parametrize(
    ("reason", "earlier", "days"),
    [("not_now", 0, 7), ("not_now", 1, 14), ("no_use", 0, 30), ("no_use", 1, 60), ("no_use", 9, 90), ("odd", 0, 14)],
)
def test_a_declined_step_rests_longer_each_time(reason: str, earlier: int, days: int) -> None:
    assert rest_until(reason, earlier, TODAY) == TODAY + timedelta(days=days)


def test_what_was_answered_last_counts_and_an_old_yes_runs_out() -> None:
    def said(answer: str, method: str, hours: int, until: date | None = None, step: str = "approval") -> Answer:
        return Answer(answer, step, method, until, NOON + timedelta(hours=hours))

    later = TODAY + timedelta(days=5)
    found = learn([said("asked", "letter", 0), said("approved", "letter", 1, later), said("approved", "law", 0, ago(1)),
                   said("asked", "law", 2), said("declined", "call", 0, later, "contact"),
                   said("declined", "call", 1, ago(3), "contact"), said("refused", "fax", 0, later)], TODAY)
    assert (found.approved, found.asked) == (frozenset({"letter"}), frozenset({"law"}))
    assert found.declined == {("contact", "call"): (later, 2), ("contact", "fax"): (later, 1)}
    assert learn([said("approved", "law", 0, ago(1))], TODAY).approved == frozenset()
