"""The office's form says before anybody acts what the phone's says: what the gate says, and what to say to a reason."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.collection.asks import hoped_for
from fieldsales.collection.beforehand import script, spoken_figures
from fieldsales.collection.talk import LINES
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.money import Money
from fieldsales.plugin_api import CaseFacts, CustomerFacts, PromiseFacts, StatementFacts
from fieldsales.plugin_api.excuses import CORE_EXCUSES
from fieldsales.plugin_api.texts import fill
from tests import cast
from tests.browser.test_kernel_in_node import READ, ROOT, run
from tests.collection.conftest import with_debt

TODAY = date(2026, 3, 12)
FACTS = CaseFacts(
    TODAY, datetime(2026, 3, 12, 4, tzinfo=UTC), CustomerFacts("c", "海港五金"), balance=Money(18_230_000),
    overdue=Money(15_000_000), disputed=Money(1_000_000), oldest_due_on=date(2026, 1, 25), days_past_due=46,
    promises=(PromiseFacts("p", Money(5_000_000), date(2026, 3, 1), "broken"),),
    statements=(StatementFacts("s", "DZ-1", Money(19_000_000), date(2026, 1, 31)),))  # fmt: skip


def test_what_is_hoped_for_is_reckoned_alike_on_phone_and_office() -> None:
    lot = random.Random(2)
    cases = [([lot.randrange(1, 10**7) for _ in range(lot.randrange(5))], lot.choice([0, lot.randrange(10**8)]),
              lot.randrange(10**8)) for _ in range(300)]
    docs = [{"open_minor": most, "overdue_minor": overdue, "currency": "CNY",
             "table": {"history": [{"close_minor": one, "currency": "CNY"} for one in closes]}}
            for closes, overdue, most in cases]
    said = run(READ + f'import {{ hopedFor }} from "{ROOT / "static/js/table/ask.js"}";'
               "console.log(JSON.stringify(given.map((one) => hopedFor(one))))", docs)
    assert said == [hoped_for(*case) for case in cases]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_that_is_said_finds_its_figures_at_the_office(lang: str) -> None:
    known = spoken_figures(FACTS, 18_000_000, lang)
    for line in LINES:
        if not line.sent:
            assert fill(line.zh if lang == "zh" else line.en, known), line.use
    assert "¥180,000.00" in fill(LINES[0].zh, known)


def test_reason_without_lines_of_its_own_leads_back_to_sum_and_day() -> None:
    own = next(one for one in CORE_EXCUSES if one.code == "account_differs")
    said = script(own, spoken_figures(FACTS, 0, "zh"), "zh")
    assert any("¥190,000.00" in line for line in said.says)
    assert said.verify == own.verify["zh"]
    strange = replace(own, code="mars", reply={"zh": "请看合同。", "en": "See the contract."})
    said = script(strange, {}, "zh")
    assert said.says[0] == "请看合同。"
    assert said.says[1:] == tuple(one.zh for one in LINES if one.use == "back")


def test_form_shows_what_to_say_to_each_reason_it_offers(app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    shown = log_in("rep").get(f"/customers/{cast.HARBOUR}/actions/phone").get_data(as_text=True)
    assert 'data-when="excuse=cash_tight"' in shown
    assert "这样回应" in shown
    assert "付款申请单给我看一下" in shown
    letter = log_in("rep").get(f"/customers/{cast.HARBOUR}/actions/letter").get_data(as_text=True)
    assert "data-when=\"excuse=" not in letter


def test_form_says_that_the_gate_says_no_and_keeps_what_has_happened(
    app: Flask, log_in: Callable[[str], FlaskClient]
) -> None:
    client, form = log_in("rep"), f"/customers/{cast.HARBOUR}/actions/phone"
    assert "现在先不要这样联系" not in client.get(form).get_data(as_text=True)
    client.post(f"/customers/{cast.HARBOUR}/stops", data={"kind": "objection", "words": "", "command_id": uuid7()})
    shown = client.get(form).get_data(as_text=True)
    assert "现在先不要这样联系" in shown
    assert "对方已要求不再联系" in shown
    kept = client.post(form, data={"result": "refused", "number": "13800000000", "command_id": uuid7()})
    assert kept.status_code == 303, "whatever the gate says, what has happened is on record"


def test_form_drafts_its_text_with_the_customers_figures_by_the_tone(
    app: Flask, log_in: Callable[[str], FlaskClient]
) -> None:
    with_debt(app)
    shown = log_in("rep").get(f"/customers/{cast.HARBOUR}/actions/message").get_data(as_text=True)
    assert 'data-drafts="text" data-by="tone"' in shown
    drafted = re.findall(r"<template data-draft=.*?>(.*?)</template>", shown, re.DOTALL)
    assert len(drafted) >= 2
    assert all("¥182,300.00" in one and "{" not in one for one in drafted), "the whole debt, in each"


def test_text_somebody_has_changed_stays_when_the_tone_changes() -> None:
    known = {"soft": "您好", "firm": "请付款"}
    cases = [("soft", ""), ("firm", "您好"), ("firm", "您好，老林"), ("", "您好"), ("", "自己写的"), ("cold", "")]
    said = run(READ + f'import {{ textFor }} from "{ROOT / "static/js/office/drafts.js"}"; console.log(JSON.stringify('
               "given.cases.map(([chosen, text]) => textFor(given.known, chosen, text))))",
               {"known": known, "cases": cases})
    assert said == ["您好", "请付款", "您好，老林", "", "自己写的", ""]
