"""What was asked for and answered in the demo, what a manager said of it, and the policies in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldsales.collection.asking import Answer, CoachRep, RecordAsk
from fieldsales.collection.promotions import EndPromotion, QuotePromotion, RegisterPromotion
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

_visits, _money = table_of(Visit), table_of(CustomerMoney)
#: What a visit's outcome says of the ask: (answer, tenths of the ask agreed to; None: nothing)
ANSWERED: dict[str, tuple[Answer, int | None]] = {
    "promised": ("promised", 5), "oral_only": ("promised", 6), "refused": ("refused", None),
    "account_differs": ("excuse", None), "set_off_asked": ("excuse", None),
}  # fmt: skip


def asked(stage: Stage, met: dict[str, Met]) -> None:
    """An ask at most of the visits, with what was agreed of it (打折扣的回款习惯), and a word of the manager's."""
    by_id = {one.id: one for one in met.values()}
    v, m = _visits.c, _money.c
    with stage.program.store.reading() as connection:
        rows = connection.execute(
            select(v.id, v.customer_id, v.outcome, v.occurred_at, m.open_minor, m.currency)
            .join(_money, m.customer_id == v.customer_id)
            .where(m.open_minor > 1_000_00, v.outcome.in_(ANSWERED)).order_by(v.occurred_at, v.id)).all()
    refused = ""
    for row in rows:
        answer, tenths = ANSWERED[row.outcome]
        ask = min(row.open_minor, row.open_minor * 9 // 10 // 100_000 * 100_000 or row.open_minor)
        close = ask * tenths // 10 // 10_000 * 10_000 if tenths else None
        ask_id = uuid7()
        owner = by_id[row.customer_id].owner
        stage.act(owner, "collection.record_ask", RecordAsk(
            ask_id=ask_id, customer_id=row.customer_id, contact_kind="visit", contact_id=row.id,
            currency=row.currency, expected_minor=ask * 5 // 9, ask_minor=ask, answer=answer, close_minor=close,
            counters=[ask * 3 // 10, ask * 8 // 10] if close else []), row.occurred_at)
        if answer == "refused" and not refused:
            refused = ask_id
            manager = next(one for one in stage.people.values()
                           if one.role == "manager" and one.team_id == owner.team_id)
            stage.act(manager, "collection.coach", CoachRep(
                coaching_id=uuid7(), customer_id=row.customer_id, rep_id=owner.user_id, ask_id=ask_id,
                text="问得对，没有软。下次先摆对账单和签收单，再谈金额和日期；我过几天给他打个电话。",
                call_on=stage.today + timedelta(days=2)))


def policies(stage: Stage, met: dict[str, Met]) -> None:
    """One policy in force and quoted, one that ran out, one taken back."""
    manager = next(one for one in stage.people.values() if one.role == "manager")
    first = stage.today.replace(day=1)
    in_force, taken_back = uuid7(), uuid7()
    for promotion_id, name, text, text_en, days, length in (
        (in_force, "当月现款进货返 1.5%", "本月内现款进货，按实付金额返 1.5%，次月红字冲账；欠款不计入。",
         "Cash orders this month earn 1.5 % of what is paid, as a credit note next month; arrears do not count.",
         0, 45),
        (uuid7(), "国庆陈列支持", "国庆期间主推位陈列两周，凭照片支持 600 元。", "", 70, 20),
        (taken_back, "满 10 万赠工具箱", "单笔进货满 10 万元赠工具箱一套。", "", 20, 60),
    ):
        starts = first - timedelta(days=days)
        stage.act(manager, "collection.register_promotion", RegisterPromotion(
            promotion_id=promotion_id, name=name, text_zh=text, text_en=text_en, from_on=starts,
            to_on=starts + timedelta(days=length), approved_by="总经理批示，销售政策 2026-11 号"))
    stage.act(manager, "collection.end_promotion", EndPromotion(promotion_id=taken_back, reason="赠品缺货"))
    someone = next(one for one in met.values() if one.owner.role == "rep")
    stage.act(someone.owner, "collection.quote_promotion", QuotePromotion(
        quote_id=uuid7(), promotion_id=in_force, customer_id=someone.id), stage.moment(0, 9))
