"""What a court papers' evidence list holds, and which kind of preservation is asked for."""

from __future__ import annotations

import pytest

from fieldsales.plugin_api import EvidenceFacts, MakePaper
from fieldsales.plugin_api.testing import TODAY, case, judge, objections

from .. import METHOD
from ..papers import proofs_of
from .test_track import run, with_kept


def evidence(*given: tuple[str, str]) -> tuple[EvidenceFacts, ...]:
    return tuple(EvidenceFacts(kind, name, TODAY) for kind, name in given)


@pytest.mark.parametrize(("on_file", "rows"), [
    ((), []),
    ((("plan", "HK1"), ("contract", "合同.pdf")),
     ["买卖合同 合同.pdf~双方签订，原告保存~买卖关系、价款和付款期限",
      "还款计划暨债务确认书 HK1~被告签署，原告保存~被告承认债务、同意分期履行"]),
    ((("application", "ZL1"), ("report", "ZJ1"), ("plugin", "QS1"), ("lawyer", "LS1")), []),  # our own drafts
    ((("statement", "a|b~c"), ("statement", "a|b~c")), ["对账确认函 a／b－c~被告签署，原告保存~被告确认欠款数额"]),
    (tuple(("delivery_note", f"S{n}") for n in range(30)),
     ["收货单 S0、S1、S2等 30 份~被告签收，原告保存~货物已经交付"]),
])  # fmt: skip
def test_evidence_list_names_source_and_purpose(on_file: tuple[tuple[str, str], ...], rows: list[str]) -> None:
    assert proofs_of(case(evidence=evidence(*on_file))) == rows


def test_evidence_list_never_outgrows_what_a_paper_holds() -> None:
    every = [(kind, f"{kind}-{'长' * 60}-{n}") for kind in ("contract", "delivery_note", "statement", "plan", "fapiao")
             for n in range(8)]
    assert 1000 < len("|".join(proofs_of(case(evidence=evidence(*every))))) <= 2000


@pytest.mark.parametrize(("steps", "fields", "before"), [
    ((), {}, "1"), ((), {"case_number": "（2026）浙0203民初8号"}, ""), ((("sued", "2026-03-01"),), {}, ""),
    ((("filed", "2026-01-05"), ("refused", "2026-01-08")), {}, "1"),
])  # fmt: skip
def test_preservation_before_a_suit_or_in_it(steps: tuple[tuple[str, str], ...], fields: dict[str, str], before: str
                                             ) -> None:
    decision = judge(METHOD, {"stage": "preserve", "court": "鄞州区法院", **fields}, with_kept(run(*steps)))
    [paper] = [one for one in decision.effects if isinstance(one, MakePaper)]
    assert paper.values["before_suit"] == before


@pytest.mark.parametrize("stage", ["preserve", "enforce"])
def test_property_named_in_the_form_is_named(stage: str) -> None:
    bare = judge(METHOD, {"stage": stage}).details
    named = judge(METHOD, {"stage": stage, "property": "账户尾号 3345"}).details
    assert any("缺财产线索" in line["zh"] for line in bare)
    assert not any("缺财产线索" in line["zh"] for line in named)


def test_own_drafts_are_not_named_as_evidence_on_file() -> None:
    facts = case(evidence=evidence(("plugin", "QS1"), ("report", "ZJ1"), ("plan", "HK1")))
    said = [line["zh"] for line in judge(METHOD, {"stage": "review"}, facts).details]
    assert [line for line in said if line.startswith("在案")] == ["在案：HK1"]


@pytest.mark.parametrize(("steps", "barred"), [
    ((), False), ((("pre_frozen", "2026-03-01"),), True),
    ((("pre_frozen", "2026-03-01"), ("released", "2026-04-01")), True),  # it was applied for all the same
    ((("frozen", "2026-03-01"),), False),
])  # fmt: skip
def test_no_payment_order_after_preservation_before_a_suit(steps: tuple[tuple[str, str], ...], barred: bool) -> None:
    facts = with_kept(run(*steps))
    said = [one for one in objections(METHOD, {"stage": "apply"}, facts) if "诉前保全" in one.text["zh"]]
    assert [one.blocking for one in said] == [True] * barred
    review = [line["zh"] for line in judge(METHOD, {"stage": "review"}, facts).details]
    assert any(line.startswith("✗ 已申请诉前保全") for line in review) is barred
