"""What the editor says to somebody who does not program: no code, no key of a file, an amount as it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from fieldsales.methods.editor import judged, page_of
from fieldsales.methods.starting import starter
from fieldsales.methods.trying import tried
from fieldsales.methods.typed import document_of, press
from fieldsales.plugin_api.written.sense import read_document

Document = dict[str, Any]


def named() -> Document:
    return starter() | {"name": "visit_home", "labels": {"zh": "登门家访", "en": ""}}


def _sentence(text: str) -> Callable[[Document], None]:
    return lambda document: document["outcomes"][0]["summary"].update(zh=text, en="")


def _money(document: Document) -> None:
    document["fields"].append({"name": "sum", "type": "money", "labels": {"zh": "金额", "en": ""}, "minimum": "五百"})
    document["outcomes"][0]["if"].append({"test": "at_least", "field": "sum", "value": "很多"})


def _add(what: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        press(document, f"add:{what}")
    return change


BROKEN: dict[str, tuple[Callable[[Document], None], str]] = {
    "a word that is none": (_sentence("办成，{天气}"), "“天气”不能自动填入"),
    "a brace too many": (_sentence("办成 {日期"), "例如 {客户名称}"),
    "nothing but a word": (_sentence("{field.done_on}"), "还要写一点固定的文字"),
    "an amount in words": (lambda document: document.update(use={"cost": "很贵"}), "每次成本（元）：请填写金额"),
    "amounts of a question": (_money, "问题 4 · 最少：请填写金额"),
    "a day in words": (lambda document: document["outcomes"][0]["next"].update(days="很快"), "几天之后：要写 0 到 366"),
    "a new outcome": (_add("outcomes"), "结果 2 · 记录里怎么写：请填写。"),
    "a new question": (_add("fields"), "问题 4：请填写。"),
    "no name at all": (lambda document: document.update(name="", labels={"zh": "", "en": ""}), "名称：请填写。"),
}


def test_what_is_wrong_is_said_in_words_of_the_page(app: Flask) -> None:
    for what, (change, said) in BROKEN.items():
        document = deepcopy(named())
        change(document)
        with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
            page = page_of(document, known=False, was=0, lang="zh", currency="CNY", typed={}, tell=True)
        told = " / ".join(text for _, text in page.faults)
        assert said in told, what
        assert not re.search(r"\{[a-z]|“[a-z_]+”|缺少|代号|true|field\.|1000000000", told), told


def test_words_in_the_language_nobody_sees_do_not_stay_behind() -> None:
    form = MultiDict([("langs", "zh"), ("labels.zh", "登门家访"), ("fields.0.labels.zh", "结果"),
                      ("fields.0.labels.en", "Result"), ("fields.0.type", "text"),
                      ("outcomes.0.summary.zh", "见到了老板"), ("outcomes.0.summary.en", "Done")])
    written, faults = judged(document_of(form, "CNY"))
    assert not faults
    assert written
    assert written.document["outcomes"][0]["summary"] == {"zh": "见到了老板", "en": "见到了老板"}
    both = document_of(MultiDict([*form.items(multi=True), ("langs", "both")][1:]), "CNY")
    assert both["outcomes"][0]["summary"]["en"] == "Done"


def test_what_the_form_refuses_is_said_with_its_question(app: Flask) -> None:
    document = named()
    document["fields"].append({"name": "sum", "type": "money", "labels": {"zh": "金额", "en": "Sum"}})
    written = read_document(document)
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        refused = tried(written, {"try.sum": "许多"}, "owes", "zh").refused
    assert [one.partition("：")[0] for one in refused] == ["金额"]
