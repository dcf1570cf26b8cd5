"""Facts ready made for the tests of a plugin: noon on Thursday 12 March 2026, and 海港五金 who owes.

Every function takes ``changes``, which replace facts by name: ``case(disputes=(…,))``, ``contact(channel="visit")``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.cards import DayCustomer, DayFacts
from fieldsales.plugin_api.commands import CommandFacts
from fieldsales.plugin_api.compliance import ContactQuestion, PastContact
from fieldsales.plugin_api.facts import (
    CaseFacts,
    ContactFacts,
    CustomerFacts,
    DebtorFacts,
    InvoiceFacts,
    PromiseFacts,
    Trigger,
)
from fieldsales.plugin_api.interest import InterestDebt, InterestFacts
from fieldsales.plugin_api.jobs import JobFacts
from fieldsales.plugin_api.metrics import RepAction, RepCustomer, RepFacts, RepPromise, RepVisit
from fieldsales.plugin_api.notices import Notice
from fieldsales.plugin_api.observing import Happened
from fieldsales.plugin_api.senders import OutMessage

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
"""A Thursday, noon in Shanghai."""
TODAY = date(2026, 3, 12)
_ZONE, _SHANGHAI = "Asia/Shanghai", timezone(timedelta(hours=8))
_LATE = TODAY - timedelta(days=46)


def case(**changes: Any) -> CaseFacts:
    """The case of 海港五金: ¥182,300.00 open on two invoices, ¥150,000.00 of it 46 days overdue."""
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
        oldest_due_on=_LATE,
        days_past_due=46,
        invoices=(
            InvoiceFacts("i1", "XS-1001", date(2025, 11, 26), _LATE, Money(15_000_000),
                         Money(15_000_000), "d1", papers=("delivery_note",)),
            InvoiceFacts("i2", "XS-1002", date(2026, 2, 20), date(2026, 4, 20), Money(3_230_000),
                         Money(3_230_000), "d1"),
        ),
        promises=(PromiseFacts("p1", Money(5_000_000), date(2026, 3, 11), "broken", words="十一号先打五万"),),
        contacts=(ContactFacts("陈海", "老板", "138 0571 2222", "chen@haigang.example"),),
    )  # fmt: skip
    return replace(facts, **changes)


def bare(**changes: Any) -> CaseFacts:
    """A customer of whom nothing is known but the name: no debt, no debtor, nothing earlier."""
    return replace(CaseFacts(today=TODAY, now=NOON, customer=CustomerFacts("c1", "海港五金")), **changes)


def triggered(name: str, data: Mapping[str, object], **changes: Any) -> CaseFacts:
    """The same case after an event: ``triggered("visits.logged", {"outcome": "promised", …})``."""
    return case(trigger=Trigger(name, "v1", data), **changes)


def happened(event: str, data: Mapping[str, object] | None = None, **changes: Any) -> Happened:
    """What an observer is told: ``happened("plans.signed", {"customer_id": "c1"})``, now, of a customer of 李明."""
    return replace(Happened(event, dict(data or {}), NOON, _ZONE, "李明", {}), **changes)


def day(**changes: Any) -> DayFacts:
    """The day of 李明, who has one customer with something due: ``case()``, last visited twenty days ago."""
    customer = DayCustomer(case(), next_on=TODAY, visited_on=TODAY - timedelta(days=20),
                           contacted_on=TODAY - timedelta(days=9))  # fmt: skip
    return replace(DayFacts(TODAY, NOON, _ZONE, "李明", customers=(customer,)), **changes)


def contact(**changes: Any) -> ContactQuestion:
    """A call that would press for money now, after one three days ago. ``there`` follows ``at`` unless it is given."""
    at = changes.get("at", NOON)
    made = (PastContact(at - timedelta(days=3), "call"),)
    question = ContactQuestion("call", at, at.astimezone(_SHANGHAI), made=made)
    return replace(question, **changes)


def rep(**changes: Any) -> RepFacts:
    """李明 from 1 to 12 March: one customer, one letter, one visit of forty minutes, one broken promise, ¥50,000.00."""
    facts = RepFacts(
        "u1", "李明", TODAY.replace(day=1), TODAY, TODAY,
        customers=(RepCustomer("c1", "海港五金", "A", Money(15_000_000), 46, TODAY - timedelta(days=4)),),
        actions=(RepAction("c1", "letter", "sent", TODAY - timedelta(days=6)),),
        visits=(RepVisit("c1", "collect", "promised", TODAY - timedelta(days=4), 40),),
        promises=(RepPromise("c1", TODAY - timedelta(days=4), Money(5_000_000), "broken"),),
        received=Money(5_000_000), km_cost=Money(120))  # fmt: skip
    return replace(facts, **changes)


def debts(**changes: Any) -> InterestFacts:
    """One instalment of ¥150,000.00, 46 days late: ¥50,000.00 of it paid ten days ago, the rest still open."""
    pieces = ((Money(5_000_000), TODAY - timedelta(days=10)), (Money(10_000_000), None))
    return replace(InterestFacts("c1", TODAY, (InterestDebt("XS-1001", _LATE, pieces),)), **changes)


def message(**changes: Any) -> OutMessage:
    """A text of reminder to 陈海."""
    said = OutMessage("019c0000-0000-7000-8000-000000000001", "13805712222", "海港五金您好，3 月 12 日有货款到期。",
                      "reminder", "zh", NOON, {"name": "海港五金", "open": "¥182,300.00"})  # fmt: skip
    return replace(said, **changes)


def notice(**changes: Any) -> Notice:
    """What a group of our own people is told in the morning."""
    return replace(Notice("今日到期 2 笔", ("李明：¥150,000.00",), "https://house.example/desk", NOON), **changes)


def job(**changes: Any) -> JobFacts:
    """What a scheduled job is shown: nothing kept, nothing set, never run before."""
    return replace(JobFacts(NOON, TODAY, _ZONE), **changes)


def counter(**changes: Any) -> CommandFacts:
    """What a command is shown: ``case()`` is the one customer, found by number or id, and the one that is overdue."""

    def found(code_or_id: str) -> CaseFacts | None:
        return case() if code_or_id in ("K0102", "c1") else None

    def overdue() -> Iterator[CaseFacts]:
        yield case()

    return replace(CommandFacts(NOON, TODAY, found, overdue), **changes)
