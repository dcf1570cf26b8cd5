"""Papers to print: the clause cases signed with a hand that wavers, a receipt, a letter."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from fieldsales.documents import canonical
from fieldsales.documents.contents import (
    Acknowledged,
    CasePayload,
    Exhibit,
    InterestLine,
    InterestShown,
    LimitationAct,
)
from fieldsales.documents.messages import LetterPayload, PaperSource, ReceiptPayload, Signatory, Strokes
from tests.documents import make_clause_cases as made
from tests.documents.test_signing import DEVICE, jwk, signed


def ink() -> list[list[tuple[int, int, int]]]:
    """Three characters as a hand would draw them, roughly."""
    strokes = []
    for n in range(5):
        points = []
        for k in range(40):
            turn = k / 39
            x = 300 + n * 420 + 360 * turn + 40 * math.sin(9 * turn + n)
            y = 600 + 220 * math.sin(5 * turn + n) + 120 * math.cos(13 * turn * (1 + n / 5))
            points.append((int(x), int(y), n * 400 + k * 9))
        strokes.append(points)
    return strokes


def signed_source(payload: Any, signatory: Signatory = made.BOSS, lang: str = "zh") -> dict[str, Any]:
    """A plan's or statement's source, as its capability orders it."""
    strokes = Strokes(width=360, height=200, strokes=ink())
    signing = signed(payload, signatory, lang, drawn=strokes)
    return PaperSource(
        payload=canonical.document_of(payload), signing=signing.model_dump(mode="json"), device_id=DEVICE,
        device_key=jwk(),
    ).model_dump(mode="json")  # fmt: skip


def receipt(n: int = 60, **other: Any) -> dict[str, Any]:
    """A receipt for cash."""
    fields: dict[str, Any] = {
        "receipt_id": made.paper_id(n), "number": f"SJ261121-{n:08d}", "debtor_name": "海港五金有限公司",
        "payer_name": "周海生", "seller_name": "杭州远帆工具有限公司", "seller_account": made.ACCOUNT,
        "amount_minor": 3_000_000, "method": "cash", "invoice_numbers": ["YF-2026-0318", "YF-2026-0320"],
        "collector_name": "王小明", "received_on": made.DAY, "made_at": made.MADE_AT,
    }  # fmt: skip
    payload = ReceiptPayload(**{**fields, **other})
    return PaperSource(payload=canonical.document_of(payload)).model_dump(mode="json")


def letter(n: int = 61, **other: Any) -> dict[str, Any]:
    """A demand letter over the whole debt."""
    invoices = [(f"YF-2026-{k:04d}", date(2026, 5, 1) + timedelta(days=30 * k), 4_500_000 + k) for k in range(8)]
    fields: dict[str, Any] = {
        "letter_id": made.paper_id(n), "number": f"CH261121-{n:08d}", "debtor_name": "海港五金有限公司",
        "debtor_address": "杭州市上城区海潮路 18 号", "seller_name": "杭州远帆工具有限公司",
        "seller_account": made.ACCOUNT, "as_of": made.DAY, "pay_by": made.DAY + timedelta(days=10),
        "total_minor": sum(minor for _, _, minor in invoices),
        "overdue_minor": sum(minor for _, due_on, minor in invoices if due_on < made.DAY),
        "invoices": invoices, "carrier": "邮政特快专递", "tracking_number": "1234567890123",
        "contact_name": "钱财务", "contact_phone": "0571 8800 0000", "made_at": made.MADE_AT,
    }  # fmt: skip
    payload = LetterPayload(**{**fields, **other})
    return PaperSource(payload=canonical.document_of(payload)).model_dump(mode="json")


def case(n: int = 70, **other: Any) -> dict[str, Any]:
    """A case as an application, a lawyer's draft or a report states it."""
    invoices = [(f"YF-2026-{k:04d}", date(2026, 5, 1) + timedelta(days=30 * k), 4_500_000 + k) for k in range(8)]
    line = InterestLine(number="YF-2026-0000", principal_minor=4_500_000, from_on=date(2026, 5, 2), to_on=made.DAY,
                        days=204, rate_bp100=500, per="day", amount_minor=459_000)  # fmt: skip
    fields: dict[str, Any] = {
        "paper_id": made.paper_id(n), "number": f"ZL261121-{n:08d}", "seller_name": "杭州远帆工具有限公司",
        "seller_reg_no": "91330100TEST00001X", "seller_address": "杭州市西湖区文三路 1 号",
        "seller_account": made.ACCOUNT, "debtor_name": made.LONG, "debtor_kind": "company",
        "debtor_reg_no": "91330100MA2KJ7XY3T", "debtor_address": "杭州市上城区海潮路 18 号", "as_of": made.DAY,
        "pay_by": made.DAY + timedelta(days=10), "total_minor": sum(minor for _, _, minor in invoices),
        "overdue_minor": sum(minor for _, due_on, minor in invoices if due_on < made.DAY), "invoices": invoices,
        "interest": InterestShown(basis="contract", to_on=made.DAY, source="买卖合同第八条", lines=[line],
                                  total_minor=459_000, unreckoned=1),
        "acknowledged": [Acknowledged(kind="plan", number="HK260901-7K3QX9PW", on=date(2026, 9, 1), amount_minor=1)],
        "evidence": [Exhibit(kind=kind, name="照片 1.jpg", on=made.DAY, invoice_number="YF-2026-0001", sha256=made.SHA)
                     for kind in ("contract", "delivery_note", "plan", "visit")],
        "acts": [LimitationAct(on=date(2026, 9, 1), effect="acknowledgement", grade="A")],
        "limitation_on": date(2029, 5, 1), "contact_name": "钱财务", "made_at": made.MADE_AT,
    }  # fmt: skip
    return PaperSource(payload=canonical.document_of(CasePayload(**{**fields, **other}))).model_dump(mode="json")


def transcript(n: int = 71) -> dict[str, Any]:
    """A commitment signed by hand, as it is recorded."""
    recorded = {"clause_version": 2, "signatory": made.CLERK.model_dump(mode="json"), "witness": "陈立",
                "photos": [made.SHA], "stamped": True, "recorder": "王小明"}  # fmt: skip
    payload = canonical.document_of(made.plan(n, 18_230_000, 6, debtor_name="义乌市䶮记百货商行")) | recorded
    return PaperSource(payload=payload).model_dump(mode="json")


def every_paper() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every kind in every language: (kind, language, source) by name."""
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for lang in ("zh", "en", "zh-en"):
        for tone in ("friendly", "firm", "final"):
            found[f"letter-{tone}-{lang}"] = ("letter", lang, letter(tone=tone, expired=tone == "firm"))
        for kind in ("application", "lawyer", "report"):
            found[f"{kind}-{lang}"] = (kind, lang, case(expired=kind == "lawyer"))
        found[f"receipt-{lang}"] = ("receipt", lang, receipt())
        found[f"transcript-{lang}"] = ("transcript", lang, transcript())
        plan = made.plan(2, 18_230_000, 36, guarantor_name="周海平", debtor_name=made.LONG, limitation_expired=True)
        found[f"plan-{lang}"] = ("plan", lang, signed_source(plan, lang=lang))
        statement = made.statement(46, 18_230_000, made.DISPUTED)
        found[f"statement-{lang}"] = ("statement", lang, signed_source(statement, made.CLERK, lang))
    return found
