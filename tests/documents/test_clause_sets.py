"""A house's own clauses: drafted without code, refused with the rule of law, signed off by name, and kept for ever."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.documents import clauses, editions
from fieldsales.documents.clause_checks import RULES, problems_of
from fieldsales.kernel.errors import Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast

LogIn = Callable[[str], FlaskClient]
FIRST = editions.FIRST_OWN


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """The next test has another house."""
    yield
    editions._own_folder.clear()


def drafted(program: Program, body: Any = None) -> None:
    program.dispatcher.perform(cast.ADMIN, "documents.draft_clauses", {
        "version": FIRST, "name": "本公司条款", "body": body or editions.edition(editions.NEWEST)})


def without(rule: str, kind: str) -> Any:
    """The program's set without one clause and what stands under it."""
    body = copy.deepcopy(editions.edition(editions.NEWEST))
    for lang in ("zh", "en"):
        kept, inside = [], False
        for block in body[kind][lang]:
            if block["kind"] in ("clause", "sign"):
                inside = block.get("rule") == rule
            account = rule == "account" and "{seller_account}" in block.get("text", "")
            if not inside and not account:
                kept.append(block)
        body[kind][lang] = kept
    return body


def test_set_that_comes_with_the_program_is_whole() -> None:
    assert problems_of(editions.edition(editions.NEWEST)) == []


@pytest.mark.parametrize(("kind", "rule"), [(kind, rule) for kind in RULES for rule in RULES[kind]])
def test_set_that_lacks_a_required_clause_is_refused_with_the_rule_of_law(kind: str, rule: str) -> None:
    assert {one.law for one in problems_of(without(rule, kind))} == {RULES[kind][rule].law}


@pytest.mark.parametrize(("old", "new", "law"), [
    ("此后按原合同继续计算至", "共计", "买卖合同解释 18 ¶3；民诉解释 428(2)"),
    ("可靠条件的电子签名", "电子签名", "电子签名法 13 ¶2"),
    ("乙方承诺分{count}期", "甲方免除利息，乙方承诺分{count}期", "买卖合同解释 18 ¶3"),
    ("{total_words}（{total}）", "{sum}", ""),
    ("乙方承诺", "\u202e乙方承诺", ""),
    ("乙方承诺", "\U00013000乙方承诺", ""),
    ("乙方承诺分{count}期向甲方支付上述本金，各期付款日期和金额如下，合计{total}：", "", ""),
])  # fmt: skip
def test_wording_that_costs_the_creditor_or_cannot_be_printed_is_refused(old: str, new: str, law: str) -> None:
    body = json.loads(json.dumps(editions.edition(editions.NEWEST), ensure_ascii=False))
    for block in body["plan"]["zh"]:
        if old in block.get("text", ""):
            block["text"] = block["text"].replace(old, new)
    assert law in {one.law for one in problems_of(body)}


def test_published_set_is_signed_by_and_older_papers_keep_theirs(program: Program, log_in: LogIn) -> None:
    body = copy.deepcopy(editions.edition(editions.NEWEST))
    body["plan"]["zh"][0]["text"] = "还款承诺书"
    drafted(program, body)
    assert clauses.clause_sets()["plan"]["version"] == editions.NEWEST, "nobody signs by a draft"
    client = log_in("legal")
    assert "买卖合同解释 18 ¶3" in client.get(f"/clauses/{FIRST}").get_data(as_text=True)
    unnamed = client.post(f"/clauses/{FIRST}/publish", data={"command_id": uuid7(), "signed_off_on": "2026-03-10"})
    assert unnamed.status_code == 422
    sent = {"lawyer_name": "周律师", "signed_off_on": "2026-03-10", "command_id": uuid7()}
    assert client.post(f"/clauses/{FIRST}/publish", data=sent).status_code == 303
    found = clauses.clause_sets()
    assert (found["plan"]["version"], found["plan"]["zh"][0]["text"]) == (FIRST, "还款承诺书")
    assert "周律师" in client.get(f"/clauses/{FIRST}").get_data(as_text=True)
    with pytest.raises(RuleBroken, match=r"documents\.clauses_published"):
        drafted(program, editions.edition(editions.NEWEST))
    payload, signatory = editions.sample("plan")
    assert clauses.shown_text("plan", "zh", payload, signatory).startswith("还款承诺书")
    assert clauses.shown_text("plan", "zh", payload, signatory, "", 2).startswith("还款计划暨债务确认书")


def typed() -> dict[str, str]:
    """The editor's form as it is drawn of the program's set."""
    form = {"command_id": uuid7()}
    for kind in RULES:
        for lang in ("zh", "en"):
            for n, block in enumerate(editions.edition(editions.NEWEST)[kind][lang]):
                form[f"{kind}-{n}-{lang}"] = block.get("text", block.get("caption", ""))
    return form


def test_draft_is_edited_paragraph_by_paragraph(program: Program, log_in: LogIn) -> None:
    drafted(program)
    client, zh = log_in("admin"), editions.edition(editions.NEWEST)["plan"]["zh"]
    waiver = next(n for n, block in enumerate(zh) if block.get("rule") == "no_waiver") + 1
    more = {f"plan-{waiver}-more-zh": "双方每月对账。", f"plan-{waiver}-more-en": "Accounts are compared monthly."}
    client.post(f"/clauses/{FIRST}", data=typed() | more)
    page = client.get(f"/clauses/{FIRST}").get_data(as_text=True)
    assert "双方每月对账" in page
    assert "缺少必备条款" not in page
    drafted(program)
    client.post(f"/clauses/{FIRST}", data=typed() | {f"plan-{waiver}-zh": "", f"plan-{waiver}-en": ""})
    page = client.get(f"/clauses/{FIRST}").get_data(as_text=True)
    assert "缺少必备条款：不放弃权利" in page
    assert "诉讼时效规定 9" in page
    assert client.get(f"/clauses/{FIRST}/preview.pdf").status_code == 422
    with pytest.raises(Invalid, match=r"documents\.clauses_wrong"):
        program.dispatcher.perform(cast.LEGAL, "documents.publish_clauses", {
            "version": FIRST, "lawyer_name": "周律师", "signed_off_on": "2026-03-10"})


def test_preview_is_the_paper_it_would_make(program: Program, log_in: LogIn, tmp_path: Path) -> None:
    body = copy.deepcopy(editions.edition(editions.NEWEST))
    body["plan"]["zh"][0]["text"] = "还款承诺书"
    drafted(program, body)
    target = tmp_path / "preview.pdf"
    target.write_bytes(log_in("legal").get(f"/clauses/{FIRST}/preview.pdf?lang=zh-en").data)
    text = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
    assert "还款承诺书" in text
    assert "Repayment Plan and Acknowledgement of Debt" in text


@pytest.mark.parametrize("actor", [cast.REP, cast.MANAGER, cast.FINANCE])
def test_only_legal_and_the_administrator_keep_clauses(program: Program, actor: Any) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(actor, "documents.draft_clauses", {
            "version": FIRST, "name": "x", "body": editions.edition(editions.NEWEST)})


def test_laid_set_is_never_written_again(tmp_path: Path) -> None:
    editions.lay_down(tmp_path, FIRST, {"a": 1})
    editions.lay_down(tmp_path, FIRST, {"a": 2})
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b'{"a":1}']
