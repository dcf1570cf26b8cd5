"""Operations on targets: set, split, proposed by the rep, decided by the manager; every edit with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.store.work import Work
from fieldsales.targets import measures, planning, rules, sheets  # noqa: F401 - they declare operations
from fieldsales.targets.following import end_tasks, put_tasks
from fieldsales.targets.messages import DecideTarget, ProposeTarget, SetTarget, SplitTarget
from fieldsales.targets.models import Target, TargetVersion
from fieldsales.targets.queries import TargetFact, target_key
from fieldsales.targets.rules import Part


def _key(command: SetTarget | SplitTarget) -> str:
    return target_key(command.month, command.level, command.subject_id, command.currency)


def _customer_key(command: ProposeTarget | DecideTarget) -> str:
    return target_key(command.month, "customer", command.customer_id, command.currency)


def _leads(work: Work, command: SetTarget | SplitTarget) -> None:
    """Guard: a manager, for what he leads: the company who leads all, else his own team and its reps."""
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    scope = scope_of(work.actor)
    if command.level == "company":
        if command.subject_id:
            raise Invalid("targets.subject", N_("Choose whose target it is."), field="subject_id")
        if scope.kind != "all":
            raise NotAllowed("targets.company", N_("The company's target is set by whoever leads the whole company."))
        return
    kind = "team" if command.level == "team" else "user"
    found: Any = work.fact(kind, command.subject_id)
    team_id = command.subject_id if command.level == "team" else getattr(found, "team_id", None)
    if found is None or (scope.kind != "all" and team_id != scope.team_id):
        raise NotFound(f"{kind}.not_found", N_("There is no such record, or you cannot see it."))


def _needs(command: SetTarget | SplitTarget) -> list[Need]:
    subject = {"team": "team", "rep": "user"}.get(command.level)
    return [Need("target", _key(command)), *([Need(subject, command.subject_id)] if subject else [])]


def put_version(work: Work, key: str, part: Part, *, state: str, reason: str) -> None:
    """Write a version of the target ``key``; what counts and what waits follow it.

    ``state``: set, proposed, approved, declined.
    """
    month, level, subject_id, currency = key.split(" ")
    known: TargetFact | None = work.fact("target", key)
    target_id, version = (known.id, known.version + 1) if known else (derived_id(work.command_id, key), 1)
    counts = state in ("set", "approved")
    stands = part if counts else Part(known.arrears_minor, known.cash_minor) if known else Part(0, 0)
    waits = (part.arrears_minor, part.cash_minor) if state == "proposed" else None
    head = {"arrears_minor": stands.arrears_minor, "cash_minor": stands.cash_minor, "version": version,
            "proposed_arrears_minor": waits[0] if waits else None, "proposed_cash_minor": waits[1] if waits else None,
            "changed_at": work.now}
    if known:
        work.update(Target, target_id, **head)
    else:
        work.insert(Target, id=target_id, month=date.fromisoformat(month), level=level, subject_id=subject_id,
                    currency=currency, **head)
    late = known is not None and counts and rules.is_late_discount(
        known.cash_minor, part.cash_minor, date.fromisoformat(month), work.today)
    work.insert(TargetVersion, id=uuid7(), target_id=target_id, version=version, state=state,
                arrears_minor=part.arrears_minor, cash_minor=part.cash_minor, reason=reason, late_discount=late,
                by_id=work.actor.user_id, at=work.now)
    work.facts.put("target", key, TargetFact(target_id, version, stands.arrears_minor, stands.cash_minor, waits))


def _proposal(target: TargetFact) -> str:
    """What a manager's task to decide arises from: each proposal is one of its own."""
    return derived_id(target.id, f"proposal {target.version}")


def _check_reason(known: TargetFact | None, part: Part, reason: str) -> None:
    changed = known is not None and (known.arrears_minor, known.cash_minor) != (part.arrears_minor, part.cash_minor)
    if changed and known is not None and known.cash_minor and not reason.strip():
        raise Invalid("targets.reason", N_("Write why the number changes: every edit is kept with its reason."),
                      field="reason")


@operation("targets.set_target", SetTarget, needs=_needs, guard=_leads)
def set_target(work: Work, command: SetTarget) -> None:
    """Set both numbers of a month for the company, a team or a rep. A change needs its reason."""
    rules.check_month(command.month, work.today)
    rules.check_numbers(command.arrears_minor, command.cash_minor)
    part = Part(command.arrears_minor, command.cash_minor)
    _check_reason(work.fact("target", _key(command)), part, command.reason)
    put_version(work, _key(command), part, state="set", reason=command.reason)


@operation("targets.split_target", SplitTarget, guard=_leads,
           needs=lambda c: [*_needs(c), Need("target_shares", _key(c))])
def split_target(work: Work, command: SplitTarget) -> None:
    """Deal a target out to every team, rep and customer below it in one go: each level is the sum of the one below.

    Customers of nobody get none. What of the arrears nobody owes is answered as ``unplaced_minor``.
    """
    rules.check_month(command.month, work.today)
    whole: TargetFact | None = work.fact("target", _key(command))
    if whole is None or not whole.cash_minor:
        raise RuleBroken("targets.nothing_to_split", N_("Set the target first; then split it."))
    shares = work.fact("target_shares", _key(command))
    if not shares:
        raise RuleBroken("targets.nobody", N_("No customer here has a rep and owes or pays anything."))
    split = rules.split_target(whole.arrears_minor, whole.cash_minor, shares, command.currency)
    parts: dict[str, Part] = {}
    for level in ("team", "rep") if command.level == "company" else ("rep",) if command.level == "team" else ():
        parts |= {target_key(command.month, level, subject_id, command.currency): part
                  for subject_id, part in rules.summed(split, shares, level).items() if subject_id}
    parts |= {target_key(command.month, "customer", one.customer_id, command.currency): split.parts[one.customer_id]
              for one in shares}
    known = work.facts.by_key("target", parts)
    for key, part in parts.items():
        before: TargetFact | None = known[key]
        if before is None or before.proposed or (before.arrears_minor, before.cash_minor) != (
                part.arrears_minor, part.cash_minor):
            put_version(work, key, part, state="set", reason=command.reason)
    for one in shares:
        work.touch(one.customer_id)
    work.answer(customers=len(shares), unplaced_minor=split.unplaced_minor)


@operation(
    "targets.propose_target", ProposeTarget, guard=may_work_with,
    needs=lambda c: [Need("customer", c.customer_id), Need("target", _customer_key(c)),
                     Need("target_claim", _customer_key(c))],
)
def propose_target(work: Work, command: ProposeTarget) -> None:
    """A rep's numbers for his customer wait for the manager; the old ones count until then. A manager's count at once.

    Arrears are capped by what falls due by the month's end; the cash target is not: it may hold prepayments.
    """
    rules.check_month(command.month, work.today)
    rules.check_numbers(command.arrears_minor, command.cash_minor)
    rules.check_claim(command.arrears_minor, work.fact("target_claim", _customer_key(command)), command.currency)
    part = Part(command.arrears_minor, command.cash_minor)
    _check_reason(work.fact("target", _customer_key(command)), part, command.reason)
    own = may_manage(work.actor)
    put_version(work, _customer_key(command), part, state="set" if own else "proposed", reason=command.reason)
    work.touch(command.customer_id)
    if not own:
        target: TargetFact = work.fact("target", _customer_key(command))
        put_tasks(work, _proposal(target), command.customer_id, "target_proposed")


@operation(
    "targets.decide_target", DecideTarget, guard=manager_of,
    needs=lambda c: [Need("customer", c.customer_id), Need("target", _customer_key(c))],
)
def decide_target(work: Work, command: DecideTarget) -> None:
    """Approve or decline what a rep proposed for a customer; it is decided once."""
    target: TargetFact | None = work.fact("target", _customer_key(command))
    if target is None or target.proposed is None:
        raise RuleBroken("targets.nothing_proposed", N_("Nothing is proposed here any more."))
    put_version(work, _customer_key(command), Part(*target.proposed),
                state="approved" if command.approve else "declined", reason=command.reason)
    end_tasks(work, _proposal(target), command.customer_id, "target_proposed")
    work.touch(command.customer_id)
