"""Supply on credit: when to stop it, when to deliver for cash only, and what releases it. Pure.

The strongest lever short of law (停货, 款到发货). Sources: 民法典 526 (who performs at the same time or second may
withhold while the other does not perform), 527–528 (suspension for gravely worsened business). When it is suggested is
the house's own dated policy: see decision 0024. A manager decides; the program only suggests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldsales.kernel.errors import N_, Invalid

#: From the freest to the tightest.
STATES = ("run", "cash_first", "stop")
STATE_WORDS = {"run": N_("Supply on credit"), "cash_first": N_("Cash before delivery"), "stop": N_("Supply stopped")}
CONDITIONS = {
    "paid": N_("Released when %(amount)s has come in since"),
    "plan": N_("Released when a repayment plan is signed"),
    "cleared": N_("Released when nothing is overdue any more"),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """From ``since``: days late from which cash first and a stop are suggested, with and without broken promises.

    ``small_bp``: overdue below this share of all that is owed is one step milder. ``remembered_days``: how long a
    broken promise counts.
    """

    since: date
    cash_days: int
    cash_days_broken: int
    stop_days: int
    stop_days_broken: int
    broken_for_stop: int
    small_bp: int
    remembered_days: int


#: The house's policies, oldest first. Our own judgement: no law names these days.
POLICIES = (Policy(date(2026, 1, 1), 60, 30, 90, 60, 2, 500, 180),)


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """What a suggestion looks at. Amounts in minor units of one currency; ``klass``: only an approved one."""

    overdue_minor: int
    open_minor: int
    days_past_due: int
    broken: int = 0
    klass: str = ""
    limit_minor: int | None = None
    watch: str = ""
    state: str = "run"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``state``: cash_first or stop; ``reasons``: codes of ``REASONS``, the weightiest first."""

    state: str
    reasons: tuple[str, ...]


REASONS = {
    "watch": N_("red alert of the solvency watch"),
    "bad_faith": N_("does not pay though able to (approved class)"),
    "late": N_("oldest debt %(days)s days overdue"),
    "broken": N_("%(count)s promises broken lately"),
    "limit": N_("over the credit limit by %(amount)s"),
}


def state_of(stop: bool, cash_first: bool) -> str:
    """How supply stands after a decision."""
    return "stop" if stop else "cash_first" if cash_first else "run"


def policy_on(day: date) -> Policy:
    """The policy of a day; the first one for days before it."""
    return next((one for one in reversed(POLICIES) if one.since <= day), POLICIES[0])


def over_limit(facts: SupplyFacts) -> int:
    """By how much the open balance exceeds the credit limit, minor units; 0 without a limit."""
    return max(0, facts.open_minor - facts.limit_minor) if facts.limit_minor is not None else 0


def suggest(facts: SupplyFacts, today: date) -> Suggestion | None:
    """What to do about supply, or None: nothing, or nothing tighter than what stands already."""
    policy, reasons, wanted = policy_on(today), list[str](), 0
    if facts.watch == "red":
        wanted, reasons = 2, ["watch"]
    if facts.klass == "bad_faith" and facts.overdue_minor > 0:
        wanted, reasons = 2, [*reasons, "bad_faith"]
    by_age = _by_age(facts, policy)
    if by_age:
        reasons += ["late", *(["broken"] if facts.broken else [])]
    wanted = max(wanted, by_age)
    if over_limit(facts):
        wanted, reasons = max(wanted, 1), [*reasons, "limit"]
    if wanted <= STATES.index(facts.state):
        return None
    return Suggestion(STATES[wanted], tuple(reasons))


def _by_age(facts: SupplyFacts, policy: Policy) -> int:
    """0 run, 1 cash first, 2 stop: by days late and broken promises; one step milder for a small part, and for
    whoever is approved as in good faith and has broken no promise."""
    days = facts.days_past_due if facts.overdue_minor > 0 else 0
    if days > policy.stop_days or (days > policy.stop_days_broken and facts.broken >= policy.broken_for_stop):
        step = 2
    elif days > policy.cash_days or (days > policy.cash_days_broken and facts.broken):
        step = 1
    else:
        return 0
    small = facts.overdue_minor * 10_000 < facts.open_minor * policy.small_bp
    kind = facts.klass == "good_faith" and not facts.broken
    return step - 1 if small or kind else step


@dataclass(frozen=True, slots=True)
class Progress:
    """What has happened since a decision: money confirmed, whether a plan was signed, what is overdue now."""

    paid_minor: int
    plan_signed: bool
    overdue_minor: int


def is_met(kind: str, minor: int, progress: Progress) -> bool:
    """Whether what releases supply has come about. Only in words: a person must judge."""
    if kind == "paid":
        return progress.paid_minor >= minor
    if kind == "plan":
        return progress.plan_signed
    return kind == "cleared" and progress.overdue_minor <= 0


def check_condition(kind: str, minor: int) -> None:
    """Refuse a condition that says "so much paid" without saying how much."""
    if kind == "paid" and minor <= 0:
        raise Invalid("collection.release_amount", N_("Say how much must come in."), field="release_minor")
