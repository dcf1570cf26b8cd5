"""Late interest: by the contract, else by the LPR of the first day late; nothing invented, nothing left unsaid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.receivables.interest import LPR_MARKUP, Rate, Sum, amount, reckon

TODAY = date(2026, 3, 12)
#: Made-up rates: the program brings none.
LPR = (Rate("lpr_1y", date(2025, 1, 20), 40_000, "示例一"), Rate("lpr_1y", date(2026, 1, 20), 30_000, "示例二"))
CONTRACT = (Rate("contract", date(2025, 1, 1), 500, "合同第八条"),)


def test_contract_goes_before_the_lpr_and_its_source_is_named() -> None:
    found = reckon([Sum("A", date(2026, 3, 2), 100_000_00)], TODAY, [*LPR, *CONTRACT])
    assert found is not None
    assert (found.basis, found.source, found.markup_percent) == ("contract", "合同第八条", 0)
    [line] = found.lines
    assert (line.from_on, line.to_on, line.days) == (date(2026, 3, 3), TODAY, 10)
    assert line.amount_minor == found.total_minor == 500_00, "100,000 × 0.05% × 10 days"


def test_lpr_is_that_of_the_first_day_late_with_the_least_markup() -> None:
    before = reckon([Sum("A", date(2026, 1, 18), 365_000_00)], TODAY, LPR)
    after = reckon([Sum("A", date(2026, 1, 19), 365_000_00)], TODAY, LPR)
    assert before is not None
    assert after is not None
    assert before.lines[0].rate_bp100 == 40_000
    assert after.lines[0].rate_bp100 == 30_000
    assert after.markup_percent == LPR_MARKUP == 30
    assert after.lines[0].days == 52
    assert after.total_minor == 365_000_00 * 3 * 130 * 52 // (100 * 100 * 365)


def test_contract_rate_that_changed_is_reckoned_stretch_by_stretch() -> None:
    rates = [*CONTRACT, Rate("contract", date(2026, 3, 6), 300, "补充协议")]
    found = reckon([Sum("A", date(2026, 3, 2), 100_000_00)], TODAY, rates)
    assert found is not None
    assert [(line.days, line.rate_bp100) for line in found.lines] == [(3, 500), (7, 300)]
    assert found.total_minor == 150_00 + 210_00
    assert found.source == "合同第八条；补充协议"


@pytest.mark.parametrize(("due_on", "rates"), [
    (date(2026, 3, 1), ()), (date(2024, 12, 1), LPR), (date(2019, 8, 1), LPR), (TODAY, LPR),
    (date(2024, 12, 1), CONTRACT),
])  # fmt: skip
def test_without_a_rate_that_applies_nothing_is_reckoned(due_on: date, rates: tuple[Rate, ...]) -> None:
    assert reckon([Sum("A", due_on, 100_00)], TODAY, rates) is None


def test_what_no_rate_applies_to_is_counted_not_guessed() -> None:
    found = reckon([Sum("old", date(2024, 1, 1), 100_00), Sum("new", date(2025, 6, 1), 100_00)], TODAY, LPR)
    assert found is not None
    assert ([line.number for line in found.lines], found.unreckoned) == (["new"], 1)


def test_credit_note_is_taken_off_the_oldest_sum_first() -> None:
    sums = [Sum("A", date(2026, 3, 2), 100_00), Sum("CN", date(2026, 3, 5), -150_00),
            Sum("B", date(2026, 3, 7), 200_00)]  # fmt: skip
    found = reckon(sums, TODAY, CONTRACT)
    assert found is not None
    assert [(line.number, line.principal_minor) for line in found.lines] == [("B", 150_00)]


def test_payment_order_asks_for_contract_interest_only() -> None:
    """民诉解释 428(2)."""
    assert reckon([Sum("A", date(2026, 3, 2), 100_000_00)], TODAY, LPR, contract_only=True) is None
    assert reckon([Sum("A", date(2026, 3, 2), 100_000_00)], TODAY, [*LPR, *CONTRACT], contract_only=True)


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(-10**9, 10**10)), max_size=12),
       st.lists(st.tuples(st.integers(1, 1200), st.integers(1, 10_000)), max_size=5))
def test_lines_add_up_and_never_exceed_the_debt(sums: list[tuple[int, int]], rates: list[tuple[int, int]]) -> None:
    listed = [Sum(f"N{n}", TODAY - timedelta(days=days), minor) for n, (days, minor) in enumerate(sums)]
    table = [Rate("contract", TODAY - timedelta(days=days), bp, "s") for days, bp in dict(rates).items()]
    found = reckon(listed, TODAY, table)
    if found is None:
        return
    assert found.total_minor == sum(line.amount_minor for line in found.lines)
    owed = {(line.number, line.from_on): line.principal_minor for line in found.lines}
    net = sum(max(0, one.minor) for one in listed)
    assert all(principal <= net for principal in owed.values())
    for line in found.lines:
        assert line.days == (line.to_on - line.from_on).days + 1
        assert line.amount_minor == amount(line.principal_minor, line.rate_bp100, line.days, "day")
