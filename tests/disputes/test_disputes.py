"""A dispute: opened by the rep, decided by the manager, and no balance moves."""

import pytest

from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import Invoice
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def open_one(ledger: Ledger, **more: object) -> str:
    dispute_id = uuid7()
    ledger.perform("disputes.open_dispute", cast.REP, **{"dispute_id": dispute_id, "kind": "quality", "words": "漏水",
                                                          **more})
    return dispute_id


def decide(ledger: Ledger, dispute_id: str, actor: Actor = cast.MANAGER, decision: str = "denied",
           customer_id: str = cast.HARBOUR) -> None:
    ledger.perform("disputes.decide_dispute", actor, dispute_id=dispute_id, decision=decision, customer_id=customer_id)


def test_the_disputed_part_is_marked_and_the_balance_stays(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, late=5)
    dispute = open_one(ledger, invoice_id=invoice, amount_minor=30_00)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 30_00)]
    assert ledger.summary()["disputed_minor"] == 30_00
    decide(ledger, dispute)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 0)]


def test_what_is_granted_stays_disputed_until_its_credit_note(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00)
    decide(ledger, open_one(ledger, invoice_id=invoice, amount_minor=30_00), decision="granted")
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 30_00)]


@pytest.mark.parametrize(
    ("actor", "error"),
    [(cast.REP, NotAllowed), (cast.FINANCE, NotAllowed), (cast.LEGAL, NotAllowed), (cast.OTHER_MANAGER, NotFound)],
)
def test_only_the_teams_manager_decides(ledger: Ledger, actor: Actor, error: type[Exception]) -> None:
    dispute = open_one(ledger)
    with pytest.raises(error):
        decide(ledger, dispute, actor)
    assert ledger.rows(DisputeDecision, "id") == []


def test_a_dispute_is_decided_once(ledger: Ledger) -> None:
    dispute = open_one(ledger)
    decide(ledger, dispute, decision="partly")
    with pytest.raises(RuleBroken, match="already_decided"):
        decide(ledger, dispute)


def test_a_dispute_of_another_customer_is_not_found(ledger: Ledger) -> None:
    dispute = open_one(ledger)
    with pytest.raises(NotFound):
        decide(ledger, dispute, cast.ADMIN, customer_id=cast.RIVER)


def test_another_customers_invoice_or_currency_is_refused(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, customer_id=cast.RIVER)
    with pytest.raises(RuleBroken, match="other_customer"):
        open_one(ledger, invoice_id=invoice)
    own = ledger.invoice("B", 100_00)
    with pytest.raises(Invalid, match="currency"):
        open_one(ledger, invoice_id=own, amount_minor=1, currency="USD")
    assert ledger.rows(Dispute, "id") == []


def test_two_disputes_of_one_invoice_add_up_and_denying_one_leaves_the_other(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, late=5)
    first = open_one(ledger, invoice_id=invoice, amount_minor=30_00)
    second = open_one(ledger, invoice_id=invoice, amount_minor=20_00)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 50_00)]
    decide(ledger, first)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 20_00)]
    whole = open_one(ledger, invoice_id=invoice)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 100_00)]
    decide(ledger, whole)
    decide(ledger, second)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 0)]
