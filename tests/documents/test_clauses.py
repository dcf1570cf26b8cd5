"""The locked texts: the same bytes as the phone, complete in law, and never edited once published."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.documents import clauses, words
from fieldsales.kernel import money
from fieldsales.kernel.errors import Invalid
from tests.documents import make_clause_cases as made

CASES = json.loads(made.FIXTURE.read_text(encoding="utf-8"))


def test_fixture_made_again_is_the_same() -> None:
    """The texts the phone is tested against are what the server builds today."""
    assert json.loads(json.dumps(made.cases())) == CASES


@pytest.mark.parametrize(("name", "sha256"), [
    ("v1", "a451650ac7a801ecf974296dbd111dfc673db7ece864e9f09377b69121018e21"),
    ("v2", "58559d2222eba88027cee9210ed32e10d6cc91fa4ec6a971cfdffadb619575c5"),
    ("v3", "0c50a27bbf6cd16ae83254fe6c50a1879e9e6e4ff7ac1b79435b1ce3b7c375cc"),
])  # fmt: skip
def test_published_clause_set_is_never_edited(name: str, sha256: str) -> None:
    """A signed paper points at its version: new wording is a new file, not an edit of this one."""
    assert hashlib.sha256((clauses.FOLDER / f"{name}.json").read_bytes()).hexdigest() == sha256


def test_unknown_version_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match=r"documents\.clause_version"):
        clauses.clause_sets(99)


@pytest.mark.parametrize("case", CASES["papers"], ids=lambda case: f"{case['kind']}-{case['payload']['number']}")
def test_text_says_what_the_law_asks(case: dict[str, Any]) -> None:
    """law.md: accrual to a day and on, no waiver, company account, agreed e-signature, both parties' names."""
    text = case["text"]
    asked = {
        "zh": ["暂计至", "此后按原合同继续计算至", "放弃", "只付公司账户",
               "可靠条件的电子签名"],
        "en": ["for the present to", "thereafter continuing", "no waiver", "Pay only to the company's account",
               "conditions of reliability they have agreed"],
    }  # fmt: skip
    for words_ in [sentence for lang in case["lang"].split("-") for sentence in asked[lang]]:
        assert words_ in text
    assert case["payload"]["debtor_name"] in text
    assert case["payload"]["seller_name"] in text
    renewed = "诉讼时效自签署之日起重新计算" in text or "limitation period runs anew" in text
    assert renewed is bool(case["payload"].get("total_minor") or case["payload"].get("agreed_minor"))
    if case["kind"] == "plan":
        acceleration = {"zh": "全部未付款项自该期付款日期之次日起立即到期", "en": "everything unpaid falls due"}
        assert all(acceleration[lang] in text for lang in case["lang"].split("-"))
    assert ("尚未证明" in text or "Authority unproven" in text) is case["unproven"]


@pytest.mark.parametrize("case", CASES["papers"], ids=lambda case: case["payload"]["number"])
def test_text_shows_every_amount_and_date(case: dict[str, Any]) -> None:
    payload, text = case["payload"], case["text"]
    currency = payload["currency"]
    for item in payload.get("instalments", []):
        digits = money.exponent(currency)
        assert f"{item['amount_minor'] / 10**digits:,.{digits}f}" in text
    for number, *_ in payload["invoices"]:
        assert number in text


def test_braces_in_a_name_stay_text() -> None:
    """A name cannot pull another value into the paper."""
    found = next(case for case in CASES["papers"] if "{number}" in case["payload"]["debtor_name"])
    assert '<b>Bolt & Söhne</b> {number} "GmbH"' in found["text"]
    assert "Signed by: Jane O'Neill {total}" in found["text"]


def test_no_place_is_left_unfilled_or_unknown() -> None:
    for kind in ("plan", "statement"):
        for lang in ("zh", "en"):
            kinds = {block["kind"] for block in clauses.clause_sets()[kind][lang]}
            assert kinds <= {"title", "number", "line", "para", "clause", "rows", "sign"}


def test_currencies_agree_with_the_kernel() -> None:
    known = clauses.clause_sets()["words"]["currencies"]
    assert {code: c["digits"] for code, c in known.items() if c["digits"] != 2} == money.EXPONENTS
    for code, currency in known.items():
        assert str(money.Money(5, code)).startswith(currency["sign"])


@given(st.integers(0, 10**13))
def test_chinese_words_agree_with_cn2an(minor: int) -> None:
    """cn2an is the oracle; we add 整 after 角, as 会计基础工作规范 52 asks."""
    oracle = cn2an.an2cn(f"{minor // 100}.{minor % 100:02d}", "rmb")
    assert words.zh_amount(minor) == (oracle if oracle.endswith(("整", "分")) else oracle + "整")


@given(st.lists(st.sampled_from([0, 0, 0, 1, 5, 9]), min_size=3, max_size=13))
def test_chinese_words_with_many_zeros_agree_with_cn2an(digits: list[int]) -> None:
    minor = int("".join(map(str, digits)))
    oracle = cn2an.an2cn(f"{minor // 100}.{minor % 100:02d}", "rmb")
    assert words.zh_amount(minor) == (oracle if oracle.endswith(("整", "分")) else oracle + "整")


@pytest.mark.parametrize(
    ("minor", "digits", "said"),
    [
        (10_000_000, 2, "one hundred thousand only"),
        (123_456_789, 2, "one million two hundred and thirty-four thousand five hundred and sixty-seven and 89/100"),
        (100_000_010, 2, "one million and 10/100"),
        (100_001_00, 2, "one hundred thousand and one only"),
        (0, 2, "zero only"),
        (1_013, 0, "one thousand and thirteen only"),
        (5_005, 3, "five and 005/1000"),
    ],
)
def test_english_words(minor: int, digits: int, said: str) -> None:
    assert words.en_amount(minor, digits) == said


@pytest.mark.parametrize(("bp100", "shown"), [(500, "0.05%"), (10_000, "1%"), (1, "0.0001%"), (12_340, "1.234%")])
def test_rate_is_exact(bp100: int, shown: str) -> None:
    assert words.percent(bp100) == shown
