"""By e-mail: what is sent and when it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import MakePaper, SendMail
from fieldsales.plugin_api.testing import case, contract, judge, objections

from .. import METHOD


def test_email_keeps_the_contract() -> None:
    contract(METHOD)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_usual_text_states_the_whole_debt_and_the_company_account(lang: str) -> None:
    [mail] = judge(METHOD, {"lang": lang}).effects
    assert isinstance(mail, SendMail)
    assert mail.to == "chen@haigang.example"
    for fact in ("¥182,300.00", "¥150,000.00", "XS-1001", "XS-1002", "1202 0210 0990 0001 234"):
        assert fact in mail.text
    assert "¥182,300.00" in mail.subject


def test_mail_is_a_demand_only_once_accepted() -> None:
    decision = judge(METHOD, {"to": "boss@haigang.example"})
    assert (decision.effect, decision.grade) == ("", "")
    [mail] = decision.effects
    assert isinstance(mail, SendMail)
    assert (mail.to, mail.accepted_effect) == ("boss@haigang.example", "demand")


def test_own_words_replace_the_usual_ones() -> None:
    [mail] = judge(METHOD, {"subject": "关于三月货款", "text": "请看附件。"}).effects
    assert isinstance(mail, SendMail)
    assert (mail.subject, mail.text) == ("关于三月货款", "请看附件。")


def test_letter_attached_is_made_with_the_mail() -> None:
    paper, mail = judge(METHOD, {"attach": "letter"}).effects
    assert isinstance(paper, MakePaper)
    assert isinstance(mail, SendMail)
    assert mail.attach == "paper"


def test_no_address_blocks_and_sends_nothing() -> None:
    [problem] = objections(METHOD, {}, case(contacts=()))
    assert (problem.field, problem.blocking) == ("to", True)
    assert judge(METHOD, {}, case(contacts=())).effects == ()


def test_nothing_open_blocks() -> None:
    [problem] = objections(METHOD, {}, case(balance=Money(0)))
    assert problem.blocking


def test_a_hundred_invoices_make_a_short_mail() -> None:
    [first, _] = case().invoices
    many = tuple(replace(first, id=str(n), number=f"XS-{n}") for n in range(100))
    [mail] = judge(METHOD, {}, case(invoices=many)).effects
    assert isinstance(mail, SendMail)
    assert mail.text.count("XS-") == 40
    assert "另有 60 笔" in mail.text
