"""What a new method begins with: enough to be tried out at once, and to be seen through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldsales.plugin_api.written import parse

EXAMPLES = Path(__file__).parent / "examples"


def starter() -> dict[str, Any]:
    """A choice, a day and a photo; done is a demand with proof by grade, anything else is tried again."""
    return {
        "format": 1, "name": "", "version": 1, "labels": {"zh": "", "en": ""},
        "fields": [
            {"name": "result", "type": "choice", "labels": {"zh": "结果", "en": "Result"}, "wanted": True, "choices": [
                {"value": "done", "zh": "办成", "en": "Done"},
                {"value": "not_done", "zh": "没办成", "en": "Not done"}]},
            {"name": "done_on", "type": "date", "labels": {"zh": "日期", "en": "Day"}, "prefill": "today"},
            {"name": "photo", "type": "photo", "labels": {"zh": "照片", "en": "Photo"}},
        ],
        "checks": [{"say": {"zh": "该客户没有未收款。", "en": "Nothing is open."}, "blocks": True,
                    "if": [{"test": "nothing_open"}]}],
        "outcomes": [
            {"code": "done", "if": [{"test": "is", "field": "result", "values": ["done"]}],
             "summary": {"zh": "{field.done_on}办成，未付{balance}", "en": "Done on {field.done_on}, {balance} open"},
             "effect": "demand", "grade_b": [{"test": "answered", "field": "photo"}],
             "next": {"say": {"zh": "到期未付：再联系", "en": "If unpaid: ask again"}, "days": 7, "workday": True}},
            {"code": "not_done", "summary": {"zh": "没办成", "en": "Not done"},
             "next": {"say": {"zh": "再试一次", "en": "Try again"}, "days": 1, "workday": True}},
        ],
    }  # fmt: skip


def examples() -> dict[str, dict[str, Any]]:
    """The methods that come along to begin from, by name."""
    return {path.stem: parse(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("*.toml"))}
