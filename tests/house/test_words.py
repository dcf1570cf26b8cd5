"""No sentence without Chinese: in Python, in templates, in JavaScript; and none in Chinese alone."""

from __future__ import annotations

from pathlib import Path

from tests.house import sentences
from tests.house.tree import ROOT, plant

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def python_gaps(root: Path) -> list[str]:
    """Return what Python and templates say without Chinese."""
    said = [*sentences.in_python(root), *sentences.in_templates(root)]
    return sentences.untranslated(iter(said), sentences.chinese_of_python(root), sentences.PYTHON_PLACE)


def javascript_gaps(root: Path) -> list[str]:
    """Return what JavaScript says without Chinese."""
    return sentences.untranslated(
        sentences.in_javascript(root), sentences.chinese_of_javascript(root), sentences.JS_PLACE
    )


def test_words_python_and_templates_all_in_chinese() -> None:
    wrong = python_gaps(ROOT)
    assert not wrong, "\n".join(wrong)


def test_words_javascript_all_in_chinese() -> None:
    wrong = javascript_gaps(ROOT)
    assert not wrong, "\n".join(wrong)


def test_words_refusals_are_marked() -> None:
    wrong = sentences.unmarked(ROOT)
    assert not wrong, "\n".join(wrong)


def test_words_templates_write_no_chinese_directly() -> None:
    wrong = sentences.chinese_in_templates(ROOT)
    assert not wrong, "\n".join(wrong)


def test_words_one_sentence_has_one_chinese() -> None:
    wrong = sentences.differing(ROOT)
    assert not wrong, "\n".join(wrong)


def test_words_said_in_two_ways_are_found(tmp_path: Path) -> None:
    same = PO + 'msgid "Ok"\nmsgstr "好"\n\n'
    plant(tmp_path, {"fieldsales/translations/zh/a.po": same + 'msgid "Due"\nmsgstr "到期"\n',
                     "fieldsales/translations/zh/b.po": same + 'msgid "Due"\nmsgstr "到期日"\n'})
    assert sentences.differing(tmp_path) == ["'Due': 到期 / 到期日"]


def test_words_missing_or_misplaced_in_python_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "fieldsales/visits/rules.py": 'A = N_("Not yet")\nB = N_("Pay " "%(amount)s")\nC = N_("Fine")\n',
            "templates/visits/show.html": '{% if x %}{{ _("Gone") }}{% endif %}{% trans %}Stay{% endtrans %}',
            "plugins/phone/templates/phone/a.html": '{{ _("Ring") }}',
            "fieldsales/translations/zh/visits.po": PO
            + 'msgid "Pay %(amount)s"\nmsgstr "付 %(sum)s"\n\nmsgid "Fine"\nmsgstr "好"\n\nmsgid "Gone"\nmsgstr ""\n',
        },
    )
    assert python_gaps(tmp_path) == [
        "fieldsales/visits/rules.py:1 'Not yet' has no Chinese",
        "fieldsales/visits/rules.py:2 'Pay %(amount)s' and '付 %(sum)s' have other places",
        "plugins/phone/templates/phone/a.html:1 'Ring' has no Chinese",
        "templates/visits/show.html:1 'Gone' has no Chinese",
        "templates/visits/show.html:1 'Stay' has no Chinese",
    ]


def test_words_missing_in_javascript_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "static/js/visits/log.js": 'x(t("Save"), t("It\'s {n}", {n}), t(\n  "Late"), t(`no ${x}`), get("No"))',
            "static/js/words/visits.js": 'words({\n  Save: "保存",\n  "It\'s {n}":\n    "是 {m}",\n});',
        },
    )
    assert javascript_gaps(tmp_path) == [
        "static/js/visits/log.js:1 \"It's {n}\" and '是 {m}' have other places",
        "static/js/visits/log.js:1 'Late' has no Chinese",
        "static/js/visits/log.js:2 '`' has no Chinese",
    ]


def test_words_unmarked_refusal_is_found(tmp_path: Path) -> None:
    rules = 'raise Invalid("visits.x", "Bare")\nN_(words)\nraise Invalid("a", N_("b"))'
    plant(tmp_path, {"fieldsales/visits/rules.py": rules})
    assert sentences.unmarked(tmp_path) == [
        "fieldsales/visits/rules.py:1 a refusal without N_",
        "fieldsales/visits/rules.py:2 N_ of something not written out",
    ]


def test_words_chinese_in_a_template_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"templates/visits/show.html": "<p>拜访{# 说明 #}</p>", "templates/documents/plan.html": "还款计划",
                     "plugins/a.html": ""})  # fmt: skip
    assert sentences.chinese_in_templates(tmp_path) == ["templates/visits/show.html:1 拜…"]
