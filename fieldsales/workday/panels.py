"""Panels of plugins on a customer, as phones carry them and the office's page draws them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.panels import CustomerPanel, Panel, panel
from fieldsales.workday.showing import QUERIES, Cases, Doc, Patience, failed, read_cases, told, zone_of_house

__all__ = ["QUERIES", "panels_of"]


def panels_of(connection: Connection, customer_ids: Sequence[str], today: date, plugins: Plugins, viewer: Actor
              ) -> dict[str, list[Doc]]:
    """By customer, the panels this person may see. ``QUERIES`` statements, none where no plugin has a panel.

    ``facts.now`` is the day's noon, so that a customer unchanged gives the same panel all day.
    """
    declared = {name: one for name, one in plugins.declared("customer_panels").items()
                if viewer.role in (*one.roles, "system")}
    if not declared or not customer_ids:
        return {}
    zone = zone_of_house()
    noon = datetime.combine(today, time(12), ZoneInfo(zone))
    cases = read_cases(connection, customer_ids, viewer, noon, today, plugins)
    found: dict[str, list[Doc]] = {}
    for name, one in declared.items():
        plugin, patience = plugins.brought_by("customer_panels", name), Patience()
        for key in customer_ids:
            if key in cases.cases and (doc := _shown(name, one, cases, plugin, key, patience)):
                found.setdefault(key, []).append(doc)
    return found


def _shown(name: str, one: CustomerPanel, cases: Cases, plugin: str, key: str, patience: Patience) -> Doc | None:
    head = {"name": name, "title": dict(one.labels)}
    facts = cases.of(plugin, key)
    try:
        shown: Panel | None = patience.ask(
            lambda: cases.plugins.ask("customer_panels", name, lambda asked: panel(asked.show(facts))))
    except PluginFailed:
        return head | failed(one.labels)
    return None if shown is None else head | _doc(shown, facts.today)


def _doc(shown: Panel, today: date) -> Doc:
    zone, table = zone_of_house(), shown.table

    def cell(given: Any) -> Any:
        return told(given, today, zone)

    doc: Doc = {"tone": shown.tone, "lines": [
        {"label": dict(one.label), "value": cell(one.value), "tone": one.tone} for one in shown.lines]}
    if table is not None:
        doc["columns"] = [dict(one) for one in table.columns]
        doc["rows"] = [[cell(one) for one in row] for row in table.rows]
    if shown.links:
        doc["links"] = [{"label": dict(one.labels), "opens": one.opens} for one in shown.links]
    return doc
