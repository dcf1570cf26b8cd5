"""Writes fixtures/clause_cases.json, which the Python and the JavaScript tests both read.

Run ``python -m tests.documents.make_clause_cases`` after adding a case; a published text never changes.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from fieldsales.documents import canonical, words
from fieldsales.documents.clauses import is_unproven, shown_text, text_sha256
from fieldsales.documents.messages import Signatory
from fieldsales.kernel.ids import paper_number
from fieldsales.kernel.money import Money
from fieldsales.plans.messages import Instalment, PlanPayload
from fieldsales.statements.messages import Difference, StatementPayload

FIXTURE = Path(__file__).parent / "fixtures" / "clause_cases.json"
MADE_AT = datetime(2026, 11, 21, 9, 41, 7, tzinfo=UTC)
DAY = date(2026, 11, 21)
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ACCOUNT = "中国工商银行杭州西湖支行 1202 0212 0990 0123 456"
LONG = "浙江省杭州市余杭区五常街道向往街全球五金机电及建筑装饰材料进出口贸易股份有限公司第二分公司"


def paper_id(n: int) -> str:
    """A fixed UUIDv7."""
    return f"019aa5d0-0000-7000-8000-{n * 7_919_311 + 88_172_645_463:012x}"


def plan(n: int, total: int, count: int, **other: Any) -> PlanPayload:
    """A plan of ``count`` monthly instalments that sum to ``total`` minor units."""
    shares = Money(total).split(count)
    months = [(DAY.year * 12 + DAY.month + index) for index in range(count)]
    instalments = [
        Instalment(n=index + 1, due_on=date(month // 12, month % 12 + 1, 15), amount_minor=share.minor)
        for index, (month, share) in enumerate(zip(months, shares, strict=True))
    ]
    fields: dict[str, Any] = {
        "plan_id": paper_id(n),
        "number": paper_number("HK", paper_id(n), DAY),
        "customer_id": paper_id(900),
        "debtor_id": paper_id(901),
        "debtor_name": "海港五金有限公司",
        "debtor_kind": "company",
        "debtor_reg_no": "91330100MA2KJ7XY3T",
        "debtor_address": "杭州市上城区海潮路 18 号",
        "seller_id": paper_id(902),
        "seller_name": "杭州远帆工具有限公司",
        "seller_account": ACCOUNT,
        "total_minor": total,
        "invoices": [("YF-2026-0318", total)],
        "instalments": instalments,
        "acknowledged_on": DAY,
        "late_daily_bp100": 500,
        "place": "海港五金门市",
        "made_at": MADE_AT,
    }
    return PlanPayload(**{**fields, **other})


def statement(n: int, balance: int, differences: list[Difference], **other: Any) -> StatementPayload:
    """A statement of account whose agreed part is the balance less the differences."""
    fields: dict[str, Any] = {
        "statement_id": paper_id(n),
        "number": paper_number("DZ", paper_id(n), DAY),
        "customer_id": paper_id(900),
        "debtor_id": paper_id(901),
        "debtor_name": "海港五金有限公司",
        "debtor_kind": "company",
        "debtor_reg_no": "91330100MA2KJ7XY3T",
        "seller_id": paper_id(902),
        "seller_name": "杭州远帆工具有限公司",
        "seller_account": ACCOUNT,
        "as_of": date(2026, 10, 31),
        "balance_minor": balance,
        "agreed_minor": balance - sum(difference.amount_minor for difference in differences),
        "differences": differences,
        "invoices": [("YF-2026-0318", date(2026, 4, 17), balance)],
        "made_at": MADE_AT,
    }
    return StatementPayload(**{**fields, **other})


BOSS = Signatory(
    name="周海生", role="legal_representative", id_last4="213X", phone="138 0571 2233",
    authority="legal_representative", authority_sha256=[SHA],
)  # fmt: skip
CLERK = Signatory(name="李梅", role="finance")
OWNER = Signatory(name="欧阳若兰", role="self", authority="self", id_last4="0042")
AGENT = Signatory(name="Jane O'Neill {total}", role="other", role_text="Deputy manager", authority="business_card")
ADDED = [
    {"name": "venue", "version": 2, "title_zh": "管辖", "title_en": "Venue",
     "paras_zh": ["争议由{seller_name}所在地法院管辖，标的{total}。", "不影响其余条款。"],
     "paras_en": ["The courts at the seat of {seller_name} decide on {total}.", "All else stands."]},
    {"name": "of_guarantor", "version": 1, "when": "guarantor_name", "title_zh": "保证人告知", "title_en": "Notice",
     "paras_zh": ["{guarantor_name}已知悉。"], "paras_en": ["{guarantor_name} knows of this."]},
]
MANY = [(f"YF-2026-{index:04d}", 1_234_567 + index) for index in range(1, 41)]
DISPUTED = [
    Difference(kind="returned", amount_minor=1_250_00, note="角磨机 5 台，三月退回"),
    Difference(kind="rebate", amount_minor=8_000_00),
    Difference(kind="not_booked", amount_minor=30_000_00, note="2026-09-28 现金"),
    Difference(kind="price", amount_minor=0, note="YF-2026-0318"),
    Difference(kind="fapiao", amount_minor=1),
]


def papers() -> list[tuple[str, str, PlanPayload | StatementPayload, Signatory, str]]:
    """(kind, language, payload, signatory, witness) of every case of the first version."""
    person = {"debtor_name": "王彧喆", "debtor_kind": "person", "debtor_reg_no": "330102********0042"}
    shop = {"debtor_name": "义乌市䶮记百货商行", "debtor_kind": "sole_trader", "debtor_reg_no": ""}
    bare = {"debtor_reg_no": "", "debtor_address": "", "seller_account": "", "place": "", "invoices": []}
    follow = {"statement_id": paper_id(41), "predecessor_id": paper_id(1), "late_daily_bp100": None}
    odd = {"debtor_name": "<b>Bolt & Söhne</b> {number} \"GmbH\"", "currency": "EUR", "debtor_reg_no": "HRB 1"}
    return [
        ("plan", "zh", plan(1, 10_000_000, 1), BOSS, ""),
        ("plan", "zh", plan(2, 18_230_000, 6, guarantor_name="周海平"), BOSS, "陈立"),
        ("plan", "zh", plan(3, 10**13, 36, debtor_name=LONG), CLERK, ""),
        ("plan", "zh", plan(4, 123_456_789, 7, invoices=MANY), BOSS, ""),
        ("plan", "zh", plan(5, 4_200_50, 3, **person), OWNER, ""),
        ("plan", "zh", plan(6, 99_999_99, 12, **shop, **follow), OWNER, ""),
        ("plan", "zh", plan(7, 5, 2, **bare), CLERK, ""),
        ("plan", "en", plan(11, 10_000_000, 1), BOSS, ""),
        ("plan", "en", plan(12, 18_230_005, 6, guarantor_name="Zhou Haiping", late_daily_bp100=1234), AGENT, "Chen Li"),
        ("plan", "en", plan(13, 10**13, 36, debtor_name=LONG, **follow), CLERK, ""),
        ("plan", "en", plan(14, 123_456_789, 7, invoices=MANY, **odd), AGENT, ""),
        ("plan", "en", plan(15, 4_200_50, 3, **person), OWNER, ""),
        ("plan", "en", plan(16, 250_000, 2, currency="JPY", **bare), CLERK, ""),
        ("plan", "en", plan(17, 250_000, 2, currency="XAF"), CLERK, ""),
        ("statement", "zh", statement(41, 18_230_000, []), BOSS, ""),
        ("statement", "zh", statement(42, 18_230_000, DISPUTED, place="海港五金门市"), CLERK, "陈立"),
        ("statement", "zh", statement(43, 3_925_001, DISPUTED, invoices=[]), BOSS, ""),
        ("statement", "zh", statement(44, 77_00, [], **person), OWNER, ""),
        ("statement", "en", statement(45, 18_230_000, []), BOSS, ""),
        ("statement", "en", statement(46, 18_230_000, DISPUTED, seller_account=""), AGENT, ""),
    ]


def later_papers() -> list[tuple[str, str, PlanPayload | StatementPayload, Signatory, str]]:
    """The same of the second: what it added, and both languages in one paper."""
    follow = {"predecessor_id": paper_id(1), "predecessor_number": "HK260901-7K3QX9PW"}
    paid = {**follow, "predecessor_paid_minor": 3_000_000}
    old = {"limitation_expired": True}
    bare = {"debtor_reg_no": "", "debtor_address": "", "seller_account": "", "place": "", "invoices": []}
    return [
        ("plan", "zh", plan(81, 18_230_000, 6), BOSS, "陈立"),
        ("plan", "zh", plan(82, 18_230_000, 6, **paid, **old), BOSS, ""),
        ("plan", "en", plan(83, 18_230_005, 3, **follow, late_daily_bp100=None), AGENT, "Chen Li"),
        ("plan", "zh-en", plan(84, 10**13, 36, debtor_name=LONG, guarantor_name="周海平", **paid, **old), CLERK, "陈"),
        ("plan", "zh-en", plan(85, 5, 2, **bare), OWNER, ""),
        ("plan", "zh-en", plan(86, 250_000, 2, currency="JPY", invoices=MANY), AGENT, ""),
        ("statement", "zh", statement(87, 18_230_000, DISPUTED), CLERK, ""),
        ("statement", "zh-en", statement(88, 18_230_000, DISPUTED, place="海港五金门市"), CLERK, "陈立"),
        ("statement", "zh-en", statement(89, 3_925_001, DISPUTED, invoices=[]), BOSS, ""),
    ]


def newest_papers() -> list[tuple[str, str, PlanPayload | StatementPayload, Signatory, str]]:
    """The same of the third: signed by a link, what it says of one-time codes, and clauses that plugins bring."""
    afar = {"channel": "remote", "place": ""}
    more = {"clauses": ADDED}
    return [
        ("plan", "zh", plan(91, 18_230_000, 6), BOSS, "陈立"),
        ("plan", "zh", plan(92, 18_230_000, 6, **afar), BOSS, ""),
        ("plan", "zh-en", plan(93, 18_230_005, 3, **afar), CLERK, ""),
        ("statement", "en", statement(94, 18_230_000, DISPUTED), AGENT, ""),
        ("plan", "zh", plan(95, 18_230_000, 6, **more), BOSS, ""),
        ("plan", "en", plan(96, 18_230_000, 6, guarantor_name="周海平", **more), AGENT, ""),
        ("plan", "zh-en", plan(97, 18_230_000, 2, **afar, **more), CLERK, ""),
    ]


def _case(
    version: int, kind: str, lang: str, model: PlanPayload | StatementPayload, signatory: Signatory, witness: str
) -> Any:
    payload, by = canonical.document_of(model), signatory.model_dump(mode="json")
    text = shown_text(kind, lang, payload, by, witness, version)
    signing = {
        "lang": lang,
        "clause_set": kind,
        "clause_version": version,
        "payload_sha256": canonical.digest(payload),
        "text_sha256": text_sha256(text),
        "strokes_sha256": SHA,
        "signatory": by,
    }
    manifest = canonical.manifest_of(kind, payload, signing, paper_id(77))
    return {
        "kind": kind,
        "lang": lang,
        "version": version,
        "payload": payload,
        "signatory": by,
        "witness": witness,
        "unproven": is_unproven(payload, by),
        "text": text,
        "text_sha256": signing["text_sha256"],
        "payload_sha256": signing["payload_sha256"],
        "manifest": manifest,
        "manifest_sha256": canonical.digest(manifest),
    }


def _amounts() -> list[dict[str, Any]]:
    values = [0, 1, 10, 15, 100, 105, 110, 1000, 1001, 1100, 10_000_000, 10_020_000, 10_000_050, 10_000_005, 10_010_005]
    values += [1_000_001_23, 10_000_000_000, 100_010_000_00, 100_000_000_100, 2_000_500_000, 1_234_567_890, 10**13]
    rows = [(minor, 2) for minor in values] + [(5, 0), (250_000, 0), (5005, 3), (500, 3), (12_345, 3)]
    return [
        {
            "minor": minor,
            "digits": digits,
            "zh": words.zh_amount(minor, digits),
            "en": words.en_amount(minor, digits),
            "figures": words.figures(minor, "¥", digits),
        }
        for minor, digits in rows
    ]


def wave(count: int, reach: int, last_ms: int) -> list[list[int]]:
    """A zigzag of ``count`` points over ``reach`` tenths of a pixel."""
    steps = max(count - 1, 1)
    return [[200 + reach * k // steps, 500 + (k % 2) * reach // 4, last_ms * k // steps] for k in range(count)]


def _strokes() -> list[dict[str, Any]]:
    line = [[200 + 40 * k, 500, 50 * k] for k in range(20)]
    cases: list[list[list[list[int]]]] = [
        [], [[]], [[[500, 500, 0]]], [wave(5, 900, 800)], [wave(40, 30, 900)], [wave(40, 1500, 120)], [line],
        [wave(20, 1500, 900)], [wave(8, 900, 400), [[900, 900, 500], [1200, 950, 700]]], [wave(20, 90_000, 900)],
        [[*wave(20, 1500, 900), [300, 300, 5]]],
    ]  # fmt: skip
    return [{"width": 360, "height": 200, "strokes": case, "problem": _problem(case)} for case in cases]


def _problem(strokes: list[list[list[int]]]) -> str | None:
    points = [[(x, y, t) for x, y, t in stroke] for stroke in strokes]
    return canonical.strokes_problem(points, 360, 200)


def cases() -> dict[str, Any]:
    """The whole fixture."""
    numbers = [
        {"prefix": prefix, "id": paper_id(n), "on": "2026-11-21", "number": paper_number(prefix, paper_id(n), DAY)}
        for n, prefix in enumerate(("HK", "DZ", "SJ"), start=51)
    ]
    papers_ = [_case(version, *paper) for version, made in ((1, papers()), (2, later_papers()), (3, newest_papers()))
               for paper in made]
    return {"papers": papers_, "amounts": _amounts(), "strokes": _strokes(), "numbers": numbers}


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(cases(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
