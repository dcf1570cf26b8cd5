"""The next step: the rules in their order, the ladder, and what may never be suggested."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.ladder import Chase, Measured, Policy, Way, cost_of, is_worth, rungs
from fieldsales.collection.nextstep import Held, SuggestFacts, Suggestion, Unchecked, Word, suggest
from fieldsales.collection.stepwords import ASKS, CHANGES, WHY
from fieldsales.plugin_api.fields import words
from tests.cast import TODAY

MAIL = Way("mail", words("邮件", "Mail"), cost_minor=50, reach="email")
CALL = Way("call", words("电话", "Call"), cost_minor=300, reach="phone")
GO = Way("go", words("上门", "Visit"), cost_minor=4_000, in_person=True, manner="firm", reach="address")
PAPER = Way("paper", words("信函", "Letter"), level=2, cost_minor=2_200, manner="firm")
COURT = Way("court", words("法律", "Law"), level=3, cost_minor=30_000, manner="firm")
STICK = Way("stick", words("盯", "Stay"), cost_minor=9_000, in_person=True, manner="persistent")
WAYS = (COURT, PAPER, GO, CALL, MAIL)


def days(n: int) -> date:
    return TODAY + timedelta(days=n)


def facts(chase: dict[str, Any] | None = None, **more: Any) -> SuggestFacts:
    """¥50,000 overdue by twenty days, grade B, nobody has been in touch."""
    values: dict[str, Any] = {"today": TODAY, "currency": "CNY", "overdue_minor": 5_000_000, "overdue": 50_000,
                              "days_past_due": 20, "grade": "B", "ways": WAYS} | more
    of = {"distance_m": 3_000, "faith": values.get("faith", "")} | (chase or {})
    values["chase"] = Chase(TODAY, values["overdue_minor"], values["days_past_due"], **of)
    return SuggestFacts(**values)


def brief(found: Suggestion) -> tuple[str, str, str, str]:
    return found.kind, found.method, found.why.code, found.ask_hint.code


FORGETFUL = facts()
SHORT = facts(grade="C", faith="good_faith", is_short_of_cash=True, days_past_due=45,
              chase={"tried": {"mail": 1, "call": 1}})
UNWILLING = facts(grade="D", faith="bad_faith", days_past_due=120, overdue=300_000, overdue_minor=30_000_000,
                  words=(Word(days(-1), 1_000_000, "broken"),), chase={"tried": {"mail": 2, "call": 2}})
WHOLE = Word(days(9), 5_000_000)
FULL, STOP = words("本周已满", "Full"), words("客户要求停止联系。", "They asked us to stop.")
NO_CASH = Unchecked("c1", words("账上没钱", "No money now"), days(-1))


@pytest.mark.parametrize(
    ("given_facts", "expected"),
    [
        (FORGETFUL, ("contact", "mail", "cheapest", "whole")),
        (replace(SHORT, unchecked=(NO_CASH,)), ("verify", "", "verify", "proof")),
        (SHORT, ("plan", "", "plan", "plan")),
        (UNWILLING, ("contact", "go", "broken", "rest")),
        (replace(UNWILLING, words=()), ("contact", "go", "firm", "whole")),
    ],
)
def test_three_kinds_of_debtor_get_three_different_steps(
    given_facts: SuggestFacts, expected: tuple[str, str, str, str]
) -> None:
    assert brief(suggest(given_facts)) == expected


@pytest.mark.parametrize(
    ("more", "expected", "on"),
    [
        # facts and money before pressing
        ({"words": (Word(TODAY, 100),)}, ("check_money", "", "check_money", ""), TODAY),
        ({"words": (Word(days(-1), 100),)}, ("check_money", "", "check_money", ""), TODAY),
        ({"words": (Word(TODAY, 100),), "unchecked": (NO_CASH,)}, ("check_money", "", "check_money", ""), TODAY),
        ({"unchecked": (NO_CASH,)}, ("verify", "", "verify", "proof"), TODAY),
        # all of it lies with finance, or in bills that are not due yet; a part of it changes nothing
        ({"waiting_minor": 5_000_000}, ("check_money", "", "given", ""), TODAY),
        ({"waiting_minor": 5_000_000, "words": (Word(days(-1), 5_000_000, "broken"),)},
         ("check_money", "", "given", ""), TODAY),
        ({"waiting_minor": 4_000_000, "disputed_minor": 1_000_000}, ("check_money", "", "given", ""), TODAY),
        ({"waiting_minor": 5_000_000, "matures_on": days(60)}, ("wait", "", "bill", ""), days(60)),
        ({"waiting_minor": 5_000_000, "matures_on": TODAY}, ("check_money", "", "given", ""), TODAY),
        ({"waiting_minor": 4_999_999}, ("contact", "mail", "cheapest", "whole"), TODAY),
        # an open promise for the whole pauses demands until the reminder; one for a part does not
        ({"words": (WHOLE,), "covered_until": days(10)}, ("wait", "", "promised", ""), days(6)),
        ({"words": (WHOLE,), "covered_until": days(10), "grade": "C"}, ("wait", "", "promised", ""), days(2)),
        ({"words": (Word(days(1), 5_000_000),), "covered_until": days(2)},
         ("contact", "mail", "remind", "remind"), TODAY),
        ({"words": (Word(days(1), 5_000_000),), "covered_until": days(2), "last_contact_on": TODAY},
         ("wait", "", "promised", ""), days(1)),
        ({"words": (WHOLE,)}, ("contact", "mail", "cheapest", "whole"), TODAY),  # it covers a part, or is evasive
        # the pause between two contacts, and what ends it
        ({"last_contact_on": days(-3)}, ("wait", "", "cadence", ""), days(11)),
        ({"last_contact_on": days(-14)}, ("contact", "mail", "cheapest", "whole"), TODAY),
        ({"last_contact_on": days(-3), "words": (Word(days(-1), 100, "broken"),)},
         ("contact", "mail", "broken", "rest"), TODAY),
        ({"last_contact_on": days(-1), "words": (Word(days(-2), 100, "broken"),)},
         ("wait", "", "cadence", ""), days(6)),
        ({"last_contact_on": days(-14), "not_before": days(5)}, ("wait", "", "cadence", ""), days(5)),
        # who pays by himself is thanked
        ({"is_self_payer": True, "days_past_due": 3}, ("thank", "", "thank", "statement"), TODAY),
        # nothing to collect
        ({"overdue_minor": 0, "overdue": 0, "days_past_due": 0}, ("rest", "", "rest", ""), None),
        ({"overdue_minor": 0, "overdue": 0, "days_past_due": 0, "next_due_on": days(5)},
         ("rest", "", "rest_until", ""), days(5)),
        ({"disputed_minor": 5_000_000}, ("rest", "", "rest", ""), None),
        # a claim about to lapse needs proof, whatever was agreed
        ({"limitation_on": days(20), "words": (WHOLE,), "covered_until": days(10)},
         ("contact", "go", "lapsing", "whole"), TODAY),
        ({"limitation_on": days(31)}, ("contact", "mail", "cheapest", "whole"), TODAY),
        ({"limitation_on": days(-1)}, ("contact", "mail", "cheapest", "whole"), TODAY),
        # the measure of contacts is full until a day
        ({"held": Held(FULL, days(2))}, ("wait", "", "", ""), days(2)),
        ({"held": Held(FULL, TODAY)}, ("contact", "mail", "cheapest", "whole"), TODAY),
        ({"held": Held(FULL, days(2)), "unchecked": (NO_CASH,)}, ("verify", "", "verify", "proof"), TODAY),
        # a hard stop goes before everything
        ({"held": Held(STOP), "ways": (), "limitation_on": days(2)}, ("hold", "", "", ""), None),
        ({"held": Held(STOP), "ways": (PAPER,), "words": (Word(TODAY, 100),)},
         ("approval", "paper", "stopped", ""), TODAY),
        ({"held": Held(STOP), "ways": (PAPER,), "approved": frozenset({"paper"})},
         ("contact", "paper", "stopped", ""), TODAY),
    ],
)
def test_rules_answer_in_their_order(more: dict[str, Any], expected: tuple[str, str, str, str], on: date | None
                                     ) -> None:
    found = suggest(facts(**more))
    assert (brief(found), found.on) == (expected, on)


@pytest.mark.parametrize(
    ("tried", "more", "method", "kind"),
    [
        ({}, {}, "mail", "contact"),
        ({"mail": 1}, {}, "mail", "contact"),
        ({"mail": 2}, {}, "call", "contact"),
        ({"mail": 2, "call": 2}, {}, "go", "contact"),
        ({"mail": 2, "call": 2, "go": 2}, {}, "paper", "approval"),
        ({"mail": 2, "call": 2, "go": 2}, {"approved": frozenset({"paper"})}, "paper", "contact"),
        ({"mail": 2, "call": 2, "go": 2}, {"asked": frozenset({"paper"})}, "mail", "contact"),
        ({"mail": 2, "call": 2, "go": 2, "paper": 1}, {}, "", "manager"),
        ({"mail": 2, "call": 2, "go": 2, "paper": 1}, {"days_past_due": 60}, "court", "approval"),
        ({"mail": 2, "call": 2, "go": 2, "paper": 1, "court": 1}, {"days_past_due": 60}, "", "manager"),
    ],
)
def test_the_next_way_follows_after_so_many_in_vain_and_law_is_last(
    tried: dict[str, int], more: dict[str, Any], method: str, kind: str
) -> None:
    found = suggest(facts(chase={"tried": tried}, **more))
    assert (found.method, found.kind) == (method, kind)


@pytest.mark.parametrize(
    ("chase", "method"),
    [
        ({"effects": {"mail": Measured(100, 60), "call": Measured(3_000, 60)}}, "call"),  # cheaper per success
        ({"effects": {"mail": Measured(499, 30)}}, "call"),  # weak, and measured over enough uses
        ({"effects": {"mail": Measured(1_000, 29)}}, "mail"),  # dearer, but not enough to overtake
        ({"reachable": frozenset({"phone", "address"})}, "call"),
        ({"blocked": frozenset({"mail"})}, "call"),
        ({"declined": {"mail": (days(1), 1)}}, "call"),
        ({"declined": {"mail": (TODAY, 1)}}, "mail"),  # the day has come: it may be suggested again
        ({"declined": {"mail": (TODAY, 7)}}, "call"),  # declined so often that it weighs more than a call
    ],
)
def test_what_works_what_reaches_and_what_was_declined_count(chase: dict[str, Any], method: str) -> None:
    assert suggest(facts(chase=chase)).method == method


def test_a_fax_is_never_suggested_since_nobodys_number_is_known() -> None:
    """Debtors who asked not to be contacted may be written to; whether they have a fax nobody has said."""
    ways = tuple(replace(way, reach="fax") for way in facts().ways)
    assert suggest(facts(ways=ways)).kind == "manager"


def test_the_reason_says_what_was_declined_and_names_shares_only_from_ten_uses() -> None:
    assert suggest(facts(chase={"declined": {"mail": (days(1), 1)}})).why.code == "instead"
    assert suggest(facts(chase={"effects": {"mail": Measured(4_000, 9)}})).why.code == "cheapest"
    found = suggest(facts(chase={"effects": {"mail": Measured(4_050, 10)}}))
    assert (found.why.code, found.why.params["rate"], found.why.params["uses"]) == ("measured", 40, 10)


def test_a_declined_kind_gives_way_to_the_next_rule_until_its_day() -> None:
    asked = facts(unchecked=(NO_CASH,), declined={("verify", ""): (days(1), 1)})
    assert suggest(asked).kind == "contact"
    assert suggest(replace(asked, declined={("verify", ""): (TODAY, 1)})).kind == "verify"


@pytest.mark.parametrize(
    ("overdue_minor", "distance_m", "kind"),
    [
        (5_000_000, 3_000, "contact"),  # ¥52 to bring perhaps ¥10,000
        (5_000_000, 300_000, "approval"),  # 异地追账不宜采用: ¥1,240 of travel is more than a tenth of ¥10,000
        (20_000_000, 300_000, "contact"),
        (50_000, 3_000, "manager"),  # neither the way there nor a letter is worth ¥500
    ],
)
def test_a_visit_is_suggested_only_where_it_is_worth_the_way(overdue_minor: int, distance_m: int, kind: str) -> None:
    tried = {"mail": 2, "call": 2}
    found = suggest(facts(chase={"tried": tried, "distance_m": distance_m}, overdue_minor=overdue_minor,
                          overdue=overdue_minor // 100))
    assert found.kind == kind
    assert found.in_person == (kind == "contact")


def test_the_way_there_and_back_counts_and_an_unknown_place_counts_as_ten_kilometres() -> None:
    chase = Chase(TODAY, 100, 1, distance_m=2_500)
    assert cost_of(GO, chase, Policy()) == 4_000 + 2 * 500
    assert cost_of(GO, replace(chase, distance_m=None), Policy()) == 4_000 + 4_000
    assert cost_of(CALL, chase, Policy()) == 300
    assert is_worth(1_000, Measured(2_000, 0), 50_000, Policy())
    assert not is_worth(1_001, Measured(2_000, 0), 50_000, Policy())


FACTS = st.builds(
    lambda tried, faith, grade, late, overdue, approved, last, effects, declined: facts(
        chase={"tried": tried, "effects": effects, "declined": declined}, faith=faith, grade=grade, days_past_due=late,
        overdue_minor=overdue * 100, overdue=overdue, approved=approved, last_contact_on=last,
        ways=(*WAYS, STICK)),
    st.dictionaries(st.sampled_from(["mail", "call", "go", "paper", "court", "stick"]), st.integers(0, 4)),
    st.sampled_from(["", "good_faith", "bad_faith"]), st.sampled_from("ABCD"), st.integers(0, 900),
    st.integers(0, 900_000), st.frozensets(st.sampled_from(["paper", "court"])),
    st.none() | st.integers(0, 40).map(lambda n: TODAY - timedelta(days=n)),
    st.dictionaries(st.sampled_from(["mail", "call", "go", "paper"]),
                    st.builds(Measured, st.integers(0, 10_000), st.integers(0, 500))),
    st.dictionaries(st.sampled_from(["mail", "call", "go", "paper"]),
                    st.tuples(st.integers(-9, 9).map(days), st.integers(1, 9))),
)


@given(FACTS)
def test_nothing_is_ever_suggested_that_may_not_be(one: SuggestFacts) -> None:
    found = suggest(one)
    way = next((way for way in one.ways if way.name == found.method), None)
    assert one.chase is not None
    assert found.why.code in WHY
    assert found.what_would_change.code in CHANGES
    assert found.ask_hint.code in ASKS
    if way is None:
        assert found.kind not in ("contact", "approval")
        return
    assert not (way.manner == "soft" and one.faith == "bad_faith")
    assert not (way.manner == "persistent" and one.faith != "bad_faith")
    if found.kind == "contact":
        assert way.level == 1 or way.name in one.approved
    if way.level == 3:
        lower = [rung for rung in rungs(one.ways, one.chase, one.policy) if rung.way.level < 3 and rung.is_worth_it]
        assert one.days_past_due >= one.policy.law_after_days
        assert all(rung.tried >= 1 for rung in lower)
    assert one.today >= one.chase.declined.get(way.name, (TODAY, 0))[0]
