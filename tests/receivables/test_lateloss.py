"""Late loss by the rule that applies, and the discount of bills: statute examples, edges of dates, the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.discount import cost, true_value
from fieldsales.receivables.interest import Rate
from fieldsales.receivables.lateloss import LateDebt, Piece, late_loss
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

LPR = Rate("lpr_1y", date(2025, 6, 20), 30_000, "示例公布")
CONTRACT = Rate("contract", date(2020, 1, 1), 500, "合同第八条")
ECB = (Rate("ecb_ref", date(2024, 9, 18), 36_500, "ECB"), Rate("ecb_ref", date(2025, 2, 5), 29_000, "ECB"))
Enter = Callable[[str], FlaskClient]


def debt(due: date, minor: int = 10_000_00, **more: Any) -> LateDebt:
    return LateDebt("A", 1, due, more.pop("currency", "CNY"), more.pop("pieces", (Piece(minor),)), **more)


def lines(found: Any) -> list[tuple[str, int, int, int]]:
    return [(one.basis, one.days, one.rate_bp100, one.amount_minor) for one in found.lines]


@pytest.mark.parametrize(("one", "to_on", "rates", "sme", "found"), [
    # the contract goes first, whoever the buyer is: 10,000 × 0.05 % × 30
    (debt(date(2026, 1, 31), size="large"), date(2026, 3, 2), (LPR, CONTRACT), True, [("contract", 30, 500, 150_00)]),
    # a small business against a large buyer: 0.05 % a day
    (debt(date(2026, 1, 31), size="large"), date(2026, 3, 2), (LPR,), True, [("sme", 30, 500, 150_00)]),
    (debt(date(2026, 1, 31), size="public"), date(2026, 3, 2), (), True, [("sme", 30, 500, 150_00)]),
    # not set as a small business, or the buyer is small too: LPR of the first day late × 1.3 × 30 ÷ 365
    (debt(date(2026, 1, 31), size="large"), date(2026, 3, 2), (LPR,), False, [("lpr", 30, 30_000, 32_05)]),
    (debt(date(2026, 1, 31), size="small"), date(2026, 3, 2), (LPR,), True, [("lpr", 30, 30_000, 32_05)]),
    # the revision of 2025-06-01 splits the line, the figure stays
    (debt(date(2025, 5, 29), size="large"), date(2025, 6, 3), (), True,
     [("sme", 2, 500, 10_00), ("sme", 3, 500, 15_00)]),
    # before the regulation of 2020: no small-business rule, and no LPR on record
    (debt(date(2020, 8, 1), size="large"), date(2020, 10, 1), (), True, []),
    # a leap February is one day longer
    (debt(date(2024, 2, 1), size="large"), date(2024, 3, 1), (), True, [("sme", 29, 500, 145_00)]),
    # due on the last day, not late; one day late is one day
    (debt(date(2026, 3, 2), size="large"), date(2026, 3, 2), (), True, []),
    (debt(date(2026, 3, 1), size="large"), date(2026, 3, 2), (), True, [("sme", 1, 500, 5_00)]),
])  # fmt: skip
def test_the_rule_that_applies(one: LateDebt, to_on: date, rates: tuple[Rate, ...], sme: bool,
                               found: list[tuple[str, int, int, int]]) -> None:
    assert lines(late_loss([one], to_on, rates, creditor_sme=sme)) == found


def test_eu_takes_the_reference_rate_of_each_half_year_and_forty_euro_a_payment() -> None:
    """3.65 % in force on 1 January 2025, 2.90 % on 1 July: 11.65 % and 10.90 %."""
    one = debt(date(2025, 6, 20), market="EU", currency="EUR")
    other = debt(date(2025, 7, 20), market="EU", currency="EUR")
    found = late_loss([one, other], date(2025, 7, 31), ECB)
    assert lines(found) == [("eu", 10, 116_500, 31_92), ("eu", 31, 109_000, 92_58), ("lump", 0, 0, 40_00),
                            ("eu", 11, 109_000, 32_85), ("lump", 0, 0, 40_00)]
    assert found.totals == {"EUR": 31_92 + 92_58 + 40_00 + 32_85 + 40_00}


def test_eu_debt_in_another_currency_has_no_lump_sum_and_none_without_a_rate_of_each_half_year() -> None:
    assert [one.basis for one in late_loss([debt(date(2025, 7, 20), market="EU")], date(2025, 7, 31), ECB).lines] == [
        "eu"]
    gap = late_loss([debt(date(2024, 6, 20), market="EU", currency="EUR")], date(2024, 7, 31), ECB)
    assert (gap.lines, gap.unreckoned) == ((), ("A",))


def test_what_was_paid_late_bears_interest_until_it_came() -> None:
    one = debt(date(2026, 1, 31), size="large", pieces=(Piece(4_000_00, date(2026, 2, 10)), Piece(6_000_00)))
    assert lines(late_loss([one], date(2026, 3, 2), (), creditor_sme=True)) == [
        ("sme", 10, 500, 20_00), ("sme", 30, 500, 90_00)]


def test_an_agreed_rate_below_the_lpr_is_said_for_a_small_business() -> None:
    low = Rate("contract", date(2020, 1, 1), 10, "合同")  # 0.001 % a day is 0.365 % a year
    assert late_loss([debt(date(2026, 1, 31), size="large")], date(2026, 3, 2), (LPR, low), creditor_sme=True).below_lpr
    assert not late_loss([debt(date(2026, 1, 31))], date(2026, 3, 2), (LPR, low), creditor_sme=True).below_lpr


@given(st.integers(1, 10**9), st.integers(0, 800), st.integers(0, 200))
def test_later_never_costs_less_and_pieces_never_cost_more_than_the_whole(minor: int, late: int, more: int) -> None:
    due = date(2026, 1, 1)
    one = debt(due, minor, size="large")
    until, further = due + timedelta(days=late), due + timedelta(days=late + more)
    total = [late_loss([one], day, (), creditor_sme=True).totals.get("CNY", 0) for day in (until, further)]
    assert total[0] <= total[1]
    split = debt(due, size="large", pieces=(Piece(minor, until), Piece(minor)))
    assert late_loss([split], further, (), creditor_sme=True).totals.get("CNY", 0) == sum(total)


@pytest.mark.parametrize(("face", "rate", "days", "found"), [
    (100_000_00, 18_000, 180, 900_00), (100_000_00, 18_000, 0, 0), (100_000_00, 18_000, -3, 0), (1_00, 18_000, 1, 0),
    (80_000_00, 21_500, 121, 578_11),
])  # fmt: skip
def test_discount_of_a_bill_by_a_year_of_360_days(face: int, rate: int, days: int, found: int) -> None:
    assert cost(face, rate, days) == found


def test_true_value_takes_the_rate_of_the_day_and_nothing_without_one() -> None:
    rates = (Rate("bill_discount", date(2026, 1, 1), 18_000, "行情"),
             Rate("bill_discount", date(2026, 6, 1), 20_000, "行情"))
    found = true_value(100_000_00, date(2026, 9, 8), rates, date(2026, 3, 12))
    assert found is not None
    assert (found.days, found.rate_bp100, found.cost_minor, found.value_minor) == (180, 18_000, 900_00, 99_100_00)
    assert true_value(1, date(2026, 9, 8), rates, date(2025, 12, 31)) is None
    assert true_value(1, None, rates, date(2026, 3, 12)) is None


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def test_page_names_rate_days_rounding_and_what_is_missing(ledger: Ledger, log_in: Enter, count_queries: Any,
                                                           program: Program) -> None:
    ledger.invoice("A", 1_000_00, late=30)
    client, path = log_in("finance"), f"/customers/{cast.HARBOUR}/late-loss"
    with count_queries(program.store.engine) as first:
        assert "没有适用的利率：A" in client.get(path).get_data(as_text=True)
    form = {"command_id": uuid7(), "kind": "lpr_1y", "from_on": "2026-01-20", "rate_bp100": "3.00",
            "source": "示例公布"}
    assert client.post("/rates", data=form).status_code == 303
    ledger.invoice("B", 1_000_00, late=20)
    ledger.pay(400_00, "A", on=cast.TODAY - timedelta(days=10))
    with count_queries(program.store.engine) as second:
        text = client.get(path).get_data(as_text=True)
    for words in ("逾期首日 LPR 加计 30%", "年利率除以 365", "四舍五入", "示例公布", "× 130%"):
        assert words in text, words
    assert len(first) == len(second)
    assert client.get(f"/customers/{cast.RIVER}/late-loss").status_code == 200
    assert log_in("other_manager").get(path).status_code == 404


def test_page_of_an_allocation_explains_every_line(ledger: Ledger, log_in: Enter) -> None:
    first = ledger.invoice("A", 100_00, late=40)
    client = log_in("finance")
    form = {"command_id": uuid7(), "for_invoice_id": first, "kind": "costs", "amount": "8", "source": "律师费发票"}
    assert client.post(f"/customers/{cast.HARBOUR}/charges", data=form).status_code == 303
    paid = ledger.pay(150_00)
    text = log_in("rep").get(f"/customers/{cast.HARBOUR}/payments/{paid}/allocation").get_data(as_text=True)
    for words in ("付款人没有指定应收单", "费用先于利息和主债务", "¥8.00", "¥100.00", "¥42.00"):
        assert words in text, words
    assert log_in("other_rep").get(f"/customers/{cast.HARBOUR}/payments/{paid}/allocation").status_code == 404
    assert client.get(f"/customers/{cast.RIVER}/payments/{paid}/allocation").status_code == 404


def test_security_and_buyer_are_kept_on_the_page(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A", 100_00, late=40)
    client, path = log_in("legal"), f"/customers/{cast.HARBOUR}/late-loss"
    client.post(f"/customers/{cast.HARBOUR}/securities", data={
        "command_id": uuid7(), "kind": "guarantee", "giver": "林海港", "source": "保证书 1 号"})
    client.post(f"/customers/{cast.HARBOUR}/profile", data={
        "command_id": uuid7(), "debtor_id": cast.HARBOUR_DEBTOR, "size": "large", "source": "公示系统"})
    text = client.get(path).get_data(as_text=True)
    assert "保证书 1 号" in text
    assert '<option value="large" selected>' in text
    assert log_in("rep").get(path).status_code == 403
