"""One sum is not counted twice: a promise beside a signed plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.promises.rules import Promised, settle, spoken_for
from fieldsales.receivables.earmarks import left_over
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

DAY = date(2026, 3, 12)
PLAN = cast.an_id(0x501)


def money(amount: int, day: date = DAY, debtor: str | None = None) -> MoneyIn:
    return MoneyIn(amount, "CNY", day, debtor)


def test_what_a_promise_took_is_left_out_and_the_rest_stays() -> None:
    came = [money(100), money(50, debtor="d1"), money(70, DAY + timedelta(days=1))]
    assert left_over(came, [money(60)]) == [money(40), came[1], came[2]]
    assert left_over(came, [money(100), money(50, debtor="d1")]) == [came[2]]
    assert left_over([money(30), money(30)], [money(40)]) == [money(20)]
    assert left_over(came, []) == came


def test_a_promise_that_repeats_an_instalment_claims_no_money_of_its_own() -> None:
    own = Promised("a", 60, "CNY", DAY, DAY)
    repeats = Promised("b", 60, "CNY", DAY, DAY, plan_id="p")
    assert spoken_for([own, repeats], [money(100)]) == [money(60)]
    assert spoken_for([repeats], [money(100)]) == []


SUMS = st.lists(st.tuples(st.integers(1, 300), st.integers(0, 9).map(lambda n: DAY + timedelta(days=n))), max_size=6)


@given(SUMS, SUMS, st.integers(0, 3))
def test_no_yuan_is_lost_or_counted_twice(wanted: list[tuple[int, date]], came: list[tuple[int, date]], grace: int
                                          ) -> None:
    promises = [Promised(str(n), amount, "CNY", DAY, due) for n, (amount, due) in enumerate(wanted)]
    received = [money(amount, day) for amount, day in came]
    taken = spoken_for(promises, received, grace)
    rest = left_over(received, taken)
    assert sum(one.amount_minor for one in rest) + sum(one.amount_minor for one in taken) == sum(
        one.amount_minor for one in received)
    verdicts = settle(promises, received, DAY + timedelta(days=99), grace)
    assert sum(one.amount_minor for one in taken) == sum(verdict.kept_minor for verdict in verdicts)


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, with a plan of one instalment of 100 due in ten days."""
    found = Ledger(program.dispatcher)
    with program.store.writing() as connection:
        connection.execute(insert(table_of(Plan)).values(
            id=PLAN, number="HK1", customer_id=cast.HARBOUR, debtor_id=cast.HARBOUR_DEBTOR, seller_id=cast.SELLER,
            total_minor=100_00, currency="CNY", payload={}, payload_sha256="a", manifest_sha256="b",
            signatory_name="林", signatory_role="", authority="", signed_at=cast.NOON, received_at=cast.NOON,
            by_id=cast.REP.user_id, document_id=uuid7(), flags=[]))
        connection.execute(insert(table_of(PlanInstalment)).values(
            id=cast.an_id(0x502), plan_id=PLAN, customer_id=cast.HARBOUR, n=1, due_on=DAY + timedelta(days=10),
            amount_minor=100_00, currency="CNY", state="open", kept_minor=0))
    return found


@pytest.mark.parametrize(("about_the_plan", "instalment"), [(False, ("open", 20_00)), (True, ("kept", 100_00))])
def test_a_promise_made_after_the_plan_takes_its_money_unless_it_is_the_plans_own(
    ledger: Ledger, about_the_plan: bool, instalment: tuple[str, int]
) -> None:
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=80_00,
                   due_on=DAY + timedelta(days=5), **({"plan_id": PLAN} if about_the_plan else {}))
    ledger.pay(100_00)
    assert ledger.rows(Promise, "state", "kept_minor") == [("kept", 80_00)]
    assert ledger.rows(PlanInstalment, "state", "kept_minor") == [instalment]
    ledger.perform("plans.settle_plans", SYSTEM, as_of=DAY)  # by night, the books read anew
    assert ledger.rows(PlanInstalment, "state", "kept_minor") == [instalment]


def test_a_reversed_payment_gives_the_plan_nothing(ledger: Ledger) -> None:
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=80_00,
                   due_on=DAY + timedelta(days=5))
    payment = ledger.pay(100_00)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=payment, reason="退票")
    assert ledger.rows(PlanInstalment, "state", "kept_minor") == [("open", 0)]
