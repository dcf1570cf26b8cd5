"""Posting invoices, credit notes and payments through the dispatcher, on both engines."""

from datetime import date, timedelta

import pytest

from fieldsales.kernel.errors import Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import Due, Invoice, Payment
from tests import cast
from tests.receivables.conftest import Ledger


def test_an_invoice_in_instalments_is_aged_by_each_due(ledger: Ledger) -> None:
    dues = [(cast.TODAY - timedelta(days=100), 30_00), (cast.TODAY + timedelta(days=30), 70_00)]
    ledger.invoice("A", 100_00, dues=dues)
    assert ledger.summary() == {"open_minor": 100_00, "overdue_minor": 30_00, "unapplied_minor": 0,
                                "disputed_minor": 0, "d1_30_minor": 0, "d91p_minor": 30_00}
    assert ledger.rows(Invoice, "due_on") == [cast.TODAY + timedelta(days=30)]


def test_instalments_that_do_not_add_up_are_refused_and_nothing_is_written(ledger: Ledger) -> None:
    with pytest.raises(Invalid, match="dues_sum"):
        ledger.invoice("A", 100_00, dues=[(cast.TODAY, 99_99)])
    assert ledger.rows(Due, "id") == []


def test_a_negative_invoice_must_be_a_credit_note(ledger: Ledger) -> None:
    with pytest.raises(Invalid, match="sign"):
        ledger.invoice("A", -100_00, kind="invoice")


def test_a_year_nobody_means_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Invalid, match="year"):
        ledger.invoice("A", 100_00, due_on=date(202, 1, 1))


def test_the_same_external_key_adds_nothing(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, external_key="k1")
    ledger.invoice("A", 100_00, external_key="k1")
    one = {"customer_id": cast.HARBOUR, "number": "B", "issued_on": cast.TODAY, "due_on": cast.TODAY,
           "total_minor": 1, "external_key": "k2"}
    answer = ledger.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {
        "invoices": [{**one, "invoice_id": uuid7()}, {**one, "invoice_id": uuid7()}]})
    assert (answer["added"], answer["skipped"]) == (1, 1)
    ledger.pay(5, external_key="p1")
    ledger.pay(5, external_key="p1")
    assert ledger.open_of() == {"A": 99_95, "B": 1}


def test_a_payment_settles_what_it_names_and_the_rest_by_law(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=40)
    ledger.invoice("B", 100_00, late=5)
    ledger.invoice("C", 100_00, late=20)
    ledger.pay(150_00, "B")
    assert ledger.open_of() == {"A": 50_00, "B": 0, "C": 100_00}
    assert ledger.allocations() == [(100_00, "designated"), (50_00, "earlier")]
    assert ledger.summary()["overdue_minor"] == 150_00


def test_two_payments_of_one_batch_do_not_settle_the_same_debt_twice(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    payments = [{"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 80_00, "received_on": cast.TODAY}
                for _ in range(2)]
    answer = ledger.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": payments})
    assert answer["unapplied_minor"] == 60_00
    assert ledger.open_of() == {"A": 0}
    assert ledger.summary() == {"open_minor": 0, "overdue_minor": 0, "unapplied_minor": 60_00, "disputed_minor": 0,
                                "d1_30_minor": 0, "d91p_minor": 0}


def test_money_paid_to_one_selling_company_settles_its_debts_only(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=9, seller_id=cast.SELLER)
    ledger.invoice("B", 100_00, late=5, seller_id=cast.OTHER_SELLER)
    ledger.pay(150_00, seller_id=cast.OTHER_SELLER)
    assert ledger.open_of() == {"A": 100_00, "B": 0}
    assert ledger.unapplied() == 50_00


def test_currencies_never_mix(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    ledger.pay(100_00, currency="USD")
    assert ledger.open_of() == {"A": 100_00}


def test_money_that_came_first_waits_for_its_invoice(ledger: Ledger) -> None:
    ledger.pay(80_00, "B")
    ledger.invoice("A", 100_00)
    assert ledger.open_of() == {"A": 100_00}  # the debtor named another
    ledger.invoice("B", 100_00)
    assert ledger.open_of() == {"A": 100_00, "B": 20_00}
    assert ledger.unapplied() == 0


def test_a_credit_note_is_set_off_and_what_is_left_waits_for_the_next_invoice(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=9)
    ledger.invoice("R", -130_00)
    assert ledger.open_of() == {"A": 0, "R": -30_00}
    assert ledger.summary()["open_minor"] == -30_00
    ledger.invoice("B", 50_00)
    assert ledger.open_of() == {"A": 0, "R": 0, "B": 20_00}
    assert ledger.allocations() == [(100_00, "credit_note"), (30_00, "credit_note")]


def test_a_credit_note_and_its_invoice_of_one_file_are_set_off(ledger: Ledger) -> None:
    one = {"customer_id": cast.HARBOUR, "issued_on": cast.TODAY, "due_on": cast.TODAY}
    ledger.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        {**one, "invoice_id": uuid7(), "number": "R", "total_minor": -40, "kind": "credit_note"},
        {**one, "invoice_id": uuid7(), "number": "A", "total_minor": 100}]})
    assert ledger.open_of() == {"A": 60, "R": 0}


def test_a_reversal_takes_back_money_and_allocations_by_new_rows(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    payment = ledger.pay(120_00)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=payment, reason="入错客户")
    assert ledger.open_of() == {"A": 100_00}
    assert ledger.allocations() == [(-100_00, "reversal"), (100_00, "only")]
    assert ledger.rows(Payment, "amount_minor") == [-120_00, 120_00]
    assert ledger.summary()["unapplied_minor"] == 0
    with pytest.raises(RuleBroken, match="reversed"):
        ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=payment, reason="再次")


def test_a_reversed_set_off_between_credit_and_invoice_on_cancelling(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00)
    credit = ledger.invoice("R", -130_00)
    ledger.perform("receivables.cancel_invoices", invoice_ids=[credit], reason="撤销导入")
    assert ledger.open_of() == {"A": 100_00, "R": 0}
    assert ledger.allocations() == [(-100_00, "reversal"), (100_00, "credit_note")]


def test_cancelling_an_invoice_gives_the_credit_note_back(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00)
    ledger.invoice("R", -130_00)
    ledger.perform("receivables.cancel_invoices", invoice_ids=[invoice], reason="撤销导入")
    assert ledger.open_of() == {"A": 0, "R": -130_00}
    assert ledger.summary()["open_minor"] == -130_00


def test_cancelling_both_sides_of_a_set_off_leaves_nothing_open(ledger: Ledger) -> None:
    both = [ledger.invoice("A", 100_00), ledger.invoice("R", -130_00)]
    ledger.perform("receivables.cancel_invoices", invoice_ids=both, reason="撤销导入")
    assert ledger.open_of() == {"A": 0, "R": 0}
    assert ledger.summary() == {}


def test_a_cancelled_invoice_may_come_in_again(ledger: Ledger) -> None:
    first = ledger.invoice("A", 100_00, external_key="k1")
    ledger.perform("receivables.cancel_invoices", invoice_ids=[first], reason="撤销导入")
    ledger.invoice("A", 90_00, external_key="k1")
    assert ledger.summary()["open_minor"] == 90_00


def test_an_invoice_somebody_paid_on_is_not_cancelled(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00)
    ledger.pay(1)
    with pytest.raises(RuleBroken, match="paid_on"):
        ledger.perform("receivables.cancel_invoices", invoice_ids=[invoice], reason="撤销导入")


@pytest.mark.parametrize("actor", [cast.REP, cast.MANAGER, cast.LEGAL])
def test_only_finance_posts_to_the_ledger(ledger: Ledger, actor: object) -> None:
    with pytest.raises(NotAllowed, match="finance_only"):
        ledger.invoice("A", 100_00, actor=actor)  # type: ignore[arg-type]
    assert ledger.open_of() == {}


def test_a_disputed_part_stays_open(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, late=3)
    ledger.perform("receivables.mark_disputed", invoice_id=invoice, amount_minor=30_00)
    assert (ledger.summary()["disputed_minor"], ledger.summary()["open_minor"]) == (30_00, 100_00)
    ledger.perform("receivables.mark_disputed", invoice_id=invoice, contested=False)
    assert ledger.summary()["disputed_minor"] == 0


def test_another_customers_invoice_is_not_touched(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00)
    with pytest.raises(RuleBroken, match="other_customer"):
        ledger.perform("receivables.mark_disputed", customer_id=cast.RIVER, invoice_id=invoice)
