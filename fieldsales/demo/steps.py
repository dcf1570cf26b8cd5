"""Three debtors of one rep whose next steps differ: forgetful, truly short of cash, and unwilling."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fieldsales.collection.faith_messages import DecideFaith, ProposeFaith, SignHit
from fieldsales.collection.messages import RecordClaims, TakeAction, VerifyClaim
from fieldsales.collection.stepmessages import AskStep, DeclineStep
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.promises.messages import MakePromise
from fieldsales.visits.messages import AddNote, LogVisit, Person

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

#: 王芳's: a small shop that forgets, a hotel whose guests pay late, a workshop that pays others first.
FORGETFUL, SHORT, UNWILLING = "KH0033", "KH0021", "KH0019"
#: Called, written to and visited in vain: the letter needs the manager's yes.
SPENT = "KH0027"


def next_steps(stage: Stage, met: dict[str, Met]) -> None:
    """What makes the three differ, and what a rep answered to two suggestions."""
    _forgetful(stage, met[FORGETFUL])
    _short(stage, met[SHORT])
    _unwilling(stage, met[UNWILLING])
    _spent(stage, met[SPENT])
    other = met["KH0035"]
    stage.act(other.owner, "collection.decline_step", DeclineStep(
        answer_id=uuid7(), customer_id=other.id, step="contact", method="phone", reason="not_now",
        words="老板家里办喜事，过了这周再打。"), stage.moment(1, 17))


def _forgetful(stage: Stage, one: Met) -> None:
    stage.act(one.owner, "visits.add_note", AddNote(
        note_id=uuid7(), customer_id=one.id, kind="note", text="每次都是忘了转账，提醒一声当天就付。"),
        stage.moment(40, 11))


def _short(stage: Stage, one: Met) -> None:
    """Two reasons, looked into and found true; the manager agreed that they are in good will."""
    said = ("cash_tight", "团队餐和会议的款压着，要等月底结。"), ("downstream", "两家旅行社还欠着三个月的房费。")
    for code, words in said:
        claim_id = uuid7()
        stage.act(one.owner, "collection.record_claims", RecordClaims(
            customer_id=one.id, claims=[(claim_id, code, words)], source_kind="visit", source_id=uuid7()),
            stage.moment(12, 15))
        stage.act(one.owner, "collection.verify_claim", VerifyClaim(
            claim_id=claim_id, customer_id=one.id, state="true", note="看了旅行社的对账单，属实。"),
            stage.moment(9, 10))
    _class(stage, one, "good_faith", "true_claims", "看得到账本，也肯谈，先分期。")


def _unwilling(stage: Stage, one: Met) -> None:
    """No money, he says, and others are paid; two calls, two promises, nothing came."""
    claim_id = uuid7()
    stage.act(one.owner, "collection.record_claims", RecordClaims(
        customer_id=one.id, claims=[(claim_id, "cash_tight", "没钱，别天天来。")], source_kind="visit",
        source_id=uuid7()), stage.moment(30, 15))
    _found_untrue(stage, one)
    for days_ago, amount in ((24, 8_000_000), (4, 5_000_000)):
        stage.act(one.owner, "promises.make_promise", MakePromise(
            promise_id=uuid7(), customer_id=one.id, amount_minor=amount, due_on=stage.today - timedelta(days=days_ago),
            promisor_name=one.contact, promisor_role=one.contact_role, words="过两天就转。"),
            stage.moment(days_ago + 4, 16))
    for days_ago in (21, 10):
        _called(stage, one, days_ago, "refused", "没钱就是没钱。")
    _class(stage, one, "bad_faith", "false_claims", "同一天给别家提货付了现款，照片在案。")


def _found_untrue(stage: Stage, one: Met) -> None:
    """Every reason he gave was looked into: he had just paid another supplier in cash."""
    for claim_id in stage.claims(one.id):
        stage.act(one.owner, "collection.verify_claim", VerifyClaim(
            claim_id=claim_id, customer_id=one.id, state="false", note="同一天付了另一家供货商的现款。"),
            stage.moment(8, 17))


def _spent(stage: Stage, one: Met) -> None:
    for days_ago in (40, 33):
        _called(stage, one, days_ago, "callback", "过几天再说。")
    for days_ago in (26, 17):
        stage.act(one.owner, "visits.log_visit", LogVisit(
            visit_id=uuid7(), customer_id=one.id, outcome="refused", said="再等等。",
            persons=[Person(name=one.contact, role=one.contact_role)], arrived_at=stage.moment(days_ago, 10),
            left_at=stage.moment(days_ago, 10, 20)), stage.moment(days_ago, 10, 20))
    stage.act(one.owner, "collection.ask_step", AskStep(
        answer_id=uuid7(), customer_id=one.id, method="letter", words="电话、上门都试过，想发催告函。"),
        stage.moment(1, 16))


def _called(stage: Stage, one: Met, days_ago: int, result: str, said: str) -> None:
    if "phone" not in stage.program.plugins.methods:
        return  # the plugin's folder was taken out: the story goes without its calls
    fields: dict[str, Any] = {"spoke_with": one.contact, "result": result, "said": said}
    stage.act(one.owner, "collection.take_action", TakeAction(
        action_id=uuid7(), customer_id=one.id, method="phone", fields=fields, occurred_at=stage.moment(days_ago, 11)),
        stage.moment(days_ago, 11))


def _class(stage: Stage, one: Met, klass: Any, code: str, note: str) -> None:
    proposal_id = uuid7()
    stage.act(SYSTEM, "collection.propose_faith", ProposeFaith(
        proposal_id=proposal_id, customer_id=one.id, klass=klass, hits=[SignHit(code=code, count=2, needed=2)]))
    manager = next(actor for actor in stage.people.values()
                   if actor.role == "manager" and actor.team_id == one.owner.team_id)
    stage.act(manager, "collection.decide_faith", DecideFaith(
        decision_id=uuid7(), customer_id=one.id, decision="approved", klass=klass, proposal_id=proposal_id,
        note=note, review_on=stage.today + timedelta(days=60)))
