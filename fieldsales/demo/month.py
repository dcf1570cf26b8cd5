"""The demo's month: a target split to everyone, plans talked over with customers, measures, numbers that wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldsales.kernel.ids import uuid7
from fieldsales.promises.models import Promise
from fieldsales.store.base import table_of
from fieldsales.targets import messages as m
from fieldsales.targets.queries import load_shares, load_targets, target_key
from fieldsales.targets.rules import Share, last_month, month_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

#: (their share of our number in per cent, difficulties, what was agreed, steps, other supplier, what he took)
TALKS: tuple[tuple[int, str, str, tuple[str, ...], str, int], ...] = (
    (66, "下游分销商进货不力，销货不多，货款压在货上。", "下乡做两场促销，卖掉压货，货款先付我们。",
     ("对清 9 至 11 月的账", "下乡促销第一场", "排进月底付款名单"), "东方五金", 8_000_000),
    (80, "工程款要到月底才批。", "先付一半，剩下的月底前付。", ("拿到付款审批单", "月底前去财务催排款"),
     "永固建材", 3_500_000),
    (50, "老板说今年生意难做，旧货没动。", "旧货调换一批，帮他新开三个网点。",
     ("盘点库存并拍照", "陪老板跑三个新网点"), "", 0),
)


def targets(stage: Stage, met: dict[str, Met]) -> None:
    """The company's two numbers of this month and the last, split to everyone in one tap."""
    admin, month = stage.people["admin"], month_of(stage.today)
    shares = _shares(stage, month)
    due = sum(one.claim_minor for one in shares)
    for at, part in ((last_month(month), 40), (month, 60)):
        arrears = due * part // 100 // 1_000_000 * 1_000_000
        stage.act(admin, "targets.set_target", m.SetTarget(
            month=at, level="company", arrears_minor=arrears, cash_minor=arrears + 60_000_000))
        stage.act(admin, "targets.split_target", m.SplitTarget(
            month=at, level="company", reason="按到期欠款和平时回款分解"))
    talks(stage, month, shares, {one.id: one for one in met.values()})


def _shares(stage: Stage, month: date) -> tuple[Share, ...]:
    key = target_key(month, "company", "", "CNY")
    with stage.program.store.reading() as connection:
        found: tuple[Share, ...] = load_shares(connection, [key])[key]
    return found


def talks(stage: Stage, month: date, shares: tuple[Share, ...], met: dict[str, Met]) -> None:
    """王芳 has talked the month over with her three largest debtors; 李强 proposes another number for his."""
    wang, li = stage.people["wangfang"], stage.people["liqiang"]
    largest = sorted(shares, key=lambda one: -one.due_minor)
    hers = [met[one.customer_id] for one in largest if one.rep_id == wang.user_id][:3]
    for customer, talk in zip(hers, TALKS, strict=False):
        _talk(stage, month, customer, talk)
    first = hers[0]
    _measures(stage, month, first)
    _known(stage, first)
    _support(stage, hers)
    his = next(one for one in largest if one.rep_id == li.user_id)
    stage.act(li, "targets.propose_target", m.ProposeTarget(
        customer_id=his.customer_id, month=month, arrears_minor=his.claim_minor // 3_000_000 * 1_000_000,
        cash_minor=his.claim_minor // 2_000_000 * 1_000_000,
        reason="客户另要预付一批新货，旧账分两月清"))


def _talk(stage: Stage, month: date, customer: Met, talk: tuple[int, str, str, tuple[str, ...], str, int]) -> None:
    percent, difficulties, remedy, steps, rival, took = talk
    key = target_key(month, "customer", customer.id, "CNY")
    with stage.program.store.reading() as connection:
        found = load_targets(connection, [key]).get(key)
    theirs = (found.cash_minor if found else 0) * percent // 100 // 100_000 * 100_000
    stage.act(customer.owner, "targets.write_plan", m.WritePlan(
        customer_id=customer.id, month=month, theirs_minor=theirs, difficulties=difficulties, remedy=remedy,
        discussed_on=stage.today - timedelta(days=4), discussed_with=customer.contact))
    ids = [uuid7() for _ in steps]
    for n, (step_id, text) in enumerate(zip(ids, steps, strict=True)):
        stage.act(customer.owner, "targets.add_step", m.AddStep(
            step_id=step_id, customer_id=customer.id, month=month, text=text,
            due_on=stage.today + timedelta(days=3 * n - 2)))
    stage.act(customer.owner, "targets.publish_plan", m.PublishPlan(customer_id=customer.id, month=month))
    stage.act(customer.owner, "targets.finish_step", m.FinishStep(
        step_id=ids[0], customer_id=customer.id, evidence="双方签字，带回一份"))
    if rival:
        stage.act(customer.owner, "targets.note_rival", m.NoteRival(
            sighting_id=uuid7(), customer_id=customer.id, supplier=rival, took_minor=took,
            seen_on=stage.today - timedelta(days=6), words="财务桌上看到的付款单"))
    stage.act(customer.owner, "targets.note_pay_days", m.NotePayDays(
        calendar_id=uuid7(), customer_id=customer.id, run_days=["d31"] if percent > 60 else ["d15", "d31"],
        cash_days=["w5"], approver_name=customer.contact, approver_role=customer.contact_role))


def _measures(stage: Stage, month: date, customer: Met) -> None:
    """Two measures against this month's gap, and one of last month that brought something."""
    rows = (("promotion", "两场下乡促销", 300_000, 4_000_000, month),
            ("outlets", "新开三个网点", 150_000, 2_000_000, month),
            ("incentive", "月底前付清返一个点（已登记）", 80_000, 3_000_000, last_month(month)))
    for code, text, cost, expected, at in rows:
        measure_id = uuid7()
        stage.act(customer.owner, "targets.add_measure", m.AddMeasure(
            measure_id=measure_id, customer_id=customer.id, month=at, code=code, text=text, cost_minor=cost,
            expected_minor=expected, owner_id=customer.owner.user_id, due_on=stage.today + timedelta(days=4)))
        if at != month:
            stage.act(customer.owner, "targets.review_measure", m.ReviewMeasure(
                measure_id=measure_id, customer_id=customer.id, actual_minor=2_200_000, note="对账单上两笔"))


def _known(stage: Stage, customer: Met) -> None:
    stage.act(customer.owner, "targets.write_potential", m.WritePotential(
        sheet_id=uuid7(), customer_id=customer.id, cash_minor=3_000_000, stock_minor=26_000_000,
        sales_minor=9_000_000, downstream_minor=12_000_000, downstream_on=stage.today + timedelta(days=6),
        others_minor=8_000_000, season="high", sources="旺季零售回笼；两家工地月底结款"))
    stage.act(customer.owner, "targets.check_health", m.CheckHealth(
        check_id=uuid7(), customer_id=customer.id, note="旧款锁具压了两百套", answers={
            "sells": "good", "stock_moves": "bad", "quality_clear": "good", "promotion_runs": "weak",
            "promoters_able": "weak", "outlets_served": "bad", "downstream_pays": "weak", "display_good": "good",
            "price_holds": "good", "margin_enough": "good", "service_answers": "good"}))


def _support(stage: Stage, customers: list[Met]) -> None:
    """The first promise of these customers gets its support; what is weak beside it waits for one."""
    p = table_of(Promise).c
    with stage.program.store.reading() as connection:
        row = connection.execute(select(p.id, p.customer_id).where(
            p.customer_id.in_([one.id for one in customers]), p.state == "open").order_by(p.due_on, p.id)).first()
    if row is not None:
        owner = next(one.owner for one in customers if one.id == row.customer_id)
        stage.act(owner, "targets.support_promise", m.SupportPromise(
            support_id=uuid7(), customer_id=row.customer_id, promise_id=row.id, text="陪他去工地催下家的款",
            due_on=stage.today + timedelta(days=2), owner_id=owner.user_id))
