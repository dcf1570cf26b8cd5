"""Whom to ring now: calls agreed on by their hour, then whoever's next step is a call or whose turn it is by the
house's cadence, by what is overdue."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from fieldsales.kernel.telephone import plain
from fieldsales.plugin_api import Card, CardRow, DayCustomer, DayFacts, words
from fieldsales.plugin_api.fields import Labels

from .calls import bad_numbers, most, unanswered

MOST = 30


def queue(facts: DayFacts) -> Card | None:
    """The day's calls. Who was rung today is done, unless another hour of today was agreed on."""
    rows = [row for one in facts.customers if (row := _row(one, facts)) is not None]
    rows.sort(key=lambda row: row[0])
    return Card(tuple(row for _, row in rows[:MOST]), method="phone") if rows else None


Order = tuple[bool, datetime, int, str]


def _row(one: DayCustomer, facts: DayFacts) -> tuple[Order, CardRow] | None:
    case, today = one.case, facts.today
    agreed = _agreed(one, facts)
    if agreed is None and (not _is_due(one, today) or _rung(one, today)):
        return None
    refused = one.refused.get("phone")
    at = agreed or datetime.combine(today, time.max, ZoneInfo(facts.zone))
    is_timed = agreed is not None
    order = (refused is not None, at, -case.overdue.minor, case.customer.id)
    when: datetime | date | None = agreed
    if agreed is not None and (agreed.date() < today or _hour(one) == ""):
        when = agreed.date()
    row = CardRow(case.customer.id, _text(one, is_timed), when, "call",
                  "bad" if agreed is not None and agreed.date() < today else "",
                  refused.text if refused else None)
    return order, row


def _agreed(one: DayCustomer, facts: DayFacts) -> datetime | None:
    """When a call was agreed on for, if that is today or before: aware, midnight where no hour was named."""
    for kept in one.case.kept:
        if kept.kind != "callback":
            continue
        try:
            on, at = date.fromisoformat(str(kept.body.get("on"))), str(kept.body.get("at") or "00:00")
            agreed = datetime.combine(on, time.fromisoformat(at), ZoneInfo(facts.zone))
        except ValueError:
            return None
        return agreed if on <= facts.today else None
    return None


def _hour(one: DayCustomer) -> str:
    return next((str(kept.body.get("at", "")) for kept in one.case.kept if kept.kind == "callback"), "")


def _is_due(one: DayCustomer, today: date) -> bool:
    """The next step is a call; or a contact is due by now, money is overdue and there is a number to ring."""
    if one.next_on is None or one.next_on > today or not _numbers(one):
        return False
    rested = one.contacted_on is None or (today - one.contacted_on).days >= one.every_days
    return one.next_method == "phone" or (bool(one.next_method) and rested and one.case.overdue.minor > 0)


def _numbers(one: DayCustomer) -> list[str]:
    """The numbers on record that are not known to be wrong."""
    every = [one.case.customer.phone, *(contact.phone for contact in one.case.contacts)]
    return [number for number in every if number and plain(number) not in bad_numbers(one.case)]


def _rung(one: DayCustomer, today: date) -> bool:
    last = one.case.last("phone")
    return last is not None and last.on == today


def _text(one: DayCustomer, is_timed: bool) -> Labels:
    case, missed = one.case, unanswered(one.case)
    zh, en = [], []
    if is_timed:
        who = next((str(kept.body.get("who", "")) for kept in case.kept if kept.kind == "callback"), "")
        zh.append(f"约好再打{f'给{who}' if who else ''}")
        en.append(f"agreed to ring{f' {who}' if who else ''}")
    if case.overdue.minor:
        zh.append(f"逾期 {str(case.overdue).removesuffix('.00')}，{case.days_past_due} 天")
        en.append(f"{str(case.overdue).removesuffix('.00')} overdue, {case.days_past_due} days")
    elif one.next_why is not None:
        zh.append(one.next_why["zh"])
        en.append(one.next_why["en"])
    if missed:
        zh.append(f"已 {missed} 次未接" + ("，换个方式" if missed >= most(case) else ""))
        en.append(f"{missed} unanswered" + (", try another way" if missed >= most(case) else ""))
    return words("；".join(zh)[:200] or "打电话", "; ".join(en)[:200] or "Ring")
