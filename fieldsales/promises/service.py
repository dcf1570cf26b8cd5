"""Operations on promises to pay, on what came after them, and on their absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.promises import refusals, rules
from fieldsales.promises.history import History
from fieldsales.promises.messages import (
    AddEvidence,
    EvidenceAdded,
    MakePromise,
    NoPromiseNoted,
    NoteNoPromise,
    PromiseMade,
    PromisePartPaid,
    PromiseSettled,
    SettlePromises,
    SupersedePromises,
)
from fieldsales.promises.models import NoPromise, Promise, PromiseEvidence, PromiseOutcome
from fieldsales.promises.probability import VERSION, PromiseShape, assess
from fieldsales.promises.queries import Book, PromiseFact
from fieldsales.promises.rules import Promised, Verdict
from fieldsales.receivables.moneyseen import seen_by
from fieldsales.receivables.sides import own_debtor
from fieldsales.store.work import Work


@operation(
    "promises.make_promise", MakePromise,
    needs=lambda c: [Need("customer", c.customer_id), Need("promises", c.customer_id),
                     Need("promise_history", c.customer_id)], guard=may_work_with,
)
def make_promise(work: Work, command: MakePromise) -> None:
    """Put a promise to pay (付款承诺) on record in the customer's own words; it may replace earlier ones.

    It is judged at once, and the judgement is kept beside it: how likely, of what kind, and why.
    """
    if command.debtor_id:
        own_debtor(work, command.customer_id, command.debtor_id)
    rules.check_due(command.due_on, work.today)
    made_on = min(on_date(work.occurred, work.zone), work.today)
    book: Book = work.fact("promises", command.customer_id)
    put_off = rules.times_put_off(book.promises, command.supersedes)
    work.insert(
        Promise, id=command.promise_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        amount_minor=command.amount_minor, currency=command.currency, due_on=command.due_on,
        promisor_name=command.promisor_name, promisor_role=command.promisor_role, words=command.words,
        pay_by=command.pay_by, channel=command.channel, visit_id=command.visit_id,
        confirmation_text=command.confirmation_text, proof_sha256=list(command.proof_sha256),
        by_id=work.actor.user_id, made_at=min(work.occurred, work.now), made_on=made_on, superseded_on=None,
        received_at=work.now, state="open", kept_minor=0, plan_id=command.plan_id, put_off=put_off,
        **_judgement(work, command, made_on, put_off),
    )
    for slot, photos in (("reply", command.proof_sha256), ("funding", command.funding_sha256)):
        for sha256 in photos:
            expect_photo(work, command.customer_id, "promise", command.promise_id, slot, sha256)
    made = Promised(command.promise_id, command.amount_minor, command.currency, made_on, command.due_on,
                    debtor_id=command.debtor_id, plan_id=command.plan_id, put_off=put_off,
                    made_at=min(work.occurred, work.now), visit_id=command.visit_id)
    work.facts.put("promise", command.promise_id,
                   PromiseFact(command.promise_id, command.customer_id, command.debtor_id))
    kept = _supersede(work, command.customer_id, book, {*command.supersedes}, made_on)
    work.facts.put("promises", command.customer_id, replace(kept, promises=(*kept.promises, made)))
    work.touch(command.customer_id)
    work.emit(PromiseMade(command.promise_id, command.customer_id, command.amount_minor, command.currency,
                          command.due_on, command.debtor_id))


def _judgement(work: Work, command: MakePromise, made_on: date, put_off: int) -> dict[str, Any]:
    """What the promise rests on, and what it is judged to be with what is known now."""
    said = {
        "day_named": command.day_named, "witness_name": command.witness_name, "decides": command.decides,
        "funding": command.funding, "others_promised": command.others_promised,
        "funding_proven": bool(command.funding_sha256), "confirmed": bool(command.proof_sha256),
    }
    history: History = work.fact("promise_history", command.customer_id)
    found = assess(PromiseShape(
        amount_minor=command.amount_minor, currency=command.currency, made_on=made_on, due_on=command.due_on,
        day_named=command.day_named, payer_named=bool(command.promisor_name), decides=command.decides,
        words=command.words, funding=command.funding, funding_proven=bool(command.funding_sha256),
        others_promised=command.others_promised, confirmed=bool(command.proof_sha256), put_off=put_off,
        kept=history.kept, partly=history.partly, settled=history.settled, house_bp=history.house_bp,
        months=history.months(command.currency, made_on),
    ))
    reasons = [[reason.code, reason.effect_bp] for reason in found.reasons]
    return {**said, "klass": found.klass, "probability_bp": found.probability_bp,
            "judged": {"version": VERSION, "reasons": reasons}}


@operation(
    "promises.add_evidence", AddEvidence,
    needs=lambda c: [Need("customer", c.customer_id), Need("promise", c.promise_id)], guard=may_work_with,
)
def add_evidence(work: Work, command: AddEvidence) -> None:
    """Put on record what came after a promise: the reply to its confirmation, or proof of the money.

    Nothing of the promise itself changes but that it is confirmed, or its money was seen.
    """
    promise: PromiseFact = work.require("promise", command.promise_id)
    if promise.customer_id != command.customer_id:
        raise NotFound("promise.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(
        PromiseEvidence, id=command.evidence_id, promise_id=promise.id, customer_id=promise.customer_id,
        kind=command.kind, words=command.words, proof_sha256=list(command.proof_sha256), by_id=work.actor.user_id,
        occurred_at=min(work.occurred, work.now), received_at=work.now,
    )
    for sha256 in command.proof_sha256:
        expect_photo(work, promise.customer_id, "promise", promise.id, command.kind, sha256)
    if command.kind == "reply":
        work.update(Promise, promise.id, confirmed=True)
    elif command.kind == "funding" and command.proof_sha256:
        work.update(Promise, promise.id, funding_proven=True)
    work.touch(promise.customer_id)
    work.emit(EvidenceAdded(command.evidence_id, promise.id, promise.customer_id, promise.debtor_id, command.kind,
                            bool(command.proof_sha256)))


@operation(
    "promises.note_no_promise", NoteNoPromise, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with,
)
def note_no_promise(work: Work, command: NoteNoPromise) -> None:
    """They were asked and promised nothing: put it on record with its reason; something is done about each (S14)."""
    if command.debtor_id:
        own_debtor(work, command.customer_id, command.debtor_id)
    if command.ask_again_on is not None:
        rules.check_due(command.ask_again_on, work.today)
    work.insert(
        NoPromise, id=command.no_promise_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        reason=command.reason, words=command.words, person_name=command.person_name, person_role=command.person_role,
        channel=command.channel, visit_id=command.visit_id, by_id=work.actor.user_id,
        made_on=min(on_date(work.occurred, work.zone), work.today), made_at=min(work.occurred, work.now),
        received_at=work.now,
    )
    work.touch(command.customer_id)
    ask_on = refusals.asked_again_on(command.reason, work.today, command.ask_again_on)
    work.emit(NoPromiseNoted(command.no_promise_id, command.customer_id, command.reason, ask_on, command.followed))


def _supersede(work: Work, customer_id: str, book: Book, ids: set[str], on: date) -> Book:
    changed = []
    for promise in book.promises:
        if promise.id in ids and promise.state == "open":
            _write(work, Verdict(promise.id, "superseded", promise.kept_minor), on, superseded_on=on)
            work.emit(PromiseSettled(promise.id, customer_id, "superseded", promise.kept_minor, promise.kept_minor))
            promise = replace(promise, state="superseded", superseded_on=on)
        changed.append(promise)
    missing = ids - {promise.id for promise in book.promises}
    if missing:
        raise RuleBroken("promises.not_theirs", N_("The promise to replace is not one of this customer's."))
    return replace(book, promises=tuple(changed))


def _write(work: Work, verdict: Verdict, on: date, superseded_on: date | None = None) -> None:
    work.insert(
        PromiseOutcome, id=uuid7(), promise_id=verdict.promise_id, state=verdict.state,
        kept_minor=verdict.kept_minor, decided_on=on, at=work.now,
    )
    values: dict[str, object] = {"state": verdict.state, "kept_minor": verdict.kept_minor}
    if superseded_on is not None:
        values["superseded_on"] = superseded_on
    work.update(Promise, verdict.promise_id, **values)


@operation(
    "promises.supersede_promises", SupersedePromises,
    needs=lambda c: [Need("customer", c.customer_id), Need("promises", c.customer_id)], guard=system_only,
)
def supersede_promises(work: Work, command: SupersedePromises) -> None:
    """A signed plan takes the place of the debtor's open promises: money then counts for its instalments."""
    book: Book = work.fact("promises", command.customer_id)
    ids = {
        promise.id for promise in book.promises
        if promise.state == "open" and (not command.debtor_id or promise.debtor_id in (None, command.debtor_id))
    }
    if ids:
        book = _supersede(work, command.customer_id, book, ids, command.on)
        work.facts.put("promises", command.customer_id, book)
        work.touch(command.customer_id)


@operation(
    "promises.settle_promises", SettlePromises,
    needs=lambda c: [Need("customer", c.customer_id), Need("promises", c.customer_id)], guard=system_only,
)
def settle_promises(work: Work, command: SettlePromises) -> None:
    """Measure a customer's promises against confirmed money: kept, partly kept, broken, or open again.

    Reckoned anew each time, so that a reversed payment takes its kept promise back. What waits for finance keeps no
    promise, and lets none be called broken.
    """
    book: Book = work.fact("promises", command.customer_id)
    verdicts = rules.settle(book.promises, book.money, command.as_of, book.grace_days, tuple(book.waiting.values()))
    changed = []
    for promise, verdict in zip(book.promises, verdicts, strict=True):
        if (promise.state, promise.kept_minor) != (verdict.state, verdict.kept_minor):
            _write(work, verdict, command.as_of)
            if promise.state != verdict.state:
                work.emit(PromiseSettled(promise.id, command.customer_id, verdict.state, verdict.kept_minor,
                                         promise.kept_minor, promise.amount_minor, promise.currency))
            elif verdict.state == "open" and verdict.kept_minor > promise.kept_minor:
                left_minor = promise.amount_minor - verdict.kept_minor
                work.emit(PromisePartPaid(promise.id, command.customer_id, verdict.kept_minor, left_minor,
                                          promise.kept_minor))
            promise = replace(promise, state=verdict.state, kept_minor=verdict.kept_minor)
        changed.append(promise)
    if tuple(changed) != book.promises:
        work.facts.put("promises", command.customer_id, replace(book, promises=tuple(changed)))
        work.touch(command.customer_id)
    taken = tuple(rules.spoken_for(changed, book.money, book.grace_days))
    work.facts.put("earmarked", command.customer_id, taken)


seen_by("promises")
