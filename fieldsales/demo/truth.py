"""What the demo's reps found out: words that were not true, a threat, goods carried away, a dispute answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldsales.collection.faith_messages import NoteSign, ProposeFaith
from fieldsales.collection.messages import FactSeen, RecordClaims, VerifyClaim
from fieldsales.demo.steps import FORGETFUL, SHORT, SPENT, UNWILLING
from fieldsales.disputes.messages import AnswerDispute, AssignDispute
from fieldsales.disputes.models import Dispute
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of
from fieldsales.workday.truth_night import classes_proposed

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage


def found_out(stage: Stage, met: dict[str, Met]) -> None:
    """One who tells tales and empties the shop, one who threatens to leave, two disputes somebody settles."""
    told = {FORGETFUL, SHORT, SPENT, UNWILLING}
    stuck = [met[c.code] for c in stage.ledger.customers if c.habit == "stuck" and c.code not in told]
    _tales(stage, stuck[1])
    _threat(stage, stuck[2])
    _disputes(stage, met)
    with stage.program.store.reading() as connection:
        proposed = classes_proposed(connection, stage.today, stage.program.settings.zone)
    for command in proposed:
        stage.act(SYSTEM, "collection.propose_faith", ProposeFaith(**command))


def _claim(stage: Stage, one: Met, code: str, words: str, days_ago: int) -> str:
    claim_id = uuid7()
    stage.act(one.owner, "collection.record_claims", RecordClaims(
        customer_id=one.id, claims=[(claim_id, code, words)], source_kind="visit", source_id=uuid7()),
        stage.moment(days_ago, 10))
    return claim_id


def _tales(stage: Stage, one: Met) -> None:
    """Three reasons, none true; the first was believed in part until somebody opened the boxes."""
    quality = _claim(stage, one, "quality", "锁芯一半是坏的，退货再说。", 26)
    for state, note, days_ago in (("partly", "看了一箱，两只卡涩。", 24), ("false", "开了六箱，全是好的。", 19)):
        stage.act(one.owner, "collection.verify_claim", VerifyClaim(
            claim_id=quality, customer_id=one.id, state=state, note=note, product="球形锁 587",  # type: ignore[arg-type]
            facts=[FactSeen(kind="delivery_note", id="", name=""), FactSeen(kind="photo", id="", name="")]),
            stage.moment(days_ago, 16))
    missing = _claim(stage, one, "not_received", "最后一批根本没到。", 15)
    stage.act(one.owner, "collection.verify_claim", VerifyClaim(
        claim_id=missing, customer_id=one.id, state="false", note="签收单上是老板本人的字。", product="球形锁 587",
        facts=[FactSeen(kind="delivery_note", id="", name="")]), stage.moment(13, 11))
    _claim(stage, one, "boss_away", "老板出差，不知道哪天回。", 3)
    stage.act(one.owner, "collection.note_sign", NoteSign(
        sign_id=uuid7(), customer_id=one.id, kind="asset_moves", seen_on=stage.today - timedelta(days=2),
        words="晚上装了两车货，邻居说拉去女婿的店。"), stage.moment(2, 20))


def _threat(stage: Stage, one: Met) -> None:
    _claim(stage, one, "threat", "再这么催，下半年就换别家供货。", 1)


def _disputes(stage: Stage, met: dict[str, Met]) -> None:
    """The newest dispute is given to a colleague; of the one before, finance has found what is right in it."""
    table = table_of(Dispute)
    with stage.program.store.reading() as connection:
        rows = connection.execute(select(table.c.id, table.c.customer_id).order_by(table.c.opened_at, table.c.id)).all()
    owners = {one.id: one.owner for one in met.values()}
    for number, row in enumerate(rows[:2]):
        manager = next(actor for actor in stage.people.values()
                       if actor.role == "manager" and actor.team_id == owners[row.customer_id].team_id)
        stage.act(manager, "disputes.assign_dispute", AssignDispute(
            dispute_id=row.id, customer_id=row.customer_id, desk="quality" if number == 0 else "finance",
            owner_id=owners[row.customer_id].user_id if number == 0 else stage.people["sunli"].user_id,
            due_on=stage.today + timedelta(days=3), reason="三天内给客户答复。"))
        if number:
            stage.act(stage.people["sunli"], "disputes.answer_dispute", AnswerDispute(
                dispute_id=row.id, customer_id=row.customer_id, finding="partly",
                words="报价单上是旧价，差价只有 1.5 元，应退一半。"))
