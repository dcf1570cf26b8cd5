"""Cards of plugins for the day: who they are about is read once, with the day's own list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.collection.models import Task
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.extensions.models import PluginRecord
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.cards import Card, CardRow, DayCustomer, DayFacts, Refused, TaskFacts, WorkdayCard, card
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.store.base import table_of
from fieldsales.workday.showing import QUERIES as CASE_QUERIES
from fieldsales.workday.showing import Doc, Patience, failed, read_cases, told, zone_of_house
from fieldsales.workday.steps import Step

#: Statements that ``keeps_on`` and ``cards_of`` run together, whatever the day.
QUERIES = CASE_QUERIES + 2
#: At most so many customers are added to the day's own for a plugin's records.
MOST_KEPT = 60
_customers, _records, _tasks = table_of(Customer), table_of(PluginRecord), table_of(Task)


def declared(plugins: Plugins | None, actor: Actor) -> dict[str, WorkdayCard]:
    """The cards this person may see, by name."""
    every = plugins.declared("workday_cards") if plugins else {}
    return {name: one for name, one in every.items() if actor.role in (*one.roles, "system")}


def keeps_on(connection: Connection, actor: Actor, plugins: Plugins) -> list[str]:
    """Visible customers on whom a plugin with a card keeps a record, the newest first. One query."""
    named = {plugins.brought_by("workday_cards", name) for name in declared(plugins, actor)}
    r = _records.c
    rows = connection.execute(
        select(r.customer_id).join(_customers, _customers.c.id == r.customer_id)
        .where(r.plugin.in_(named), r.body.is_not(None), visible(scope_of(actor)))
        .order_by(r.changed_at.desc(), r.id).limit(MOST_KEPT * 4))
    return list(dict.fromkeys(row.customer_id for row in rows))[:MOST_KEPT]


def cards_of(connection: Connection, actor: Actor, now: datetime, today: date, plugins: Plugins,
             steps: Mapping[str, Step], distances: Mapping[str, int | None]) -> list[Doc]:
    """The day's cards, in the order their plugins were loaded. ``CASE_QUERIES`` statements and one."""
    cards = declared(plugins, actor)
    if not cards:
        return []
    zone = zone_of_house()
    cases, due = read_cases(connection, list(steps), actor, now, today, plugins), _due(connection, list(steps), today)
    found = []
    for name, one in cards.items():
        plugin = plugins.brought_by("workday_cards", name)
        facts = DayFacts(today, now, zone, actor.name, actor.role, kept=cases.of_house(plugin),
                         settings=plugins.settings_of(plugin), customers=tuple(
            _customer(cases.of(plugin, key), step, distances.get(key), due.get(key, ()))
            for key, step in steps.items() if key in cases.cases))
        doc = _shown(name, one, facts, plugins)
        if doc:
            found.append(doc)
    return found


def _due(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, tuple[TaskFacts, ...]]:
    """What is to be done for these customers by today, by customer."""
    t, found = _tasks.c, defaultdict(list)
    for row in connection.execute(
        select(t.customer_id, t.kind, t.title, t.due_on)
        .where(t.customer_id.in_(customer_ids), t.done_at.is_(None), t.due_on <= today).order_by(t.due_on, t.id)
    ):
        found[row.customer_id].append(TaskFacts(row.kind, row.title, row.due_on))
    return {key: tuple(tasks) for key, tasks in found.items()}


def _customer(case: Any, step: Step, distance_m: int | None, tasks: tuple[TaskFacts, ...]) -> DayCustomer:
    one = step.suggestion
    doc = step.as_doc() if one.method else {}
    refused = {name: Refused({"zh": permit.why_zh, "en": permit.why_en}, permit.until)
               for name, permit in step.permits.items() if not permit.ok}
    return DayCustomer(
        case, one.method, one.on, {"zh": doc["why_zh"], "en": doc["why_en"]} if doc else None, refused,
        step.covered_until, step.visited_on, step.contacted_on, distance_m, step.facts.interval(),
        tasks)


def _shown(name: str, one: WorkdayCard, facts: DayFacts, plugins: Plugins) -> Doc | None:
    head: Doc = {"name": name, "title": dict(one.labels)}
    try:
        shown: Card | None = Patience().ask(
            lambda: plugins.ask("workday_cards", name, lambda asked: card(asked.show(facts), facts)))
    except PluginFailed:
        return head | failed(one.labels)
    if shown is None:
        return None
    if shown.title:
        head["title"] = dict(shown.title)
    return head | {"method": shown.method, "note": told(shown.note, facts.today, facts.zone),
                   "rows": [_row(row, facts) for row in shown.rows]}


def _row(row: CardRow, facts: DayFacts) -> Doc:
    doc: Doc = {"customer_id": row.customer_id, "text": dict(row.text), "opens": row.opens, "tone": row.tone}
    if row.when is not None:
        doc["when"] = told(row.when, facts.today, facts.zone)
        doc["at"] = row.when.isoformat()
    if row.stop is not None:
        doc["stop"] = dict(row.stop)
    return doc


def names_of(connection: Connection, cards: Sequence[Doc]) -> dict[str, str]:
    """What the customers on these cards are called. One query."""
    ids = {row["customer_id"] for one in cards for row in one.get("rows", ())}
    if not ids:
        return {}
    rows = connection.execute(select(_customers.c.id, _customers.c.name).where(_customers.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
