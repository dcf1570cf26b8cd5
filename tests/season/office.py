"""The office: twenty reps who know only what they are told, by gut or by the rules of the program.

``Rules`` switches three things on or off: the cadence and choice of the next step, the checking of reasons, and the
measures against the gap. With all three off a rep does what reps do: the largest sum first, once a week, by phone, and
a word is believed until its day and a week more.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from fieldsales.collection.ladder import Chase, Way, way_of
from fieldsales.collection.nextstep import Held, SuggestFacts, Suggestion, Unchecked, Word, suggest
from fieldsales.plugin_api.fields import words
from fieldsales.promises.pausing import StandingPromise, covers, paused
from fieldsales.promises.probability import PromiseShape, assess
from fieldsales.targets.rules import Word as Weak
from fieldsales.targets.rules import is_weak
from plugins.email import METHOD as EMAIL
from plugins.legal import METHOD as LEGAL
from plugins.letter import METHOD as LETTER
from plugins.phone import METHOD as PHONE
from plugins.visit import METHOD as VISIT
from tests.season.world import MINUTES, Debtor, Reply, answer

WAYS: tuple[Way, ...] = tuple(way_of(method) for method in (PHONE, EMAIL, VISIT, LETTER, LEGAL))
#: A rep's working minutes a day for collecting.
DAY_MINUTES = 120
CHECK_MINUTES, PLAN_MINUTES, SOLVE_DAYS = 12, 60, 5
#: A support for a weak word (a promotion, goods re-ranged) costs so many yuan, and lasts.
SUPPORT_COST = 150
_EXCUSE, _FULL = words("理由", "a reason"), words("本周已满", "The week is full")
#: The house's measure of contacts within seven days, which the gate keeps.
PER_WEEK = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """Which parts of the program the office uses."""

    cadence: bool
    checking: bool
    measures: bool


@dataclass(slots=True)
class Card:
    """What the office knows of one debtor."""

    debtor: Debtor
    last_on: date | None = None
    words: list[tuple[date, int, str, str]] = field(default_factory=list)
    """(day, sum, state, class) of promises."""
    unchecked: str = ""
    short: bool = False
    faith: str = ""
    false_claims: int = 0
    tried: dict[str, int] = field(default_factory=dict)
    solve_on: date | None = None
    kept: int = 0
    settled: int = 0


@dataclass(slots=True)
class Tally:
    """What a season came to."""

    collected: int = 0
    contacts: int = 0
    minutes: int = 0
    complaints: int = 0
    cost: int = 0


def facts_of(card: Card, today: date, rules: Rules) -> SuggestFacts:
    """The card as the program would show it to its own rules."""
    debtor, minor = card.debtor, card.debtor.overdue(today) * 100
    oldest = min((bill.due_on for bill in debtor.bills if bill.open), default=today)
    late = max(0, (today - oldest).days)
    standing = [(on, paused(StandingPromise(sum_ * 100, on, klass), today)) for on, sum_, state, klass in card.words
                if state == "open"]
    covered = covers(minor, sum(held for _, held in standing))
    lately = sorted(on for on in debtor.contacts if on > today - timedelta(days=7))
    full = Held(_FULL, lately[-PER_WEEK] + timedelta(days=7)) if len(lately) >= PER_WEEK else None
    unchecked = (Unchecked("one", _EXCUSE, today),) if card.unchecked and rules.checking else ()
    return SuggestFacts(
        today, "CNY", minor, minor // 100, late, disputed_minor=minor if card.solve_on else 0,
        grade=debtor.grade, faith=card.faith, unchecked=unchecked,
        words=tuple(Word(on, sum_ * 100, state) for on, sum_, state, _ in card.words),
        covered_until=max(on for on, held in standing if held) if covered else None,
        is_short_of_cash=card.short and rules.checking, has_plan=debtor.instalment > 0,
        last_contact_on=card.last_on, per_week=PER_WEEK, held=full, ways=WAYS,
        approved=frozenset(way.name for way in WAYS),
        chase=Chase(today, minor, late, card.faith, debtor.km * 1000, tried=dict(card.tried)),
    )


def by_gut(card: Card, today: date) -> str:
    """What a rep does without any rule: a call a week; a visit for large sums; a letter when it is very old."""
    if any(state == "open" and today <= on + timedelta(days=7) for on, _, state, _ in card.words):
        return ""
    if card.last_on is not None and (today - card.last_on).days < 7:
        return ""
    oldest = min(bill.due_on for bill in card.debtor.bills if bill.open)
    if (today - oldest).days > 90:
        return "letter"
    return "visit" if card.debtor.overdue(today) > 30_000 else "phone"


class Office:
    """A season of one office: every rep works his own cards, the day's minutes and no more."""

    def __init__(self, debtors: list[Debtor], reps: int, rules: Rules, dice: random.Random) -> None:
        self.rules, self.dice, self.tally = rules, dice, Tally()
        cards = [Card(debtor) for debtor in debtors]
        self.books = [cards[n::reps] for n in range(reps)]
        self.cards = cards

    def day(self, today: date) -> None:
        """One working day of every rep."""
        for book in self.books:
            left = DAY_MINUTES
            owing = [card for card in book if card.debtor.overdue(today) > 0]
            for card in sorted(owing, key=lambda one: -one.debtor.overdue(today)):
                if left <= 0:
                    break
                used = self._work(card, today)
                left -= used
                self.tally.minutes += used

    def _work(self, card: Card, today: date) -> int:
        if card.solve_on is not None and today >= card.solve_on:
            card.debtor.grievance, card.solve_on = False, None
        if not self.rules.cadence:
            if self.rules.checking and card.unchecked:
                return self._check(card, today)
            way = "" if card.solve_on else by_gut(card, today)
            return self._ask(card, today, way) if way else 0
        step = suggest(facts_of(card, today, self.rules))
        return self._follow(card, today, step)

    def _follow(self, card: Card, today: date, step: Suggestion) -> int:
        if step.on is not None and step.on > today:
            return 0
        if step.kind == "verify":
            return self._check(card, today)
        if step.kind == "plan":
            card.debtor.instalment = max(1, card.debtor.income * 7 * 3 // 5)
            card.last_on = today
            return PLAN_MINUTES
        if step.kind == "manager":
            return self._stop_supply(card, today)
        if step.kind in ("contact", "approval") and step.method:
            return self._ask(card, today, step.method)
        return 0

    def _stop_supply(self, card: Card, today: date) -> int:
        """Every way was tried in vain: the manager stops supply, and the ways begin anew."""
        if card.debtor.habit in ("bad", "haggler"):
            card.debtor.moved = max(card.debtor.moved, 5.0)
        card.tried, card.last_on = {}, today
        return PLAN_MINUTES // 3

    def _check(self, card: Card, today: date) -> int:
        """Look whether the reason is true: quarrels get solved, the truly short get terms, liars are known."""
        debtor, said, card.unchecked = card.debtor, card.unchecked, ""
        if said == "quality" and debtor.grievance:
            card.solve_on = today + timedelta(days=SOLVE_DAYS)
        elif said in ("cash_tight", "downstream_owes") and debtor.habit in ("short", "haggler"):
            card.short = debtor.habit == "short"
        elif debtor.habit == "bad":
            card.false_claims += 1
            if card.false_claims >= 2:
                card.faith = "bad_faith"
        return CHECK_MINUTES

    def _ask(self, card: Card, today: date, way: str) -> int:
        reply = answer(card.debtor, self.dice, today, way)
        card.last_on = today
        card.tried[way] = card.tried.get(way, 0) + 1
        self.tally.contacts += 1
        self.tally.complaints += reply.complains
        if reply.excuse:
            card.unchecked = reply.excuse
        if reply.promised:
            self._hear(card, reply, today)
        return MINUTES[way] + (2 * card.debtor.km if way == "visit" else 0)

    def _hear(self, card: Card, reply: Reply, today: date) -> None:
        due_on = today + timedelta(days=reply.days)
        months = (card.debtor.monthly * 100,) * 4
        judged = assess(PromiseShape(reply.promised * 100, today, due_on, kept=card.kept, settled=card.settled,
                                     funding="customers_pay" if reply.excuse == "downstream_owes" else "",
                                     months=months, put_off=0))
        card.words = [one for one in card.words if one[2] != "open"][-3:]
        card.words.append((due_on, reply.promised, "open", judged.klass))
        weak = is_weak(Weak("one", reply.promised * 100, judged.probability_bp, judged.klass))
        if self.rules.measures and weak and not card.debtor.helped and reply.promised > 20 * SUPPORT_COST \
                and reply.excuse in ("cash_tight", "downstream_owes"):
            card.debtor.helped = True
            self.tally.cost += SUPPORT_COST

    def money(self, card: Card, paid: int, today: date) -> None:
        """Money came: it is counted, and keeps a word or a part of one."""
        self.tally.collected += paid
        card.tried = {}
        found = []
        for on, sum_, state, klass in card.words:
            if state == "open" and today <= on:
                left = max(0, sum_ - paid)
                card.kept, card.settled = card.kept + (left == 0), card.settled + (left == 0)
                state, sum_ = ("open", left) if left else ("kept", sum_)
            found.append((on, sum_, state, klass))
        card.words = found

    def night(self, today: date) -> None:
        """Words whose day is over were not kept."""
        for card in self.cards:
            for n, (on, sum_, state, klass) in enumerate(card.words):
                if state == "open" and on < today:
                    card.words[n] = (on, sum_, "broken", klass)
                    card.settled += 1
