"""What follows what: the only wiring between capabilities.

Each reaction adapts an event from above or beside into commands of a lower capability, carried out
in the same transaction. Ids of what follows are derived from the id of what happened, so that a
repeated judgement makes the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from fieldsales.collection import arrival_messages as arrivals
from fieldsales.collection import messages as collection
from fieldsales.collection import watching
from fieldsales.collection.handover import MoveTasks
from fieldsales.customers import messages as customers
from fieldsales.disputes import messages as disputes
from fieldsales.jobs.observing import TOPIC
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.events import Event
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Command
from fieldsales.people import messages as people
from fieldsales.plans import messages as plans
from fieldsales.promises import messages as promises
from fieldsales.receivables import messages as receivables
from fieldsales.receivables.handover import MoveCash
from fieldsales.receivables.limitation import day_of_effect
from fieldsales.statements import messages as statements
from fieldsales.store.work import Work
from fieldsales.visits import messages as visits

Follow = tuple[str, Command]
Reaction = Callable[[Any, Work], Iterable[Follow]]
TABLE: dict[type[Event], list[Reaction]] = {}
#: What an observer may ask to be told of, by name.
OBSERVED: dict[type[Event], str] = {
    visits.VisitLogged: "visits.logged", visits.NoteAdded: "notes.added", promises.PromiseMade: "promises.made",
    promises.PromiseSettled: "promises.settled", plans.PlanSigned: "plans.signed",
    plans.InstalmentSettled: "plans.instalment_settled", statements.StatementSigned: "statements.signed",
    disputes.DisputeOpened: "disputes.opened", disputes.DisputeDecided: "disputes.decided",
    receivables.PaymentPosted: "payments.posted", receivables.ReceiptRegistered: "receipts.registered",
    collection.ActionTaken: "actions.taken", collection.ClaimVerified: "claims.verified",
    disputes.DisputeAssigned: "disputes.assigned", customers.HandedOver: "customers.handed_over",
}


def on(event_type: type[Event]) -> Callable[[Reaction], Reaction]:
    """Put the function below into the table."""

    def declare(reaction: Reaction) -> Reaction:
        TABLE.setdefault(event_type, []).append(reaction)
        return reaction

    return declare


def react(event: Event, work: Work) -> Iterator[Follow]:
    """The commands that follow ``event``, in the order of the table."""
    for reaction in TABLE.get(type(event), ()):
        yield from reaction(event, work)
    name = OBSERVED.get(type(event))
    if name and work.plugins is not None and work.plugins.observers_of(name):
        if not work.heard:
            work.after(TOPIC, {"id": uuid7(), "at": work.now.isoformat(), "events": work.heard})
        work.heard.append({"event": name, "data": json.loads(json.dumps(asdict(event), default=str))})


def _day(work: Work) -> date:
    # never a day to come: a clock that runs ahead must not lengthen a period
    return min(on_date(work.occurred, work.zone), work.today)


def _task(source_id: str, customer_id: str, kind: str, title: str, due_on: date, assignee_id: str = "") -> Follow:
    for_whom = f" {assignee_id}" if assignee_id else ""
    return "collection.add_task", collection.AddTask(
        task_id=derived_id(source_id, f"task {kind}{for_whom}"), customer_id=customer_id, kind=kind, title=title,
        due_on=due_on, source_id=source_id, assignee_id=assignee_id)


def _managers(work: Work, customer_id: str) -> tuple[str, ...]:
    """The managers of the customer's team; where it has none, whoever has been a manager longest."""
    team_id = work.require("customer", customer_id).team_id
    found = (work.fact("managers_of", team_id) or ()) if team_id else ()
    return tuple(found or work.fact("first_of_role", "manager") or ())


def _balance_moved(work: Work, source_id: str, customer_id: str, flags: tuple[str, ...]) -> Iterator[Follow]:
    """What was signed stands, though the debt had moved: the manager and the legal clerk look at it the same day."""
    if "balance_moved" not in flags:
        return
    for user_id in (*_managers(work, customer_id), *(work.fact("first_of_role", "legal") or ())):
        yield _task(source_id, customer_id, "balance_moved", "", work.today, user_id)


def _done(work: Work, source_id: str, customer_id: str, kind: str) -> Iterator[Follow]:
    """The task that followed ``source_id`` is finished, if there is one that still waits."""
    task_id = derived_id(source_id, f"task {kind}")
    task = work.fact("task", task_id)
    if task is not None and not task.is_done:
        yield "collection.finish_task", collection.FinishTask(task_id=task_id, customer_id=customer_id)


def _interruption(source_id: str, customer_id: str, ground: Any, grade: Any, on_day: date, proof_kind: str, *,
                  debtor_id: str | None = None) -> Follow:
    return "receivables.interrupt", receivables.Interrupt(
        interruption_id=derived_id(source_id, f"interruption {ground}"), customer_id=customer_id, debtor_id=debtor_id,
        occurred_on=on_day, ground=ground, grade=grade, proof_kind=proof_kind, proof_id=source_id)


@on(visits.VisitLogged)
def visit_is_heard(event: visits.VisitLogged, work: Work) -> Iterator[Follow]:
    """Excuses become claims, the next step a task, and every method that listens decides."""
    if event.excuses:
        yield "collection.record_claims", collection.RecordClaims(
            customer_id=event.customer_id, claims=list(event.excuses), source_kind="visit", source_id=event.visit_id)
    if event.next_on is not None:
        yield _task(event.visit_id, event.customer_id, "next_step", event.next_step[:120], event.next_on)
    elif event.purpose == "collect" and event.outcome == "not_discussed":
        # Nothing was asked: never refused, but the gap is shown as a task.
        yield _task(event.visit_id, event.customer_id, "not_discussed", "", work.today)
    if event.gaps:
        yield _task(event.visit_id, event.customer_id, "gaps", "", work.today)
    for task_id in work.fact("planned_visits", event.customer_id) or ():
        yield "collection.finish_task", collection.FinishTask(task_id=task_id, customer_id=event.customer_id)
    for method in work.plugins.subscribers("visits.logged") if work.plugins else ():
        yield "collection.take_action", collection.TakeAction(
            action_id=derived_id(event.visit_id, f"action {method}"), customer_id=event.customer_id, method=method,
            fields={"purpose": event.purpose, "outcome": event.outcome, "persons": list(event.persons),
                    "said": event.said, "excuses": [code for _, code, _ in event.excuses],
                    "next_step": event.next_step, "next_on": event.next_on.isoformat() if event.next_on else None,
                    "minutes": event.minutes, "papers": [f"{kind} {number}" for kind, number in event.papers]},
            occurred_at=event.occurred_at, source_kind="visit", source_id=event.visit_id)


@on(visits.NoteAdded)
def complaint_is_followed(event: visits.NoteAdded, work: Work) -> Iterator[Follow]:
    """A complaint is looked into the same day."""
    if event.kind == "complaint":
        yield _task(event.note_id, event.customer_id, "complaint", "", work.today)


@on(collection.ActionTaken)
def action_interrupts(event: collection.ActionTaken, work: Work) -> Iterator[Follow]:
    """An action that is a demand, or brings an agreement, restarts the limitation period (民法典 195)."""
    if event.effect and event.grade:
        on_day = day_of_effect(on_date(event.occurred_at, work.zone), event.fields)
        yield _interruption(event.action_id, event.customer_id, event.effect, event.grade, on_day, "action",
                            debtor_id=event.debtor_id)


@on(collection.SuitCameToNothing)
def suit_is_doubted(event: collection.SuitCameToNothing, work: Work) -> Iterator[Follow]:
    """A suit that was withdrawn or dismissed no longer surely interrupts: its acts are marked doubtful."""
    yield "receivables.doubt_suits", receivables.DoubtSuits(
        customer_id=event.customer_id, debtor_id=event.debtor_id, since=event.since, until=event.until,
        served_on=event.served_on, proof_kind="action", proof_id=event.action_id)


@on(watching.AlertRaised)
def alert_is_followed(event: watching.AlertRaised, work: Work) -> Iterator[Follow]:
    """A customer whose watch turned red is finance's and legal's the same day (S46)."""
    for task in watching.alert_tasks(work, event):
        yield "collection.add_task", task


@on(collection.MailAccepted)
def accepted_mail_interrupts(event: collection.MailAccepted, work: Work) -> Iterator[Follow]:
    """A mail their server has accepted has arrived (诉讼时效规定 8): proof grade B."""
    yield _interruption(event.mail_id, event.customer_id, event.effect, "B", on_date(event.accepted_at, work.zone),
                        "mail", debtor_id=event.debtor_id)


@on(arrivals.MailArrived)
def mail_arrived_after_all(event: arrivals.MailArrived, work: Work) -> Iterator[Follow]:
    """A mail nobody was sure of was answered, or their server says it is there: it has arrived, proof grade B."""
    ground: Any = event.effect
    yield "receivables.interrupt", receivables.Interrupt(
        interruption_id=derived_id(event.message_id, "arrival"), customer_id=event.customer_id, ground=ground,
        debtor_id=event.debtor_id, grade="B", occurred_on=on_date(event.arrived_at, work.zone), proof_kind="mail",
        proof_id=event.mail_id)


@on(arrivals.MailCameBack)
def mail_came_back(event: arrivals.MailCameBack, work: Work) -> Iterator[Follow]:
    """A mail that came back reached nobody: what its acceptance restarted did not start anew."""
    yield "receivables.reverse_interruption", receivables.ReverseInterruption(
        interruption_id=derived_id(event.mail_id, f"interruption {event.effect}"), customer_id=event.customer_id,
        reason=event.detail, proof_kind="message", proof_id=event.message_id)


@on(collection.TextDelivered)
def delivered_text_interrupts(event: collection.TextDelivered, work: Work) -> Iterator[Follow]:
    """A text message that reached the phone has arrived (诉讼时效规定 8): proof grade B."""
    yield _interruption(event.text_id, event.customer_id, event.effect, "B", on_date(event.delivered_at, work.zone),
                        "text", debtor_id=event.debtor_id)


@on(plans.PlanSigned)
def plan_interrupts(event: plans.PlanSigned, work: Work) -> Iterator[Follow]:
    """A signed plan acknowledges the debt (诉讼时效规定 14), proof grade A, and replaces open promises."""
    yield "promises.supersede_promises", promises.SupersedePromises(
        customer_id=event.customer_id, debtor_id=event.debtor_id, on=event.signed_on)
    yield _interruption(event.plan_id, event.customer_id, "acknowledgement", "A", event.signed_on, "plan",
                        debtor_id=event.debtor_id)
    yield from _balance_moved(work, event.plan_id, event.customer_id, event.flags)
    if "limitation_expired" in event.flags:
        # What was signed may have revived the debt (民法典 192): legal looks at the wording and the proof.
        for user_id in work.fact("first_of_role", "legal") or ("",):
            yield _task(event.plan_id, event.customer_id, "limitation", "", work.today, user_id)


@on(statements.StatementSigned)
def statement_interrupts(event: statements.StatementSigned, work: Work) -> Iterator[Follow]:
    """A signed statement acknowledges the agreed balance; its differences go to the manager."""
    if event.agreed_minor > 0:
        yield _interruption(event.statement_id, event.customer_id, "acknowledgement", "A", event.signed_on, "statement",
                            debtor_id=event.debtor_id)
    yield from _balance_moved(work, event.statement_id, event.customer_id, event.flags)
    if event.differences:
        yield _task(event.statement_id, event.customer_id, "differences", "", work.today)


@on(plans.InstalmentSettled)
def broken_instalment_is_followed(event: plans.InstalmentSettled, work: Work) -> Iterator[Follow]:
    """An instalment that was not kept is asked about the same day."""
    if event.state in {"broken", "partly"}:
        yield _task(derived_id(event.plan_id, f"instalment {event.n}"), event.customer_id, "instalment_broken",
                    "", work.today)


@on(receivables.ReceiptMoved)
def cash_has_come(event: receivables.ReceiptMoved, work: Work) -> Iterator[Follow]:
    """Cash that was handed in or settled needs no reminder."""
    yield from _done(work, event.receipt_id, event.customer_id, "cash_late")


@on(people.TeamChanged)
def customers_follow_their_owner(event: people.TeamChanged, work: Work) -> Iterator[Follow]:
    """A rep's customers go with him to another team."""
    yield "customers.follow_owner", customers.FollowOwner(owner_id=event.user_id, team_id=event.team_id)


@on(customers.HandedOver)
def handover_moves_all(event: customers.HandedOver, work: Work) -> Iterator[Follow]:
    """With the customers go the cash not handed in, the tasks in the leaver's name, and his phones."""
    users = {"from_user_id": event.from_user_id, "to_user_id": event.to_user_id}
    yield "receivables.move_cash", MoveCash(**users)
    yield "collection.move_tasks", MoveTasks(**users)
    yield "people.end_access", people.EndAccess(user_id=event.from_user_id, disable=event.disable)


@on(receivables.PaymentPosted)
def payment_settles(event: receivables.PaymentPosted, work: Work) -> Iterator[Follow]:
    """Confirmed money is measured against promises and plans; a part-payment restarts the period (规定 14)."""
    yield "promises.settle_promises", promises.SettlePromises(customer_id=event.customer_id, as_of=work.today)
    yield "plans.settle_plans", plans.SettlePlans(customer_id=event.customer_id, as_of=work.today)
    if event.amount_minor > 0:
        yield _interruption(event.payment_id, event.customer_id, "part_payment", "B", event.received_on, "payment",
                            debtor_id=event.debtor_id)
