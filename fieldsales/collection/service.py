"""Operations of collecting. A method decides, isolated and without a lock; what it decides is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fieldsales.collection import (  # noqa: F401 - they declare operations
    arrivals,
    case_service,
    faith_service,
    gate_acts,
    mailing,
    rules,
    supplying,
    tasks,
    texting,
    verdicts,
    watching,
    wording,
)
from fieldsales.collection.effects import Act, carry_out, said, with_papers_worded
from fieldsales.collection.faith_rules import method_allowed
from fieldsales.collection.filled import NOTHING, Filled, expect_files, kept_answers, read_form
from fieldsales.collection.gate import Contact
from fieldsales.collection.gate_rules import standing_now
from fieldsales.collection.gate_service import asked, happened, log
from fieldsales.collection.messages import ActionTaken, JudgeAgain, TakeAction
from fieldsales.collection.models import Action, Task
from fieldsales.collection.queries import ActionFact
from fieldsales.collection.rules import CaseFile
from fieldsales.collection.stages import root_of, settle
from fieldsales.collection.steprules import NO_YES, NO_YES_WORDS
from fieldsales.collection.steps import lacks_yes
from fieldsales.customers.guards import may_work_with
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, RuleBroken, Stale
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.kernel.sentences import say
from fieldsales.plugin_api.caps import cap_words, reached
from fieldsales.plugin_api.facts import ActionFacts, CaseFacts
from fieldsales.plugin_api.fields import Labels, Value
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.types import CollectionMethod, Decision, Problem
from fieldsales.store.work import Facts, Work, after

#: The event behind a ``source_kind`` of a reaction's command.
EVENT_OF = {"visit": "visits.logged"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a method made of an action, or why it could not. ``filled``: the form it judged."""

    decision: Decision | None
    problems: tuple[Problem, ...] = ()
    error: str = ""
    filled: Filled = NOTHING


def _needs(command: TakeAction) -> Iterable[Need]:
    kind = "case" if command.source_kind in EVENT_OF else "case_file"
    return [*(Need(one, command.customer_id) for one in ("customer", "gate", kind, "kept", "open_steps")),
            Need("kept", HOUSE)]


@operation("collection.take_action", TakeAction, needs=_needs, guard=may_work_with)
def take_action(work: Work, command: TakeAction) -> None:
    """Put a collection action (催收动作) on record, with what its method makes of it.

    A method that fails leaves the action on record unjudged, with the reason; a method that is not
    there just now holds the record until it is back; an answer its form forbids is refused, and what
    its check objects to is held when it comes from a phone (Stale), refused at a desk. Answers
    ``action_id``, ``outcome``, ``summary``, ``warnings`` and ``document_id``.
    """
    heard = command.source_kind in EVENT_OF and work.envelope.operation != "collection.take_action"
    if heard and work.plugins.method(command.method) is None:
        return  # it was set aside this very moment; what it would have judged is on record without it
    method = _method(work, command)
    if not heard:
        rules.check_may_use(work.actor, method)
    kind = "case" if heard else "case_file"
    file: CaseFile = work.require(kind, command.customer_id)
    trigger = rules.trigger_of(EVENT_OF[command.source_kind], command.source_id, command.fields) if heard else None
    facts = rules.case_for(file, work.actor, work.now, work.today, debtor_id=command.debtor_id, trigger=trigger)
    plugin = work.plugins.brought_by("collection_methods", command.method)
    kept = shown(plugin, work.fact("kept", command.customer_id), work.fact("kept", HOUSE))
    facts = standing_now(work.plugins.shown(plugin, facts, kept), work.fact("gate", command.customer_id))
    filled = Filled() if heard else read_form(work, method, command, facts.currency)
    judged = _judge(work, method, filled.values or {}, facts)
    judged = replace(judged, filled=filled, problems=(
        *_pressed(work, method, facts), *_beyond(method, facts), *judged.problems,
        *wording.objections(method, filled.values or {}, judged.decision)))
    if heard and judged.decision is None and not judged.error:
        return
    _refuse(work, judged.problems)
    _record(work, command, *_worded(work, Act(command.action_id, command.customer_id, file, facts, plugin), judged))


def _method(work: Work, command: TakeAction) -> CollectionMethod:
    method: CollectionMethod | None = work.plugins.method(command.method) if work.plugins else None
    if method is None:
        raise _away(command.method)
    return method


def _away(name: str) -> Stale:
    return Stale("collection.method_away",
                 N_("The method %(name)s is not working just now. The record is kept and applied when it is back."),
                 field="method", name=name)  # fmt: skip


def _judge(work: Work, method: CollectionMethod, values: Mapping[str, Value], facts: CaseFacts) -> Judged:
    try:
        problems = () if facts.trigger else work.plugins.check(method.name, values, facts)
        if any(problem.blocking for problem in problems):
            return Judged(None, problems)
        return Judged(work.plugins.decide(method.name, values, facts), problems)
    except PluginFailed as failure:
        if failure.why in ("suspended", "unknown"):  # it went just now, before it was asked
            raise _away(method.name) from failure
        return Judged(None, error=str(failure)[:300])


def _worded(work: Work, act: Act, judged: Judged) -> tuple[Act, Judged]:
    """The act with the papers of plugins filled in; unjudged where one cannot be."""
    try:
        return with_papers_worded(work, act, judged.decision), judged
    except PluginFailed as failure:
        return act, replace(judged, decision=None, error=str(failure)[:300])


def _pressed(work: Work, method: CollectionMethod, facts: CaseFacts) -> tuple[Problem, ...]:
    """Persistent pressure is for an approved class alone (S49): refused at a desk; what a phone says has happened
    stays on record, with the warning."""
    allowed = method_allowed(facts.customer.faith, method.level, method.manner)
    if allowed.ok or method.manner != "persistent":
        return ()
    return (Problem("", {lang: say(allowed.why, lang) for lang in ("zh", "en")}, work.envelope.raw is None),)


def _beyond(method: CollectionMethod, facts: CaseFacts) -> tuple[Problem, ...]:
    """A use beyond the method's own cap: it happened, so it is on record with a warning."""
    cap = reached(method.caps, (one.on for one in facts.actions if one.method == method.name), facts.today)
    return (Problem("", cap_words(cap), False),) if cap else ()


def _refuse(work: Work, problems: Iterable[Problem]) -> None:
    """What a check objects to: made on a phone the record waits (Stale is held), at a desk it is corrected."""
    for problem in problems:
        if problem.blocking:
            kind = Stale if work.envelope.raw is not None else RuleBroken
            text = problem.text.get(work.actor.locale) or problem.text["zh"]
            raise kind("collection.check", N_("%(text)s"), field=problem.field or None, text=text)


def _record(work: Work, command: TakeAction, act: Act, judged: Judged) -> None:
    occurred = min(command.occurred_at or work.occurred, work.now)
    debtor_id = act.facts.debtor.id if act.facts.debtor else None
    decision, flags, beyond = _measured(work, act, judged, occurred, debtor_id, command.method)
    known = work.plugins.method(command.method) if work.plugins else None
    if known is not None and lacks_yes(work, act.customer_id, known):
        flags, beyond = [*flags, NO_YES], [*beyond, dict(NO_YES_WORDS)]
    document_id, root = carry_out(work, act, decision) if decision else None, root_of(act.file, decision)
    warnings = [*(dict(problem.text) for problem in judged.problems), *beyond]
    fields = kept_answers(judged.filled, command.fields)
    expect_files(work, act.customer_id, act.action_id, judged.filled)
    work.insert(
        Action, id=act.action_id, customer_id=act.customer_id, debtor_id=debtor_id, method=command.method,
        by_id=work.actor.user_id, occurred_at=occurred, received_at=work.now, fields=fields,
        outcome=decision.outcome if decision else "", summary_zh=_text(decision, "zh"),
        summary_en=_text(decision, "en"), grade=decision.grade if decision else "",
        effect=decision.effect if decision else "",
        next_step=said(work, decision.next_step) if decision and decision.next_step else "",
        next_on=decision.next_on if decision else None, source_kind=command.source_kind, source_id=command.source_id,
        document_id=document_id, facts_version=act.file.version, plugin_error=judged.error,
        details=[dict(line) for line in decision.details] if decision else [], warnings=warnings, flags=flags,
        form_version=command.form_version if judged.filled.read else None, follows_id=root,
    )  # fmt: skip
    if root and decision:
        settle(work, act.file, root, decision.summary["zh"])
    if decision:
        _follow_up(work, command, act, decision)
    work.touch(act.customer_id)
    work.emit(ActionTaken(
        act.action_id, act.customer_id, debtor_id, command.method, decision.grade if decision else "",
        decision.effect if decision else "", occurred, decision.next_on if decision else None,
        decision.outcome if decision else "", fields, root,
    ))  # fmt: skip
    if work.envelope.operation.startswith("collection."):
        work.answer(
            action_id=act.action_id, outcome=decision.outcome if decision else "",
            summary=_text(decision, work.actor.locale), document_id=document_id, unjudged=judged.error,
            warnings=[text.get(work.actor.locale, "") for text in warnings],
        )  # fmt: skip


def _measured(work: Work, act: Act, judged: Judged, occurred: datetime, debtor_id: str | None, method: str
              ) -> tuple[Decision | None, list[str], list[dict[str, str]]]:
    """(what is carried out, the codes of the gate it goes beyond, the words for them). What happened stays as it was
    decided and is counted; what has not been sent yet is held back when the gate says no."""
    decision, known = judged.decision, work.plugins.method(method) if work.plugins else None
    if decision is None or known is None:
        return decision, [], []
    channel = gate_acts.channel_of(known, decision)
    zone, source = work.fact("gate", act.customer_id).zone, ("action", act.action_id)
    flags: list[str] = []
    told: list[dict[str, str]] = []
    purpose, effective = gate_acts.took_place(decision, channel)
    wanted = gate_acts.meant(decision)
    if purpose:
        contact = Contact(channel, occurred, purpose, debtor_id=debtor_id or "", method=method)
        found = happened(work, act.customer_id, contact, made_id=derived_id(act.action_id, "contact"),
                         effective=effective, source=source)
        flags, told = list(found.codes), gate_acts.reasons(found, zone)
        if known.manner == "persistent" and found.ok:  # of a close pace every answer of the gate stays on record
            log(work, act.customer_id, "passed", contact, (), source=source)
    if wanted:
        contact = Contact(channel, work.now, wanted, debtor_id=debtor_id or "", method=method)
        found = asked(work, act.customer_id, contact)
        kind, codes = ("refused", found.codes) if found.codes else ("used", found.waived)
        if codes:
            log(work, act.customer_id, kind, contact, codes, source=source, until=found.until)
        if found.codes:
            decision = gate_acts.held_back(decision, found, zone)
            told.append(dict(gate_acts.not_sent(found)))
    return decision, flags, told


def _text(decision: Decision | None, locale: str) -> str:
    return decision.summary["en" if locale == "en" else "zh"] if decision else ""


def _follow_up(work: Work, command: TakeAction, act: Act, decision: Decision) -> None:
    """The next step is a task on its day, unless the visit has brought its own. The step before it is done by this."""
    steps: tuple[tuple[str, str], ...] = work.fact("open_steps", act.customer_id) or ()
    for task_id in (one for one, method in steps if method == command.method):
        work.update(Task, task_id, done_at=work.now, done_by_id=work.actor.user_id, outcome="done")
    steps = tuple(one for one in steps if one[1] != command.method)
    work.facts.put("open_steps", act.customer_id, steps)
    has_own = command.source_kind in EVENT_OF and act.facts.trigger and act.facts.trigger.data.get("next_on")
    step: Labels | None = decision.next_step
    if step is None or decision.next_on is None or has_own:
        return
    task_id = uuid7()
    work.facts.put("open_steps", act.customer_id, (*steps, (task_id, command.method)))
    work.insert(
        Task, id=task_id, customer_id=act.customer_id, kind="next_step", title=said(work, step),
        due_on=decision.next_on, assignee_id="", source_id=act.action_id, made_at=work.now, done_at=None,
        done_by_id="", note="",
    )  # fmt: skip


@operation(
    "collection.judge_again", JudgeAgain,
    needs=lambda c: [*(Need(one, c.customer_id) for one in ("customer", "case_file", "kept")), Need("kept", HOUSE),
                     Need("action", c.of_action_id)],
    guard=may_work_with,
)  # fmt: skip
def judge_again(work: Work, command: JudgeAgain) -> None:
    """Ask the method again about an action it could not judge. The first stays; the answer is a new action."""
    first: ActionFact = work.require("action", command.of_action_id)
    if first.customer_id != command.customer_id or not first.plugin_error:
        raise RuleBroken("collection.judged", N_("This action has been judged already."))
    again = TakeAction(
        action_id=command.action_id, customer_id=first.customer_id, debtor_id=first.debtor_id, method=first.method,
        fields=first.fields, occurred_at=first.occurred_at, source_kind="action", source_id=first.id,
    )  # fmt: skip
    method = _method(work, again)
    if not method.by_hand:
        raise RuleBroken("collection.only_events", N_("This method judges events only; log the event again."))
    take_action(work, again)


@after(ActionTaken)
def see_action(facts: Facts, event: ActionTaken) -> None:
    """Later commands of the batch see this action: caps count it, a letter finds its tracking number."""
    if not facts.knows("case_file", event.customer_id):
        return
    file: CaseFile | None = facts.get("case_file", event.customer_id)
    if file is None:
        return
    taken = ActionFacts(event.action_id, event.method, event.outcome, on_date(event.occurred_at), event.grade,
                        event.effect, event.fields, event.follows)  # fmt: skip
    facts.put("case_file", event.customer_id,
              replace(file, facts=replace(file.facts, actions=(taken, *file.facts.actions))))  # fmt: skip


