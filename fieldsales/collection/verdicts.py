"""Operations on claims (拖欠理由): neither believed nor disbelieved until somebody has looked, and what was found."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.collection import rules
from fieldsales.collection.messages import ClaimsRecorded, ClaimVerified, RecordClaims, VerifyClaim
from fieldsales.collection.models import Claim, ClaimVerdict, Task
from fieldsales.collection.queries import ClaimFact, TaskFact
from fieldsales.customers.guards import may_work_with
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotFound
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work


@operation(
    "collection.record_claims", RecordClaims, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with
)
def record_claims(work: Work, command: RecordClaims) -> None:
    """Put excuses (拖欠理由) on record as claims, neither believed nor disbelieved; each makes a task to find out.

    A threat to end business is flagged: the manager is told at once, and nothing else stops.
    """
    known = work.plugins.excuses if work.plugins else {}
    flagged = []
    for claim_id, code, words in command.claims:
        excuse = known.get(code)
        work.insert(
            Claim, id=claim_id, customer_id=command.customer_id, code=code, words=words, state="unverified",
            source_kind=command.source_kind, source_id=command.source_id, by_id=work.actor.user_id,
            at=min(work.occurred, work.now),
        )  # fmt: skip
        work.facts.put("claim", claim_id, ClaimFact(claim_id, command.customer_id, code, "unverified"))
        _ask_for_truth(work, command.customer_id, claim_id, rules.claim_title(code, excuse, work.actor.locale))
        if excuse is not None and excuse.flag == "manager":
            flagged.append(claim_id)
    if command.claims:
        work.touch(command.customer_id)
        work.emit(ClaimsRecorded(command.customer_id, tuple(claim_id for claim_id, _, _ in command.claims),
                                 tuple(flagged)))


def _ask_for_truth(work: Work, customer_id: str, claim_id: str, title: str) -> None:
    task_id, due_on = derived_id(claim_id, "task verify_claim"), work.today + rules.VERIFY_WITHIN
    work.insert(
        Task, id=task_id, customer_id=customer_id, kind="verify_claim", title=title, due_on=due_on, assignee_id="",
        source_id=claim_id, made_at=work.now, done_at=None, done_by_id="", note="",
    )  # fmt: skip
    work.facts.put("task", task_id, TaskFact(task_id, customer_id, "verify_claim", "", False, due_on, "", claim_id))
    work.facts.put("verify_tasks", claim_id, (task_id,))


@operation(
    "collection.verify_claim", VerifyClaim,
    needs=lambda c: [Need("customer", c.customer_id), Need("claim", c.claim_id), Need("verify_tasks", c.claim_id)],
    guard=may_work_with,
)  # fmt: skip
def verify_claim(work: Work, command: VerifyClaim) -> None:
    """Note what an excuse turned out to be: true, false, or partly true, by whom and on what evidence.

    A later verdict takes the place of an earlier one, which stays to be read. The task to find out is done with it.
    """
    claim: ClaimFact = work.require("claim", command.claim_id)
    if claim.customer_id != command.customer_id:
        raise NotFound("claim.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(
        ClaimVerdict, id=derived_id(work.command_id, f"verdict {claim.id}"), claim_id=claim.id,
        customer_id=claim.customer_id, n=claim.verdicts + 1, state=command.state, note=command.note,
        product=command.product, facts=[one.model_dump() for one in command.facts],
        evidence_sha256=list(command.evidence_sha256), by_id=work.actor.user_id, at=min(work.occurred, work.now),
    )  # fmt: skip
    for sha256 in command.evidence_sha256:
        expect_photo(work, claim.customer_id, "claim", claim.id, "proof", sha256)
    work.update(Claim, claim.id, state=command.state)
    work.facts.put("claim", claim.id, replace(claim, state=command.state, verdicts=claim.verdicts + 1))
    _found_out(work, claim, command.note)
    work.touch(claim.customer_id)
    work.emit(ClaimVerified(claim.id, claim.customer_id, claim.code, command.state, claim.state))


def _found_out(work: Work, claim: ClaimFact, note: str) -> None:
    for task_id in work.fact("verify_tasks", claim.id) or ():
        work.update(Task, task_id, done_at=work.now, done_by_id=work.actor.user_id, note=note, outcome="done")
        work.facts.put("task", task_id, TaskFact(task_id, claim.customer_id, "verify_claim", "", True, None, "done",
                                                 claim.id))
    work.facts.put("verify_tasks", claim.id, ())
