"""Every night: who has paid nothing for too long is handed over to legal, whether or not anybody noted the days."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.plugin_api import JobAnswer, JobFacts, KeepFor, ScheduledJob, TaskFor, words

from .days import is_days, kept, limit_of, read


def run(facts: JobFacts) -> JobAnswer:
    """A task for legal and the record's new state, for each customer on record that is due."""
    limit, orders = limit_of(facts.settings), list[KeepFor | TaskFor]()
    for one in facts.kept:
        if not is_days(one):
            continue
        days = read(one)
        dry = days.dry_days(facts.today)
        if days.state != "running" or dry < limit:
            continue
        since = days.last_money_on.isoformat() if days.last_money_on else ""
        orders.append(KeepFor(one.customer_id, kept(replace(days, state="handed_over"))))
        orders.append(TaskFor(
            f"dry {one.customer_id} {since}", one.customer_id,
            words(f"紧盯转法务：{dry} 天没有回款", f"From close follow-up: no money for {dry} days"), facts.today,
            "handed_over", "legal"))
    return JobAnswer(tuple(orders[:400]))


JOB = ScheduledJob("hand_over", words("久无回款转法务", "Hand over what brings no money"), "night", run, seconds=30)
