"""Operations of classing a debtor: a sign seen, a class proposed, decided by a manager for a time, lapsed."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.collection import faith_rules
from fieldsales.collection.faith import FaithFact, ProposalFact
from fieldsales.collection.faith_messages import (
    DecideFaith,
    FaithDecided,
    FaithProposed,
    LapseFaith,
    NoteSign,
    ProposeFaith,
)
from fieldsales.collection.models import FaithDecision, FaithProposal, FaithSignal
from fieldsales.customers.guards import manager_of, may_work_with, seen_customer, system_only
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.store.work import Work

#: Who may put a class before the manager, beside the written rules. A rep notes what he sees.
PROPOSERS = frozenset({"manager", "legal", "finance", "admin", "system"})


@for_office
def may_propose(work: Work, command: ProposeFaith) -> None:
    """Guard: the office, for a customer it sees; never a rep."""
    if work.actor.role not in PROPOSERS:
        raise NotAllowed("office_only", N_("Only the office can do this."))
    if work.actor.role != "system":
        seen_customer(work, command.customer_id)


@operation("collection.note_sign", NoteSign, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with)
def note_sign(work: Work, command: NoteSign) -> None:
    """Put what was seen at a customer's on record. It decides nothing: the written rules weigh it by night."""
    work.insert(
        FaithSignal, id=command.sign_id, customer_id=command.customer_id, kind=command.kind, words=command.words,
        seen_on=min(command.seen_on, work.today), visit_id=command.visit_id,
        evidence_sha256=list(command.evidence_sha256), by_id=work.actor.user_id, at=min(work.occurred, work.now),
    )  # fmt: skip
    for sha256 in command.evidence_sha256:
        expect_photo(work, command.customer_id, "sign", command.sign_id, "proof", sha256)
    work.touch(command.customer_id)


@operation(
    "collection.propose_faith", ProposeFaith,
    needs=lambda c: [Need("customer", c.customer_id), Need("faith_open", c.customer_id), Need("faith", c.customer_id)],
    guard=may_propose,
)  # fmt: skip
def propose_faith(work: Work, command: ProposeFaith) -> None:
    """Put a class before the manager, with what it rests on. What stands or is proposed already is not put up again.

    That a written rule is met, the rules alone say: a person proposes with a note.
    """
    if command.hits and work.actor.role != "system":
        raise NotAllowed("collection.faith_hits", N_("What the written rules find, they say themselves. Write a note; "
                                                     "evidence is attached to the decision."))
    standing: FaithFact | None = work.fact("faith", command.customer_id)
    waiting: tuple[ProposalFact, ...] = work.fact("faith_open", command.customer_id) or ()
    if (standing and standing.klass == command.klass) or any(one.klass == command.klass for one in waiting):
        return
    hits = [{**one.model_dump(mode="json")} for one in command.hits]
    work.insert(
        FaithProposal, id=command.proposal_id, customer_id=command.customer_id, klass=command.klass, hits=hits,
        note=command.note, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    made = ProposalFact(command.proposal_id, command.customer_id, command.klass, work.actor.user_id, len(hits),
                        work.now)
    work.facts.put("faith_proposal", made.id, made)
    work.facts.put("faith_open", command.customer_id, (*waiting, made))
    work.touch(command.customer_id)
    work.emit(FaithProposed(made.id, command.customer_id))


@operation(
    "collection.decide_faith", DecideFaith,
    needs=lambda c: [Need("customer", c.customer_id), Need("faith", c.customer_id), Need("faith_open", c.customer_id),
                     *([Need("faith_proposal", c.proposal_id)] if c.proposal_id else []),
                     *(Need("file_here", sha256) for sha256 in c.evidence_sha256)],
    guard=manager_of,
)  # fmt: skip
def decide_faith(work: Work, command: DecideFaith) -> None:
    """A manager approves a class for a time, refuses a proposal, or takes back what stands. Each with a reason.

    A file that is still on its way may be named; only one that is here is evidence.
    """
    standing: FaithFact | None = work.fact("faith", command.customer_id)
    proposal = _answered(work, command)
    if command.decision == "approved":
        faith_rules.check_approval(
            command.klass, command.review_on, work.today,
            rests_on=(proposal.hits if proposal else 0) + _files_here(work, command),
            is_own=proposal is None or proposal.by_id == work.actor.user_id,
        )  # fmt: skip
    elif command.decision == "ended" and (standing is None or standing.klass != command.klass):
        raise RuleBroken("collection.faith_none", N_("This class does not stand any more."))
    _decide(work, command.customer_id, command.decision, command.klass, command.decision_id, note=command.note,
            review_on=command.review_on if command.decision == "approved" else None, proposal_id=command.proposal_id,
            evidence_sha256=list(command.evidence_sha256))  # fmt: skip
    if proposal is not None:
        work.facts.put("faith_proposal", proposal.id, replace(proposal, decision=command.decision))
    for sha256 in command.evidence_sha256:
        expect_photo(work, command.customer_id, "faith", command.decision_id, "proof", sha256)


def _files_here(work: Work, command: DecideFaith) -> int:
    return sum(bool(here) for here in work.facts.by_key("file_here", command.evidence_sha256).values())


def _answered(work: Work, command: DecideFaith) -> ProposalFact | None:
    """The proposal that is answered; it must be this customer's, of this class, and not answered yet."""
    if command.proposal_id is None:
        if command.decision == "rejected":
            raise RuleBroken("collection.faith_none", N_("There is no proposal to refuse."))
        return None
    proposal: ProposalFact = work.require("faith_proposal", command.proposal_id)
    if proposal.customer_id != command.customer_id or proposal.klass != command.klass:
        raise NotFound("faith_proposal.not_found", N_("There is no such record, or you cannot see it."))
    if proposal.decision:
        raise RuleBroken("collection.faith_answered", N_("This proposal has been answered already."))
    return proposal


def _decide(work: Work, customer_id: str, decision: str, klass: str, decision_id: str, **more: object) -> None:
    standing: FaithFact | None = work.fact("faith", customer_id)
    work.insert(
        FaithDecision, id=decision_id, customer_id=customer_id, decision=decision, klass=klass,
        **{"note": "", "review_on": None, "proposal_id": None, "evidence_sha256": [], **more},
        by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    now_stands = standing.klass if standing else ""
    if decision != "rejected":
        review_on = more.get("review_on")
        stands = FaithFact(klass, review_on, work.actor.user_id, work.now, decision_id) if review_on else None  # type: ignore[arg-type]
        work.facts.put("faith", customer_id, stands)
        now_stands = klass if stands else ""
    proposal_id = more.get("proposal_id")
    waiting = tuple(one for one in work.fact("faith_open", customer_id) or () if one.id != proposal_id)
    work.facts.put("faith_open", customer_id, waiting)
    work.touch(customer_id)
    ended = standing.id if standing and decision != "rejected" else None
    work.emit(FaithDecided(customer_id, decision, now_stands, str(proposal_id) if proposal_id else None, ended))


@operation(
    "collection.lapse_faith", LapseFaith,
    needs=lambda c: [Need("customer", c.customer_id), Need("faith", c.customer_id), Need("faith_open", c.customer_id)],
    guard=system_only,
)  # fmt: skip
def lapse_faith(work: Work, command: LapseFaith) -> None:
    """A class nobody looked at again by its day stands no more: a debtor is not pressed on an old word."""
    standing: FaithFact | None = work.fact("faith", command.customer_id)
    if standing is not None and standing.review_on < work.today:
        _decide(work, command.customer_id, "lapsed", standing.klass, derived_id(standing.id, "lapsed"))
