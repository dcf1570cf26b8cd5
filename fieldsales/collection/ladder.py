"""Which way of asking comes next: the cheapest that works first, the next one after so many in vain, law last. Pure.

The core knows no method's name: it chooses by what each declares of itself (``plugin_api.types.CollectionMethod``:
level, cost, in person, manner, reach) and by what the house has measured of it (``effectiveness``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fieldsales.collection.faith_rules import method_allowed
from fieldsales.plugin_api.caps import Cap
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import CollectionMethod

#: Rungs: what a rep does alone (S42), what presses in writing, what goes to court.
NOTICE, FORMAL, LAW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Policy:
    """The house's measure. Costs in minor units of the house currency, shares in basis points."""

    #: uses without money after which a notice is given up for the next way; of formal ones, one is enough
    notices: int = 2
    formals: int = 1
    #: travel: a kilometre there and back, and what is assumed where no place is known
    km_cost_minor: int = 200
    unknown_km: int = 10
    #: a way is worth it while it costs no more than this share of what it may be expected to bring (S45)
    most_cost_bp: int = 1_000
    #: a way measured this weak, over so many uses, is not suggested while another is left (S43)
    weak_bp: int = 500
    weak_uses: int = 30
    #: the last rung is not for younger debts
    law_after_days: int = 60


@dataclass(frozen=True, slots=True)
class Way:
    """A method as the chooser sees it. ``dials``: it begins with a call, as a field of its form says."""

    name: str
    labels: Labels
    level: int = NOTICE
    cost_minor: int = 0
    in_person: bool = False
    manner: str = "soft"
    reach: str = ""
    approval: bool = False
    has_form: bool = True
    caps: tuple[Cap, ...] = ()
    dials: bool = False

    @property
    def needs_approval(self) -> bool:
        """A first notice is the rep's own to give; what goes further is a manager's decision (S42)."""
        return self.approval or self.level > NOTICE


def way_of(method: CollectionMethod) -> Way:
    """What the chooser needs of a method."""
    return Way(method.name, method.labels, method.level, method.cost_minor, method.in_person, method.manner,
               method.reach, method.approval, method.by_hand and bool(method.fields), method.caps,
               any(field.opens == "tel" for field in method.fields))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a method has done with such customers: share of uses with money within 14 days, shrunk; and how many."""

    rate_bp: int
    uses: int


#: What is believed of a method nobody has measured yet.
UNMEASURED = Measured(2_000, 0)


@dataclass(frozen=True, slots=True)
class Chase:
    """One customer for the chooser. ``tried``: uses since money last came, by method. ``declined``: until when a rep
    does not want a method suggested here, and how often he said so. ``distance_m``: None where unknown.
    """

    today: date
    overdue_minor: int
    days_past_due: int
    faith: str = ""
    distance_m: int | None = None
    reachable: frozenset[str] = frozenset({"phone", "email", "address"})
    tried: Mapping[str, int] = field(default_factory=dict)
    declined: Mapping[str, tuple[date, int]] = field(default_factory=dict)
    effects: Mapping[str, Measured] = field(default_factory=dict)
    blocked: frozenset[str] = frozenset()
    """Methods the compliance gate does not let through today, and those whose own cap is reached."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A way that is open, with what one use costs here and what it is expected to bring for it."""

    way: Way
    cost_minor: int
    measured: Measured
    tried: int
    is_worth_it: bool

    @property
    def cost_bp(self) -> int:
        """Cost per success, to compare ways by: minor units per use over the share that brings money."""
        return self.cost_minor * 10_000 // max(1, self.measured.rate_bp)


def is_fit(way: Way, chase: Chase) -> bool:
    """Whether a way may be used here at all: whom it reaches, whom its manner fits (S53, ``faith_rules``)."""
    if way.name in chase.blocked or (way.reach and way.reach not in chase.reachable):
        return False
    return method_allowed(chase.faith, way.level, way.manner).ok


def cost_of(way: Way, chase: Chase, policy: Policy) -> int:
    """What one use costs here: its own cost, and the way there and back when one must go."""
    if not way.in_person:
        return way.cost_minor
    metres = policy.unknown_km * 1000 if chase.distance_m is None else chase.distance_m
    return way.cost_minor + 2 * metres * policy.km_cost_minor // 1000


def is_worth(cost_minor: int, measured: Measured, overdue_minor: int, policy: Policy) -> bool:
    """Visit economics (S45): the cost stays below a share of what may be expected (overdue × measured rate)."""
    expected = overdue_minor * measured.rate_bp // 10_000
    return cost_minor * 10_000 <= expected * policy.most_cost_bp


def is_spent(rung: Rung, policy: Policy) -> bool:
    """Used so often in vain that the next way is due (S43)."""
    return rung.tried >= (policy.notices if rung.way.level == NOTICE else policy.formals)


def rungs(ways: Iterable[Way], chase: Chase, policy: Policy) -> list[Rung]:
    """The ways that are open, in the order they would be taken: level, then cost per success, then name.

    What a rep has declined comes back after its day, and weighs more for every time it was declined.
    """
    found = []
    for way in ways:
        until, times = chase.declined.get(way.name, (date.min, 0))
        if not is_fit(way, chase) or chase.today < until:
            continue
        cost, measured = cost_of(way, chase, policy), chase.effects.get(way.name, UNMEASURED)
        found.append((times, Rung(way, cost, measured, chase.tried.get(way.name, 0),
                                  is_worth(cost, measured, chase.overdue_minor, policy))))
    found.sort(key=lambda one: (one[1].way.level, one[1].cost_bp * (1 + one[0]), one[1].way.name))
    return [rung for _, rung in found]


def next_rung(open_rungs: Iterable[Rung], chase: Chase, policy: Policy) -> Rung | None:
    """The next way, or None when every one was used in vain: then a manager decides.

    Among what is left the weak ones (measured over many uses) stand back, and what is not worth its cost. Before law
    come the cheapest remote notice, which costs next to nothing, and the debt's age.
    """
    left = [rung for rung in open_rungs if not is_spent(rung, policy)]
    worth = [rung for rung in left if rung.is_worth_it]
    before_law = [rung for rung in worth if rung.way.level < LAW]
    strong = [rung for rung in before_law if not is_weak(rung.measured, policy)]
    law = [rung for rung in worth if rung.way.level == LAW and chase.days_past_due >= policy.law_after_days]
    cheap = [rung for rung in left if not rung.way.in_person and rung.way.level == NOTICE]
    return next(iter(strong or before_law or cheap or law), None)


def is_weak(measured: Measured, policy: Policy) -> bool:
    """Whether enough uses have shown that it brings little (S43: 力度较小,没有实质性作用)."""
    return measured.uses >= policy.weak_uses and measured.rate_bp < policy.weak_bp
