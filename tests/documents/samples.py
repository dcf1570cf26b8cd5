"""Papers to print: the clause cases signed with a hand that wavers, a receipt, a letter."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from fieldsales.documents import canonical
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
