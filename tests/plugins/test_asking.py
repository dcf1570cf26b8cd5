"""What an author asks in a test: whatever a plugin declares is asked one way, with facts ready made."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from fieldsales import plugin_api as api
from fieldsales.kernel.money import Money
from fieldsales.plugin_api import asking, interest_on, words
from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.testing import (
    NOON,
    TODAY,
    ask,
    case,
    contact,
    contract,
    counter,
    day,
    debts,
    happened,
    job,
    message,
    notice,
    objections,
    rep,
)
from fieldsales.plugin_api.validate import Garbage

SAID = words("好", "Good")
TOLD: list[tuple[object]] = []
HOST = "there.example.com"


def _lines(facts: api.InterestFacts) -> list[api.InterestLine]:
    rate = Decimal("0.0005")
    return [api.InterestLine(SAID, sum_, debt.due_on, paid or facts.to_on, rate,
                             interest_on(sum_, rate, ((paid or facts.to_on) - debt.due_on).days + 1))
            for debt in facts.debts for sum_, paid in debt.pieces]


def _read(data: bytes, settings: Any) -> api.FileRead:
    line = api.PaymentLine(1, data.decode(), Decimal("5.00"), settings.get("currency", "CNY"), TODAY)
    return api.FileRead((line,))


def _outcome(fields: Any, facts: api.CaseFacts) -> api.Decision:
    return api.Decision(words(f"{facts.balance}", "x"), fields.get("result", "none"))


def _unpaid(options: Any, facts: api.CommandFacts) -> list[str]:
    return [f"{one.customer.code} {one.overdue}" for one in facts.overdue()
            if one.overdue.minor >= options.get("least", 0)]


def _card(facts: api.DayFacts) -> api.Card:
    return api.Card(tuple(api.CardRow(one.case.customer.id, SAID) for one in facts.customers))


def _judge(question: api.ContactQuestion) -> api.Ruling:
    if question.there.hour < 12:
        return api.Ruling("morning", question.at + timedelta(hours=12 - question.there.hour))
    return api.ALLOW


FORM = api.SettingsForm(
    (api.Setting(api.Field("days", "number", SAID, minimum=1), default=3),),
    check=lambda given: [api.Problem("days", SAID, blocking=False)] if given["days"] == 9 else [])
SENDER = api.MessageSender(
    "house", SAID, (HOST,), lambda out, set_: api.OutPost(f"https://{HOST}/{set_['account']}", {"to": out.to}),
    poll=lambda sent, set_, at: api.OutPost(f"https://{HOST}/states", {"of": [one.number for one in sent]}),
    states=lambda answer: [api.MessageState(one, "delivered") for one in answer["done"]])
#: One record of every hook.
ONE: dict[str, Any] = {
    "collection_methods": api.CollectionMethod(
        "courier", SAID, _outcome,
        fields=(api.Field("result", "choice", SAID, choices=(api.Choice("signed", SAID),)),)),
    "excuse_codes": api.Excuse("stocktaking", SAID, SAID),
    "observers": api.Observer("watch", ("plans.signed",), lambda event, data: TOLD.append((data.get("plan"),)),
                              lambda happened: [api.Tell("signed", SAID)]),
    "notice_channels": api.NoticeChannel(
        "chat", SAID, (HOST,), lambda said, secrets: api.HttpPost(secrets["url"], {"text": said.title})),
    "message_senders": SENDER, "settings": FORM,
    "importers": api.Importer("bank", SAID, "payments", lambda name, first: True, _read),
    "compliance_rules": api.ComplianceRule("noon", SAID, SAID, {"morning": SAID}, _judge),
    "document_templates": api.DocumentTemplate("note", SAID, "courier/note.html"),
    "timestampers": api.Timestamper(
        "time", SAID, (HOST,), lambda digest, now, secrets: api.StampPost(f"https://{HOST}/", digest)),
    "interest_rules": api.InterestRule("daily", SAID, SAID, _lines),
    "plan_clauses": api.PlanClause("venue", 1, SAID, (words("{seller_name}所在地", "Seat of {seller_name}"),), SAID,
                                   when="guarantor_name"),
    "scheduled_jobs": api.ScheduledJob(
        "look", SAID, 30, lambda facts: api.JobAnswer((api.Log(f"{facts.today} {facts.settings.get('host', '')}"),))),
    "cli_commands": api.CliCommand(
        "unpaid", SAID, _unpaid, (api.Field("least", "number", SAID),)),
    "customer_panels": api.CustomerPanel(
        "owes", SAID, lambda facts: api.Panel((api.Line(SAID, facts.balance),)) if facts.balance.minor else None),
    "workday_cards": api.WorkdayCard("all", SAID, _card),
    "scorecard_metrics": api.ScorecardMetric(
        "kept", SAID, "percent", lambda facts: api.Metric(len(facts.visits), len(facts.customers))),
}  # fmt: skip
#: (hook, what is given, what is answered as a test reads it).
ASKED: list[tuple[str, tuple[Any, ...], Callable[[Any], Any], Any]] = [
    ("collection_methods", (), lambda one: (one.summary["zh"], one.outcome), ("¥182,300.00", "none")),
    ("collection_methods", ({"result": "signed"}, case(balance=Money(1))), lambda one: one.outcome, "signed"),
    ("excuse_codes", (), lambda one: one.code, "stocktaking"),
    ("observers", (happened("plans.signed", {"plan": 7}),), lambda one: (TOLD[-1], one[0].key), ((7,), "signed")),
    ("notice_channels", (), lambda one: one.url, f"https://{HOST}/robot"),
    ("notice_channels", (notice(title="早"), {"url": f"https://{HOST}/x"}), lambda one: (one.url, one.json["text"]),
     (f"https://{HOST}/x", "早")),
    ("message_senders", (), lambda one: one.url, f"https://{HOST}/account"),
    ("message_senders", (message(to="139"), {"account": "a1"}), lambda one: (one.url, one.json["to"]),
     (f"https://{HOST}/a1", "139")),
    ("message_senders", ((api.Sent("m1", "P1", "139", NOON),),), lambda one: one.json["of"], ["P1"]),
    ("message_senders", ({"done": ["P1"]},), lambda one: one[0].state, "delivered"),
    ("settings", (), dict, {"days": 3}),
    ("settings", ({"days": 5},), dict, {"days": 5}),
    ("importers", ("海港".encode(), {"currency": "USD"}), lambda one: (one.rows[0].payer, one.rows[0].currency),
     ("海港", "USD")),
    ("compliance_rules", (), lambda one: one.allows, True),
    ("compliance_rules", (contact(at=NOON - timedelta(hours=3)),),
     lambda one: (one.code, one.until), ("morning", NOON)),
    ("document_templates", (), lambda one: one.name, "note"),
    ("timestampers", (b"\1" * 32,), lambda one: one.body, b"\1" * 32),
    ("interest_rules", (), lambda one: [line.amount.minor for line in one], [92_500, 235_000]),
    ("interest_rules", (debts(debts=()),), list, []),
    ("plan_clauses", (), lambda one: one, None),
    ("plan_clauses", ({"guarantor_name": "王"},), lambda one: one["zh"], ("华东建材有限公司所在地",)),
    ("scheduled_jobs", (job(settings={"host": HOST}),), lambda one: one.orders[0].text, f"2026-03-12 {HOST}"),
    ("cli_commands", (), list, ["K0102 ¥150,000.00"]),
    ("cli_commands", ({"least": 20_000_000}, counter()), list, []),
    ("customer_panels", (), lambda one: one.lines[0].value, Money(18_230_000)),
    ("customer_panels", (case(balance=Money(0)),), lambda one: one, None),
    ("workday_cards", (), lambda one: [row.customer_id for row in one.rows], ["c1"]),
    ("workday_cards", (day(customers=()),), lambda one: one.rows, ()),
    ("scorecard_metrics", (), lambda one: (one.numerator, one.denominator), (1, 1)),
    ("scorecard_metrics", (rep(visits=()),), lambda one: one.numerator, 0),
]


@pytest.mark.parametrize("hook", KINDS)
def test_every_hook_can_be_asked_and_keeps_the_contract(hook: str) -> None:
    assert asking.hook_of(ONE[hook]) == hook
    assert hook in {one[0] for one in ASKED}
    contract(ONE[hook], FORM)


@pytest.mark.parametrize(("hook", "given", "seen", "answer"), ASKED, ids=[one[0] for one in ASKED])
def test_what_is_declared_answers_what_it_is_given(
    hook: str, given: tuple[Any, ...], seen: Callable[[Any], Any], answer: Any
) -> None:
    assert seen(ask(ONE[hook], *given)) == answer


def _names_the_debtor(facts: Any) -> Any:
    return facts.debtor.name


def _says_text(facts: Any) -> Any:
    return "text"


_takes_nothing: Any = lambda: None  # noqa: E731 - what an author wrote who forgot the facts
TURNS = iter(range(10**6))
#: A record with a mistake in it, and what a test is told.
WRONG: list[tuple[Any, str]] = [
    (api.CustomerPanel("owes", SAID, _names_the_debtor), "NoneType"),
    (api.CustomerPanel("owes", SAID, _says_text), "show must return a Panel or None, not str"),
    (api.CustomerPanel("owes", SAID, lambda facts: api.Panel((api.Line(SAID, next(TURNS)),))), "the same answer"),
    (api.CustomerPanel("owes", SAID, _takes_nothing), "show is called with 1 arguments"),
    (api.WorkdayCard("all", SAID, lambda facts: api.Card((api.CardRow("c9", SAID),))), "none of those shown"),
    (api.ComplianceRule("r", SAID, SAID, {"no": SAID}, lambda one: api.Ruling("no")), "rule name 'r'"),
    (api.ComplianceRule("night", SAID, SAID, {"no": SAID},
                        lambda one: api.Ruling("never" if one.there.hour > 21 else "")),
     "there is no code 'never'"),
    (api.ScorecardMetric("kept", SAID, "percent", lambda facts: api.Metric(len(facts.visits) // len(facts.customers))),
     "division or modulo by zero"),
    (api.InterestRule("daily", SAID, SAID, lambda facts: [api.InterestLine(
        SAID, Money(100), TODAY, TODAY, Decimal(1), Money(7))]), "is not base × rate × days"),
    (case(), "no hook declares a CaseFacts"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "said"), WRONG, ids=[one[1][:20] for one in WRONG])
def test_what_is_wrong_is_told_by_the_contract(record: Any, said: str) -> None:
    with pytest.raises((Garbage, AssertionError, AttributeError, ArithmeticError), match=re.escape(said)):
        contract(record)


def test_settings_that_do_not_fit_are_named_and_objections_are_told() -> None:
    with pytest.raises(AssertionError, match="days"):
        ask(FORM, {"days": 0})
    assert objections(FORM) == ()
    assert [one.field for one in objections(FORM, {"days": 9})] == ["days"]
