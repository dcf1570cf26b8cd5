"""Before a batch is ordered: who takes part, who does not and why, judged as each will be when its turn comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from fieldsales.batches.queries import Candidate
from fieldsales.collection import gate_acts
from fieldsales.collection.gate import Contact
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.gate_rules import judged
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import CaseFile, case_for, letters_of
from fieldsales.extensions.queries import load_kept
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.types import CollectionMethod, Decision

NO_ADDRESS = words("没有地址", "No address on record")
NOTHING_TO_STATE = words("没有可写进函里的欠款，或本公司账户未设", "Nothing to state, or our own company is not set up")
CONTESTED = words("有未处理的争议", "A dispute is open")
_ANY = Decision(words("-", "-"), "made")


@dataclass(frozen=True, slots=True)
class Seat:
    """One customer as the preview shows it. ``out``: why it cannot take part; ``doubts``: why one should look first:
    it takes part when it is ticked all the same."""

    who: Candidate
    out: tuple[Labels, ...] = ()
    doubts: tuple[Labels, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """What every seat is judged with."""

    plugins: Plugins
    method: CollectionMethod
    answers: Mapping[str, Any]
    actor: Actor
    today: date
    now: datetime


def seats(connection: Connection, judge: Judge, who: Sequence[Candidate]) -> list[Seat]:
    """Every candidate with what stands in its way. A fixed number of queries for all of them."""
    ids = [one.id for one in who]
    files = load_case_files(connection, ids) if ids else {}
    gates = gate_facts(connection, ids, judge.today) if ids else {}
    kept = load_kept(connection, [*ids, HOUSE])
    return [_seat(judge, one, files[one.id], gates[one.id], (kept.get(one.id), kept.get(HOUSE))) for one in who]


def _seat(judge: Judge, who: Candidate, file: CaseFile, gate: Any, kept: Any) -> Seat:
    out: list[Labels] = []
    doubts: list[Labels] = []
    facts = case_for(file, judge.actor, judge.now, judge.today)
    if judge.method.reach == "address" and not who.address.strip():
        out.append(NO_ADDRESS)
    if not letters_of(file, facts.debtor):
        out.append(NOTHING_TO_STATE)
    contact = Contact(gate_acts.channel_of(judge.method, _ANY), judge.now, "demand",
                      debtor_id=facts.debtor.id if facts.debtor else "", method=judge.method.name)
    found = judged(judge.plugins, contact, gate)
    if not found.ok:
        out.append(words(found.why_zh, found.why_en))
    if gate.has_dispute:
        doubts.append(CONTESTED)
    plugin = judge.plugins.brought_by("collection_methods", judge.method.name)
    facts = judge.plugins.shown(plugin, facts, shown(plugin, *kept))
    values, refusals = read_fields(judge.method.fields, judge.answers, currency=facts.currency)
    out += [words(refusal.message, refusal.message) for refusal in refusals]
    try:
        for problem in judge.plugins.check(judge.method.name, values, facts):
            (out if problem.blocking else doubts).append(problem.text)
    except PluginFailed as failure:
        out.append(words(str(failure)[:200], str(failure)[:200]))
    return Seat(who, tuple(out), tuple(doubts))
