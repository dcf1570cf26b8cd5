"""Which debt a payment settles: the debtor's word, else 民法典 560 and 561."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.receivables.allocation import Debt, Share, allocate, explanation

TODAY = date(2026, 11, 21)


def debt(number: str, days_late: int, amount: int, **more: int) -> Debt:
    return Debt(f"due-{number}", number, TODAY - timedelta(days=days_late), amount, **more)


def given_to(shares: tuple[Share, ...]) -> list[tuple[str, int, str]]:
    return [(share.number, share.amount_minor, share.rule) for share in shares]


def test_the_debtors_word_comes_before_the_law() -> None:
    split = allocate(150, [debt("A", 100, 100), debt("B", 1, 100)], TODAY, ["B"])
    assert given_to(split.shares) == [("B", 100, "designated"), ("A", 50, "last")]


def test_named_invoices_are_served_in_the_order_named() -> None:
    split = allocate(120, [debt("A", 9, 100), debt("B", 1, 100)], TODAY, ["B", "A"])
    assert given_to(split.shares) == [("B", 100, "designated"), ("A", 20, "designated")]


def test_money_for_an_invoice_we_do_not_know_waits() -> None:
    split = allocate(150, [debt("A", 9, 100), debt("B", 9, 100)], TODAY, ["B", "Z"])
    assert given_to(split.shares) == [("B", 100, "designated")]
    assert (split.rest_minor, split.missing) == (50, ("Z",))


@pytest.mark.parametrize(
    ("debts", "first", "rule"),
    [
        ([debt("A", -5, 100), debt("B", 1, 100)], "B", "due_first"),
        ([debt("A", 50, 100, secured_minor=80), debt("B", 1, 100)], "B", "least_secured"),
        ([debt("A", 50, 100), debt("B", 1, 100, late_daily_bp100=500)], "B", "heavier"),
        ([debt("A", 50, 100), debt("B", 51, 100)], "B", "earlier"),
        ([debt("A", -9, 100), debt("B", -3, 100)], "B", "not_yet_due"),
        ([debt("A", -9, 100, secured_minor=0), debt("B", -3, 100, secured_minor=90)], "B", "not_yet_due"),
        ([debt("B", 3, 100)], "B", "only"),
    ],
)
def test_the_statutory_order(debts: list[Debt], first: str, rule: str) -> None:
    assert given_to(allocate(60, debts, TODAY).shares) == [(first, 60, rule)]


def test_each_of_several_debts_paid_says_why_it_was_its_turn() -> None:
    split = allocate(300, [debt("A", 50, 100), debt("B", 9, 100), debt("C", 1, 100)], TODAY)
    assert given_to(split.shares) == [("A", 100, "earlier"), ("B", 100, "earlier"), ("C", 100, "last")]


def test_debts_of_the_same_day_share_in_proportion_to_the_cent() -> None:
    split = allocate(100, [debt("A", 5, 100), debt("B", 5, 200), debt("C", 4, 100)], TODAY)
    assert given_to(split.shares) == [("A", 34, "pro_rata"), ("B", 66, "pro_rata")]


def test_costs_then_interest_then_principal() -> None:
    owed = debt("A", 5, 100, costs_minor=10, interest_minor=20)
    share = allocate(25, [owed], TODAY).shares[0]
    assert (share.costs_minor, share.interest_minor, share.principal_minor) == (10, 15, 0)
    share = allocate(60, [owed], TODAY).shares[0]
    assert (share.costs_minor, share.interest_minor, share.principal_minor) == (10, 20, 30)


def test_what_nobody_owes_stays_unapplied() -> None:
    split = allocate(150, [debt("A", 5, 100)], TODAY)
    assert (split.shares[0].amount_minor, split.rest_minor) == (100, 50)


def test_credit_notes_are_not_debts() -> None:
    assert allocate(150, [debt("A", 5, -100)], TODAY).rest_minor == 150


def test_a_negative_payment_is_refused() -> None:
    with pytest.raises(ValueError, match="reversal"):
        allocate(-1, [], TODAY)


def test_every_rule_has_its_sentence() -> None:
    for rule in ("designated", "only", "due_first", "least_secured", "heavier", "earlier", "last", "pro_rata",
                 "not_yet_due", "credit_note", "reversal"):
        assert "%(number)s" in explanation(rule)


DEBTS = st.lists(
    st.builds(
        Debt,
        key=st.uuids().map(str),
        number=st.sampled_from(["A", "B", "C", "D"]),
        due_on=st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days)),
        open_minor=st.integers(-50, 10**6),
        secured_minor=st.integers(0, 2),
        late_daily_bp100=st.integers(0, 2),
        costs_minor=st.integers(0, 30),
        interest_minor=st.integers(0, 30),
    ).filter(lambda each: each.open_minor >= 0 or each.whole_minor <= 0),
    max_size=12,
)


@given(st.integers(0, 10**7), DEBTS, st.lists(st.sampled_from(["A", "B", "Z"]), max_size=3))
def test_allocation_conserves_money(amount: int, debts: list[Debt], named: list[str]) -> None:
    split = allocate(amount, debts, TODAY, named)
    assert sum(share.amount_minor for share in split.shares) + split.rest_minor == amount
    by_key = {each.key: each for each in debts}
    assert len({share.key for share in split.shares}) == len(split.shares)
    for share in split.shares:
        owed = by_key[share.key]
        assert 0 < share.amount_minor <= owed.whole_minor
        assert share.costs_minor <= owed.costs_minor
        assert share.interest_minor <= owed.interest_minor
        assert share.principal_minor <= owed.open_minor


@given(st.integers(0, 10**6), DEBTS)
def test_the_order_debts_are_listed_in_changes_nothing(amount: int, debts: list[Debt]) -> None:
    assert allocate(amount, debts, TODAY) == allocate(amount, list(reversed(debts)), TODAY)
