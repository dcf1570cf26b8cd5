"""Scheduled jobs (定时任务): a plugin's own work at its own hour, the only place where it may speak to the outside.

A job runs in a process of its own: it is shown frozen facts, has neither the database nor the program's secrets, is
ended at its deadline, and hands back frozen orders. The core carries them out, each once: an order whose ``key`` the
same job has given before is not carried out again, so a job that died half-way simply says everything anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.keeping import Forget, Keep, Kept
from fieldsales.plugin_api.markers import hookspec

#: Bounds of what a job may declare: minutes between runs, seconds, memory, and its answer in megabytes.
SHORTEST_EVERY, LONGEST_EVERY = 1, 7 * 24 * 60
MOST_SECONDS, LEAST_MEMORY_MB, MOST_MEMORY_MB, MOST_ANSWER_MB = 600, 128, 1024, 64
#: What one run may hand back.
MOST_ORDERS = 500
MOST_ATTACHED = 20
ARRIVED = ("reply", "auto_reply", "opt_out", "failed", "delayed", "delivered", "relayed", "unreadable")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*|settings:[a-z][a-z0-9_]{1,39}")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What a job is shown. ``now``: aware UTC; ``today``: the calendar date in ``zone``.

    ``settings``: what the administrator set for this plugin. ``kept``: this plugin's records, of the whole house and
    of customers, newest first, at most a thousand. ``last_at``: when this job last ended well.
    """

    now: datetime
    today: date
    zone: str = "Asia/Shanghai"
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    kept: tuple[Kept, ...] = ()
    last_at: datetime | None = None

    def record(self, kind: str, key: str) -> Kept | None:
        """The record of that kind and key, or None."""
        return next((one for one in self.kept if (one.kind, one.key) == (kind, key)), None)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message. ``mime`` as the sender called it; nobody trusts it."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message from outside, to be put on the case it belongs to; what belongs to none is listed for a person.

    ``key``: names it for ever (the mailbox's own number, say). ``answers``: Message-IDs of ours that it may answer,
    the likeliest first. ``kind``: ``reply`` (somebody wrote), ``auto_reply`` (a machine did: no answer), ``opt_out``
    (no more of these, please), ``failed`` (it did not get there, for good), ``delayed``, ``delivered``, ``relayed``
    (handed on to where nothing more is said), ``unreadable``. ``address``: whom a report is about. ``detail``: their
    server's own words. ``at``: when it was written, as it says. ``raw_sha256``: of the message as it came.
    """

    key: str
    kind: Literal["reply", "auto_reply", "opt_out", "failed", "delayed", "delivered", "relayed", "unreadable"]
    sender: str = ""
    subject: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()
    address: str = ""
    detail: str = ""
    at: datetime | None = None
    attached: tuple[Attached, ...] = ()
    raw_sha256: str = ""
    channel: Literal["mail", "message"] = "mail"


@dataclass(frozen=True, slots=True)
class KeepFor:
    """Keep or forget a record of one customer; ``Keep`` and ``Forget`` by themselves are of the whole house."""

    customer_id: str
    effect: Keep | Forget


@dataclass(frozen=True, slots=True)
class TaskFor:
    """Put something on a customer's list. ``for_role`` "" is the customer's owner; ``due_on``: a calendar date."""

    key: str
    customer_id: str
    title: Labels
    due_on: date
    kind: str = "follow_up"
    for_role: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell our own people in the company's chat groups: figures and colleagues, never a customer's name.

    From an observer it goes to the groups of the customer's team too.
    """

    key: str
    title: Labels
    lines: tuple[Labels, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """One line for the administrator, shown with the run."""

    text: str


Order = Keep | Forget | KeepFor | Arrived | TaskFor | Tell | Log


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What a run hands back: ``orders`` are carried out in this order; the first that cannot be stops the rest."""

    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """Work done by the hour. ``every``: minutes from one end to the next start, or ``"night"``: once a calendar day.

    ``run(facts)`` runs in a process of its own with no database, an empty folder, ``seconds`` of time, ``memory_mb``
    and an answer of at most ``answer_mb`` (files in it count one and a third). ``hosts``: the only ones it may speak
    to, written out or as ``settings:<field>`` for one the administrator types in; none: no network at all. ``needs``:
    the settings without which it is not run. After a failure it waits longer; missed runs are not made up for.
    """

    name: str
    labels: Labels
    every: int | Literal["night"]
    run: Callable[[JobFacts], JobAnswer]
    seconds: int = 60
    memory_mb: int = 256
    answer_mb: int = 8
    hosts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def job(given: Any) -> ScheduledJob:
    """A scheduled job, or Garbage."""
    need = validate.need
    need(type(given) is ScheduledJob, f"a job must be a ScheduledJob, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"job name {given.name!r}")
    what = f"job {given.name}"
    validate.labels(given.labels, f"{what}: labels", 60)
    often = type(given.every) is int and SHORTEST_EVERY <= given.every <= LONGEST_EVERY
    need(often or given.every == "night", f'{what}: every must be minutes, {SHORTEST_EVERY} to a week, or "night"')
    need(callable(given.run), f"{what}: run must be a function")
    for name, low, high in (("seconds", 1, MOST_SECONDS), ("memory_mb", LEAST_MEMORY_MB, MOST_MEMORY_MB),
                            ("answer_mb", 1, MOST_ANSWER_MB)):  # fmt: skip
        size = getattr(given, name)
        need(type(size) is int and low <= size <= high, f"{what}: {name} must be {low} to {high}")
    need(isinstance(given.hosts, tuple) and len(given.hosts) <= 10, f"{what}: hosts must be a tuple of at most ten")
    for host in given.hosts:
        need(isinstance(host, str) and bool(_HOST.fullmatch(host)), f"{what}: host {host!r}")
    need(isinstance(given.needs, tuple) and all(isinstance(one, str) for one in given.needs), f"{what}: needs")
    checked: ScheduledJob = given
    return checked


def job_answer(given: Any) -> JobAnswer:
    """What ``run`` handed back, or Garbage."""
    need = validate.need
    need(type(given) is JobAnswer, f"run must return a JobAnswer, not {type(given).__name__}")
    need(isinstance(given.orders, tuple), f"JobAnswer: orders must be a tuple, not {type(given.orders).__name__}")
    need(len(given.orders) <= MOST_ORDERS, f"JobAnswer: more than {MOST_ORDERS} orders")
    return JobAnswer(tuple(_order(one) for one in given.orders))


def _order(given: Any) -> Order:
    read = _READERS.get(type(given))
    if read is None:
        named = "Keep, Forget, KeepFor, Arrived, TaskFor, Tell or Log"
        raise validate.Garbage(f"an order must be {named}, not {type(given).__name__}")
    return read(given)


def _keep_for(given: KeepFor) -> Order:
    validate.need(isinstance(given.customer_id, str) and bool(_UUID.fullmatch(given.customer_id)),
                  f"KeepFor: customer_id {given.customer_id!r}")
    return KeepFor(given.customer_id, validate.kept(given.effect))


def _arrived(given: Arrived) -> Order:
    need, text = validate.need, validate.text
    text(given.key, "Arrived: key", 200)
    need(given.kind in ARRIVED, f"Arrived: there is no kind {given.kind!r}")
    need(given.channel in ("mail", "message"), f"Arrived: there is no channel {given.channel!r}")
    for name, longest in (("sender", 254), ("subject", 200), ("text", 20_000), ("address", 254), ("detail", 1000),
                          ("raw_sha256", 64)):  # fmt: skip
        text(getattr(given, name), f"Arrived: {name}", longest, empty=True)
    need(isinstance(given.answers, tuple) and len(given.answers) <= 50, "Arrived: answers must be at most 50")
    for one in given.answers:
        text(one, "Arrived: answers", 300)
    _instant(given.at, "Arrived: at")
    need(isinstance(given.attached, tuple) and len(given.attached) <= MOST_ATTACHED,
         f"Arrived: attached must be at most {MOST_ATTACHED}")  # fmt: skip
    for file in given.attached:
        need(type(file) is Attached and isinstance(file.content, bytes), "Arrived: attached must be Attached records")
        text(file.name, "Attached: name", 200)
        text(file.mime, "Attached: mime", 120, empty=True)
    return given


def _instant(given: Any, what: str) -> None:
    validate.need(given is None or (type(given) is datetime and given.tzinfo is not None), f"{what} must be aware")


def _task(given: TaskFor) -> Order:
    need = validate.need
    validate.text(given.key, "TaskFor: key", 200)
    need(isinstance(given.customer_id, str) and bool(_UUID.fullmatch(given.customer_id)), "TaskFor: customer_id")
    validate.labels(given.title, "TaskFor: title", 120)
    need(type(given.due_on) is date, "TaskFor: due_on must be a date")
    need(isinstance(given.kind, str) and bool(_CODE.fullmatch(given.kind)), f"TaskFor: kind {given.kind!r}")
    need(given.for_role in ("", "rep", "manager", "finance", "legal", "admin"), f"TaskFor: role {given.for_role!r}")
    return given


def tell_order(given: Tell) -> Order:
    """A message to our own people, or Garbage."""
    validate.text(given.key, "Tell: key", 200)
    validate.labels(given.title, "Tell: title", 120)
    validate.need(isinstance(given.lines, tuple) and len(given.lines) <= 20, "Tell: lines must be at most 20")
    for line in given.lines:
        validate.labels(line, "Tell: a line", 200)
    return given


def _log(given: Log) -> Order:
    validate.text(given.text, "Log: text", 300)
    return given


_READERS: Mapping[type, Callable[[Any], Order]] = {
    Keep: validate.kept, Forget: validate.kept, KeepFor: _keep_for, Arrived: _arrived, TaskFor: _task, Tell: tell_order,
    Log: _log,
}  # fmt: skip


class JobHooks:
    """Hooks for work done by the hour."""

    @hookspec
    def scheduled_jobs(self) -> Any:
        """Work this plugin does by itself at its own hour, each run in a process of its own.

        When: once, as the program starts; each job's ``run`` then in a child of the worker, never twice at once.
        Returns: ScheduledJob records; a name may stand once in a plugin.
        Errors: one bad record fails the whole plugin. A run that raises, hangs, grows too large or hands back what it
        may not changes nothing: the administrator's page says so, and it is tried again later and later.
        Since: API 1.

        Example::

            @hookimpl
            def scheduled_jobs():
                return [ScheduledJob("inbox", {"zh": "收信", "en": "Read the mailbox"}, every=5, run=read_mailbox,
                                     hosts=("settings:imap_host",))]
        """
