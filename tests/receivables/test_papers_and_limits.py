"""Papers kept with invoices, acts that restart limitation, and summaries asked for by the night."""

import pytest

from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.receivables.models import CustomerMoney, Interruption, InvoicePaper
from tests import cast
from tests.receivables.conftest import Ledger

PAPER = {"kind": "delivery_note", "sha256": "ab" * 32, "original_sha256": "cd" * 32, "size": 10}
ACT = {"occurred_on": cast.TODAY, "ground": "demand", "grade": "B", "proof_kind": "mail", "proof_id": "x"}


def test_a_signed_delivery_note_is_kept_with_its_invoice(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100)
    ledger.perform("receivables.attach_paper", cast.REP, paper_id=uuid7(), invoice_id=invoice, **PAPER)
    ledger.perform("receivables.attach_paper", cast.FINANCE, paper_id=uuid7(), **PAPER)
    assert ledger.rows(InvoicePaper, "invoice_id", "by_id") == sorted(
        [(invoice, cast.REP.user_id), (None, cast.FINANCE.user_id)], key=str)


def test_a_paper_for_another_customers_invoice_is_refused(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100, customer_id=cast.RIVER)
    with pytest.raises(RuleBroken, match="other_customer"):
        ledger.perform("receivables.attach_paper", cast.REP, paper_id=uuid7(), invoice_id=invoice, **PAPER)
    with pytest.raises(NotFound):
        ledger.perform("receivables.attach_paper", cast.OTHER_REP, paper_id=uuid7(), **PAPER)
    assert ledger.rows(InvoicePaper, "id") == []


def test_an_act_that_restarts_limitation_is_kept_with_its_proof(ledger: Ledger) -> None:
    ledger.perform("receivables.interrupt", cast.LEGAL, interruption_id=uuid7(), **ACT)
    assert ledger.rows(Interruption, "ground", "grade", "by_id") == [("demand", "B", cast.LEGAL.user_id)]


def test_an_act_of_a_year_nobody_means_is_refused(ledger: Ledger) -> None:
    long_ago = ACT | {"occurred_on": "0202-01-01"}
    with pytest.raises(Invalid, match="year"):
        ledger.perform("receivables.interrupt", cast.LEGAL, interruption_id=uuid7(), **long_ago)


def test_summaries_are_rolled_for_the_program_alone(ledger: Ledger) -> None:
    ledger.invoice("A", 100)
    roll = {"customer_ids": [cast.HARBOUR, uuid7()]}
    with pytest.raises(NotAllowed):
        ledger.dispatcher.perform(cast.FINANCE, "receivables.roll_summaries", roll)
    assert ledger.dispatcher.perform(SYSTEM, "receivables.roll_summaries", roll) == {"rolled": 1}
    assert ledger.rows(CustomerMoney, "open_minor") == [100]
