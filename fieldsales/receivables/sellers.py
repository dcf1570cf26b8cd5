"""Our own selling companies: the name and the one account that every paper prints."""

from __future__ import annotations

from typing import Any

from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Line, Name
from fieldsales.people.rules import may_post_money
from fieldsales.receivables.models import Seller
from fieldsales.store.work import Work


class ChangeSeller(Command):
    """A selling company's name and account. Papers signed before keep what they printed."""

    seller_id: Id
    name: Name
    reg_no: Line = ""
    address: Line = ""
    phone: Line = ""
    bank_name: Line = ""
    bank_account: Line = ""


def _finance(work: Work, command: Any) -> None:
    if not may_post_money(work.actor):
        raise NotAllowed("finance_only", N_("Only finance can do this."))


@operation("receivables.change_seller", ChangeSeller, guard=_finance, needs=lambda c: [Need("seller", c.seller_id)])
def change_seller(work: Work, command: ChangeSeller) -> None:
    """Say what a selling company is called and where it is paid: a ledger brings its code only."""
    work.require("seller", command.seller_id)
    work.update(Seller, command.seller_id, **command.model_dump(exclude={"seller_id"}))
