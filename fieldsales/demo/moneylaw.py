"""Money and law in the demo: rates, an old claim, signs of trouble, cash before delivery, a set-off, security, costs.

The rates are made up and say so: the program itself ships none.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldsales.collection.messages import DecideSupply
from fieldsales.collection.supplying import SetCreditLimit
from fieldsales.collection.watching import ReportSigns
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.claimterms import AddSecurity, BookCharge, SetProfile
from fieldsales.receivables.commissioning import SetCommission
from fieldsales.receivables.limitation import years_after
from fieldsales.receivables.messages import AddInvoices, Interrupt, NewInvoice
from fieldsales.receivables.models import Invoice
from fieldsales.receivables.rates import SetRate
from fieldsales.receivables.setoffs import RequestSetOff
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

_MADE_UP = "演示用虚构数值，请改为公布值"


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """Fill in what a newcomer to finance, legal and the manager's desk would look for."""
    stuck = [met[c.code] for c in stage.ledger.customers if c.habit == "stuck"]
    slow = [met[c.code] for c in stage.ledger.customers if c.habit == "slow"]
    manager = {"城东组": stage.people["zhouj"], "城西组": stage.people["wulan"]}
    team = {c.code: c.team for c in stage.ledger.customers}
    _rates(stage)
    _old_claims(stage, stuck[1:3])
    _watch(stage, stuck[-1], slow[-1])
    first = slow[0]
    stage.act(manager[team[first.code]], "collection.decide_supply", DecideSupply(
        decision_id=uuid7(), customer_id=first.id, stop=False, cash_first=True, reason="连续两次失约，先款后货",
        release_kind="paid", release_minor=2_000_000))
    stage.act(stage.people["sunli"], "collection.set_credit_limit", SetCreditLimit(
        limit_id=uuid7(), customer_id=slow[1].id, limit_minor=1_000_000, reason="年度授信"))
    stage.act(slow[1].owner, "receivables.request_set_off", RequestSetOff(
        set_off_id=uuid7(), customer_id=slow[1].id, kind="rebate", amount_minor=320_000,
        words="去年的返利说好抵货款的，有陈主任的微信截图。"), stage.moment(1, 15))
    _terms(stage, stuck[0])


def _rates(stage: Stage) -> None:
    since = stage.today.replace(day=1, month=1)
    for kind, rate in (("lpr_1y", 31_000), ("bill_discount", 16_500)):
        for day in (years_after(since, -4), since):
            stage.act(stage.people["sunli"], "receivables.set_rate", SetRate(
                rate_id=uuid7(), kind=kind, from_on=day, rate_bp100=rate, source=_MADE_UP))  # type: ignore[arg-type]
    stage.act(stage.people["sunli"], "receivables.set_commission", SetCommission(
        policy_id=uuid7(), from_on=since, steps=[(0, 120), (30, 100), (90, 50), (None, 0)], source=_MADE_UP))


def _old_claims(stage: Stage, debtors: list[Met]) -> None:
    """One claim near its end, and one that was kept alive by a demand."""
    for n, (customer, left) in enumerate(zip(debtors, (25, -40), strict=True)):
        due = years_after(stage.today + timedelta(days=left), -3)
        stage.act(stage.people["sunli"], "receivables.add_invoices", AddInvoices(invoices=[NewInvoice(
            invoice_id=uuid7(), customer_id=customer.id, debtor_id=customer.debtor_id,
            seller_id=stage.seller("HC01").id, number=f"XSCK-OLD-{n + 1}", issued_on=due - timedelta(days=60),
            due_on=due, total_minor=1_860_000 + n * 40_000)]))
    stage.act(stage.people["qianwen"], "receivables.interrupt", Interrupt(
        interruption_id=uuid7(), customer_id=debtors[1].id, debtor_id=debtors[1].debtor_id,
        occurred_on=stage.today - timedelta(days=400), ground="demand", grade="C", proof_kind="letter",
        proof_id="演示：只有寄件底单"))


def _watch(stage: Stage, red: Met, amber: Met) -> None:
    for customer, signs, words in ((red, ["assets_moved", "staff_gone"], "后门停着两辆货车在装货，店里只剩一个人。"),
                                   (amber, ["wages_unpaid"], "店员说工资两个月没发。")):
        stage.act(customer.owner, "collection.report_signs", ReportSigns(
            sighting_id=uuid7(), customer_id=customer.id, signs=signs, words=words), stage.moment(1, 16, 20))


def _terms(stage: Stage, customer: Met) -> None:
    """A guarantor, a buyer's size, and the cost of a letter."""
    invoices = table_of(Invoice)
    with stage.program.store.reading() as connection:
        oldest = connection.execute(
            select(invoices.c.id).where(invoices.c.customer_id == customer.id, invoices.c.open_minor > 0)
            .order_by(invoices.c.due_on).limit(1)).scalar_one()
    legal = stage.people["qianwen"]
    stage.act(legal, "receivables.add_security", AddSecurity(
        security_id=uuid7(), customer_id=customer.id, debtor_id=customer.debtor_id, kind="guarantee",
        giver=f"{customer.contact}（个人）", covers_minor=5_000_000, source="保证书（演示）"))
    stage.act(legal, "receivables.set_profile", SetProfile(
        profile_id=uuid7(), customer_id=customer.id, debtor_id=customer.debtor_id, size="small",
        source="演示：企业公示系统"))
    stage.act(stage.people["sunli"], "receivables.book_charge", BookCharge(
        charge_id=uuid7(), customer_id=customer.id, for_invoice_id=oldest, kind="costs", amount_minor=12_000,
        on=stage.today, source="催告函邮寄、查档费（演示）"))
