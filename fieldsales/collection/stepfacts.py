"""What the next step is chosen by: one customer, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fieldsales.collection import cadence
from fieldsales.collection.cadence import Debt
from fieldsales.collection.ladder import Chase, Policy, Way
from fieldsales.plugin_api.fields import Labels


@dataclass(frozen=True, slots=True)
class Word:
    """A promise or an instalment of a signed plan. ``minor``: what of it is missing."""

    due_on: date
    minor: int
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An excuse nobody has checked."""

    claim_id: str
    labels: Labels
    on: date


@dataclass(frozen=True, slots=True)
class Held:
    """The gate lets nobody make a first notice: its words, and until when (None: until somebody lifts it)."""

    why: Labels
    until: date | None = None


@dataclass(frozen=True, slots=True)
class SuggestFacts:
    """One customer for ``suggest``. Sums in minor units of ``currency``; ``overdue`` in whole major units.

    ``declined``: (kind, method) → until when and how often a rep did not want it. ``asked`` and ``approved``: methods
    the manager was asked for, or has agreed to.
    """

    today: date
    currency: str
    overdue_minor: int
    overdue: int
    days_past_due: int
    disputed_minor: int = 0
    next_due_on: date | None = None
    grade: str = ""
    faith: str = ""
    is_self_payer: bool = False
    words: tuple[Word, ...] = ()
    covered_until: date | None = None
    """Till then open promises and plans cover all that may be asked for (``cases``)."""
    unchecked: tuple[Unchecked, ...] = ()
    is_short_of_cash: bool = False
    """A reason that is no objection (no money, later) was found true, wholly or partly."""
    has_plan: bool = False
    last_contact_on: date | None = None
    limitation_on: date | None = None
    held: Held | None = None
    per_week: int = 0
    not_before: date | None = None
    ways: tuple[Way, ...] = ()
    chase: Chase | None = None
    declined: Mapping[tuple[str, str], tuple[date, int]] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    policy: Policy = field(default_factory=Policy)
    waiting_minor: int = 0
    """What reps were given and finance has not confirmed, bills included."""
    matures_on: date | None = None
    """Of bills among it: when the last can be cashed."""

    def broken(self) -> Word | None:
        """The newest word not kept since anybody spoke to them."""
        newest = max((one for one in self.words if one.state in ("broken", "partly")), default=None,
                     key=lambda one: one.due_on)
        if newest is None or (self.last_contact_on is not None and self.last_contact_on > newest.due_on):
            return None
        return newest

    def interval(self) -> int:
        """Days between two contacts."""
        has_broken = any(one.state in ("broken", "partly") for one in self.words)
        debt = Debt(self.grade, self.overdue, self.days_past_due, self.faith, has_broken, self.is_self_payer)
        return cadence.interval(debt, self.per_week)

    def wants(self, kind: str, method: str = "") -> bool:
        """Whether a rep may be told this again already."""
        until, _ = self.declined.get((kind, method), (date.min, 0))
        return self.today >= until
