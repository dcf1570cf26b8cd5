"""Whom to see: visits that are planned for today, then customers nobody has seen for too long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fieldsales.plugin_api import Card, CardRow, DayCustomer, DayFacts, words
from fieldsales.plugin_api.fields import Labels

#: Days between two visits by the customer's tier; the administrator sets them for the house.
INTERVALS = {"A": 14, "B": 30, "C": 45}
#: Who has no tier is seen as often as B.
NO_TIER = "B"
#: What an hour of a rep costs, in minor units (¥60: wage and overhead of a field rep; the house sets its own).
HOUR_COST = 6_000
#: The core's word for a task that is a visit on a day.
PLANNED = "planned_visit"
MOST_LATE = 10


def interval(tier: str, settings: Mapping[str, object]) -> int:
    """Days between two visits to a customer of this tier."""
    known = tier if tier in INTERVALS else NO_TIER
    days = settings.get(f"days_{known.lower()}", INTERVALS[known])
    return days if isinstance(days, int) else INTERVALS[known]


def is_late(visited_on: date | None, tier: str, today: date, settings: Mapping[str, object]) -> bool:
    """Whether nobody has been there for longer than the tier's interval."""
    return visited_on is None or (today - visited_on).days > interval(tier, settings)


def day(facts: DayFacts) -> Card | None:
    """Planned visits, nearest first; then those overdue for one, by money."""
    planned = [one for one in facts.customers if any(task.kind == PLANNED for task in one.tasks)]
    late = [one for one in facts.customers if one not in planned and one.case.overdue.minor > 0
            and is_late(one.visited_on, one.case.customer.tier, facts.today, facts.settings)]  # fmt: skip
    planned.sort(key=lambda one: (one.distance_m is None, one.distance_m or 0, one.case.customer.id))
    late.sort(key=lambda one: (-one.case.overdue.minor, one.case.customer.id))
    rows = [_row(one, _planned_words(one, facts), "") for one in planned]
    rows += [_row(one, _late_words(one, facts), "warn") for one in late[:MOST_LATE]]
    rows = rows[:30]
    if not rows:
        return None
    note = words(f"另有 {len(late) - MOST_LATE} 户超过拜访间隔", f"{len(late) - MOST_LATE} more beyond their interval")
    return Card(tuple(rows), note=note if len(late) > MOST_LATE else "")


def _row(one: DayCustomer, text: Labels, tone: str) -> CardRow:
    refused = one.refused.get("visit")
    return CardRow(one.case.customer.id, text, None, "visit", tone, refused.text if refused else None)  # type: ignore[arg-type]


def _planned_words(one: DayCustomer, facts: DayFacts) -> Labels:
    task = next(task for task in one.tasks if task.kind == PLANNED)
    since = (facts.today - task.due_on).days
    overdue = str(one.case.overdue).removesuffix(".00")
    zh, en = "计划今天拜访", "Planned for today"
    if since:
        zh, en = f"计划已过 {since} 天", f"Planned {since} days ago"
    return words(f"{zh}；逾期 {overdue}", f"{en}; {overdue} overdue") if one.case.overdue.minor else words(zh, en)


def _late_words(one: DayCustomer, facts: DayFacts) -> Labels:
    overdue = str(one.case.overdue).removesuffix(".00")
    if one.visited_on is None:
        return words(f"还没去过；逾期 {overdue}", f"Never visited; {overdue} overdue")
    days = (facts.today - one.visited_on).days
    return words(f"{days} 天没去；逾期 {overdue}", f"{days} days without a visit; {overdue} overdue")
