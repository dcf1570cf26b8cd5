"""A case before the court with a period that runs, and an account followed up closely day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fieldsales.collection.faith_messages import DecideFaith, NoteSign, ProposeFaith, SignHit, SignProof
from fieldsales.collection.messages import TakeAction
from fieldsales.collection.stepmessages import DecideStep
from fieldsales.demo.steps import FORGETFUL, SHORT, SPENT, UNWILLING
from fieldsales.exchange.counsel import OfferCounsel
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

#: The methods this story uses; without one of them its part is not told.
AT_LAW, CLOSE = "legal", "persistent"
COURT, NUMBER = "杭州市上城区人民法院", "(2026)浙0102民督118号"
#: What the court did, how many days ago: served five days ago, so that the fifteen days to object run.
STEPS = (("filed", 24), ("accepted", 20), ("issued", 9), ("served", 5))


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """Legal notes the court's steps and a fee; a manager approves a class, and a rep collects small sums by the day."""
    told = {FORGETFUL, SHORT, SPENT, UNWILLING}
    stuck = [met[c.code] for c in stage.ledger.customers if c.habit == "stuck" and c.code not in told]
    plugins = stage.program.plugins
    if AT_LAW in plugins.methods:
        _at_law(stage, stuck[0])
    if CLOSE in plugins.methods:
        _closely(stage, stuck[3])


def _note(stage: Stage, actor: Actor, one: Met, method: str, days_ago: int, fields: dict[str, Any]) -> None:
    at = stage.moment(days_ago, 10, 30)
    stage.act(actor, "collection.take_action", TakeAction(
        action_id=uuid7(), customer_id=one.id, debtor_id=one.debtor_id, method=method, fields=fields, occurred_at=at,
        form_version=stage.program.plugins.methods[method].version), at)


def _day(stage: Stage, days_ago: int) -> str:
    return (stage.today - timedelta(days=days_ago)).isoformat()


def _at_law(stage: Stage, one: Met) -> None:
    legal = stage.people["qianwen"]
    for step, days_ago in STEPS:
        _note(stage, legal, one, AT_LAW, days_ago, {
            "stage": step, "court": COURT, "case_number": NUMBER,
            "on": _day(stage, days_ago)})
    _note(stage, legal, one, AT_LAW, 24, {"stage": "cost", "cost_kind": "court", "cost": 1_180_00,
                                          "on": _day(stage, 24)})
    stage.act(legal, "exchange.offer_counsel", OfferCounsel(
        link_id=uuid7(), customer_id=one.id, firm="浙江钱潮律师事务所 沈律师", purpose="评估债务人异议后的起诉",
        days=14), stage.moment(1, 16))


def _closely(stage: Stage, one: Met) -> None:
    sign_id, seen_on = uuid7(), stage.today - timedelta(days=12)
    words = "当着我的面给另一家打了四万，说我们的“再等等”。"
    stage.act(one.owner, "collection.note_sign", NoteSign(
        sign_id=sign_id, customer_id=one.id, kind="pays_others", seen_on=seen_on, words=words), stage.moment(12, 15))
    manager = next(who for who in stage.people.values() if who.role == "manager" and who.team_id == one.owner.team_id)
    proposal_id = uuid7()
    stage.act(SYSTEM, "collection.propose_faith", ProposeFaith(
        proposal_id=proposal_id, customer_id=one.id, klass="bad_faith",
        hits=[SignHit(code="pays_others", count=1, needed=1, proofs=[
            SignProof(kind="sign", id=sign_id, on=seen_on, words=words)])]),
        stage.moment(9, 14))
    stage.act(manager, "collection.decide_faith", DecideFaith(
        decision_id=uuid7(), customer_id=one.id, decision="approved", klass="bad_faith", proposal_id=proposal_id,
        note="有钱付别家，两次承诺都没有到账；按日收小额，不多打电话。", review_on=stage.today + timedelta(days=60)),
        stage.moment(8, 9))
    stage.act(manager, "collection.decide_step", DecideStep(
        answer_id=uuid7(), customer_id=one.id, method=CLOSE, yes=True, reason="同意，按日收，不多打电话。"),
        stage.moment(7, 9))
    _note(stage, one.owner, one, CLOSE, 6, {
        "stage": "agree", "amount": 2_000_00, "days": 20,
        "first_on": _day(stage, 5), "parked": "去年的返利没结清"})
    for days_ago in (5, 4):
        _note(stage, one.owner, one, CLOSE, days_ago, {
            "stage": "paid", "amount": 2_000_00, "on": _day(stage, days_ago)})
    for days_ago in (3, 2):
        _note(stage, one.owner, one, CLOSE, days_ago, {
            "stage": "missed", "words": "今天没进账，明天一起给。", "on": _day(stage, days_ago)})
    _note(stage, one.owner, one, CLOSE, 1, {
        "stage": "joint", "visit_on": _day(stage, -1)})
