"""The phone reckons the ask, marks pity and fills in the words as the office does: the same tables of cases."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from fieldsales.collection.asks import basis_points
from fieldsales.collection.linter import DEFAULTS, mark
from fieldsales.collection.talk import LINES
from fieldsales.documents.clauses import clause_sets
from tests.browser.test_kernel_in_node import node
from tests.collection.test_asks import CASES as ASKS
from tests.collection.test_asks import Decimal
from tests.collection.test_linter import CASES as PITY

JS = (Path(__file__).parents[2] / "static" / "js").as_uri()


def on_the_phone(script: str, given: Any) -> Any:
    """Run a module in Node with ``given``; it logs one JSON line."""
    script = script.replace("HERE", JS).replace("GIVEN", json.dumps(given))
    done = subprocess.run([node(), "--input-type=module", "-"], input=script, capture_output=True, text=True,
                          timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_phone_asks_for_what_the_office_would_ask_for() -> None:
    given = {"asks": [[one[1], basis_points(Decimal(one[2])), one[3]] for one in ASKS["asks"]],
             "ceilings": [one[1:5] for one in ASKS["ceilings"]]}
    found = on_the_phone("""
import { askFor, ceiling } from "HERE/table/ask.js";
const { asks, ceilings } = GIVEN;
console.log(JSON.stringify({ asks: asks.map((one) => askFor(...one)).map((one) => [one.ask_minor, one.capped]),
  ceilings: ceilings.map((one) => ceiling(...one)) }));""", given)
    assert found["asks"] == [one[4:] for one in ASKS["asks"]]
    assert found["ceilings"] == [one[5] for one in ASKS["ceilings"]]


def test_phone_marks_what_the_office_marks() -> None:
    texts = [one[1] for one in PITY] + [f"。{one.phrase.replace('*', '的')}." for one in DEFAULTS]
    found = on_the_phone("""
import { mark } from "HERE/parts/pity.js";
const { phrases, texts } = GIVEN;
console.log(JSON.stringify(texts.map((text) => mark(text, phrases).map((one) => [one.start, one.found, one.instead]))));
""", {"phrases": [{"phrase": one.phrase, "instead": one.instead} for one in DEFAULTS], "texts": texts})
    assert found == [[[hit.start, hit.found, hit.instead] for hit in mark(text, DEFAULTS)] for text in texts]
    assert sum(map(len, found)) > len(DEFAULTS)


def test_words_are_filled_with_the_customers_own_figures_or_left_out() -> None:
    customer = {
        "name": "海港五金", "currency": "CNY", "open_minor": 18_230_000, "overdue_minor": 15_000_000,
        "disputed_minor": 1_000_000, "days_past_due": 46, "oldest_due_on": "2026-01-25", "invoices": [{
            "number": "XS-1001", "open_minor": 15_000_000, "dues": [{"due_on": "2026-01-25", "open_minor": 1}]}],
        "promises": [{"state": "broken", "amount_minor": 5_000_000, "due_on": "2026-03-01", "made_at": "2026-02-20"}],
        "payments": [{"received_on": "2026-02-11", "amount_minor": 300_000, "reversed": False}],
        "statements": [{"as_of": "2026-01-31", "agreed_minor": 19_000_000}],
    }  # fmt: skip
    lines = [{"use": one.use, "zh": one.zh, "en": one.en, "sent": one.sent} for one in LINES]
    found = on_the_phone("""
import { figures, fill } from "HERE/table/fill.js";
const { customer, lines } = GIVEN;
const say = { money: (minor) => "¥" + (minor / 100), day: (iso) => iso };
const known = figures(customer, { company: "海川", me: "王敏", today: "2026-03-12", ask: 18000000 }, say);
const bare = figures({ name: "新客户", currency: "CNY" }, { company: "海川", me: "王敏", today: "2026-03-12" }, say);
console.log(JSON.stringify({ whole: lines.map((one) => [fill(one.zh, known), fill(one.en, known)]),
  bare: lines.map((one) => fill(one.zh, bare)) }));""", {"customer": customer, "lines": lines})
    assert all(text and "{" not in text for pair in found["whole"] for text in pair)
    opening = next(pair[0] for line, pair in zip(lines, found["whole"], strict=True) if line["use"] == "opening")
    assert opening == ("海港五金，今天来办一件事：未结货款 ¥182300，其中 ¥150000 已到期，最早一笔 2026-01-25。"
                       "这次请安排 ¥180000，哪天付？")
    broken = next(text for line, text in zip(lines, found["bare"], strict=True) if line["use"] == "after_broken")
    assert broken == ""


def test_what_they_signed_themselves_answers_the_excuse() -> None:
    found = on_the_phone("""
import { clausesFor, standingPlan } from "HERE/table/clauses.js";
const { zh, en, codes } = GIVEN;
const known = { on: "2026-03-01", total: "¥60000" };
const plans = [{ state: "void", signed_on: "2026-03-09" }, { state: "broken", signed_on: "2026-03-01" },
  { state: "superseded", signed_on: "2026-03-05" }, { state: "kept", signed_on: "2025-01-01" }];
console.log(JSON.stringify({ zh: codes.map((code) => clausesFor(code, zh, known).map((one) => one.title + one.text)),
  en: codes.map((code) => clausesFor(code, en, known).map((one) => one.text)), plan: standingPlan({ plans }).signed_on,
  none: [clausesFor("of_a_plugin", zh, known), clausesFor("quality", undefined, known), standingPlan({})] }));""",
        {"codes": ["quality", "cash_tight", "threat"]} | {lang: clause_sets()["plan"][lang] for lang in ("zh", "en")})
    assert [len(one) for one in found["zh"]] == [1, 1, 1]
    assert found["zh"][0][0].startswith("债务确认截至2026-03-01，乙方确认尚欠甲方货款本金¥60000。")
    assert "立即到期" in found["zh"][1][0]
    assert all(text and "{" not in text for one in found["en"] for text in one)
    assert (found["plan"], found["none"]) == ("2026-03-01", [[], [], None])
