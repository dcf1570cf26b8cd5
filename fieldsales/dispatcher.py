"""One way in for every change: judge without a lock, write in one short transaction, then tell.

*Judge*: facts for the whole batch, one query a kind; operations and reactions add rows to a buffer
and emit events; a refusal cuts the buffer back. No lock is held, so a hanging plugin delays nobody.
*Write*: one transaction; if a receipt or a stamped version moved meanwhile, judge again; Core
executemany table by table; audit chain and change numbers last, under one lock.
*After*: the worker reads the outbox. A constraint that fails unforeseen, a value that cannot be
written, or facts without end halve the batch until a single command is held.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from fieldsales.kernel import errors
from fieldsales.kernel.clock import DEFAULT_ZONE, Clock, on_date
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.events import Event
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import DONE, OPERATIONS, Actor, Answer, Command, Envelope, Need, content_digest
from fieldsales.kernel.refusals import answer_of, as_error, from_validation, held_by_fault
from fieldsales.store.engines import Store
from fieldsales.store.receipts import REUSED, Known, keep_apart, known_receipts
from fieldsales.store.work import AFTER, Buffer, Facts, FactsMissing, Work
from fieldsales.store.writing import Moved, Verdict, check_unmoved, write_batch

log = logging.getLogger(__name__)
Result = TypeVar("Result")

#: How often a batch is judged anew when the world moves under it.
ATTEMPTS = 3
#: How often missing facts are fetched before the batch is halved, and a single command held as a fault (an
#: operation's chain is 2 or 3 deep, that of a visit on which everything happened at once 7; in a batch, what one
#: command changes may send the next to other facts). Only a chain without end is to reach it.
PASSES = 16


class Reactions(Protocol):
    """What follows an event in the same transaction: commands of lower capabilities, by name."""

    def __call__(self, event: Event, work: Work) -> Iterable[tuple[str, Command]]:
        """The (operation, command) pairs to carry out for ``event``."""
        ...


def no_reactions(event: Event, work: Work) -> Iterable[tuple[str, Command]]:
    """Nothing follows (tests of one operation alone)."""
    return ()


class _Unsettled(Exception):
    """The batch still asks for facts after ``PASSES`` readings."""


#: Signs the body of a receipt.
Witness = Callable[[dict[str, Any]], dict[str, Any]]


class Dispatcher:
    """The program's only writer. One per process; between batches it only remembers which facts to read early."""

    def __init__(self, store: Store, clock: Clock, *, reactions: Reactions = no_reactions, plugins: Any = None,
                 zone: str = DEFAULT_ZONE, witness: Witness | None = None) -> None:
        self.store = store
        self.witness = witness
        self.clock = clock
        self.reactions = reactions
        self.plugins = plugins
        self.zone = zone
        #: by operation, the kinds of facts of its customer that its reactions asked for: read at once next time
        self._followed: dict[str, set[str]] = defaultdict(set)

    def perform(self, actor: Actor, operation: str, command: Command | dict[str, Any], *,
                command_id: str | None = None, made_at: datetime | None = None) -> dict[str, Any]:
        """Carry out one command now, or raise its TradeError. Returns what the operation answers.

        A batch of one. A refusal leaves no receipt: a form that is corrected keeps its command id. A form
        sent again with other content after it was carried out is refused (``id_reused``): nothing of it is done.
        """
        digest = content_digest(operation, command) if command_id else ""
        envelope = Envelope(command_id or uuid7(), operation, command, digest=digest, made_at=made_at)
        answer = self.perform_batch(actor, [envelope], keep_refusals=False)[0]
        if answer.status in DONE:
            return answer.data or {}
        raise as_error(answer)

    def perform_batch(self, actor: Actor, envelopes: Sequence[Envelope], *, keep_refusals: bool = True,
                      again: frozenset[str] = frozenset()) -> list[Answer]:
        """Judge and write a batch in its own order; one answer each, matched by command id.

        ``again`` names held commands to judge anew although they have a receipt. Raises nothing of
        the trade's: every refusal is an answer.
        """
        if not envelopes:
            return []
        for _attempt in range(ATTEMPTS):
            try:
                verdicts, facts, buffer = self._judge(actor, envelopes, again)
            except _Unsettled:
                return self._halve(actor, envelopes, keep_refusals, again, "fault")
            try:
                self._write(verdicts, facts, buffer, actor, keep_refusals, again)
            except Moved:
                continue
            except Exception as error:
                if not _lies_in_a_row(error):
                    raise
                if not self._moved(verdicts, facts, again):
                    return self._halve(actor, envelopes, keep_refusals, again, "constraint")
                continue
            return [verdict.answer for verdict in verdicts]
        return [Answer(e.command_id, "retry", "busy", N_("Others are changing the same records. Try again."))
                for e in envelopes]

    def note(self, fill: Callable[[Connection], Result]) -> Result:
        """One small write that is nobody's decision: leases, sessions, pulse, a blob that came in whole."""
        with self.store.writing() as connection:
            return fill(connection)

    # -- judge ---------------------------------------------------------------------------------

    def _judge(self, actor: Actor, envelopes: Sequence[Envelope], again: frozenset[str]
               ) -> tuple[list[Verdict], Facts, Buffer]:
        now = self.clock.now()
        commands = [_parsed(envelope) for envelope in envelopes]
        needs = [need for envelope, command in zip(envelopes, commands, strict=True)
                 if isinstance(command, Command) for need in self._needs(envelope.operation, command)]
        facts = Facts()
        with self.store.reading() as connection:
            known = known_receipts(connection, envelopes)
            facts.load(connection, needs)
        for _pass in range(PASSES):
            buffer, verdicts, mark = Buffer(), [], facts.mark()
            known.begin()
            for envelope, command in zip(envelopes, commands, strict=True):
                asked = len(facts.missing)
                verdict = self._verdict(actor, envelope, command, known, facts, buffer, now, again)
                if len(facts.missing) > asked:
                    self._learn(envelope.operation, command, facts)
                    # This pass is thrown away: what waits for this command shall not wait to say what it lacks.
                    known.made(envelope)
                known.judged(envelope, verdict.answer)
                verdicts.append(verdict)
            if not facts.missing:
                return verdicts, facts, buffer
            facts.cut(mark)
            with self.store.reading() as connection:
                facts.load(connection, facts.missing)
            facts.missing.clear()
        raise _Unsettled

    def _needs(self, operation: str, command: Command) -> Iterator[Need]:
        yield from OPERATIONS[operation].needs(command)
        customer_id = getattr(command, "customer_id", "")
        for kind in sorted(self._followed.get(operation, ())):
            yield Need(kind, customer_id)

    def _learn(self, operation: str, command: Command | TradeError, facts: Facts) -> None:
        customer_id = getattr(command, "customer_id", None)
        if customer_id:
            self._followed[operation] |= {need.kind for need in facts.missing if need.key == customer_id}

    def _verdict(self, actor: Actor, envelope: Envelope, command: Command | TradeError, known: Known, facts: Facts,
                 buffer: Buffer, now: datetime, again: frozenset[str]) -> Verdict:
        old = known.answer_to(envelope, actor, again)
        if old is not None:
            return Verdict(envelope, old, settled=True, apart=old.code == REUSED)
        waits_for = known.first_missing(envelope)
        if waits_for:
            answer = Answer(envelope.command_id, "held", "needs_missing",
                            N_("Waits for an earlier record that has not arrived."))
            return Verdict(envelope, answer, waits_for=waits_for)
        work = Work(facts, buffer, actor, envelope, now, self.plugins, self.zone)
        buffered, laid = buffer.mark(), facts.mark()
        try:
            if isinstance(command, TradeError):
                raise command
            self._carry_out(work, envelope.operation, command)
        except Exception as error:
            buffer.cut(buffered)
            facts.cut(laid)
            return Verdict(envelope, _refusal(envelope, error))
        if work.witnessed and self.witness is not None:
            work.answer(receipt=self.witness(work.testimony()))
        status, (code, message) = ("conflict", work.clash) if work.clash else ("applied", ("", ""))
        return Verdict(envelope, Answer(envelope.command_id, status, code, message, data=work.data), body=command)

    def _carry_out(self, work: Work, name: str, command: Command, *, guarded: bool = True) -> None:
        operation = OPERATIONS[name]
        if guarded:
            operation.guard(work, command)
        first = len(work.events)
        operation.handler(work, command)
        postponed: FactsMissing | None = None
        for event in work.events[first:]:
            for lay_over in AFTER.get(type(event), ()):
                lay_over(work.facts, event)
            try:
                self._follow(work, event)
            except FactsMissing as missing:
                # Go on, so that what a thousand payments of an import lead to is read at once, not one a pass.
                postponed = missing
        if postponed is not None:
            raise postponed

    def _follow(self, work: Work, event: Event) -> None:
        following = list(self.reactions(event, work))
        work.facts.expect(need for name, command in following for need in OPERATIONS[name].needs(command))
        # A reaction was decided by who may do the first thing; it asks for no leave of its own.
        for follower, follow_up in following:
            self._carry_out(work, follower, follow_up, guarded=False)

    # -- write ---------------------------------------------------------------------------------

    def _write(self, verdicts: list[Verdict], facts: Facts, buffer: Buffer, actor: Actor, keep_refusals: bool,
               again: frozenset[str]) -> None:
        fresh = [v for v in verdicts if not v.settled and (keep_refusals or v.answer.status in DONE)]
        apart = [v.envelope for v in verdicts if v.apart and keep_refusals]
        if not fresh and not apart:
            return
        now = self.clock.now()
        with self.store.writing() as connection:
            if fresh:
                write_batch(connection, fresh, facts, buffer, actor, now, on_date(now, self.zone), again)
            keep_apart(connection, apart, actor, now)

    def _moved(self, verdicts: list[Verdict], facts: Facts, again: frozenset[str]) -> bool:
        try:
            with self.store.reading() as connection:
                check_unmoved(connection, [v for v in verdicts if not v.settled], facts, again)
        except Moved:
            return True
        return False

    def _halve(self, actor: Actor, envelopes: Sequence[Envelope], keep_refusals: bool, again: frozenset[str],
               code: str) -> list[Answer]:
        if len(envelopes) > 1:
            middle = len(envelopes) // 2
            return [*self.perform_batch(actor, envelopes[:middle], keep_refusals=keep_refusals, again=again),
                    *self.perform_batch(actor, envelopes[middle:], keep_refusals=keep_refusals, again=again)]
        log.error("one command cannot be carried out", extra={"operation": envelopes[0].operation, "code": code})
        answer = replace(held_by_fault(envelopes[0]), code=code)
        if keep_refusals:
            try:
                self._write([Verdict(envelopes[0], answer)], Facts(), Buffer(), actor, True, again)
            except Moved:  # its twin was answered meanwhile: that answer stands
                return self.perform_batch(actor, envelopes, again=again)
        return [answer]


def _lies_in_a_row(error: Exception) -> bool:
    """Whether a write failed by what it was to write: a constraint, or a value that no column or audit body holds."""
    values = (IntegrityError, DataError, ValueError, ArithmeticError, RecursionError)
    return isinstance(error, values) or type(error) is StatementError


def _parsed(envelope: Envelope) -> Command | TradeError:
    operation = OPERATIONS.get(envelope.operation)
    if operation is None:
        return errors.Stale("unknown_operation", N_("This record comes from a newer version of the app."))
    if envelope.version > operation.version:
        return errors.Stale("unknown_version", N_("This record comes from a newer version of the app."))
    if isinstance(envelope.payload, operation.command):
        return envelope.payload
    payload, version = envelope.payload, envelope.version
    try:
        while version < operation.version:
            payload, version = operation.upcasters[version](payload), version + 1
        return operation.command.model_validate(payload)
    except ValidationError as error:
        return from_validation(error)
    except (KeyError, TypeError, AttributeError):
        return errors.Invalid("unreadable", N_("This record cannot be read."))


def _refusal(envelope: Envelope, error: Exception) -> Answer:
    if isinstance(error, FactsMissing):
        return held_by_fault(envelope)
    if isinstance(error, errors.Stale):
        return answer_of(envelope, "held", error)
    if isinstance(error, TradeError):
        return answer_of(envelope, "rejected", error)
    if isinstance(error, DBAPIError):
        raise error
    log.exception("an operation failed unforeseen", extra={"operation": envelope.operation})
    return held_by_fault(envelope)
