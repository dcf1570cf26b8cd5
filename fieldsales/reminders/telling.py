"""What a plugin's job tells our own people: one message to every chat group of the whole company, each once."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from fieldsales.customers.guards import system_only
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Line
from fieldsales.plugin_api.health import PluginFailed
from fieldsales.plugin_api.notices import Notice
from fieldsales.reminders import queries
from fieldsales.reminders.jobs import BUSY, Done, _carry_out, _post, _verdict
from fieldsales.reminders.models import Reminder
from fieldsales.store.outbox import Later, job
from fieldsales.store.work import Work, fact

TELL_TOPIC = "reminders.tell"


class Said(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Annotated[Line, Field(min_length=1)]
    en: Annotated[Line, Field(min_length=1)]


class TellGroups(Command):
    """Tell every chat group of the whole company something (by the system, as a plugin's job ordered)."""

    told_id: Id
    title: Said
    lines: Annotated[list[Said], Field(max_length=20)] = []


@fact("company_groups")
def load_company_groups(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The groups of the whole company, whatever is asked by."""
    ids = tuple(one.id for one in queries.live_groups(connection) if one.team_id is None)
    return dict.fromkeys(keys, ids)


@operation("reminders.tell_groups", TellGroups, needs=lambda c: [Need("company_groups", "")], guard=system_only)
def tell_groups(work: Work, command: TellGroups) -> None:
    """Write down a message to the company's groups; the worker sends it, at most once to each."""
    for group_id in work.fact("company_groups", "") or ():
        reminder_id = derived_id(command.told_id, f"told {group_id}")
        work.insert(Reminder, id=reminder_id, kind="told", target_id=group_id, on_day=work.today, trial=False,
                    state="queued", answer="", at=work.now)
        work.after(TELL_TOPIC, {"reminder_id": reminder_id, "title": command.title.zh,
                                "lines": [one.zh for one in command.lines]})


@job(TELL_TOPIC)
def send_told(program: Any, payload: dict[str, Any]) -> None:
    """Tell one group. A group has no language of its own: it is the house's."""

    def tell(program: Any, row: Any) -> None:
        with program.store.reading() as connection:
            group = next(iter(queries.live_groups(connection, row.target_id)), None)
        if group is None:
            raise Done("nothing")
        notice = Notice(payload["title"], tuple(payload["lines"]), program.settings.public_url, program.clock.now())
        try:
            request = program.plugins.build_notice(group.channel, notice, {"url": group.url, "secret": group.secret})
        except PluginFailed as failed:
            raise Done("failed", str(failed)) from failed
        body = json.dumps(dict(request.json), ensure_ascii=False).encode()
        reply = _post(program, row.id, request.url, body, {"Content-Type": "application/json; charset=utf-8"})
        if reply.status in BUSY:
            raise Later(f"{reply.status} from the messenger")
        raise Done(*_verdict(program, group.channel, reply))

    _carry_out(program, payload, tell)
