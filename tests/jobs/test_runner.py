"""When a job runs, that it never runs twice at once, and that what it orders happens once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fieldsales.collection.models import Task
from fieldsales.extensions.models import PluginRecord
from fieldsales.jobs.carrying import NotCarriedOut, Orders
from fieldsales.jobs.models import JobRun, JobState
from fieldsales.jobs.queries import latest_runs
from fieldsales.jobs.rules import KEPT_RUNS, hosts_of, lacks, lease_of, next_at
from fieldsales.jobs.runner import Runner, Taken, carry_through, due_jobs, settle, take
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.jobs import JobAnswer, KeepFor, Log, ScheduledJob, TaskFor
from fieldsales.plugin_api.keeping import Keep
from fieldsales.store.base import Base, table_of
from fieldsales.web.here import Program
from tests import cast

AT = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)


def rows(program: Program, model: type[Base]) -> list[dict[str, Any]]:
    with program.store.reading() as connection:
        return [dict(row) for row in connection.execute(select(table_of(model))).mappings()]


def job(**more: Any) -> ScheduledJob:
    return ScheduledJob("good", words("清点", "Counting"), more.pop("every", 10), lambda facts: JobAnswer(), **more)


def ended(program: Program, taken: Taken, outcome: str = "done") -> None:
    """Write down that a run ended so."""
    program.dispatcher.note(lambda connection: settle(connection, program, taken, outcome, "", [], 0))


@pytest.mark.parametrize(("every", "failures", "expected"), [
    (10, 0, AT + timedelta(minutes=10)), (10, 1, AT + timedelta(minutes=20)), (10, 3, AT + timedelta(minutes=80)),
    (10, 9, AT + timedelta(hours=6)), (1440, 4, AT + timedelta(days=1)),
    ("night", 0, datetime(2026, 3, 12, 16, 20, tzinfo=UTC)), ("night", 2, AT + timedelta(hours=1)),
    ("night", 4, datetime(2026, 3, 12, 16, 20, tzinfo=UTC)),
])  # fmt: skip
def test_next_run_is_reckoned_from_the_last_end_and_later_after_failures(
    every: Any, failures: int, expected: datetime
) -> None:
    assert next_at(every, AT, "Asia/Shanghai", failures) == expected


def test_hosts_and_needs_are_read_from_the_settings() -> None:
    one = job(hosts=("settings:imap_host", "mail.example.com"), needs=("imap_host",))
    assert hosts_of(one, {"imap_host": "imap.example.com"}) == ("imap.example.com", "mail.example.com")
    assert (hosts_of(one, {}), lacks(one, {})) == (("mail.example.com",), ("imap_host",))


def test_job_runs_keeps_and_orders_once_however_often_it_says_so(clerk: Program, clock: FixedClock) -> None:
    for _ in range(2):
        [(plugin, due)] = due_jobs(clerk)
        taken = take(clerk, plugin, due)
        assert taken is not None
        assert carry_through(clerk, taken) == "done"
        assert due_jobs(clerk) == []
        clock.at += timedelta(minutes=11)
    [record] = rows(clerk, PluginRecord)
    assert (record["plugin"], record["body"], record["version"]) == ("clerk", {"n": 2}, 2)
    [task] = [row for row in rows(clerk, Task) if row["title"] == "核对账户"]
    assert (task["customer_id"], task["due_on"]) == (cast.HARBOUR, cast.TODAY + timedelta(days=1))
    with clerk.store.reading() as connection:
        newest, first = latest_runs(connection)["clerk/good"]
    assert (newest.outcome, newest.orders, newest.lines) == ("done", 3, ("run 2 -",))
    assert first.started_at < newest.started_at


def test_worker_starts_what_is_due_and_nothing_else(clerk: Program) -> None:
    runner = Runner(clerk)
    assert (runner.look(), runner.look()) == (1, 0)
    runner.wait()
    assert [row["outcome"] for row in rows(clerk, JobRun)] == ["done"]


def test_two_workers_never_run_a_job_at_once_and_a_dead_one_gives_it_up(clerk: Program, clock: FixedClock) -> None:
    [(plugin, due)] = due_jobs(clerk)
    first = take(clerk, plugin, due)
    assert first is not None
    assert take(clerk, plugin, due) is None
    clock.at = lease_of(due, clock.at) + timedelta(seconds=1)
    second = take(clerk, plugin, due)
    assert second is not None
    assert [row["outcome"] for row in rows(clerk, JobRun)] == ["lost", "running"]
    # the one that was thought dead comes back: it neither frees the other's lease nor orders anything
    ended(clerk, first)
    [state] = rows(clerk, JobState)
    assert (state["run_id"], state["leased_until"]) == (second.run_id, second.until)
    with pytest.raises(NotCarriedOut):
        Orders(clerk, plugin, due.name, first.until).carry_out((Log("too late"),))


def test_failed_runs_wait_longer_missed_ones_are_not_made_up_for(clerk: Program, clock: FixedClock) -> None:
    [(plugin, due)] = due_jobs(clerk)
    for expected in (20, 40):
        taken = take(clerk, plugin, due)
        assert taken is not None
        ended(clerk, taken, "crashed")
        [state] = rows(clerk, JobState)
        assert state["due_at"] == clock.at + timedelta(minutes=expected)
        clock.at = state["due_at"]
    clock.at += timedelta(days=3)
    taken = take(clerk, plugin, due)
    assert taken is not None
    ended(clerk, taken)
    assert rows(clerk, JobState)[0]["due_at"] == clock.at + timedelta(minutes=10)
    assert due_jobs(clerk) == []


def test_order_that_cannot_be_carried_out_stops_the_rest(clerk: Program, clock: FixedClock) -> None:
    orders = Orders(clerk, "clerk", "good", clock.at + timedelta(minutes=1))
    nobody = "01900000-0000-7000-8000-0000000000ff"
    whom = (("a", nobody), ("b", cast.HARBOUR))
    wanted = [TaskFor(key, who, words("看", "Look"), date(2026, 3, 13)) for key, who in whom]
    with pytest.raises(NotCarriedOut, match="TaskFor"):
        orders.carry_out(wanted)
    assert [row for row in rows(clerk, Task) if row["title"] == "看"] == []


def test_only_the_newest_runs_stay_and_only_an_administrator_runs_one_now(clerk: Program, clock: FixedClock) -> None:
    [(plugin, due)] = due_jobs(clerk)
    for _ in range(KEPT_RUNS + 2):
        taken = take(clerk, plugin, due)
        assert taken is not None
        ended(clerk, taken)
        clock.at += timedelta(minutes=10)
    assert len(rows(clerk, JobRun)) == KEPT_RUNS
    taken = take(clerk, plugin, due)
    assert taken is not None
    ended(clerk, taken)
    assert due_jobs(clerk) == []
    with pytest.raises(NotAllowed):
        clerk.dispatcher.perform(cast.REP, "jobs.run_now", {"plugin": plugin, "job": "good"})
    clerk.dispatcher.perform(cast.ADMIN, "jobs.run_now", {"plugin": plugin, "job": "good"})
    assert [one.name for _, one in due_jobs(clerk)] == ["good"]


def test_a_jobs_state_is_nobodys_but_the_workers(clerk: Program) -> None:
    with pytest.raises(NotAllowed):
        clerk.dispatcher.perform(cast.ADMIN, "jobs.keep", {"plugin": "clerk", "records": []})


def test_job_changes_the_record_a_method_kept_of_a_customer_and_no_other(clerk: Program, clock: FixedClock) -> None:
    orders = Orders(clerk, "clerk", "good", clock.at + timedelta(minutes=1))
    orders.carry_out((KeepFor(cast.HARBOUR, Keep("wish", "a", {"n": 1})), Keep("wish", "a", {"n": 7})))
    orders.carry_out((KeepFor(cast.HARBOUR, Keep("wish", "a", {"n": 2}, was=1)),))
    kept = {row["customer_id"]: (row["body"], row["version"]) for row in rows(clerk, PluginRecord)}
    assert kept == {cast.HARBOUR: ({"n": 2}, 2), None: ({"n": 7}, 1)}
    with pytest.raises(NotCarriedOut, match="not_found"):
        orders.carry_out((KeepFor(cast.an_id(0x999), Keep("wish", "a", {})),))
    assert len(rows(clerk, PluginRecord)) == 2
