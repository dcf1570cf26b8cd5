"""The canary in everything beside the ledger: security, charges, set-offs, acts that interrupt, signs of trouble."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from fieldsales.collection.watchmodels import CreditLimit, Sighting, WatchClosing
from fieldsales.receivables.models import Due, Interruption, Invoice
from fieldsales.receivables.moneymodels import Charge, DebtorProfile, Security, SetOff, SetOffStep
from tests.cast import HARBOUR, HARBOUR_CANARY, HARBOUR_DEBTOR, NOON, REP, TODAY, an_id

SECURITY, SET_OFF = an_id(0x2A0), an_id(0x2A1)
CANARY = HARBOUR_CANARY


def fill(connection: Connection, add: Callable[..., None], ids: dict[str, str]) -> None:
    """Put one of each at HARBOUR."""
    c, by, money = {"customer_id": HARBOUR}, {"by_id": REP.user_id, "at": NOON}, {"currency": "CNY"}
    add(connection, Security, id=SECURITY, debtor_id=HARBOUR_DEBTOR, kind="guarantee", giver=CANARY, source=CANARY,
        **c, **by, **money)
    charge = an_id(0x2A2)
    add(connection, Invoice, id=charge, debtor_id=HARBOUR_DEBTOR, number=f"FY-{CANARY}", kind="costs", issued_on=TODAY,
        due_on=TODAY, total_minor=5_00, open_minor=5_00, added_at=NOON, **c, **money)
    add(connection, Due, id=an_id(0x2A3), invoice_id=charge, due_on=TODAY, n=1, amount_minor=5_00, open_minor=5_00,
        **c, **money)
    add(connection, Charge, invoice_id=charge, for_invoice_id=ids["invoice_id"], kind="costs", source=CANARY, **c, **by)
    add(connection, DebtorProfile, id=an_id(0x2A4), debtor_id=HARBOUR_DEBTOR, size="large", source=CANARY, **c, **by)
    add(connection, SetOff, id=SET_OFF, kind="rebate", amount_minor=10_00, words=CANARY, state="approved", **c, **by,
        **money)
    add(connection, SetOffStep, id=an_id(0x2A5), set_off_id=SET_OFF, kind="approved", amount_minor=10_00,
        reason=CANARY, **by)
    add(connection, Interruption, id=an_id(0x2A6), occurred_on=TODAY, ground="demand", grade="A", proof_kind="action",
        proof_id=ids["action_id"], **c, **by)
    add(connection, Sighting, id=an_id(0x2A7), visit_id=ids["visit_id"], signs=["court_papers"], words=CANARY,
        by_id=REP.user_id, occurred_at=NOON, received_at=NOON, **c)
    add(connection, WatchClosing, id=an_id(0x2A8), reason=CANARY, customer_id=HARBOUR, by_id=REP.user_id,
        at=NOON.replace(year=2025))
    add(connection, CreditLimit, id=an_id(0x2A9), limit_minor=1_00, reason=CANARY, **c, **by, **money)
