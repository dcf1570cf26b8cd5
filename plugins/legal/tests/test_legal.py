"""By law: what a payment order needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import DebtorFacts, DisputeFacts, EvidenceFacts, PlanFacts, StatementFacts
from fieldsales.plugin_api.testing import TODAY, case, contract, judge, objections

from .. import METHOD

PLAN = PlanFacts("p", "HK260301-00000001", Money(18_230_000), date(2026, 3, 1))
STATEMENT = StatementFacts("s", "DZ260301-00000001", Money(18_230_000), date(2026, 3, 1))
QUALITY = DisputeFacts("x", "quality", Money(100), TODAY)
REBATE = DisputeFacts("y", "rebate", Money(100), TODAY)


def test_legal_keeps_the_contract() -> None:
    contract(METHOD)
    assert METHOD.can == ("legal", "manager")


def test_review_names_what_is_missing() -> None:
    decision = judge(METHOD, {"stage": "review"})
    assert decision.outcome == "not_ready"
    text = "\n".join(line["zh"] for line in decision.details)
    assert "缺签字的对账单或还款计划，或补齐：合同" in text
    assert "✗ 没有约定利息的凭证" in text
    assert "✓ 已到期、数额确定：¥150,000.00" in text
    assert (decision.effect, decision.grade) == ("", "")


def test_invoice_past_due_without_delivery_note_is_named() -> None:
    [first, second] = case().invoices
    facts = case(invoices=(replace(first, papers=()), second))
    text = "\n".join(line["en"] for line in judge(METHOD, facts=facts).details)
    assert "1 delivery notes (XS-1001)" in text, "the one not yet due is not needed"


def test_delivery_note_among_the_evidence_counts() -> None:
    [first, second] = case().invoices
    contract_2025 = EvidenceFacts("contract", "2025 年购销合同")
    evidence = (contract_2025, EvidenceFacts("delivery_note", "签收单", invoice_number="XS-1001"))
    decision = judge(METHOD, facts=case(invoices=(replace(first, papers=()), second), evidence=evidence))
    assert decision.outcome == "ready"
    assert "On file: 2025 年购销合同" in [line["en"] for line in decision.details]


@pytest.mark.parametrize("proof", [{"plans": (PLAN,)}, {"statements": (STATEMENT,)}])
def test_signed_paper_makes_the_file_ready(proof: dict[str, object]) -> None:
    assert judge(METHOD, facts=case(**proof)).outcome == "ready"


def test_open_dispute_of_the_debt_blocks_an_application() -> None:
    facts = case(plans=(PLAN,), disputes=(QUALITY,))
    [problem] = objections(METHOD, {"stage": "apply"}, facts)
    assert problem.blocking
    assert "争议" in problem.text["zh"]
    assert judge(METHOD, {"stage": "review"}, facts).outcome == "not_ready"


def test_request_to_set_off_a_rebate_is_no_dispute_of_the_debt() -> None:
    facts = case(plans=(PLAN,), disputes=(REBATE,))
    assert objections(METHOD, {"stage": "apply"}, facts) == ()
    assert judge(METHOD, {"stage": "apply"}, facts).outcome == "applying"


def test_what_the_court_did_is_noted_whatever_the_file_holds() -> None:
    raw = {"stage": "filed", "court": "杭州市上城区人民法院", "case_number": "(2026)浙0102民督1号", "on": "2026-03-12"}
    assert objections(METHOD, raw, case(disputes=(QUALITY,))) == ()
    decision = judge(METHOD, raw)
    assert (decision.effect, decision.grade) == ("suit", "B")
    assert judge(METHOD, {**raw, "proof": ["a" * 64]}).grade == "A"
    assert judge(METHOD, {"stage": "filed"}).grade == "C"


def test_debtor_without_number_or_address_is_not_ready() -> None:
    facts = case(plans=(PLAN,), debtor=DebtorFacts("d", "陈海", "person"))
    decision = judge(METHOD, facts=facts)
    assert decision.outcome == "not_ready"
    assert any("地址" in line["zh"] and "身份证号" in line["zh"] for line in decision.details)


def test_nothing_due_is_not_ready() -> None:
    assert judge(METHOD, facts=case(plans=(PLAN,), overdue=Money(0))).outcome == "not_ready"
