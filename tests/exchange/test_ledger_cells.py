"""Amounts, numbers and dates as ledgers write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.exchange.amounts import CentRounder, document_number, read_amount
from fieldsales.exchange.dates import find_order, read_date
from fieldsales.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("¥1,234.50", "1234.50"), ("￥１，２３４．５０", "1234.50"), ("(1,234.50)", "-1234.50"), ("1234.50-",
                                                                                         "-1234.50"),
        ("-1,234.50", "-1234.50"), ("−5", "-5"), ("△12", "-12"), ("红字 12.00", "-12.00"), ("1.234,56", "1234.56"),
        ("12 345.60 元", "12345.60"), ("$3,525.59", "3525.59"), ("1e3", "1E+3"), (".5", "0.5"), (12, "12"), (0.1,
                                                                                                            "0.1"),
        (2309.7899999999995, "2309.7899999999995"), ("+7", "7"), ("(-5)", "-5"), ("RMB 88", "88"), ("1,234,567",
                                                                                                    "1234567"),
    ],
)
def test_amount_is_read_exactly(cell: object, value: str) -> None:
    found = read_amount(cell)
    assert found is not None
    assert found.value == Decimal(value)


def test_amount_keeps_the_currency_its_cell_names() -> None:
    assert read_amount("US$ 10").currency == "USD"  # type: ignore[union-attr]
    assert read_amount("10").currency == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("cell", ["", "-", "—", None, "  "])
def test_empty_amount_is_none(cell: object) -> None:
    assert read_amount(cell) is None


@pytest.mark.parametrize("cell", ["十二", "1,23,45", "12a", "1.2.3", True, float("nan"), float("inf"), "12:30",
                                  "=1+1"])
def test_anything_else_is_refused_not_guessed(cell: object) -> None:
    with pytest.raises(Invalid):
        read_amount(cell)


def test_badly_written_cent_is_cleaned_and_counted() -> None:
    rounder = CentRounder()
    assert rounder.minor(Decimal("2309.7899999999995"), "USD") == 230979
    assert (rounder.cleaned, rounder.rounded) == (1, 0)


@pytest.mark.parametrize("value", ["1e12", "1e40", "-1e13", "1e-40000"])
def test_absurd_amount_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        CentRounder().minor(Decimal(value), "CNY")


@given(st.lists(st.decimals(min_value=-10**6, max_value=10**6, places=5), max_size=60))
def test_rounding_keeps_the_sum_and_moves_nothing_by_a_cent(values: list[Decimal]) -> None:
    rounder = CentRounder()
    cents = [rounder.minor(value, "CNY") for value in values]
    assert all(abs(Decimal(minor) - value * 100) < 1 for minor, value in zip(cents, values, strict=True))
    slack = Decimal("0.5") + Decimal("0.0001") * len(values)
    assert abs(sum(cents) - sum(values) * 100) <= slack


@pytest.mark.parametrize(
    ("cell", "number"),
    [("2960623488.0", "2960623488"), (2960623488.0, "2960623488"), ("00123", "00123"), (" A-1 ", "A-1"),
     ("１２３", "123"), (None, ""), ("1.50", "1.50"), ("0379-NEVHP", "0379-NEVHP")],
)
def test_document_number_loses_a_floats_tail_and_nothing_else(cell: object, number: str) -> None:
    assert document_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2020-05-31", date(2020, 5, 31)), ("2020/5/31", date(2020, 5, 31)), ("2020.05.31", date(2020, 5, 31)),
        ("20200531", date(2020, 5, 31)), ("2020年5月31日", date(2020, 5, 31)), ("2020年05月31", date(2020, 5, 31)),
        ("2020-04-26 14:35:17.000000000", date(2020, 4, 26)), ("2020-04-26T14:35:17Z", date(2020, 4, 26)),
        (datetime(2020, 5, 31, 8), date(2020, 5, 31)), (date(2020, 5, 31), date(2020, 5, 31)), (43982, date(2020, 5,
                                                                                                            31)),
        (43982.0, date(2020, 5, 31)), (20200531, date(2020, 5, 31)), ("31-May-2020", date(2020, 5, 31)),
        ("May 31, 2020", date(2020, 5, 31)), ("31/5/2020", date(2020, 5, 31)), ("5/31/2020", date(2020, 5, 31)),
        ("3/3/2013", date(2013, 3, 3)), ("", None), ("0000-00-00", None), ("２０２０－０５－３１", date(2020, 5, 31)),
    ],
)
def test_date_is_read(cell: object, day: date | None) -> None:
    assert read_date(cell) == day


@pytest.mark.parametrize("cell", ["2013-02-30", "2013年2月30日", "31/31/2013", "20130230", "2/30/2013"])
def test_day_that_does_not_exist_is_refused(cell: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_date(cell, "mdy")
    assert refused.value.code == "exchange.no_such_day"


@pytest.mark.parametrize("cell", ["昨天", "2013", "13:30", "1/2", 7, "99999", "1800-01-01"])
def test_what_is_no_date_is_refused(cell: object) -> None:
    with pytest.raises(Invalid):
        read_date(cell)


def test_ambiguous_date_is_never_guessed() -> None:
    with pytest.raises(Invalid) as refused:
        read_date("1/2/2013")
    assert refused.value.code == "exchange.date_order_needed"
    assert read_date("1/2/2013", "mdy") == date(2013, 1, 2)
    assert read_date("1/2/2013", "dmy") == date(2013, 2, 1)
    assert read_date("13-02-01", "ymd") == date(2013, 2, 1)


def test_order_is_decided_by_evidence_and_asked_without() -> None:
    assert find_order(["1/2/2013", "1/15/2013"]).order == "mdy"
    assert find_order(["1/2/2013", "15/1/2013"]).order == "dmy"
    open_order = find_order(["1/2/2013", "3/3/2013", "2/1/2013"])
    assert (open_order.order, open_order.ask, open_order.examples) == (None, True, ("1/2/2013", "2/1/2013"))
    assert not find_order(["3/3/2013", "2013-01-02", "7/7/2013"]).ask


def test_contradicting_evidence_is_asked_with_both_examples() -> None:
    found = find_order(["15/1/2013", "1/15/2013"])
    assert found.ask
    assert found.examples == ("15/1/2013", "1/15/2013")


def test_impossible_day_is_no_evidence() -> None:
    assert find_order(["31/31/2013", "1/2/2013"]).ask
