"""For the tests of a plugin: a case to judge, and the promise every method must keep.

::

    from fieldsales.plugin_api.testing import case, contract, judge

    def test_courier_signed_for_is_grade_a():
        decision = judge(METHOD, {"stage": "signed", "signed_by": "王会计"})
        assert (decision.effect, decision.grade) == ("demand", "A")

    def test_courier_keeps_the_contract():
        contract(METHOD)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.facts import (
    CaseFacts,
    ContactFacts,
    CustomerFacts,
    DebtorFacts,
    InvoiceFacts,
    PromiseFacts,
    Trigger,
)
from fieldsales.plugin_api.fields import Value
from fieldsales.plugin_api.settings import SettingsForm
from fieldsales.plugin_api.types import CollectionMethod, Decision, Problem

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
"""A Thursday, noon in Shanghai."""
TODAY = date(2026, 3, 12)


def case(**changes: Any) -> CaseFacts:
    """The case of 海港五金: ¥182,300.00 open on two invoices, ¥150,000.00 of it 46 days overdue.

    ``changes`` replace facts by name: ``case(disputes=(…,))``.
    """
    facts = CaseFacts(
        today=TODAY,
        now=NOON,
        customer=CustomerFacts("c1", "海港五金", "K0102", "0571 8888 1234", "杭州市江干区港口路 8 号"),
        debtor=DebtorFacts("d1", "杭州海港五金有限公司", "company", "91330100MA2ABCDE0X", "杭州市江干区港口路 8 号"),
        seller_name="华东建材有限公司",
        seller_account="中国工商银行杭州分行 1202 0210 0990 0001 234",
        actor_name="李明",
        balance=Money(18_230_000),
        overdue=Money(15_000_000),
        oldest_due_on=TODAY - timedelta(days=46),
        days_past_due=46,
        invoices=(
            InvoiceFacts("i1", "XS-1001", date(2025, 11, 26), TODAY - timedelta(days=46), Money(15_000_000),
                         Money(15_000_000), "d1", papers=("delivery_note",)),
            InvoiceFacts("i2", "XS-1002", date(2026, 2, 20), date(2026, 4, 20), Money(3_230_000),
                         Money(3_230_000), "d1"),
        ),
        promises=(PromiseFacts("p1", Money(5_000_000), date(2026, 3, 11), "broken", words="十一号先打五万"),),
        contacts=(ContactFacts("陈海", "老板", "138 0571 2222", "chen@haigang.example"),),
    )  # fmt: skip
    return replace(facts, **changes)


def triggered(name: str, data: Mapping[str, object], **changes: Any) -> CaseFacts:
    """The same case after an event: ``triggered("visits.logged", {"outcome": "promised", …})``."""
    return case(trigger=Trigger(name, "v1", data), **changes)


def values(method: CollectionMethod, raw: Mapping[str, Any]) -> dict[str, Value]:
    """The form's JSON read as the core reads it. Raises AssertionError naming what the form refuses."""
    read, refusals = read_fields(method.fields, raw)
    assert not refusals, [(one.field, one.code) for one in refusals]
    return read


def judge(method: CollectionMethod, raw: Mapping[str, Any] | None = None, facts: CaseFacts | None = None) -> Decision:
    """What the method decides, validated as the core validates it."""
    facts = facts or case()
    decision = validate.decision(method.outcome(values(method, raw or {}), facts), facts)
    assert decision is not None, "nothing to record"
    return decision


def objections(
    method: CollectionMethod, raw: Mapping[str, Any] | None = None, facts: CaseFacts | None = None
) -> tuple[Problem, ...]:
    """What the method's check objects to, validated as the core validates it."""
    return validate.problems(method.check(values(method, raw or {}), facts or case()))


def contract(method: CollectionMethod, form: SettingsForm | None = None) -> None:
    """The promise of every method: it is well declared, judges an empty form and a bare case, and
    says the same twice. ``form``: the plugin's settings, whose defaults the method is shown. Raises AssertionError or
    validate.Garbage with what is wrong.
    """
    validate.method(method)
    settings = MappingProxyType(form.read({}) if form else {})
    bare = CaseFacts(today=TODAY, now=NOON, customer=CustomerFacts("c1", "海港五金"), settings=settings)
    if not method.by_hand:
        return
    for facts in (bare, case(settings=settings)):
        validate.problems(method.check({}, facts))
        first = validate.decision(method.outcome({}, facts), facts)
        again = validate.decision(method.outcome({}, facts), facts)
        assert first == again, "the same form and case must give the same decision"
