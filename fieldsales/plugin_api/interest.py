"""Rules of interest that a plugin adds beside the core's own: lines that anybody can check with a pencil.

A line names what it rests on; the core multiplies again and refuses an amount that is not the product. Nothing is
added to what the core reckons: each rule has its own lines and its own sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels, words
from fieldsales.plugin_api.keeping import Kept
from fieldsales.plugin_api.markers import hookspec

Rounding = Literal["half_up", "half_even", "down"]
ROUNDINGS: Mapping[str, tuple[str, Labels]] = {
    "half_up": (ROUND_HALF_UP, words("每行四舍五入到分", "Each line rounded to the cent, half a cent up")),
    "half_even": (ROUND_HALF_EVEN, words("每行四舍六入五成双到分", "Each line rounded to the cent, half to even")),
    "down": (ROUND_DOWN, words("每行舍去不足一分的部分", "Each line cut to the cent")),
}
_MOST_LINES, _YEAR_DAYS = 1000, 365


@dataclass(frozen=True, slots=True)
class InterestDebt:
    """One instalment past its day. ``pieces``: (sum, the day it was paid, or None when it is still open)."""

    number: str
    due_on: date
    pieces: tuple[tuple[Money, date | None], ...]


@dataclass(frozen=True, slots=True)
class InterestFacts:
    """What a rule reckons from, to ``to_on`` with that day. ``kept``: the plugin's own records on this customer."""

    customer_id: str
    to_on: date
    debts: tuple[InterestDebt, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class InterestLine:
    """So much on ``base`` from ``first`` to ``last``, both included, at ``rate`` (a fraction: 0.000175) ``per`` day or
    year of 365 days. ``amount``: the product, rounded as the rule says."""

    labels: Labels
    base: Money
    first: date
    last: date
    rate: Decimal
    amount: Money
    per: Literal["day", "year"] = "day"

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class InterestRule:
    """A rule of interest. ``source``: the rule of law; ``lines(facts)``: pure, empty when it does not apply."""

    name: str
    labels: Labels
    source: Labels
    lines: Callable[[InterestFacts], Iterable[InterestLine]]
    rounding: Rounding = "half_up"


def interest_on(base: Money, rate: Decimal, days: int, per: str = "day", rounding: Rounding = "half_up") -> Money:
    """base × rate × days (÷ 365 for a yearly rate), in whole minor units."""
    value = Decimal(base.minor) * rate * days
    exact = value / _YEAR_DAYS if per == "year" else value
    return Money(int(exact.quantize(Decimal(1), ROUNDINGS[rounding][0])), base.currency)


class InterestHooks:
    """Rules of interest."""

    @hookspec
    def interest_rules(self) -> Iterable[InterestRule]:  # type: ignore[empty-body]
        """Rules by which late payment costs the debtor something beside what the core reckons.

        When: once, as the program starts; ``lines`` then whenever the page of late loss is opened.
        Returns: InterestRule records; a name already taken is refused.
        Errors: one bad record fails the whole plugin. A ``lines`` that raises, hangs or gives a line whose amount is
        not base × rate × days is left out of the page, which says so; the core's own lines stand.
        Since: API 1.

        Example::

            @hookimpl
            def interest_rules():
                return [InterestRule("half_a_permille", {"zh": "日万分之五", "en": "0.05 % a day"},
                                     {"zh": "合同第九条", "en": "Contract, article 9"}, lines)]
        """


def rule(given: Any) -> InterestRule:
    """A rule of interest, or Garbage."""
    need = validate.need
    need(type(given) is InterestRule, f"a rule must be an InterestRule, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"interest rule name {given.name!r}")
    what = f"interest rule {given.name}"
    validate.labels(given.labels, f"{what}: labels", 60)
    validate.labels(given.source, f"{what}: source", 300)
    need(given.rounding in ROUNDINGS, f"{what}: there is no rounding {given.rounding!r}")
    need(callable(given.lines), f"{what}: lines must be a function")
    checked: InterestRule = given
    return checked


def lines(given: Any, of: InterestRule) -> tuple[InterestLine, ...]:
    """What ``lines`` answered, multiplied again, or Garbage."""
    found = []
    for one in validate.declared(given, f"interest rule {of.name}: lines"):
        found.append(_line(one, of))
        validate.need(len(found) <= _MOST_LINES, f"interest rule {of.name}: more than {_MOST_LINES} lines")
    return tuple(found)


def _line(one: Any, of: InterestRule) -> InterestLine:
    need, what = validate.need, f"interest rule {of.name}"
    need(type(one) is InterestLine, f"{what}: a line must be an InterestLine, not {type(one).__name__}")
    validate.labels(one.labels, f"{what}: a line's labels", 200)
    need(type(one.base) is Money and type(one.amount) is Money, f"{what}: base and amount must be Money")
    need(one.base.minor >= 0 and one.base.currency == one.amount.currency, f"{what}: a base below nothing, or two "
                                                                          "currencies in a line")
    need(type(one.first) is date and type(one.last) is date and one.first <= one.last, f"{what}: no period")
    need(type(one.rate) is Decimal and one.rate.is_finite() and 0 <= one.rate <= 1, f"{what}: rate {one.rate!r}")
    need(one.per in ("day", "year"), f"{what}: per {one.per!r}")
    right = interest_on(one.base, one.rate, one.days, one.per, of.rounding)
    need(one.amount == right, f"{what}: {one.amount} is not base × rate × days, which is {right}")
    line: InterestLine = one
    return line
