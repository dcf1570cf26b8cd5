"""Money at the counter and decisions at the desk: receipts that wait, disputes, a supply stop, a helper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from fieldsales.collection.messages import DecideSupply
from fieldsales.customers.messages import AddHelper
from fieldsales.disputes.messages import OpenDispute
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.receivables.messages import RegisterReceipt
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage


def _register(stage: Stage, customer: Met, minor: int, method: Literal["cash", "transfer", "qr", "bill"], at: datetime,
              bill: str = "") -> None:
    receipt_id = uuid7()
    stage.act(customer.owner, "receivables.register_receipt", RegisterReceipt(
        receipt_id=receipt_id, number=paper_number("SJ", receipt_id, on_date(at, stage.program.settings.zone)),
        customer_id=customer.id, debtor_id=customer.debtor_id, seller_id=stage.seller("HC01").id, amount_minor=minor,
        method=method, payer_name=customer.name, received_at=at, bill_number=bill,
        bill_acceptor="宁波银行股份有限公司" if bill else "",
        bill_matures_on=stage.today + timedelta(days=120) if bill else None), at)


def money_at_the_counter(stage: Stage, met: dict[str, Met]) -> None:
    """Cash of today, cash kept too long, a transfer and an acceptance bill: all wait for finance."""
    late = [met[c.code] for c in stage.ledger.customers if c.habit == "late"][:4]
    _register(stage, late[0], 380_000, "cash", stage.moment(0, 9, 20))
    _register(stage, late[1], 1_200_000, "cash", stage.moment(2, 16, 5))
    _register(stage, late[2], 2_500_000, "transfer", stage.moment(1, 11, 0))
    _register(stage, late[3], 8_000_000, "bill", stage.moment(1, 14, 30), "1 313332000017 20261102 00312 4")


def office(stage: Stage, met: dict[str, Met]) -> None:
    """Two disputes for the manager, one supply stop, one rep who helps another."""
    invoices = table_of(Invoice)
    with stage.program.store.reading() as connection:
        contested = connection.execute(
            select(invoices.c.id, invoices.c.customer_id, invoices.c.open_minor)
            .where(invoices.c.disputed, invoices.c.open_minor > 0).order_by(invoices.c.number).limit(2)).all()
    by_id = {customer.id: customer for customer in met.values()}
    for row, kind, words in zip(contested, ("quality", "price"), ("两台角磨机开不了机，要求退换。",
                                                                  "单价比报价单高了 3 元。"),
                                strict=False):
        stage.act(by_id[row.customer_id].owner, "disputes.open_dispute", OpenDispute(
            dispute_id=uuid7(), customer_id=row.customer_id, invoice_id=row.id, kind=kind,  # type: ignore[arg-type]
            amount_minor=row.open_minor // 2, words=words), stage.moment(3, 10))
    stuck = [met[c.code] for c in stage.ledger.customers if c.habit == "stuck"]
    manager = {"城东组": stage.people["zhouj"], "城西组": stage.people["wulan"]}
    team = {c.code: c.team for c in stage.ledger.customers}
    stage.act(manager[team[stuck[0].code]], "collection.decide_supply", DecideSupply(
        decision_id=uuid7(), customer_id=stuck[0].id, stop=True, reason="三次承诺未兑现，逾期超过 90 天",
        release_when="付清逾期三个月以上的部分"))
    for customer in stuck[1:3]:
        colleague = next(actor for actor in stage.people.values() if actor.role == "rep"
                         and actor.team_id == customer.owner.team_id and actor.user_id != customer.owner.user_id)
        stage.act(manager[team[customer.code]], "customers.add_helper", AddHelper(
            customer_id=customer.id, user_id=colleague.user_id))
