"""Observers of plugins told by the worker; what they would have our own people told is carried out, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from fieldsales.customers.models import Customer
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.models import User
from fieldsales.plugin_api.health import PluginFailed
from fieldsales.plugin_api.jobs import Tell
from fieldsales.plugin_api.observing import Happened
from fieldsales.store import outbox
from fieldsales.store.base import table_of
from fieldsales.store.receipts import REUSED

TOPIC = "observe"
_customers, _users = table_of(Customer), table_of(User)


@outbox.job(TOPIC)
def tell_observers(program: Any, payload: dict[str, Any]) -> None:
    """Tell the observers what one command did, after the commit: their failures change nothing and are shown on the
    plugins' page. One whose plugin is set aside hears it when it is back (a row of its own), one that is gone never.
    """
    one = payload.get("observer")
    names = [one] if one else dict.fromkeys(
        name for each in payload["events"] for name in program.plugins.observers_of(each["event"]))
    owners = _owners(program, payload["events"])
    for name in names:
        try:
            _tell(program, name, payload, owners)
        except PluginFailed as failure:
            if failure.why != "suspended":
                continue
            if one:
                raise outbox.Later(f"{failure.plugin} is set aside", patient=True) from failure
            program.dispatcher.note(lambda connection, name=name: outbox.ask(
                connection, TOPIC, payload | {"observer": name}, program.clock.now()))


def _tell(program: Any, name: str, payload: dict[str, Any], owners: dict[str, str]) -> None:
    """Everything of it that one observer wants to know. Raises PluginFailed when its plugin is set aside."""
    plugins, at = program.plugins, datetime.fromisoformat(payload["at"])
    settings = plugins.settings_of(plugins.brought_by("observers", name))
    for number, one in enumerate(payload["events"]):
        if name not in plugins.observers_of(one["event"]):
            continue
        happened = Happened(one["event"], MappingProxyType(one["data"]), at, program.settings.zone,
                            owners.get(str(one["data"].get("customer_id")), ""), settings)
        try:
            told = plugins.observe(name, happened)
        except PluginFailed as failure:
            if failure.why == "suspended":
                raise
            continue
        for each in told:
            _carry_out(program, derived_id(payload["id"], f"{name} {number} {each.key}"), happened, each)


def _carry_out(program: Any, told_id: str, happened: Happened, order: Tell) -> None:
    try:
        program.dispatcher.perform(SYSTEM, "reminders.tell_team", {
            "told_id": told_id, "customer_id": happened.data.get("customer_id"), "title": dict(order.title),
            "lines": [dict(line) for line in order.lines]}, command_id=told_id)
    except TradeError as error:
        if error.code != REUSED:  # told differently, but known: the first stands
            raise


def _owners(program: Any, events: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Who looks after the customers of these events, by customer. One query."""
    ids = {str(one["data"]["customer_id"]) for one in events if one["data"].get("customer_id")}
    with program.store.reading() as connection:
        rows = connection.execute(
            select(_customers.c.id, _users.c.name).join(_users, _customers.c.owner_id == _users.c.id)
            .where(_customers.c.id.in_(ids)))
        return {row.id: row.name for row in rows}
