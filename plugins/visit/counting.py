"""What a rep's visits cost and whom they left out, a month (S45)."""

from __future__ import annotations

from fieldsales.plugin_api import Metric, Money, RepFacts, words

from .planning import HOUR_COST, is_late

NAMES = 3


def coverage(facts: RepFacts) -> Metric | None:
    """Customers with money overdue who were visited within their interval, of all of them."""
    owing = [one for one in facts.customers if one.overdue.minor > 0]
    late = [one for one in owing if is_late(one.visited_on, one.tier, facts.today, facts.settings)]
    if not late:
        return Metric(len(owing), len(owing)) if owing else None
    late.sort(key=lambda one: (one.visited_on is not None, one.visited_on or facts.today, -one.overdue.minor, one.id))
    told = [(one.name[:12], None if one.visited_on is None else (facts.today - one.visited_on).days) for one in late]
    zh = "、".join(f"{name}{'没去过' if days is None else f' {days} 天'}" for name, days in told[:NAMES])
    en = ", ".join(f"{name} {'never' if days is None else f'{days} days'}" for name, days in told[:NAMES])
    more = len(late) - NAMES
    return Metric(len(owing) - len(late), len(owing), words(zh + (f"，另 {more} 户" if more > 0 else ""),
                                                            en + (f", {more} more" if more > 0 else "")))  # fmt: skip


def _cost(facts: RepFacts) -> int:
    """Time on site and way between check-ins, in minor units."""
    hour = facts.settings.get("hour_cost")
    hour_minor = hour.minor if isinstance(hour, Money) else HOUR_COST
    minutes = sum(one.minutes or 0 for one in facts.visits)
    metres = sum(one.metres or 0 for one in facts.visits)
    return minutes * hour_minor // 60 + metres * facts.km_cost.minor // 1000


def cost_of_visit(facts: RepFacts) -> Metric | None:
    """What a visit cost, on the average."""
    if not facts.visits:
        return None
    known = sum(one.minutes is not None for one in facts.visits)
    note = words(f"{len(facts.visits)} 次，{known} 次有签退", f"{len(facts.visits)} visits, {known} with a check-out")
    return Metric(_cost(facts), len(facts.visits), note)


def cost_share(facts: RepFacts) -> Metric | None:
    """What visits cost, of the money that came in."""
    return Metric(_cost(facts), max(0, facts.received.minor)) if facts.visits else None
