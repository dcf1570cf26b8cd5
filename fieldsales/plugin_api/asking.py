"""How each kind of record is asked in a test of a plugin: its functions called, and the answer checked, as the core
calls and checks them. Nothing here knows a deadline or a process; ``testing`` is what an author imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import (
    cards,
    clauses,
    compliance,
    importers,
    interest,
    metrics,
    notices,
    panels,
    senders,
    validate,
)
from fieldsales.plugin_api import timestamps as stamps
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.built import NOON, case, contact, counter, day, debts, happened, job, message, notice, rep
from fieldsales.plugin_api.commands import CliCommand, CommandFacts, line
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Value
from fieldsales.plugin_api.jobchild import run_here
from fieldsales.plugin_api.jobs import JobFacts, ScheduledJob, Tell
from fieldsales.plugin_api.observing import Happened, Observer, heard
from fieldsales.plugin_api.papers import DocumentTemplate
from fieldsales.plugin_api.settings import SettingsForm
from fieldsales.plugin_api.types import CollectionMethod, Decision, Excuse

#: What a clause's places are filled with where a test names no other words.
PLACES: Mapping[str, str] = {
    "number": "HK20260312-0001", "on": "2026-03-12", "seller_name": "华东建材有限公司",
    "seller_account": "中国工商银行杭州分行 1202 0210 0990 0001 234", "debtor_name": "杭州海港五金有限公司",
    "debtor_address": "杭州市江干区港口路 8 号", "total": "¥182,300.00", "total_words": "人民币壹拾捌万贰仟叁佰元整",
    "count": "3", "late_rate": "", "guarantor_name": "", "place": "杭州", "signatory_name": "陈海", "statement": "",
    "predecessor_number": "", "expired": "", "remote": "",
}  # fmt: skip


def read(fields: tuple[Field, ...], raw: Mapping[str, Any]) -> dict[str, Value]:
    """A form's JSON read as the core reads it. Raises AssertionError naming what the form refuses."""
    found, refusals = read_fields(fields, raw)
    assert not refusals, [(one.field, one.code) for one in refusals]
    return found


def asked(record: Any, *given: Any) -> Any:
    """What the record answers. Raises AssertionError, validate.Garbage, and whatever the plugin raises."""
    return _WAYS[hook_of(record)](record, *given)


def hook_of(record: Any) -> str:
    """The hook that declares such a record; Garbage when none does."""
    found = _HOOKS.get(type(record))
    if found is None:
        raise validate.Garbage(f"no hook declares a {type(record).__name__}; they declare {', '.join(_NAMES)}")
    return found


def _method(one: CollectionMethod, raw: Mapping[str, Any] | None = None, facts: CaseFacts | None = None
            ) -> Decision | None:  # fmt: skip
    facts = facts or case()
    return validate.decision(one.outcome(read(one.fields, raw or {}), facts), facts)


def _as_declared(one: Any) -> Any:
    return one


def _observer(one: Observer, what: Happened | None = None) -> tuple[Tell, ...]:
    return heard(one, what or happened(one.events[0]))


def _channel(one: notices.NoticeChannel, what: notices.Notice | None = None,
             secrets: Mapping[str, str] | None = None) -> notices.HttpPost:  # fmt: skip
    usual = {"url": f"https://{one.hosts[0]}/robot", "secret": ""}
    return notices.post(one.build(what or notice(), MappingProxyType({**usual, **(secrets or {})})), one)


def _sender(one: senders.MessageSender, what: Any = None, settings: Mapping[str, object] | None = None) -> Any:
    """A message is sent, a tuple of ``Sent`` is asked after, an answer that came back is read for states."""
    known = MappingProxyType({"account": "account", "secret": "secret", **(settings or {})})
    if isinstance(what, Mapping):
        assert one.states is not None, f"sender {one.name} reads no states"
        return senders.message_states(one.states(what))
    if isinstance(what, tuple):
        assert one.poll is not None, f"sender {one.name} asks after nothing"
        return senders.out_post(one.poll(what, known, NOON), one)
    return senders.out_post(one.build(what or message(), known), one)


def _settings(one: SettingsForm, raw: Mapping[str, Any] | None = None) -> Mapping[str, Value]:
    read(one.fields, raw or {})
    return MappingProxyType(one.read(raw or {}))


def _importer(one: importers.Importer, data: bytes = b"", settings: Mapping[str, object] | None = None
              ) -> importers.FileRead:  # fmt: skip
    return importers.file_read(one.read(data, MappingProxyType(dict(settings or {}))), one)


def _rule(one: compliance.ComplianceRule, question: compliance.ContactQuestion | None = None) -> compliance.Ruling:
    question = question or contact()
    return compliance.ruling(one.judge(question), one, question.at)


def _timestamper(one: stamps.Timestamper, digest: bytes = bytes(32), now: datetime = NOON,
                 secrets: Mapping[str, str] | None = None) -> stamps.StampPost:  # fmt: skip
    usual = {"account": "account", "secret": "secret"}
    return stamps.stamp_post(one.request(digest, now, MappingProxyType({**usual, **(secrets or {})})), one)


def _interest(one: interest.InterestRule, facts: interest.InterestFacts | None = None
              ) -> tuple[interest.InterestLine, ...]:  # fmt: skip
    return interest.lines(one.lines(facts or debts()), one)


def _clause(one: clauses.PlanClause, places: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]] | None:
    """Its paragraphs by language, their places filled; None where it depends on a place that has no value."""
    filled = {**PLACES, **(places or {})}
    if one.when and not filled[one.when]:
        return None
    return {lang: tuple(para[lang].format_map(filled) for para in one.paras) for lang in ("zh", "en")}


def _job(one: ScheduledJob, facts: JobFacts | None = None) -> Any:
    return run_here(one, facts or job())


def _command(one: CliCommand, options: Mapping[str, Any] | None = None, facts: CommandFacts | None = None
             ) -> list[str | int]:  # fmt: skip
    return [line(said) for said in one.run(read(one.options, options or {}), facts or counter())]


def _panel(one: panels.CustomerPanel, facts: CaseFacts | None = None) -> panels.Panel | None:
    return panels.panel(one.show(facts or case()))


def _card(one: cards.WorkdayCard, facts: cards.DayFacts | None = None) -> cards.Card | None:
    facts = facts or day()
    return cards.card(one.show(facts), facts)


def _metric(one: metrics.ScorecardMetric, facts: metrics.RepFacts | None = None) -> metrics.Metric | None:
    return metrics.metric(one.measure(facts or rep()))


_HOOKS: Mapping[type, str] = {
    CollectionMethod: "collection_methods", Excuse: "excuse_codes", Observer: "observers",
    notices.NoticeChannel: "notice_channels", senders.MessageSender: "message_senders", SettingsForm: "settings",
    importers.Importer: "importers", compliance.ComplianceRule: "compliance_rules",
    DocumentTemplate: "document_templates", stamps.Timestamper: "timestampers", interest.InterestRule: "interest_rules",
    clauses.PlanClause: "plan_clauses", ScheduledJob: "scheduled_jobs", CliCommand: "cli_commands",
    panels.CustomerPanel: "customer_panels", cards.WorkdayCard: "workday_cards",
    metrics.ScorecardMetric: "scorecard_metrics",
}  # fmt: skip
_NAMES = sorted(one.__name__ for one in _HOOKS)
_WAYS: Mapping[str, Callable[..., Any]] = {
    "collection_methods": _method, "excuse_codes": _as_declared, "observers": _observer, "notice_channels": _channel,
    "message_senders": _sender, "settings": _settings, "importers": _importer, "compliance_rules": _rule,
    "document_templates": _as_declared, "timestampers": _timestamper, "interest_rules": _interest,
    "plan_clauses": _clause, "scheduled_jobs": _job, "cli_commands": _command, "customer_panels": _panel,
    "workday_cards": _card, "scorecard_metrics": _metric,
}  # fmt: skip
