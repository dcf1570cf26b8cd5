"""Operations of scheduled jobs."""

from __future__ import annotations

from typing import Any

from fieldsales.customers.guards import system_only
from fieldsales.extensions import keeping, queries  # noqa: F401 - declares the fact ``kept``
from fieldsales.extensions.rules import HOUSE
from fieldsales.jobs.messages import KeepForJob, RunJobNow
from fieldsales.jobs.models import JobState
from fieldsales.kernel.errors import N_, NotAllowed, NotFound
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.plugin_api.keeping import Forget, Keep
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact


@fact("job_state")
def load_job_states(connection: Any, keys: list[str]) -> dict[str, Any]:
    """Which jobs have a state, by ``plugin/job``."""
    table = table_of(JobState)
    return {row.id: row.id for row in connection.execute(table.select().where(table.c.id.in_(keys)))}


def _keeping(command: KeepForJob) -> list[Need]:
    return [Need("kept", command.customer_id or HOUSE),
            *([Need("customer", command.customer_id)] if command.customer_id else [])]


@operation("jobs.keep", KeepForJob, needs=_keeping, guard=system_only)
def keep_for_job(work: Work, command: KeepForJob) -> None:
    """Write what a job wants its plugin to remember of a customer, or of the whole house."""
    house = command.customer_id is None
    effects: list[Keep | Forget] = [
        Forget(one.kind, one.key, house) if one.body is None else Keep(one.kind, one.key, one.body, one.was, house)
        for one in command.records
    ]
    if command.customer_id:
        work.require("customer", command.customer_id)
        work.touch(command.customer_id)
    keeping.carry_out(work, command.plugin, command.customer_id or HOUSE, effects)


@for_office
def _administrator(work: Work, command: RunJobNow) -> None:
    if work.actor.role != "admin":
        raise NotAllowed("jobs.admin_only", N_("Only an administrator can do this."))


@operation("jobs.run_now", RunJobNow, needs=lambda c: [Need("job_state", f"{c.plugin}/{c.job}")], guard=_administrator)
def run_now(work: Work, command: RunJobNow) -> None:
    """Have a job run at the worker's next pulse, whatever its hour."""
    state = work.fact("job_state", f"{command.plugin}/{command.job}")
    if state is None:
        raise NotFound("job.not_found", N_("There is no such record, or you cannot see it."))
    work.update(JobState, state, due_at=work.now)
