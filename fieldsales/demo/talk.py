"""What the demo's reps heard: visits, excuses, promises."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fieldsales.kernel.ids import uuid7
from fieldsales.promises.messages import MakePromise
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


def open_promises(stage: Stage, met: dict[str, Met]) -> None:
    """Promises that were broken in the last days, and promises due this week."""
    slow = [c for c in stage.ledger.customers if c.habit in {"slow", "stuck"}]
    for number, sample in enumerate(slow[:8]):
        customer = met[sample.code]
        owed = sum(i.minor - i.paid_minor for i in stage.ledger.invoices if i.customer is sample and i.minor > 0)
        if owed < 100_000:
            continue
        due = stage.today + timedelta(days=(-2, -1, 1, 2, 3, -2, 5, 0)[number])
        stage.act(customer.owner, "promises.make_promise", MakePromise(
            promise_id=uuid7(), customer_id=customer.id, amount_minor=max(50_000, owed // 3 // 10_000 * 10_000),
            due_on=due,
            promisor_name=customer.contact, promisor_role=customer.contact_role, pay_by="transfer",
            words="先付三分之一，剩下的月底前再安排。"), stage.moment(6, 15, number * 5))
