"""Money at the counter: pending, handed in, confirmed by finance alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import Payment, PaymentReceipt, ReceiptEvent
from fieldsales.receivables.rules import is_cash_late, shown_state
from fieldsales.store.models import Change
from tests import cast
from tests.receivables.conftest import Ledger


def register(ledger: Ledger, actor: Actor = cast.REP, **more: object) -> str:
    receipt_id = uuid7()
    ledger.perform("receivables.register_receipt", actor, **{
        "receipt_id": receipt_id, "number": paper_number("SJ", receipt_id, cast.TODAY), "amount_minor": 60_00,
        "method": "cash", "received_at": cast.NOON - timedelta(hours=1), **more})
    return receipt_id


def confirm(ledger: Ledger, receipt_id: str, actor: Actor = cast.FINANCE) -> dict[str, object]:
    return ledger.perform("receivables.confirm_receipt", actor, receipt_id=receipt_id, payment_id=uuid7(),
                          received_on=cast.TODAY)


def state(ledger: Ledger, receipt_id: str) -> str:
    found: str = ledger.rows(PaymentReceipt, "state", id=receipt_id)[0]
    return found


def test_a_registered_receipt_changes_no_balance_until_finance_confirms(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=5)
    receipt = register(ledger)
    assert ledger.open_of() == {"A": 100_00}
    assert ledger.rows(Payment, "id") == []
    confirm(ledger, receipt)
    assert ledger.open_of() == {"A": 40_00}
    assert ledger.rows(Payment, "method", "amount_minor", "receipt_id") == [("cash", 60_00, receipt)]
    assert state(ledger, receipt) == "confirmed"


def test_collector_and_account_owner_are_kept_apart(ledger: Ledger) -> None:
    receipt = register(ledger, cast.HELPER_REP)
    confirm(ledger, receipt)
    both = [(cast.HELPER_REP.user_id, cast.REP.user_id)]
    assert ledger.rows(PaymentReceipt, "collector_id", "owner_id") == both
    assert ledger.rows(Payment, "collector_id", "owner_id") == both


def test_a_bill_stays_unhonoured_until_confirmed_and_a_dishonoured_one_moves_nothing(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    receipt = register(ledger, method="bill", bill_number="1 2345", bill_acceptor="示例银行",
                       bill_matures_on=cast.TODAY + timedelta(days=90))
    assert shown_state("bill", state(ledger, receipt), False) == "unhonoured"
    ledger.perform("receivables.reject_receipt", receipt_id=receipt, reason="拒付")
    assert ledger.open_of() == {"A": 100_00}
    assert state(ledger, receipt) == "rejected"


def test_a_bill_without_its_number_is_saved_and_the_gap_answered(ledger: Ledger) -> None:
    receipt_id = uuid7()
    answer = ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt_id, number="SJ1",
                            method="bill", amount_minor=1, received_at=cast.NOON)
    assert answer["gaps"] == ["bill_number", "bill_acceptor", "bill_matures_on"]


def test_a_receipt_of_no_readable_time_was_taken_when_it_was_registered(ledger: Ledger) -> None:
    receipt = register(ledger, received_at="sometime")
    assert ledger.rows(PaymentReceipt, "received_at", id=receipt) == [cast.NOON]


@pytest.mark.parametrize(
    ("actor", "error"),
    [(cast.REP, NotAllowed), (cast.MANAGER, NotAllowed), (cast.LEGAL, NotAllowed), (cast.OTHER_REP, NotAllowed)],
)
def test_only_finance_confirms_or_rejects(ledger: Ledger, actor: Actor, error: type[Exception]) -> None:
    receipt = register(ledger)
    with pytest.raises(error):
        confirm(ledger, receipt, actor)
    with pytest.raises(error):
        ledger.perform("receivables.reject_receipt", actor, receipt_id=receipt, reason="不收")
    assert state(ledger, receipt) == "pending"


def test_whoever_took_the_money_cannot_confirm_it(ledger: Ledger) -> None:
    receipt = register(ledger, cast.FINANCE)
    with pytest.raises(NotAllowed, match="own_receipt"):
        confirm(ledger, receipt)
    confirm(ledger, receipt, cast.ADMIN)


def test_a_rep_registers_for_his_own_customers_only(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        register(ledger, cast.OTHER_REP)
    with pytest.raises(NotFound):
        register(ledger, cast.FORMER_REP)


def test_a_receipt_is_settled_once(ledger: Ledger) -> None:
    receipt = register(ledger)
    confirm(ledger, receipt)
    with pytest.raises(RuleBroken, match="receipt_settled"):
        confirm(ledger, receipt)
    assert len(ledger.rows(Payment, "id")) == 1


def test_cash_is_handed_in_by_whoever_holds_it_and_is_still_not_a_payment(ledger: Ledger) -> None:
    receipt = register(ledger)
    with pytest.raises(NotAllowed, match="not_holder"):
        ledger.perform("receivables.hand_in_cash", cast.HELPER_REP, receipt_id=receipt)
    ledger.perform("receivables.hand_in_cash", cast.REP, receipt_id=receipt)
    assert ledger.rows(PaymentReceipt, "holder_id", "handed_in_at") == [(None, cast.NOON)]
    assert ledger.rows(Payment, "id") == []
    with pytest.raises(RuleBroken, match="handed_in"):
        ledger.perform("receivables.hand_in_cash", cast.REP, receipt_id=receipt)
    confirm(ledger, receipt)
    assert ledger.rows(ReceiptEvent, "kind") == ["confirmed", "handed_in"]


def test_the_collectors_phone_is_told_what_became_of_his_money(ledger: Ledger) -> None:
    receipt = register(ledger)
    confirm(ledger, receipt)
    with ledger.dispatcher.store.reading() as connection:
        told = connection.execute(select(Change.__table__.c.entity_id).where(Change.__table__.c.kind == "me")).scalars()
        assert list(told).count(cast.REP.user_id) == 2


@pytest.mark.parametrize(
    ("method", "handed_in", "hours", "late"),
    [("cash", False, 23, False), ("cash", False, 25, True), ("cash", True, 99, False), ("qr", False, 99, False)],
)
def test_cash_is_late_after_a_day(method: str, handed_in: bool, hours: int, late: bool) -> None:
    handed_in_at = cast.NOON if handed_in else None
    assert is_cash_late(method, "pending", handed_in_at, cast.NOON - timedelta(hours=hours), cast.NOON) is late
