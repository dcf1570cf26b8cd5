"""Parts of a dossier that keep to themselves: each is read for a page of customers and stands under its own name.

A rule with facts of its own (a class, an ask, a cadence) adds one line to ``SECTIONS`` rather than columns to the
great statements of ``gathering``. A change that alters a section bumps the customer's version (``work.touch``), so that
phones fetch the dossier anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection import threads as letters
from fieldsales.plugin_api.manager import Plugins
from fieldsales.targets import dossier
from fieldsales.workday import contacting, judgement, lawsection, outlook, signlinks, table, truths

#: (connection, customer ids, today, and the plugins where it ``asks`` them) → by customer id what JSON can hold; who
#: has nothing is left out.
Read = Callable[..., Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """``name``: its key in the dossier. ``queries``: how many statements ``read`` runs, whatever the page.

    ``asks``: is handed the plugins too (None where there are none).
    """

    name: str
    read: Read
    queries: int
    asks: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("table", table.read_table, table.QUERIES),
    Section("outlook", outlook.read_outlook, outlook.QUERIES),
    Section("judgement", judgement.read_judgement, judgement.QUERIES),
    Section("limitation_detail", lawsection.read_limitation, 2),
    Section("watch", lawsection.read_watch, 1),
    Section("supply", lawsection.read_supply, 4),
    Section("set_offs", lawsection.read_set_offs, 1),
    Section("targets", dossier.read_targets, dossier.QUERIES),
    Section("verdicts", truths.verdicts, 1),
    Section("settling", truths.settling, 3),
    Section("following", truths.following, 1),
    Section("case", contacting.read_case, contacting.CASE_QUERIES),
    Section("gate", contacting.read_gate, contacting.GATE_QUERIES, asks=True),
    Section("signing_links", signlinks.read_links, signlinks.QUERIES),
    Section("thread", letters.read_threads, letters.QUERIES),
)


def read_sections(connection: Connection, customer_ids: Sequence[str], today: date, plugins: Plugins | None = None
                  ) -> dict[str, Mapping[str, Any]]:
    """Every section of a page of customers, by its name."""
    return {section.name: section.read(connection, customer_ids, today, *((plugins,) if section.asks else ()))
            for section in SECTIONS}
