"""When a job runs again, and how the ways it can end are called. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.jobs import ScheduledJob

#: How long the orders of a run may take to be carried out, beyond the run's own seconds.
CARRY_OUT = timedelta(minutes=2)
#: The longest wait after a failure, and how many runs of a job are remembered.
LONGEST_WAIT = timedelta(hours=6)
KEPT_RUNS = 30

OUTCOMES: dict[str, Labels] = {
    "running": words("运行中", "running"),
    "done": words("完成", "done"),
    "raised": words("出错", "failed"),
    "garbage": words("交回的内容不合规定", "handed back what it may not"),
    "too_large": words("交回的内容过大", "handed back too much"),
    "timed_out": words("超时，已终止", "past its deadline, ended"),
    "crashed": words("崩溃", "crashed"),
    "stopped": words("随后台停止", "ended with the worker"),
    "refused": words("未能执行", "its orders could not be carried out"),
    "lost": words("中断，无结果", "cut off, nothing known"),
    "gone": words("插件或任务已不在", "the plugin or the job is gone"),
}  # fmt: skip


def lease_of(job: ScheduledJob, now: datetime) -> datetime:
    """Until when nobody else may run it."""
    return now + timedelta(seconds=job.seconds) + CARRY_OUT


def next_at(every: int | Literal["night"], ended: datetime, zone: str, failures: int) -> datetime:
    """When it runs next: after its interval, or in the next calendar day's first hour; after failures later and later.

    Reckoned from its end, so that missed runs are not made up for.
    """
    if every != "night":
        wait = timedelta(minutes=every)
        return ended + (min(max(LONGEST_WAIT, wait), wait * 2 ** min(failures, 10)) if failures else wait)
    if 0 < failures <= 3:
        return ended + timedelta(hours=1)
    there = ended.astimezone(ZoneInfo(zone))
    return datetime.combine(there.date() + timedelta(days=1), time(0, 20), ZoneInfo(zone)).astimezone(ended.tzinfo)


def hosts_of(job: ScheduledJob, settings: dict[str, Any]) -> tuple[str, ...]:
    """The hosts it may speak to, those of settings filled in."""
    found = []
    for host in job.hosts:
        named = str(settings.get(host.removeprefix("settings:")) or "") if host.startswith("settings:") else host
        found += [named] if named else []
    return tuple(found)


def lacks(job: ScheduledJob, settings: dict[str, Any]) -> tuple[str, ...]:
    """The settings it needs that nobody has filled in."""
    return tuple(name for name in job.needs if settings.get(name) in (None, ""))
