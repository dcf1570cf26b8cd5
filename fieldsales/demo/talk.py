"""What the demo's reps heard: visits, excuses, promises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fieldsales.kernel.ids import uuid7
from fieldsales.promises.messages import AddEvidence, MakePromise
from fieldsales.visits.messages import AddNote, ExcuseGiven, LogVisit, NextStep, Outcome, Person, Place

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

#: (outcome, what was said, excuse code or "")
SAID: tuple[tuple[Outcome, str, str], ...] = (
    ("promised", "这两天工程款到了就先转一部分过来。", "downstream"),
    ("refused", "今年生意不好做，账上真没钱，再等等吧。", "cash_tight"),
    ("account_differs", "上个月那批退货还没冲，账跟我这边对不上。", "account_differs"),
    ("absent", "老板去义乌了，周四回来。", ""),
    ("promised", "付款单已经交上去了，等总公司批。", "approval"),
    ("set_off_asked", "去年的返利说好抵货款的，到现在没兑现。", "rebate"),
    ("oral_only", "月底前一定付清，字就不签了，我说话算数。", "at_once"),
    ("refused", "这批角磨机有两台开不了机，先把质量问题解决。", "quality"),
    ("not_discussed", "送货顺路，人多没好谈钱。", ""),
    ("promised", "下家还压着我三十几万，收到就给你们。", "downstream"),
)


def _place(stage: Stage, met: Met) -> Place | None:
    if not met.lat:
        return None
    shift = stage.dice.randrange(-4, 5) / 10_000
    return Place(lat=f"{float(met.lat) + shift:.5f}", lon=met.lon, accuracy_m=stage.dice.choice((8, 15, 30)))


def _person(met: Met) -> list[Person]:
    return [Person(name=met.contact, role=met.contact_role)] if met.contact else []


def visits(stage: Stage, met: dict[str, Met]) -> None:
    """Twenty-odd visits of the last three weeks, newest to those who owe most."""
    owing = [c.code for c in stage.ledger.customers if c.habit in {"late", "slow", "stuck"}]
    for number, code in enumerate(owing[:24]):
        customer = met[code]
        outcome, said, excuse = SAID[number % len(SAID)]
        at = stage.moment(1 + number * 20 // 24, 9 + number % 8, number * 7 % 60)
        command = LogVisit(
            visit_id=uuid7(), customer_id=customer.id, outcome=outcome, arrived_at=at,
            left_at=min(at + timedelta(minutes=25), stage.program.clock.now()), place=_place(stage, customer),
            persons=[] if outcome == "absent" else _person(customer), said=said,
            absent_person=customer.contact if outcome == "absent" else "",
            excuses=[ExcuseGiven(id=uuid7(), code=excuse, words=said)] if excuse else [],
            next_step=NextStep(text="再上门对账收款", on=stage.today + timedelta(days=number % 6)),
        )
        stage.act(customer.owner, "visits.log_visit", command, at)
    first = met[owing[0]]
    stage.act(first.owner, "visits.add_note", AddNote(note_id=uuid7(), customer_id=first.id, kind="complaint",
                                                      text="客户说 11 月那批锁具少发两箱，要查发货单。"),
                                                      stage.moment(2, 16))


def promises_of_paid(stage: Stage, met: dict[str, Met]) -> None:
    """Promises made some days before money came: the payments file will keep them."""
    recent = [paid for paid in stage.ledger.payments if (stage.today - paid.received_on).days <= 30]
    for number, paid in enumerate(recent[:14]):
        customer = met[paid.customer.code]
        amount = paid.minor if number % 4 else paid.minor * 2  # every fourth kept only half of his word
        made = stage.moment((stage.today - paid.received_on).days + 4, 10 + number % 6)
        stage.act(customer.owner, "promises.make_promise", MakePromise(
            promise_id=uuid7(), customer_id=customer.id, amount_minor=amount, due_on=paid.received_on,
            promisor_name=customer.contact, promisor_role=customer.contact_role, words="到那天一定转过来。"), made)


#: What open promises rest on: (days until due, share of the debt, words, where the money comes from and the rest).
RESTING: tuple[tuple[int, int, str, dict[str, Any]], ...] = (
    (1, 8, "明天上午转，财务已经排上了。", {"funding": "own_cash", "decides": "yes", "others_promised": "no"}),
    (-1, 3, "下家一付就转过来。", {"funding": "customers_pay"}),
    (-2, 3, "先付三分之一，剩下的月底前再安排。", {}),
    (2, 3, "工程款下来先给你们一部分。", {"funding": "customers_pay", "others_promised": "yes"}),
    (3, 1, "过几天尽量都结掉。", {"day_named": False}),
    (-2, 4, "月初付，这次不会拖。", {"funding": "own_cash"}),
    (5, 2, "等银行那笔贷款下来就付。", {"funding": "bank_loan"}),
    (0, 6, "今天下班前付一笔。", {"funding": "owner_money", "decides": "yes", "witness_name": "会计小周"}),
)


def open_promises(stage: Stage, met: dict[str, Met]) -> None:
    """Promises that were broken in the last days, and promises due this week."""
    slow = sorted((c for c in stage.ledger.customers if c.habit in {"late", "slow", "stuck"}),
                  key=lambda one: one.habit == "late")
    owing = [(sample, sum(i.minor - i.paid_minor for i in stage.ledger.invoices
                          if i.customer is sample and i.minor > 0)) for sample in slow]
    for number, (sample, owed) in enumerate([one for one in owing if one[1] >= 100_000][:len(RESTING)]):
        customer = met[sample.code]
        days, share, words, resting = RESTING[number]
        promise_id = uuid7()
        due = stage.today + timedelta(days=days)
        stage.act(customer.owner, "promises.make_promise", MakePromise(
            promise_id=promise_id, customer_id=customer.id, amount_minor=max(50_000, owed // share // 10_000 * 10_000),
            due_on=due, promisor_name=customer.contact, promisor_role=customer.contact_role, pay_by="transfer",
            words=words, **resting), stage.moment(6, 15, number * 5))
        if number == 0:
            stage.act(customer.owner, "promises.add_evidence", AddEvidence(
                evidence_id=uuid7(), promise_id=promise_id, customer_id=customer.id, kind="reply",
                words="同意，明天上午转。"), stage.moment(5, 18))
