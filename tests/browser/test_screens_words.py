"""Every sentence of the field app has its Chinese, and the screen that shows it brings it along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

JS = Path(__file__).parents[2] / "static" / "js"
SAID = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")
HELD = re.compile(r"""^\s*"((?:[^"\\]|\\.)*)": "((?:[^"\\]|\\.)*)",$""", re.M)
STATIC = re.compile(r"""^(?:import|export)\b[^;]*?["'](\.[^"']+)["'];""", re.M)
LAZY = re.compile(r"""\bimport\(\s*["'](\.[^"']+)["']\s*\)""")
PLACES = re.compile(r"\{\w+\}")
FIRST = JS / "app" / "main.js"


def closure(path: Path) -> set[Path]:
    """The module and all it imports statically, within the screens."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one in seen or "vendor" in one.parts:
            continue
        seen.add(one)
        waiting += [(one.parent / found).resolve() for found in STATIC.findall(one.read_text(encoding="utf-8"))]
    return seen


def screens() -> list[Path]:
    """The first load and every module that is loaded when it is needed."""
    found = {FIRST}
    for path in JS.rglob("*.js"):
        if "office" not in path.parts and "kernel" not in path.parts:
            found |= {(path.parent / name).resolve() for name in LAZY.findall(path.read_text(encoding="utf-8"))}
    return sorted(path for path in found if "vendor" not in path.parts and "kernel" not in path.parts)


def texts(paths: set[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def behind(screen: Path) -> set[Path]:
    """What is loaded whenever this screen is: itself, the first load, what all its openers have in common."""

    def opens(path: Path) -> bool:
        return screen in {(path.parent / name).resolve() for name in LAZY.findall(path.read_text(encoding="utf-8"))}

    openers = [closure(other) for other in screens() if any(opens(path) for path in closure(other))]
    return closure(FIRST) | closure(screen) | (set.intersection(*openers) if openers else set())


@pytest.mark.parametrize("screen", screens(), ids=lambda path: path.relative_to(JS).as_posix())
def test_screen_brings_the_chinese_of_all_it_says(screen: Path) -> None:
    """A sentence without Chinese would stand in English among Chinese ones."""
    there = texts(behind(screen))
    missing = set(SAID.findall(texts(closure(screen)))) - {english for english, _ in HELD.findall(there)}
    assert not missing


def test_sentence_has_one_chinese_everywhere() -> None:
    """Dictionaries are laid over one another: the same sentence with two meanings would flicker."""
    found: dict[str, set[str]] = {}
    for path in (JS / "words").glob("*.js"):
        for english, chinese in HELD.findall(path.read_text(encoding="utf-8")):
            found.setdefault(english, set()).add(chinese)
    assert {english: chinese for english, chinese in found.items() if len(chinese) > 1} == {}


def test_chinese_keeps_the_places() -> None:
    """A place that is lost in translation loses the amount or the name."""
    for path in (JS / "words").glob("*.js"):
        for english, chinese in HELD.findall(path.read_text(encoding="utf-8")):
            assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(chinese)), english


def test_dictionary_holds_nothing_unsaid() -> None:
    """What no screen says any more goes out of the dictionary with it."""
    said = set(SAID.findall(texts({path for path in JS.rglob("*.js") if "words" not in path.parts})))
    held = {english for path in (JS / "words").glob("*.js") for english, _ in HELD.findall(path.read_text("utf-8"))}
    assert held - said == set()


def test_everyday_words_do_not_shout_or_blame() -> None:
    """look.md: no exclamation marks; on a rep's everyday screens 客户, not 债务人, and never 恶意."""
    for path in (JS / "words").glob("*.js"):
        for english, chinese in HELD.findall(path.read_text(encoding="utf-8")):
            assert not re.search("[!！]", english + chinese), english
            assert not re.search("债务人|恶意", chinese), chinese
            assert not re.search(r"\b(debtor|malicious)\b", english, re.I), english
