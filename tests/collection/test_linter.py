"""Begging is marked and a firm sentence offered; what the program itself brings never begs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.collection.linter import DEFAULTS, Phrase, in_force, mark

CASES = json.loads((Path(__file__).parent / "pity_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_pity_is_marked_where_it_stands(case: tuple[str, str, list[str]]) -> None:
    _, text, found = case
    assert [one.found for one in mark(text, DEFAULTS)] == found


def test_every_phrase_finds_itself_and_its_alternative_is_firm() -> None:
    for one in DEFAULTS:
        text = one.phrase.replace("*", "的")
        assert [hit.found for hit in mark(f"。{text}。", [one])] == [text]
        assert mark(one.instead, DEFAULTS) == [], one


def test_house_takes_a_phrase_out_changes_one_and_adds_its_own() -> None:
    kept = [("zh", "饭碗", "", False), ("zh", "帮帮忙", "请付款。", True), ("en", "pretty please", "Pay.", True)]
    house = in_force(kept)
    assert len(house) == len(DEFAULTS)
    assert mark("饭碗", house) == []
    assert [(one.found, one.instead) for one in mark("帮帮忙, Pretty Please!", house)] == [
        ("帮帮忙", "请付款。"), ("Pretty Please", "Pay.")]


def test_signs_of_regular_expressions_are_signs() -> None:
    assert [one.found for one in mark("(a+b)? [x]", [Phrase("en", "(a+b)?", "")])] == ["(a+b)?"]
    assert mark("anything", [Phrase("en", "*", ""), Phrase("en", "  ", "")]) == []


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_marks_stand_in_the_text_and_never_overlap(text: str, phrase: str) -> None:
    end = 0
    for one in mark(text + phrase, (*DEFAULTS, Phrase("zh", phrase, ""))):
        assert one.start >= end
        end = one.start + len(one.found)
        assert (text + phrase)[one.start:end] == one.found
