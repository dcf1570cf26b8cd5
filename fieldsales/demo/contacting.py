"""Who must not be contacted, who may be again, what was done with leave, and a case a person decided on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldsales.collection.case_messages import AskLeave, DecideStage, GiveLeave, LiftStop, RecordStop, SetStanding
from fieldsales.collection.cases import cases_of
from fieldsales.customers.models import Contact
from fieldsales.demo import steps
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

#: Customers whose next step is a story of its own: nothing stands in its way.
LEFT_ALONE = {steps.FORGETFUL, steps.SHORT, steps.UNWILLING, steps.SPENT, "KH0035"}


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """What the gate's pages and the phone show of it."""
    legal = stage.people["qianwen"]
    objects, lifted, relative, urgent = _owing(stage, met)
    one = objects
    stage.act(one.owner, "collection.record_stop", RecordStop(
        stop_id=uuid7(), customer_id=one.id, kind="objection", words="别再打电话了，有事找我律师。", who=one.contact),
        stage.moment(2, 16, 20))
    one, stop_id = lifted, uuid7()
    stage.act(one.owner, "collection.record_stop", RecordStop(
        stop_id=stop_id, customer_id=one.id, kind="asked_to_leave", words="店里有客人，请你先出去。", who=one.contact),
        stage.moment(9, 11, 5))
    stage.act(legal, "collection.lift_stop", LiftStop(
        stop_id=stop_id, lift_id=uuid7(), customer_id=one.id, reason="对方来电致歉，约定以后上午到后面办公室谈。"),
        stage.moment(6, 10))
    _relative(stage, relative)
    one = urgent
    stage.act(one.owner, "collection.ask_leave", AskLeave(
        entry_id=uuid7(), customer_id=one.id, channel="call", codes=["after_hours"],
        reason="他在国外，只有我们晚上十点以后有空。"), stage.moment(1, 15))
    stage.act(_manager(stage, one.owner), "collection.give_leave", GiveLeave(
        waiver_id=uuid7(), customer_id=one.id, codes=["after_hours"], reason="他自己约的时间，打一次。",
        until_at=stage.program.clock.now() + timedelta(hours=20)), stage.moment(1, 15, 30))
    _decided(stage, met)


def _owing(stage: Stage, met: dict[str, Met]) -> list[Met]:
    """Four who owe, but not the most: an objection that stands, one that was lifted, a relative, a call by night."""
    known = {one.id: one for one in met.values() if one.code not in LEFT_ALONE and one.contact}
    with stage.program.store.reading() as connection:
        cases = cases_of(connection, list(known))
    ranked = sorted(cases.values(), key=lambda case: (-case.collectable_minor, case.id))
    return [known[case.customer_id] for case in ranked[5:9]]


def _manager(stage: Stage, owner: Actor) -> Actor:
    """The manager of a rep's team."""
    return next(one for one in stage.people.values() if one.role == "manager" and one.team_id == owner.team_id)


def _relative(stage: Stage, one: Met) -> None:
    c = table_of(Contact).c
    with stage.program.store.reading() as connection:
        contact_id = connection.scalar(select(c.id).where(c.customer_id == one.id).order_by(c.id).limit(1))
    if contact_id:
        stage.act(one.owner, "collection.set_standing", SetStanding(
            standing_id=uuid7(), customer_id=one.id, contact_id=contact_id, standing="family",
            reason="接电话的是老板的母亲。"), stage.moment(5, 9, 40))


def _decided(stage: Stage, met: dict[str, Met]) -> None:
    """The manager held one case back where a buyer has just changed hands."""
    with stage.program.store.reading() as connection:
        cases = cases_of(connection, [one.id for one in met.values()])
    late = max((case for case in cases.values() if case.stage == "manager"), key=lambda case: case.collectable_minor,
               default=None)
    if late is not None:
        owner = next(one.owner for one in met.values() if one.id == late.customer_id)
        stage.act(_manager(stage, owner), "collection.decide_stage", DecideStage(
            case_id=late.id, customer_id=late.customer_id, stage="final", until_on=stage.today + timedelta(days=10),
            reason="新股东刚接手，先给十天核账，之后照常升级。"), stage.moment(0, 9))
