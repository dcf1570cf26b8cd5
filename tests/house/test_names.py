"""Names: no drawer for odds and ends, and the trade's words where people read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import sentences
from tests.house.tree import ROOT, ours, plant

DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "shared", "tools", "stuff"}
#: A rep's screens: the field app whole, and the pages a rep opens every day.
REP_SCREENS = ("static/js", "templates/app", "templates/workday", "templates/visits", "templates/customers",
               "templates/promises", "templates/plans", "templates/statements")  # fmt: skip
REP_WORDS = ("workday", "visits", "customers", "promises", "plans", "statements", "sync")
#: word -> what to say instead; in Chinese sentences of the program
NEVER = {"时效中止": "时效中断", "应收发票": "应收单"}
#: English word -> what its Chinese must say (house.md, the glossary)
GLOSSARY = {
    r"repayment plan": r"还款计划",
    r"reps?": r"业务员",
    r"overdue": r"逾期",
    r"acceptance bill": r"汇票",
    r"credit note": r"红字",
    r"write-off": r"核销",
    r"instalments?": r"期",
    r"dispute": r"争议",
    r"guarantor": r"保证人",
}


def drawers(root: Path) -> list[str]:
    """Return modules, templates and folders named after nothing in the trade."""
    found = set()
    for path in ours(root, ".py", ".js", ".mjs", ".html", ".css"):
        parts = [*path.relative_to(root).parts[:-1], path.stem.strip("_")]
        if DRAWERS & {part.strip("_").lower() for part in parts}:
            found.add(path.relative_to(root).as_posix())
    return sorted(found)


def hard_words(root: Path) -> list[str]:
    """Return where a rep's screen, or the Chinese behind it, says a word reps must not read."""
    screens = tuple(folder for folder in REP_SCREENS if (root / folder).is_dir())
    assert screens, "the rep's screens have moved"
    files = [path for path in ours(root, ".js", ".html", under=screens) if "office" not in path.parts]
    files += [root / f"fieldsales/translations/zh/{name}.po" for name in REP_WORDS]
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        found += [f"{path.relative_to(root).as_posix()}: 恶意" for _ in range(text.count("恶意"))]
    return found


def wrong_terms(root: Path) -> list[str]:
    """Return Chinese sentences of the program that use a word the glossary rules out."""
    found = []
    for path in ours(root, ".po", ".js", ".html", under=("fieldsales", "static", "templates", "plugins")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        found += [f"{name}: {word}, say {right}" for word, right in NEVER.items() if word in text]
    return found


def off_the_glossary(root: Path) -> list[str]:
    """Return sentences whose Chinese uses another word than the glossary; 发票 is the tax invoice only."""
    found = []
    for known in (sentences.chinese_of_python(root), sentences.chinese_of_javascript(root)):
        for english, chinese in known.items():
            for word, wanted in GLOSSARY.items():
                if re.search(rf"\b{word}\b", english, re.IGNORECASE) and not re.search(wanted, chinese):
                    found.append(f"{english!r} -> {chinese!r}: {word} is {wanted}")
            tax = re.search(r"fapiao|tax invoice", english, re.IGNORECASE)
            if "发票" in chinese and re.search(r"\binvoice", english, re.IGNORECASE) and not tax:
                found.append(f"{english!r} -> {chinese!r}: an invoice is 应收单")
    return found


def test_names_chinese_by_the_glossary() -> None:
    wrong = off_the_glossary(ROOT)
    assert not wrong, "\n".join(wrong)


def test_names_off_the_glossary_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "fieldsales/translations/zh/a.po": 'msgid "Rep"\nmsgstr "销售"\n\nmsgid "Invoice"\nmsgstr "发票"\n\n'
            'msgid "Tax invoice"\nmsgstr "发票"\n',
            "static/js/words/a.js": 'words({ Overdue: "过期" });',
            "plugins/a.py": "",
        },
    )
    assert off_the_glossary(tmp_path) == [
        "'Rep' -> '销售': reps? is 业务员",
        "'Invoice' -> '发票': an invoice is 应收单",
        "'Overdue' -> '过期': overdue is 逾期",
    ]


def test_names_no_drawer_for_odds_and_ends() -> None:
    assert drawers(ROOT) == []


def test_names_no_hard_word_on_a_reps_screen() -> None:
    assert hard_words(ROOT) == []


def test_names_glossary_kept() -> None:
    assert wrong_terms(ROOT) == []


@pytest.mark.parametrize("name", ["fieldsales/visits/utils.py", "static/js/common/a.js", "templates/_helpers.html"])
def test_names_drawer_is_found(tmp_path: Path, name: str) -> None:
    assert drawers(plant(tmp_path, {name: ""})) == [name]


def test_names_hard_word_is_found_only_on_reps_screens(tmp_path: Path) -> None:
    for folder in REP_SCREENS:
        (tmp_path / folder).mkdir(parents=True)
    plant(
        tmp_path,
        {
            "static/js/visits/log.js": 't("恶意")',
            "static/js/office/cases.js": "恶意",
            "templates/collection/show.html": "恶意",
            "fieldsales/translations/zh/visits.po": 'msgstr "恶意拖欠"',
        },
    )
    assert hard_words(tmp_path) == ["static/js/visits/log.js: 恶意", "fieldsales/translations/zh/visits.po: 恶意"]


def test_names_wrong_term_is_found(tmp_path: Path) -> None:
    assert wrong_terms(plant(tmp_path, {"fieldsales/translations/zh/a.po": 'msgstr "诉讼时效中止"', "static/x.js": "",
                                        "templates/x.html": "", "plugins/x.html": ""})) == [
        "fieldsales/translations/zh/a.po: 时效中止, say 时效中断"
    ]  # fmt: skip
