"""Security, costs and interest claimed: the order of 民法典 560 and 561 on the books, and money that is conserved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.audit.money import balances_add_up, invoices_cover_allocations, payments_cover_allocations
from fieldsales.kernel.errors import NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import Allocation, Invoice
from fieldsales.receivables.posting import LooseMoney, OpenDebt, post_money
from fieldsales.receivables.terms import Cover, secured
from tests import cast
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY


def debt(key: str, days_late: int, minor: int, **more: Any) -> OpenDebt:
    return OpenDebt(f"due-{key}", f"inv-{key}", key, None, None, "CNY", TODAY - timedelta(days=days_late), minor, minor,
                    **more)


def money(minor: int, *named: str) -> LooseMoney:
    return LooseMoney("p", None, None, "CNY", TODAY, minor, named)


def placed(debts: list[OpenDebt], minor: int, *named: str) -> list[tuple[str, int, str]]:
    by_due = {one.due_id: one.number for one in debts}
    return [(by_due[row.due_id], row.amount_minor, row.rule) for row in post_money(debts, money(minor, *named)).applied]


A, B = debt("A", 30, 100), debt("B", 10, 100)
COSTS = debt("FY", 0, 20, charge_for="inv-A", charge_kind="costs")
INTEREST = debt("LX", 0, 5, charge_for="inv-A", charge_kind="interest")


@pytest.mark.parametrize(("debts", "minor", "named", "found"), [
    ([A, INTEREST, COSTS], 15, (), [("FY", 15, "costs")]),
    ([A, INTEREST, COSTS], 23, (), [("FY", 20, "costs"), ("LX", 3, "interest")]),
    ([A, INTEREST, COSTS], 60, (), [("FY", 20, "costs"), ("LX", 5, "interest"), ("A", 35, "only")]),
    # the debtor names B: what A cost is not taken from it
    ([A, B, COSTS], 60, ("B",), [("B", 60, "designated")]),
    # the debtor names A: its costs come first all the same (561)
    ([A, B, COSTS], 60, ("A",), [("FY", 20, "costs"), ("A", 40, "designated")]),
    # the debtor names the charge itself
    ([A, B, COSTS], 30, ("FY",), [("FY", 20, "designated"), ("A", 10, "earlier")]),
    # the invoice is paid: the charge stands by itself
    ([B, COSTS], 110, (), [("B", 100, "earlier"), ("FY", 10, "last")]),
])  # fmt: skip
def test_costs_then_interest_then_principal(debts: list[OpenDebt], minor: int, named: tuple[str, ...],
                                            found: list[tuple[str, int, str]]) -> None:
    assert placed(debts, minor, *named) == found


def test_an_unsecured_debt_is_settled_before_an_earlier_secured_one() -> None:
    covers = secured([A, B], [Cover(None, "inv-A", None, "CNY")])
    assert covers == {"due-A": 100, "due-B": 0}
    assert placed([debt("A", 30, 100, secured_minor=100), B], 60) == [("B", 60, "least_secured")]


@pytest.mark.parametrize(("cover", "found"), [
    (Cover(None, None, 50, "CNY"), {"due-A": 25, "due-B": 25}), (Cover(None, None, None, "CNY"),
                                                                {"due-A": 100, "due-B": 100}),
    (Cover(None, "inv-B", 999, "CNY"), {"due-A": 0, "due-B": 100}), (Cover(None, None, 50, "EUR"),
                                                                    {"due-A": 0, "due-B": 0}),
])  # fmt: skip
def test_what_a_security_covers_is_shared_in_proportion(cover: Cover, found: dict[str, int]) -> None:
    assert secured([A, B], [cover]) == found


DEBTS = st.lists(st.tuples(st.integers(-5, 60), st.integers(1, 500), st.integers(0, 500),
                           st.sampled_from(["", "costs", "interest"])), min_size=1, max_size=6)


@given(DEBTS, st.integers(1, 3000), st.lists(st.sampled_from(list("012345")), max_size=3))
def test_allocation_conserves_money(rows: list[tuple[int, int, int, str]], minor: int, named: list[str]) -> None:
    debts = [
        debt(str(n), late, owed, secured_minor=cover, **({"charge_for": "inv-0", "charge_kind": kind} if n and kind
                                                         else {}))
        for n, (late, owed, cover, kind) in enumerate(rows)
    ]  # fmt: skip
    posting = post_money(debts, money(minor, *named))
    given_out = sum(row.amount_minor for row in posting.applied)
    assert given_out + posting.money[0].unapplied_minor == minor
    assert all(row.amount_minor > 0 for row in posting.applied)
    after = {one.due_id: one for one in posting.debts}
    assert all(0 <= after[one.due_id].open_minor <= one.open_minor for one in debts)
    assert sum(one.open_minor - after[one.due_id].open_minor for one in debts) == given_out


def book(ledger: Ledger, invoice_id: str, kind: str, minor: int, who: Any = cast.FINANCE) -> str:
    charge = uuid7()
    ledger.perform("receivables.book_charge", who, charge_id=charge, for_invoice_id=invoice_id, kind=kind,
                   amount_minor=minor, on=TODAY, source="律师费发票 1 号")
    return charge


def test_a_charge_is_paid_first_on_the_books_and_the_audit_agrees(ledger: Ledger) -> None:
    first = ledger.invoice("A", 100_00, late=40)
    ledger.invoice("B", 100_00, late=10)
    costs, interest = book(ledger, first, "costs", 8_00), book(ledger, first, "interest", 3_00)
    numbers = dict(ledger.rows(Invoice, "id", "number"))
    assert numbers[costs].startswith("FY260312-")
    assert ledger.summary()["open_minor"] == 211_00
    paid = ledger.pay(50_00)
    opens = ledger.open_of()
    assert (opens["A"], opens["B"], opens[numbers[costs]], opens[numbers[interest]]) == (61_00, 100_00, 0, 0)
    assert sorted(rule for _, rule in ledger.allocations()) == ["costs", "earlier", "interest"]
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=paid, reason="退票")
    assert ledger.summary()["open_minor"] == 211_00
    with ledger.dispatcher.store.reading() as connection:
        for check in (payments_cover_allocations, invoices_cover_allocations, balances_add_up):
            assert check(connection).holds, check.__name__


def test_money_that_waited_settles_a_charge_at_once(ledger: Ledger) -> None:
    first = ledger.invoice("A", 100_00, late=40)
    ledger.pay(130_00)
    assert ledger.unapplied() == 30_00
    book(ledger, first, "costs", 8_00)
    assert ledger.unapplied() == 22_00
    assert ledger.summary()["open_minor"] == 0


def test_a_charge_has_the_key_an_import_of_our_own_list_gives_it(ledger: Ledger) -> None:
    """The list of invoices taken out and brought in again adds nothing."""
    for seller in (cast.SELLER, None):
        charge = book(ledger, ledger.invoice(f"A-{seller}", 100_00, seller_id=seller), "costs", 8_00)
        [(key, number)] = ledger.rows(Invoice, "external_key", "number", id=charge)
        assert key == f"{'HC' if seller else ''}|{number}"
        again = {"invoice_id": uuid7(), "customer_id": cast.HARBOUR, "number": number, "issued_on": TODAY.isoformat(),
                 "due_on": TODAY.isoformat(), "total_minor": 8_00, "external_key": key}
        answer = ledger.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [again]})
        assert (answer["added"], answer["skipped"]) == (0, 1)


def test_only_finance_books_a_charge_and_on_an_invoice_of_the_customer(ledger: Ledger) -> None:
    first = ledger.invoice("A", 100_00, late=40)
    with pytest.raises(NotAllowed):
        book(ledger, first, "costs", 8_00, cast.MANAGER)
    charge = book(ledger, first, "costs", 8_00)
    with pytest.raises(RuleBroken):
        book(ledger, charge, "interest", 1_00)
    assert len(ledger.rows(Invoice, "id")) == 2


def test_a_security_on_record_changes_the_order_until_it_ends(ledger: Ledger) -> None:
    first = ledger.invoice("A", 100_00, late=40)
    ledger.invoice("B", 100_00, late=10)
    security = uuid7()
    with pytest.raises(NotAllowed):
        ledger.perform("receivables.add_security", cast.REP, security_id=security, invoice_id=first, kind="guarantee",
                       giver="林海港", source="保证书 1 号")
    ledger.perform("receivables.add_security", cast.LEGAL, security_id=security, invoice_id=first, kind="guarantee",
                   giver="林海港", source="保证书 1 号")
    ledger.pay(10_00)
    ledger.perform("receivables.end_security", cast.LEGAL, security_id=security)
    ledger.pay(10_00)
    assert ledger.open_of() == {"A": 90_00, "B": 90_00}
    assert ledger.rows(Allocation, "amount_minor", "rule") == [(10_00, "earlier"), (10_00, "least_secured")]


def test_a_buyers_size_is_kept_with_its_source(ledger: Ledger) -> None:
    ledger.perform("receivables.set_profile", cast.FINANCE, profile_id=uuid7(), debtor_id=cast.HARBOUR_DEBTOR,
                   size="large", source="企业信用公示系统 2026-03-01")
    with pytest.raises(RuleBroken):
        ledger.perform("receivables.set_profile", cast.FINANCE, profile_id=uuid7(), debtor_id=cast.RIVER_DEBTOR,
                       size="large", source="x")
    assert date(2026, 3, 12) == TODAY
