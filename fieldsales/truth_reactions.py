"""What follows a dispute, a threat or a class: who settles it, who decides, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fieldsales.collection import faith_messages as faith
from fieldsales.collection import messages as collection
from fieldsales.disputes import messages as disputes
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need
from fieldsales.reactions import Follow, _done, _managers, _task, on
from fieldsales.receivables import messages as receivables
from fieldsales.store.work import Work


def _all_done(work: Work, source_id: str, customer_id: str, kinds: Iterable[str]) -> Iterator[Follow]:
    """The same for several tasks, looked up in one go."""
    asked = list(kinds)
    work.facts.expect(Need("task", derived_id(source_id, f"task {kind}")) for kind in asked)
    for kind in asked:
        yield from _done(work, source_id, customer_id, kind)


@on(disputes.DisputeOpened)
def dispute_is_decided(event: disputes.DisputeOpened, work: Work) -> Iterator[Follow]:
    """A dispute waits for the manager."""
    yield _task(event.dispute_id, event.customer_id, "decide_dispute", "", work.today)
    if event.invoice_id:
        yield "receivables.mark_disputed", receivables.MarkDisputed(
            customer_id=event.customer_id, invoice_id=event.invoice_id, amount_minor=event.contested_minor or 0)


@on(disputes.DisputeAssigned)
def dispute_is_settled(event: disputes.DisputeAssigned, work: Work) -> Iterator[Follow]:
    """Whoever is to settle a dispute has it on his list; whoever had it before no longer."""
    if event.n > 1:
        yield from _done(work, event.dispute_id, event.customer_id, f"settle_dispute {event.n - 1}")
    if event.owner_id:
        yield "collection.add_task", collection.AddTask(
            task_id=derived_id(event.dispute_id, f"task settle_dispute {event.n}"), customer_id=event.customer_id,
            kind="settle_dispute", title="", due_on=event.due_on, source_id=event.dispute_id,
            assignee_id=event.owner_id)


@on(disputes.DisputeAnswered)
def answer_goes_to_the_manager(event: disputes.DisputeAnswered, work: Work) -> Iterator[Follow]:
    """What was found out is done for its owner; the manager's own task to decide waits already."""
    yield from _done(work, event.dispute_id, event.customer_id, f"settle_dispute {event.n}")


@on(disputes.DisputeDecided)
def dispute_is_over(event: disputes.DisputeDecided, work: Work) -> Iterator[Follow]:
    """What was denied or withdrawn is no longer disputed; what was granted stays so until its credit note."""
    told = (f"dispute_overdue {event.n} {user_id}" for user_id in _managers(work, event.customer_id))
    yield from _all_done(work, event.dispute_id, event.customer_id,
                         ["decide_dispute", f"settle_dispute {event.n}", *told])
    if event.invoice_id and event.decision in {"denied", "withdrawn"}:
        yield "receivables.mark_disputed", receivables.MarkDisputed(
            customer_id=event.customer_id, invoice_id=event.invoice_id, amount_minor=event.contested_minor or 0,
            contested=event.contested_minor is not None)


@on(collection.ActionTaken)
def excuse_is_claimed(event: collection.ActionTaken, work: Work) -> Iterator[Follow]:
    """A reason heard in an action (its form asks for it in a field ``excuse``) is a claim, as one heard on a visit."""
    code = event.fields.get("excuse")
    if isinstance(code, str) and work.plugins is not None and code in work.plugins.excuses:
        said = event.fields.get("said")
        words = said if isinstance(said, str) else ""
        yield "collection.record_claims", collection.RecordClaims(
            customer_id=event.customer_id, claims=[(derived_id(event.action_id, "claim"), code, words)],
            source_kind="action", source_id=event.action_id)


@on(collection.ClaimsRecorded)
def threat_is_told(event: collection.ClaimsRecorded, work: Work) -> Iterator[Follow]:
    """A threat to end business is the manager's the same day. Nothing else stops by it."""
    for claim_id in event.flagged:
        for user_id in _managers(work, event.customer_id):
            yield _task(claim_id, event.customer_id, "threat", "", work.today, user_id)


@on(faith.FaithProposed)
def proposal_is_decided(event: faith.FaithProposed, work: Work) -> Iterator[Follow]:
    """A proposed class waits for the manager; the task says no more than that there is something to decide."""
    for user_id in _managers(work, event.customer_id):
        yield _task(event.proposal_id, event.customer_id, "faith_proposed", "", work.today, user_id)


@on(faith.FaithDecided)
def class_was_decided(event: faith.FaithDecided, work: Work) -> Iterator[Follow]:
    """What was to be decided or looked at again is done; a class that lapsed unseen is asked about once more."""
    managers = _managers(work, event.customer_id)
    if event.proposal_id:
        yield from _all_done(work, event.proposal_id, event.customer_id, (f"faith_proposed {one}" for one in managers))
    if event.ended_id and event.decision != "lapsed":
        yield from _all_done(work, event.ended_id, event.customer_id, (f"faith_review {one}" for one in managers))
    for user_id in managers if event.decision == "lapsed" and event.ended_id else ():
        yield _task(event.ended_id or "", event.customer_id, "faith_review", "", work.today, user_id)
