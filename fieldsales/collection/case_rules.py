"""The case of a debtor (催收案件): when it opens, how far it has come, what is still to be asked for. Pure.

A case opens with the first instalment that is overdue and closes when money, credit notes and cash not yet allocated
leave nothing overdue. The ladder is climbed by the days past due of the oldest instalment that is neither contested nor
covered by money in hand, one step further for every promise broken since. On the day a case opens it finds its place;
after that a part payment never leads back down. While open promises and plans cover all that may be asked for, or all
of it is contested, nobody climbs. Law is the last step, and a person takes it (S51: "law last").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from fieldsales.plugin_api.fields import Labels, words

#: The steps, in order, and what each of them means.
STAGES = ("reminder", "firm", "final", "manager", "legal")
STAGE_WORDS: dict[str, Labels] = {
    "reminder": words("提醒", "Reminder"),
    "firm": words("正式催款", "Firm demand"),
    "final": words("最后催告", "Final demand"),
    "manager": words("主管介入", "Manager steps in"),
    "legal": words("法务", "Legal"),
}
STAGE_MEANS: dict[str, Labels] = {
    "reminder": words("电话、消息提醒到期，附对账单", "Call or message that it is due, with a statement"),
    "firm": words("明确要款：哪天、多少、谁办；写下承诺",
                  "Ask firmly: which day, how much, by whom; write the promise down"),
    "final": words("催告函写明全部欠款和最后期限，上门送达",
                   "A demand letter with the whole debt and a last day, delivered on a visit"),
    "manager": words("主管上门或通话，定停货、还款协议", "The manager visits or calls: supply stop, repayment plan"),
    "legal": words("律师函、支付令、诉讼，由法务办理", "Lawyer's letter, payment order, suit: by legal"),
}
#: Days past due from which each step is taken, by credit grade: the good are followed loosely, the poor closely (S54).
LADDER: dict[str, tuple[int, ...]] = {
    "A": (1, 30, 60, 90, 120),
    "B": (1, 15, 45, 60, 90),
    "C": (1, 10, 30, 45, 75),
    "D": (1, 7, 21, 30, 60),
}
NO_GRADE = "B"
#: How far days and broken promises lead by themselves; beyond it a manager or legal decides.
HIGHEST = STAGES.index("manager")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaseDue:
    """An instalment with something open. ``contested_minor``: of its whole invoice. Amounts in minor units, > 0."""

    invoice_id: str
    currency: str
    due_on: date
    open_minor: int
    contested_minor: int = 0


@dataclass(frozen=True, slots=True)
class Pledge:
    """What an open promise or an open instalment of a plan is still to bring, and by when (grace included).

    Before ``since`` it is too far away to keep anybody waiting.
    """

    currency: str
    amount_minor: int
    until: date
    since: date = date.min


@dataclass(frozen=True, slots=True)
class CaseBooks:
    """What is known of one debtor. ``in_hand``: credit notes and cash not yet allocated, by currency, minor units."""

    dues: tuple[CaseDue, ...] = ()
    in_hand: Mapping[str, int] = field(default_factory=dict)
    pledges: tuple[Pledge, ...] = ()
    broken_on: tuple[date, ...] = ()
    grade: str = NO_GRADE
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as it stands. ``collectable``: overdue, neither contested nor covered by money in hand.

    Amounts in minor units of ``currency``, the one most is overdue in. ``oldest_on``: due date of the oldest instalment
    that may be asked for. ``covered_until``: till then promises and plans cover it all. ``next_on``: the next day on
    which the days alone change something. ``decided_*``: what a person decided of stage and owner.
    """

    id: str
    customer_id: str
    debtor_id: str
    stage: str
    opened_on: date
    owner_id: str = ""
    stage_on: date | None = None
    closed_on: date | None = None
    currency: str = "CNY"
    overdue_minor: int = 0
    contested_minor: int = 0
    collectable_minor: int = 0
    oldest_on: date | None = None
    covered_until: date | None = None
    next_on: date | None = None
    decided_stage: str = ""
    decided_until: date | None = None
    decided_owner: str = ""
    events: int = 0
    debtor_name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is overdue still."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class Sums:
    """One currency of a debtor on a day, in minor units."""

    overdue_minor: int
    contested_minor: int
    collectable_minor: int
    oldest_on: date | None
    first_on: date | None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a case comes to on a day. ``happens``: opened, reopened, closed, "" when it goes on (or there is none)."""

    is_open: bool
    happens: str = ""
    stage: str = ""
    owner_id: str = ""
    currency: str = "CNY"
    overdue_minor: int = 0
    contested_minor: int = 0
    collectable_minor: int = 0
    oldest_on: date | None = None
    covered_until: date | None = None
    next_on: date | None = None


def sums_of(dues: Iterable[CaseDue], in_hand: int, today: date) -> Sums:
    """What is overdue in one currency, by instalment, oldest first.

    A contested part is set against the overdue instalments of its own invoice first, so that nobody is pressed for what
    may be contested; what is not contested is collected all the same. Money in hand takes the oldest first.
    """
    late = sorted((due for due in dues if due.open_minor > 0 and due.due_on < today), key=lambda one: one.due_on)
    left: dict[str, int] = {}
    clear: list[tuple[date, int]] = []
    contested = 0
    for due in late:
        there = min(left.setdefault(due.invoice_id, due.contested_minor), due.open_minor)
        left[due.invoice_id] -= there
        contested += there
        if due.open_minor > there:
            clear.append((due.due_on, due.open_minor - there))
    rest, oldest, collectable = max(0, in_hand), None, 0
    for due_on, minor in clear:
        taken = min(rest, minor)
        rest -= taken
        if minor > taken:
            oldest = oldest or due_on
            collectable += minor - taken
    contested = max(0, contested - rest)
    return Sums(collectable + contested, contested, collectable, oldest, late[0].due_on if late else None)


def reckon_case(books: CaseBooks, before: CaseState | None, today: date) -> Reckoned:
    """What the debtor's case comes to today, given the one there was (``before``: the newest, open or closed).

    Reckoned again on what it has come to, nothing changes.
    """
    found = {currency: sums_of((due for due in books.dues if due.currency == currency),
                               books.in_hand.get(currency, 0), today)
             for currency in {due.currency for due in books.dues}}
    overdue = {currency: one for currency, one in found.items() if one.overdue_minor > 0}
    if not overdue:
        return Reckoned(False, "closed" if before and before.is_open else "", next_on=None)
    currency = max(overdue, key=lambda one: (overdue[one].overdue_minor, one))
    happens = _happens(before, min(one.first_on for one in overdue.values() if one.first_on))
    going = before if before and happens in ("", "reopened") else None
    oldest = min((one.oldest_on for one in overdue.values() if one.oldest_on), default=None)
    covered = _covered_until(books.pledges, overdue, today)
    days = (today - oldest).days if oldest else 0
    broken = sum(1 for day in books.broken_on if going and day > going.opened_on)
    climbed = stage_by_days(days, books.grade, broken) if oldest else STAGES[0]
    sums = overdue[currency]
    owner_id = (going.decided_owner if going else "") or books.owner_id
    return Reckoned(
        True, happens, _stage(going, climbed, bool(covered), today), owner_id, currency, sums.overdue_minor,
        sums.contested_minor, sums.collectable_minor, oldest, covered, _next_on(books, going, oldest, covered, today))


def stage_by_days(days: int, grade: str, broken: int = 0) -> str:
    """The step that many days past due lead to by themselves, a step further for each broken promise."""
    steps = LADDER.get(grade.upper()[:1], LADDER[NO_GRADE])
    reached = max((n for n, first in enumerate(steps) if days >= first), default=0)
    return STAGES[min(HIGHEST, reached + broken)]


def ripe_for_law(state: CaseState, grade: str, today: date) -> bool:
    """Whether the days have come from which a manager or legal should decide on going to law."""
    steps = LADDER.get(grade.upper()[:1], LADDER[NO_GRADE])
    late = (today - state.oldest_on).days if state.oldest_on else 0
    return state.is_open and state.stage != "legal" and not state.covered_until and late >= steps[-1]


def _happens(before: CaseState | None, first_on: date) -> str:
    """A debt that was overdue when the case was closed means that its money has gone again: the case goes on."""
    if before is None:
        return "opened"
    if before.closed_on is None:
        return ""
    return "reopened" if first_on < before.closed_on else "opened"


def _stage(going: CaseState | None, climbed: str, is_covered: bool, today: date) -> str:
    """The step a case stands on. On its first day it finds its place: a ledger comes in as invoices, then payments."""
    if going is None or (going.opened_on == today and not going.decided_stage):
        return climbed
    if going.decided_stage and going.decided_until and today <= going.decided_until:
        return going.decided_stage
    if is_covered:
        return going.stage
    return max(going.stage, climbed, key=STAGES.index)


def _covered_until(pledges: Iterable[Pledge], overdue: Mapping[str, Sums], today: date) -> date | None:
    """Till when promises and plans cover all that may be asked for; the first of them to fall due ends it."""
    standing = [one for one in pledges if one.since <= today <= one.until and one.amount_minor > 0]
    wanted = {currency: one.collectable_minor for currency, one in overdue.items() if one.collectable_minor}
    for currency, minor in wanted.items():
        if sum(one.amount_minor for one in standing if one.currency == currency) < minor:
            return None
    return min((one.until for one in standing if one.currency in wanted), default=None)


def _next_on(books: CaseBooks, going: CaseState | None, oldest: date | None, covered: date | None, today: date
             ) -> date | None:
    """The next day on which days alone change what is reckoned here."""
    steps = LADDER.get(books.grade.upper()[:1], LADDER[NO_GRADE])
    days = [due.due_on + ONE_DAY for due in books.dues if due.due_on >= today]
    days += [day for one in books.pledges for day in (one.since, one.until + ONE_DAY)]
    days += [oldest + timedelta(days=step) for step in steps[: HIGHEST + 1]] if oldest else []
    days += [covered + ONE_DAY] if covered else []
    days += [going.decided_until + ONE_DAY] if going and going.decided_until else []
    return min((day for day in days if day > today), default=None)
