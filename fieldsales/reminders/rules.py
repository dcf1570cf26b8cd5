"""What is due and how it is said. Pure; sentences in the receiver's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.kernel.sentences import say

#: Messages are for the working day: none is begun from this hour on (a worker that was down all day waits).
LAST_HOUR = 21


@dataclass(frozen=True, slots=True)
class DueItem:
    """A promise or a plan's instalment not yet kept. ``left_minor``: what has not come. ``number``: of its plan."""

    kind: str
    id: str
    customer_id: str
    customer_name: str
    owner_name: str
    left_minor: int
    currency: str
    due_on: date
    number: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """A morning: what falls due today (T) and tomorrow (T−1), and records the office still holds."""

    on: date
    today: tuple[DueItem, ...]
    tomorrow: tuple[DueItem, ...]
    held: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.today or self.tomorrow or self.held)


def digest_of(items: Iterable[DueItem], held: int, on: date) -> Digest:
    """Sort what is due into today's and tomorrow's."""
    found = sorted(items, key=lambda one: (-one.left_minor, one.id))
    tomorrow = on + timedelta(days=1)
    return Digest(on, tuple(one for one in found if one.due_on == on),
                  tuple(one for one in found if one.due_on == tomorrow), held)


def sums(items: Iterable[DueItem]) -> str:
    """What is left of several, each currency by itself: ``¥80,000.00``."""
    totals: dict[str, int] = defaultdict(int)
    for one in items:
        totals[one.currency] += one.left_minor
    return " + ".join(str(Money(minor, currency)) for currency, minor in sorted(totals.items()))


def counted(digest: Digest, lang: str) -> list[str]:
    """How many of each, and nothing else: for a lock screen that others may read."""
    said = []
    if digest.today:
        said.append(say(N_("Due today: %(n)s"), lang, n=len(digest.today)))
    if digest.tomorrow:
        said.append(say(N_("Due tomorrow: %(n)s"), lang, n=len(digest.tomorrow)))
    if digest.held:
        said.append(say(N_("Records held at the office: %(n)s"), lang, n=digest.held))
    return said


def for_group(digest: Digest, lang: str) -> tuple[str, ...]:
    """The team's morning: sums and colleagues, no customer's name."""
    said = []
    for items, sentence in ((digest.today, N_("Due today: %(n)s, %(sum)s")),
                            (digest.tomorrow, N_("Due tomorrow: %(n)s, %(sum)s"))):
        if items:
            said.append(say(sentence, lang, n=len(items), sum=sums(items)))
            said += [f"· {name or '–'} {len(own)} · {sums(own)}" for name, own in _by_owner(items)]
    if digest.held:
        said.append(say(N_("Records held at the office: %(n)s"), lang, n=digest.held))
    return tuple(said)


def _by_owner(items: Iterable[DueItem]) -> list[tuple[str, list[DueItem]]]:
    found: dict[str, list[DueItem]] = defaultdict(list)
    for one in items:
        found[one.owner_name].append(one)
    return sorted(found.items(), key=lambda pair: -sum(one.left_minor for one in pair[1]))


def for_mail(digest: Digest, lang: str) -> str:
    """One's own morning, customer by customer: it goes into one's own mailbox."""
    parts = []
    for items, head in ((digest.today, N_("Due today")), (digest.tomorrow, N_("Due tomorrow"))):
        if items:
            parts.append("\n".join([f"{say(head, lang)}（{sums(items)}）" if lang == "zh" else
                                    f"{say(head, lang)} ({sums(items)})", *(f"· {title(one, lang)}" for one in items)]))
    if digest.held:
        parts.append(say(N_("Records held at the office: %(n)s"), lang, n=digest.held))
    return "\n\n".join(parts)


def title(item: DueItem, lang: str) -> str:
    """An event's title: who owes what by that day."""
    amount = str(Money(item.left_minor, item.currency))
    if item.kind == "instalment":
        return say(N_("%(name)s: instalment of plan %(number)s, %(amount)s"), lang, name=item.customer_name,
                   number=item.number, amount=amount)
    return say(N_("%(name)s promised %(amount)s"), lang, name=item.customer_name, amount=amount)


def may_keep_group(actor: Actor, team_id: str | None) -> bool:
    """A manager keeps the groups of his own team, an administrator (or a manager of the whole company) all."""
    if actor.role == "admin":
        return True
    return actor.role == "manager" and (actor.team_id is None or actor.team_id == team_id)
