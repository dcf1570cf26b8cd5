"""What follows a promise to pay, or the want of one: tasks, interruptions, the next ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from fieldsales.collection import messages as collection
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need
from fieldsales.plans import messages as plans
from fieldsales.promises import messages as promises
from fieldsales.promises.following import all_reminders, part_id
from fieldsales.promises.refusals import REASONS, reason_of_visit
from fieldsales.reactions import Follow, _day, _done, _interruption, _task, on
from fieldsales.receivables import messages as receivables
from fieldsales.store.work import Work
from fieldsales.visits import messages as visits


@on(visits.VisitLogged)
def refused_visit_leaves_no_blank(event: visits.VisitLogged, work: Work) -> Iterator[Follow]:
    """A visit that brought no promise says why, from its outcome and the reasons heard (S14)."""
    reason = reason_of_visit(event.outcome, tuple(code for _, code, _ in event.excuses))
    if reason and event.purpose == "collect":
        yield "promises.note_no_promise", promises.NoteNoPromise(
            no_promise_id=derived_id(event.visit_id, "no promise"), customer_id=event.customer_id, reason=reason,
            words=event.said, person_name=event.persons[0] if event.persons else "", visit_id=event.visit_id,
            ask_again_on=event.next_on, followed=event.next_on is not None)


@on(promises.PromiseMade)
def promise_is_followed(event: promises.PromiseMade, work: Work) -> Iterator[Follow]:
    """A promise is an agreement to pay, asserted only (grade C) until it is in writing; it is followed on its day."""
    yield _interruption(event.promise_id, event.customer_id, "agreement", "C", _day(work), "promise",
                        debtor_id=event.debtor_id)
    yield _task(event.promise_id, event.customer_id, "promise_due", "", event.due_on)
    # whoever has just been given a word has asked about those that were not kept
    book = work.fact("promises", event.customer_id)
    unkept = [one.id for one in book.promises if one.state in {"broken", "partly"}]
    work.facts.expect(Need("task", derived_id(key, "task promise_broken")) for key in unkept)
    for key in unkept:
        yield from _done(work, key, event.customer_id, "promise_broken")


@on(receivables.ReceiptRegistered)
def money_in_hand_is_seen(event: receivables.ReceiptRegistered, work: Work) -> Iterator[Follow]:
    """Money handed over in time, told of late: the promise is not broken while finance has not looked."""
    yield "promises.settle_promises", promises.SettlePromises(customer_id=event.customer_id, as_of=work.today)
    yield "plans.settle_plans", plans.SettlePlans(customer_id=event.customer_id, as_of=work.today)


@on(receivables.ReceiptMoved)
def money_not_found_is_none(event: receivables.ReceiptMoved, work: Work) -> Iterator[Follow]:
    """Finance has not seen the money: what waited for it is judged without it, the same day."""
    if event.kind == "rejected":
        yield "promises.settle_promises", promises.SettlePromises(customer_id=event.customer_id, as_of=work.today)
        yield "plans.settle_plans", plans.SettlePlans(customer_id=event.customer_id, as_of=work.today)


@on(promises.PromisePartPaid)
def rest_is_asked_for(event: promises.PromisePartPaid, work: Work) -> Iterator[Follow]:
    """A part came: the rest is asked for the same day (你催一次，他办一点); the ask for an earlier part is over."""
    parts = [part_id(event.promise_id, minor) for minor in (event.before_minor, event.kept_minor)]
    work.facts.expect(Need("task", derived_id(part, "task ask_rest")) for part in parts)
    yield from _done(work, parts[0], event.customer_id, "ask_rest")
    yield _task(parts[1], event.customer_id, "ask_rest", "", work.today)


@on(promises.EvidenceAdded)
def written_reply_interrupts(event: promises.EvidenceAdded, work: Work) -> Iterator[Follow]:
    """Their own written reply, seen in a photo, proves the agreement better than word of mouth: grade B."""
    if event.kind == "reply" and event.seen:
        yield _interruption(event.evidence_id, event.customer_id, "agreement", "B", _day(work), "promise",
                            debtor_id=event.debtor_id)


@on(promises.NoPromiseNoted)
def refusal_is_followed(event: promises.NoPromiseNoted, work: Work) -> Iterator[Follow]:
    """Each reason for promising nothing has one thing to be done about it; an outright refusal is a manager's."""
    refusal = REASONS[event.reason]
    if refusal.for_manager:
        team_id = work.require("customer", event.customer_id).team_id
        managers = (work.fact("managers_of", team_id) or ()) if team_id else ()
        # refused three times in a week is one decision, not three
        week = work.today - timedelta(days=work.today.weekday())
        for user_id in managers or work.fact("first_of_role", "manager") or ("",):
            yield _task(derived_id(event.customer_id, f"refused {week}"), event.customer_id, refusal.task, "",
                        event.ask_on, user_id)
    elif not event.followed:
        yield _task(event.no_promise_id, event.customer_id, refusal.task, "", event.ask_on)


@on(promises.PromiseSettled)
def settled_promise_is_followed(event: promises.PromiseSettled, work: Work) -> Iterator[Follow]:
    """A promise that was not kept is asked about the same day; one that is settled needs no more looking after."""
    asked = derived_id(part_id(event.promise_id, event.before_minor), "task ask_rest")
    own = [derived_id(event.promise_id, f"task {kind}") for kind in ("promise_due", "promise_broken")]
    # all at once, not one a pass: a signed plan ends every open promise
    work.facts.expect(Need("task", key) for key in (*own, asked, *all_reminders(event.promise_id)))
    yield from _done(work, event.promise_id, event.customer_id, "promise_due")
    yield from _done(work, part_id(event.promise_id, event.before_minor), event.customer_id, "ask_rest")
    for task in (work.fact("task", key) for key in all_reminders(event.promise_id)):
        if task is not None and not task.is_done:
            yield "collection.withdraw_task", collection.WithdrawTask(task_id=task.id, customer_id=event.customer_id)
    if event.state in {"broken", "partly"}:
        yield _task(event.promise_id, event.customer_id, "promise_broken", "", work.today)
    else:
        yield from _done(work, event.promise_id, event.customer_id, "promise_broken")
