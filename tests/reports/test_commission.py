"""Commission by cleared cash and its age; what acceptance bills are worth."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.errors import Invalid, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.commission import Cleared, Policy, check_steps, earned, policy_on, share, step_of
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.reports.commission import read_steps
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY
STEPS = ((0, 120), (30, 100), (90, 50), (None, 0))
POLICY = Policy(date(2026, 1, 1), STEPS, "2026 年提成办法")
Enter = Callable[[str], FlaskClient]


@pytest.mark.parametrize(("days", "rate"), [
    (-5, 120), (0, 120), (1, 100), (30, 100), (31, 50), (90, 50), (91, 0), (4000, 0),
])  # fmt: skip
def test_rate_by_age(days: int, rate: int) -> None:
    assert step_of(POLICY, days)[1] == rate


def test_policy_of_the_day_money_was_received_counts() -> None:
    later = Policy(date(2026, 3, 1), ((None, 10),), "")
    assert policy_on([later, POLICY], date(2026, 2, 28)) is POLICY
    assert policy_on([later, POLICY], date(2026, 3, 1)) is later
    assert policy_on([later, POLICY], date(2025, 12, 31)) is None


def row(minor: int, received: date = TODAY, late: int = 0) -> Cleared:
    return Cleared("r", "c", "A", received, received - timedelta(days=late), received, minor, "CNY")


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(-30, 400)), max_size=6))
def test_reversal_takes_back_to_the_cent(sums: list[tuple[int, int]]) -> None:
    rows = [row(minor * sign, late=late) for minor, late in sums for sign in (1, -1)]
    assert sum(one.minor for one in earned(rows, [POLICY])) == 0


@given(st.integers(0, 10**9), st.integers(0, 400), st.integers(0, 400))
def test_later_money_never_earns_more(minor: int, late: int, more: int) -> None:
    one, other = earned([row(minor, late=late), row(minor, late=late + more)], [POLICY])
    assert one.minor >= other.minor


def test_half_a_cent_goes_away_from_nothing_both_ways() -> None:
    assert (share(50, 100), share(-50, 100), share(49, 100)) == (1, -1, 0)


@pytest.mark.parametrize("steps", [
    [], [(0, 1)], [(30, 1), (0, 1), (None, 0)], [(0, 1), (0, 1), (None, 0)], [(None, 1), (None, 0)],
    [(-1, 1), (None, 0)],
    [(None, 5001)], [(None, -1)],
])  # fmt: skip
def test_steps_must_ascend_end_open_and_be_believable(steps: list[tuple[int | None, int]]) -> None:
    with pytest.raises(Invalid):
        check_steps(steps)


@pytest.mark.parametrize(("typed", "found"), [
    ("0:1.2, 30:1, *:0", [(0, 120), (30, 100), (None, 0)]), ("0：1.2，*：0.5%", [(0, 120), (None, 50)]), ("x", None),
    ("0:1.234, *:0", None), ("", None),
])  # fmt: skip
def test_steps_as_typed(typed: str, found: Any) -> None:
    assert read_steps(typed) == found


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def policy(ledger: Ledger, who: Any = cast.FINANCE) -> None:
    ledger.dispatcher.perform(who, "receivables.set_commission", {
        "policy_id": uuid7(), "from_on": "2026-01-01", "steps": [list(one) for one in STEPS], "source": "提成办法"})


def commission(client: FlaskClient, month: str = "2026-03") -> list[dict[str, str]]:
    sent = client.get(f"/reports/commission.csv?month={month}").get_data()
    assert sent.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    return list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))


def test_report_by_rep_and_month_with_drill_down_and_take_back(
    ledger: Ledger, log_in: Enter, clock: Any, count_queries: Any, program: Program
) -> None:
    policy(ledger)
    ledger.invoice("A", 1_000_00, late=40)
    ledger.invoice("B", 1_000_00, late=0)
    ledger.pay(1_000_00, "A")
    paid = ledger.pay(500_00, "B")
    client = log_in("finance")
    with count_queries(program.store.engine) as first:
        text = client.get(f"/reports/commission?month=2026-03&rep={cast.REP.user_id}").get_data(as_text=True)
    for words in ("王小明", "¥11.00", "¥5.00", "¥6.00", "31–90 天"):
        assert words in text, words
    assert [(one["invoice"], one["days_past_due"], one["commission"]) for one in commission(client)] == [
        ("A", "40", "5.00"), ("B", "0", "6.00")]
    clock.at = clock.now() + timedelta(days=25)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=paid, reason="退票")
    client = log_in("finance")
    with count_queries(program.store.engine) as second:
        client.get(f"/reports/commission?month=2026-03&rep={cast.REP.user_id}")
    assert len(first) == len(second)
    assert sum(float(one["commission"]) for one in commission(client)) == 11.00  # March stays as it was paid
    assert [one["commission"] for one in commission(client, "2026-04")] == ["-6.00"]


def test_costs_credit_notes_and_loose_money_earn_nothing(ledger: Ledger, log_in: Enter) -> None:
    policy(ledger)
    first = ledger.invoice("A", 100_00, late=0)
    ledger.perform("receivables.book_charge", charge_id=uuid7(), for_invoice_id=first, kind="costs", amount_minor=10_00,
                   on=TODAY, source="快递费")
    ledger.invoice("HZ", -20_00)
    ledger.pay(500_00)
    assert [one["amount"] for one in commission(log_in("finance"))] == ["90.00"]  # what the credit note left


def test_a_rep_sees_his_own_a_manager_his_team(ledger: Ledger, log_in: Enter) -> None:
    policy(ledger)
    ledger.invoice("A", 100_00, late=0)
    ledger.pay(100_00)
    assert [one["rep"] for one in commission(log_in("rep"))] == ["王小明"]
    assert [one["rep"] for one in commission(log_in("manager"))] == ["王小明"]
    for stranger in ("other_rep", "other_manager", "helper_rep"):
        assert commission(log_in(stranger)) == [], stranger
    with pytest.raises(NotAllowed):
        policy(ledger, cast.MANAGER)


def test_policy_is_entered_on_the_page_and_a_slip_is_told_at_the_field(log_in: Enter) -> None:
    client = log_in("finance")
    sent = {"command_id": uuid7(), "from_on": "2026-01-01", "steps": "0:1.2, *:0", "source": "提成办法"}
    answer = client.post("/reports/commission", data=sent | {"steps": "30:1"})
    assert answer.status_code == 422
    assert "steps-error" in answer.get_data(as_text=True)
    assert client.post("/reports/commission", data=sent | {"command_id": uuid7()}).status_code == 303
    assert "提成办法" in client.get("/reports/commission").get_data(as_text=True)


def test_bills_are_shown_at_their_true_value_by_the_banks_rate(ledger: Ledger, log_in: Enter) -> None:
    for n, matures in enumerate((TODAY + timedelta(days=180), None)):
        ledger.perform("receivables.register_receipt", cast.REP, receipt_id=uuid7(), number=f"SJ260312-0000000{n}",
                       amount_minor=100_000_00, method="bill", bill_number=f"汇票{n}",
                       received_at=cast.NOON.isoformat(),
                       bill_matures_on=matures.isoformat() if matures else None)
    assert len(ledger.rows(PaymentReceipt, "id")) == 2
    client = log_in("finance")
    assert "没有登记贴现率" in client.get("/reports/bills").get_data(as_text=True)
    client.post("/rates", data={"command_id": uuid7(), "kind": "bill_discount", "from_on": "2026-01-01",
                                "rate_bp100": "1.80", "source": "开户行报价"})
    text = client.get("/reports/bills").get_data(as_text=True)
    for words in ("¥900.00", "¥99,100.00", "1 张没有到期日或利率", "开户行报价"):
        assert words in text, words
    assert "汇票0" not in log_in("other_manager").get("/reports/bills").get_data(as_text=True)
