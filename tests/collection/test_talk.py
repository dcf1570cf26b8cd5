"""What the program puts into a rep's mouth: for every excuse of the core, in both languages, never begging."""

from __future__ import annotations

import re

import pytest

from fieldsales.collection.linter import DEFAULTS, mark
from fieldsales.collection.talk import LINES, PLACES, SAID_ONLY, USES, Line, talk_docs
from fieldsales.plugin_api.excuses import CORE_EXCUSES

PLACE = re.compile(r"\{(\w*)\}")
THREATS = re.compile(r"否则|后果|法院|起诉|曝光|else|court|police|expose", re.IGNORECASE)


def test_every_excuse_of_the_core_and_every_use_has_words() -> None:
    spoken = {one.use for one in LINES}
    assert {one.code for one in CORE_EXCUSES} <= spoken
    assert set(USES) <= spoken
    assert spoken <= {*USES, *(one.code for one in CORE_EXCUSES)}


@pytest.mark.parametrize("line", LINES, ids=lambda one: f"{one.use}-{one.zh[:6]}")
def test_line_is_firm_whole_in_both_languages_and_never_writes_the_ask(line: Line) -> None:
    known = {*PLACES, *(() if line.sent else SAID_ONLY)}
    for text in (line.zh, line.en):
        assert mark(text, DEFAULTS) == []
        assert not THREATS.search(text)
        assert not re.search("[!！]", text)
        assert set(PLACE.findall(text)) <= known, text
    assert set(PLACE.findall(line.zh)) == set(PLACE.findall(line.en))


def test_answer_to_an_excuse_comes_back_to_money_and_day() -> None:
    for code in {one.code for one in CORE_EXCUSES}:
        zh = " ".join(one.zh for one in LINES if one.use == code)
        assert re.search("付|款", zh), code
        assert re.search("哪天|日|今天|现在|当天|几点|当场", zh), code


def test_excuse_that_is_not_there_brings_no_words() -> None:
    assert "threat" not in {one["use"] for one in talk_docs(("quality",))}
    assert len(talk_docs(tuple(one.code for one in CORE_EXCUSES))) == len(LINES)
