"""Papers a method has made: the whole debt from the books, the proofs on file, and nothing a stranger may not read."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.documents import press
from fieldsales.documents.models import Document
from fieldsales.kernel.errors import Invalid, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import invoice, rows
from tests.collection.test_actions import act
from tests.plans import signing


def contract_rate(program: Program) -> None:
    program.dispatcher.perform(cast.LEGAL, "receivables.set_rate", {
        "rate_id": uuid7(), "kind": "contract", "customer_id": cast.HARBOUR, "from_on": "2025-01-01",
        "rate_bp100": 500, "source": "买卖合同第八条"})


def newest(program: Program) -> dict[str, Any]:
    return rows(program, Document)[-1]


def read(program: Program, document: dict[str, Any], tmp_path: Path) -> str:
    """The paper as ``pdftotext`` reads it, without line ends."""
    target = tmp_path / "paper.pdf"
    target.write_bytes(press.make(document["kind"], document["source"], document["lang"], program.settings))
    text = subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True).stdout
    return "".join(text.split())


@pytest.mark.parametrize(("tone", "title", "says_interest"), [
    ("friendly", "付款提醒函", False), ("firm", "催告函", True), ("final", "最后催告函", True),
])  # fmt: skip
def test_letter_in_its_tone_states_the_whole_debt(
    owed: Program, tmp_path: Path, tone: str, title: str, says_interest: bool
) -> None:
    contract_rate(owed)
    act(owed, "letter", {"stage": "make", "tone": tone, "pay_by": "2026-03-20", "exception": "试印"})
    text = read(owed, newest(owed), tmp_path)
    assert text.startswith(f"开发环境印章·非正式文书{title}")
    assert "¥182,300.00" in text
    assert "诉讼时效因此中断" in text
    # 150,000 × 0.05 % × 46 days
    assert ("¥3,450.00" in text) is says_interest
    assert ("买卖合同第八条" in text) is says_interest
    assert ("提起诉讼或者申请仲裁" in text) is (tone == "final")


def test_letter_in_both_languages_says_which_prevails(owed: Program, tmp_path: Path) -> None:
    act(owed, "letter", {"stage": "make", "lang": "zh_en", "tone": "firm", "exception": "试印"})
    document = newest(owed)
    assert document["lang"] == "zh-en"
    text = read(owed, document, tmp_path)
    assert "以中文文本为准" in text
    assert "theChinesetextprevails" in text
    assert "DemandforPayment" in text


def test_application_asks_for_interest_only_when_the_contract_has_it(owed: Program, tmp_path: Path) -> None:
    plan = signing.plan()
    owed.dispatcher.perform(cast.REP, "plans.sign_plan", signing.command(plan, signing.signed(plan, device_id="")))
    act(owed, "legal", {"stage": "apply", "court": "宁波市海曙区人民法院"}, actor=cast.LEGAL)
    document = newest(owed)
    assert document["kind"] == "application"
    assert document["source"]["payload"]["interest"] is None
    text = read(owed, document, tmp_path)
    assert text.count("支付令申请书")
    for words in ("宁波市海曙区人民法院", "未因此放弃", plan.number, "¥150,000.00", "91330200TEST00001X"):
        assert words in text
    contract_rate(owed)
    act(owed, "legal", {"stage": "apply"}, actor=cast.MANAGER)
    assert newest(owed)["source"]["payload"]["interest"]["basis"] == "contract"


def test_application_is_not_made_while_something_is_missing(owed: Program) -> None:
    with pytest.raises(Exception, match=r"collection\.check"):
        act(owed, "legal", {"stage": "apply"}, actor=cast.LEGAL)
    assert rows(owed, Document) == []


def test_a_rep_orders_no_lawyers_letter(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        act(owed, "legal", {"stage": "lawyer"})


def test_lawyers_letter_is_marked_a_draft(owed: Program, tmp_path: Path) -> None:
    act(owed, "legal", {"stage": "lawyer", "law_firm": "某某律师事务所"}, actor=cast.LEGAL)
    text = read(owed, newest(owed), tmp_path)
    assert "草稿：供律师审阅、修改和签发" in text
    assert "某某律师事务所接受海川五金批发有限公司" in text


def test_report_lists_proofs_and_holds_nothing_of_our_judgement(owed: Program, tmp_path: Path) -> None:
    act(owed, "phone", {"result": "delay", "spoke_with": "王会计"})
    act(owed, "letter", {"stage": "delivered", "signed_by": "李", "tracking_number": "SF1", "proof": ["a" * 64]})
    act(owed, "legal", {"stage": "report"}, actor=cast.LEGAL)
    document = newest(owed)
    text = read(owed, document, tmp_path)
    for words in ("债权证据报告", "债务人同意履行", "仅有记录", "催告（主张权利）", "有送达证明", "届满"):
        assert words in text
    whole = json.dumps(document["source"], ensure_ascii=False)
    for never in (cast.HARBOUR_CANARY, "tier", "credit_grade", "score", "bad_faith"):
        assert never not in whole


def test_after_expiry_the_letter_claims_no_interruption_and_legal_is_asked(owed: Program, tmp_path: Path) -> None:
    owed.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("XS-0001", 100_000, date(2022, 1, 5), date(2022, 2, 5))]})
    act(owed, "letter", {"stage": "make"})
    text = read(owed, newest(owed), tmp_path)
    assert "诉讼时效期间可能已经届满" in text
    assert "诉讼时效因此中断" not in text
    assert "limitation" in {task["kind"] for task in rows(owed, Task)}


def test_sign_no_face_has_is_told_before_the_paper_is_made(owed: Program) -> None:
    with pytest.raises(Invalid, match=r"documents\.no_glyph"):
        act(owed, "letter", {"stage": "make", "note": "请联系\U00013000"})
    assert rows(owed, Document) == []
