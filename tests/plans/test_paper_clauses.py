"""A sheet signed by hand carries plugins' clauses in the words they have on the glass; what was struck out is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.documents import onpaper
from fieldsales.documents.canonical import document_of
from fieldsales.documents.clauses import shown_text
from fieldsales.documents.handwritten import transcript
from fieldsales.exchange.models import PrintPack
from fieldsales.kernel.errors import RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.models import BlankPlan, Plan
from fieldsales.plugin_api import PlanClause, words
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows
from tests.exchange.test_packs import filled
from tests.plans.signing import BOSS, plan
from tests.plans.test_plan_clauses import ALWAYS, BY, VENUE, brought

SHEET = f"{cast.HARBOUR}|{cast.HARBOUR_DEBTOR}|{cast.SELLER}|CNY"
PENNED = replace(VENUE, name="penned", title=words("专人", "Who"), when="signatory_name",
                 paras=(words("{signatory_name}按{count}期、就{total}负责催办，自{on}起。",
                              "{signatory_name} sees to {count} instalments of {total} from {on}."),))
OWED = replace(VENUE, name="owed", title=words("保证", "Guarantor"), when="guarantor_name",
               paras=(words("{guarantor_name}签字。", "{guarantor_name} signs."),))


def sheet(lang: str, *clauses: PlanClause) -> str:
    payload = document_of(plan(clauses=[one.as_json() for one in clauses])) | {"instalments": []}
    paper = onpaper.sheet(payload, lang, 3, "http://127.0.0.1")
    return "\n".join(block.text for block in paper.blocks)


@pytest.mark.parametrize(("lang", "clause", "stands"), [
    ("zh", VENUE, "争议由海川五金批发有限公司所在地法院管辖。"),
    ("en", VENUE, "The courts at the seat of 海川五金批发有限公司 decide."),
    ("zh", PENNED, "＿＿＿＿＿＿按＿＿期、就上述确认的金额负责催办，自签署之日起。"),
    ("en", PENNED, "____________ sees to ____ instalments of the amount confirmed above from the day of signing."),
    ("zh", OWED, ""),  # a sheet has no guarantor: left out, as on the glass without one
])
def test_sheet_has_the_clause_in_its_own_words_and_blanks_for_the_pen(lang: str, clause: PlanClause, stands: str
                                                                      ) -> None:
    text = sheet(lang, clause)
    assert (clause.title[lang] in text) is bool(stands)
    assert stands in text
    assert "{" not in text
    effect = "本文书构成乙方对上述全部债务" if lang == "zh" else "acknowledge"
    assert not stands or text.index(stands) < text.rindex(effect)
    if clause is VENUE:
        glass = shown_text("plan", lang, document_of(plan(clauses=[VENUE.as_json()])), BY)
        assert stands in glass, "one wording, glass or paper"


def ordered(program: Program, client: FlaskClient, *names: str) -> Any:
    answer = client.post("/packs", data={"sheets": SHEET, "command_id": uuid7(), "clauses": list(names)})
    assert answer.status_code == 303
    return rows(program, BlankPlan)[-1]


@pytest.mark.parametrize(("chosen", "struck", "signed", "flags"), [
    ((), (), ["always"], []), (("venue",), (), ["always", "venue"], []), (("venue",), ("venue",), ["always"], []),
    (("venue",), ("always",), ["venue"], ["clause_missing"]),
])  # fmt: skip
def test_what_was_printed_and_not_struck_out_is_what_was_signed(
    owed: Program, log_in: Callable[[str], FlaskClient], chosen: tuple[str, ...], struck: tuple[str, ...],
    signed: list[str], flags: list[str],
) -> None:
    owed.plugins.become(brought(ALWAYS, VENUE))
    client = log_in("rep")
    page = client.get("/packs").get_data(as_text=True)
    assert page.index("每份计划都有") < page.index('value="venue"')
    blank = ordered(owed, client, *chosen)
    assert [one["name"] for one in blank["payload"]["clauses"]] == ["always", *chosen]
    form = client.get(f"/paper-plans/{blank['number']}").get_data(as_text=True)
    assert form.count('name="struck"') == 1 + len(chosen)
    answer = client.post(f"/paper-plans/{blank['number']}", data={**filled(), "struck": list(struck)},
                         content_type="multipart/form-data")
    assert answer.status_code == 303
    [row] = rows(owed, Plan)
    assert [one["name"] for one in row["payload"]["clauses"]] == signed
    assert [flag for flag in row["flags"] if flag.startswith("clause")] == flags
    assert "争议由海川五金批发有限公司所在地法院管辖。" in client.get(f"/plans/{row['id']}").get_data(as_text=True)


def test_a_clause_nobody_offers_is_not_printed(owed: Program) -> None:
    one = {"plan_id": uuid7(), "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR, "seller_id": cast.SELLER}
    with pytest.raises(RuleBroken, match="not offered"):
        owed.dispatcher.perform(cast.REP, "exchange.order_pack",
                                {"pack_id": uuid7(), "sheets": [one], "clauses": ["nobody"]})
    assert rows(owed, PrintPack) == []


def test_transcript_names_the_clauses_before_the_signatures() -> None:
    recorded = document_of(plan(clauses=[VENUE.as_json()])) | {
        "clause_version": 3, "signatory": BOSS.model_dump(mode="json"), "witness": "", "photos": ["ab" * 32],
        "stamped": False, "recorder": "王芳"}  # fmt: skip
    texts = [block.text for block in transcript("zh", recorded)]
    assert next(n for n, one in enumerate(texts) if "所在地法院管辖" in one) < next(
        n for n, one in enumerate(texts) if one.startswith("签署人："))
