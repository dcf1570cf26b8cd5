"""By e-mail: what is written at which level, what goes with it, and when it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import (
    ActionFacts,
    CaseFacts,
    CommandFacts,
    ContactFacts,
    EvidenceFacts,
    Keep,
    Kept,
    MakePaper,
    PromiseFacts,
    SendMail,
)
from fieldsales.plugin_api.commands import command
from fieldsales.plugin_api.testing import NOON, TODAY, case, contract, judge, objections

from .. import METHOD
from ..listing import DUE
from ..writing import LEVELS, NAMES, STEP, level_of


def mail_of(raw: dict[str, object], facts: CaseFacts | None = None) -> SendMail:
    """The one mail that is sent."""
    [mail] = [one for one in judge(METHOD, raw, facts).effects if isinstance(one, SendMail)]
    return mail


def after(tone: str, days: int, *, held: bool = False, promised: bool = False) -> CaseFacts:
    """A case whose last mail of that level went so many days ago."""
    on = TODAY - timedelta(days=days)
    noted = {"tone": tone, "on": (TODAY if held else on).isoformat(), "was": "friendly"}
    promises = (PromiseFacts("p1", Money(5_000_000), TODAY + timedelta(days=3)),) if promised else ()
    return case(actions=(ActionFacts("a1", "email", "queued", on),), kept=(Kept("ladder", "mail", noted, 1),),
                promises=promises)  # fmt: skip


def test_email_keeps_the_contract() -> None:
    contract(METHOD)


@pytest.mark.parametrize("tone", NAMES)
def test_every_level_states_the_whole_debt_the_company_account_and_the_way_out(tone: str) -> None:
    mail = mail_of({"tone": tone})
    assert mail.to == "chen@haigang.example"
    for fact in ("¥182,300.00", "¥150,000.00", "XS-1001", "XS-1002", "1202 0210 0990 0001 234"):
        assert fact in mail.text
    assert ("unsubscribe" if tone.endswith("_en") else "退订") in mail.text
    assert "{" not in mail.text + mail.subject
    assert "¥182,300.00" in mail.subject


def test_debt_not_yet_due_is_never_called_overdue() -> None:
    text = mail_of({"tone": "final"}, case(overdue=Money(0), days_past_due=0, oldest_due_on=None)).text
    assert "尚未到期" in text
    assert "逾期 0" not in text


def test_mail_is_a_demand_only_once_accepted() -> None:
    decision = judge(METHOD, {"to": "boss@haigang.example"})
    assert (decision.effect, decision.grade) == ("", "")
    mail = mail_of({"to": "boss@haigang.example"})
    assert (mail.to, mail.accepted_effect) == ("boss@haigang.example", "demand")


def test_own_words_stand_above_the_whole_account() -> None:
    mail = mail_of({"subject": "关于三月货款", "text": "请看附件。"})
    assert mail.subject == "关于三月货款"
    assert mail.text.startswith("请看附件。\n\n————————\n- XS-1001")


@pytest.mark.parametrize(("facts", "level"), [
    (case(), "friendly"), (after("friendly", 7), "firm"), (after("firm", 8), "final"), (after("final", 30), "final"),
    (after("friendly", 6), "friendly"), (after("firm", 30, promised=True), "firm"), (after("firm_en", 9), "final_en"),
    (after("firm", 8, held=True), "firm"),
])  # fmt: skip
def test_level_climbs_a_step_a_week_and_rests_while_a_promise_is_open(facts: CaseFacts, level: str) -> None:
    assert level_of(facts) == level
    kept = [one for one in judge(METHOD, {}, facts).effects if isinstance(one, Keep)]
    assert kept[0].body["tone"] == level
    assert timedelta(days=7) == STEP
    assert level.removesuffix("_en") in LEVELS


def test_open_promise_and_failed_address_are_said_and_stop_nothing() -> None:
    old = ContactFacts("陈海", email_failed="old@haigang.example")
    facts = replace(after("firm", 8, promised=True), contacts=(old,))
    said = objections(METHOD, {"to": "Old@haigang.example"}, facts)
    assert [(one.field, one.blocking) for one in said] == [("to", False), ("tone", False)]
    assert "2026-03-15 ¥50,000.00" in said[1].text["zh"]


def test_letter_attached_is_made_with_the_mail_in_its_tone() -> None:
    papers = [one for one in judge(METHOD, {"attach": "letter", "tone": "final_en"}).effects
              if isinstance(one, MakePaper)]  # fmt: skip
    assert [(one.values["tone"], one.values["lang"]) for one in papers] == [("final", "en")]
    assert mail_of({"attach": "letter"}).attach == "paper"


@pytest.mark.parametrize("wanted", ["statement", "plan"])
def test_newest_signed_paper_goes_along_and_a_missing_one_is_said(wanted: str) -> None:
    on_file = case(evidence=(EvidenceFacts(wanted, "DZ-2", TODAY, id="d2"), EvidenceFacts(wanted, "DZ-1", id="d1")))
    assert mail_of({"attach": wanted}, on_file).attach == "d2"
    assert mail_of({"attach": wanted}).attach == ""
    [problem] = objections(METHOD, {"attach": wanted})
    assert (problem.field, problem.blocking) == ("attach", False)


def test_no_address_blocks_and_sends_nothing() -> None:
    [problem] = objections(METHOD, {}, case(contacts=()))
    assert (problem.field, problem.blocking) == ("to", True)
    assert judge(METHOD, {}, case(contacts=())).effects == ()


def test_nothing_open_blocks() -> None:
    [problem] = objections(METHOD, {}, case(balance=Money(0)))
    assert problem.blocking


def test_list_names_who_is_due_with_the_level_and_leaves_out_who_is_not() -> None:
    many = (after("friendly", 9), after("friendly", 2), after("firm", 9, promised=True), case(contacts=()), case())
    facts = CommandFacts(NOON, TODAY, lambda _wanted: None, lambda: iter(many))
    assert list(command(DUE).run({}, facts)) == ["K0102\t海港五金\t¥150,000.00\tfirm",
                                                 "K0102\t海港五金\t¥150,000.00\tfriendly"]
    assert len(list(DUE.run({"days": 1}, facts))) == 3
    assert list(DUE.run({}, CommandFacts(NOON, TODAY, lambda _wanted: None, lambda: iter(())))) == [3]


def test_a_hundred_invoices_make_a_short_mail() -> None:
    [first, _] = case().invoices
    many = tuple(replace(first, id=str(n), number=f"XS-{n}") for n in range(100))
    text = mail_of({}, case(invoices=many)).text
    assert text.count("XS-") == 40
    assert "另有 60 笔" in text
