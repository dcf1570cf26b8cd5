"""What was typed into the editor, as a document of the written format; and the buttons that add, move and drop rows.

An input is called by its place: ``outcomes.0.summary.zh``. Amounts are typed in major units and kept in minor ones;
codes nobody wants to think of are made of the words (pinyin), and stay once they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pypinyin import lazy_pinyin
from werkzeug.datastructures import MultiDict

from fieldsales.kernel.money import Money, MoneyError
from fieldsales.plugin_api.written.conditions import KINDS
from fieldsales.plugin_api.written.shape import METHOD, Flag, Names, Part, Rows, Rule, Said, Whole
from fieldsales.plugin_api.written.speech import CASE

Form = MultiDict[str, str]
Document = dict[str, Any]
_WHOLE = re.compile(r"-?[0-9]{1,14}")
_NAMED_HOLE = re.compile(r"\{([^{}]+)\}")
#: Most rows of any list that are looked at in a form.
_MOST = 60


def document_of(form: Form, currency: str, taken: Iterable[str] = ()) -> Document:
    """The document a posted editor holds; what cannot be read stays as it was typed, for the reader to refuse.

    ``taken``: names a new method may not have.
    """
    if form.get("langs") == "zh":  # written in one language: words nobody sees stand for nothing
        form = MultiDict((name, one) for name, one in form.items(multi=True) if not name.endswith(".en"))
    document = _table(form, "", METHOD.keys)
    document["format"] = 1
    _codes(document, taken)
    _conditions(document)
    _minor_units(document, currency)
    names = {label: row["name"] for row in document["fields"] for label in _labels(row)}
    made: Document = _holes(document, lambda name: _coded(name, names))
    return made


def _table(form: Form, at: str, rules: Mapping[str, Rule]) -> Document:
    found: Document = {}
    for key, rule in rules.items():
        value = _typed(form, f"{at}{key}", rule)
        if value is not None:
            found[key] = value
    return found


def _typed(form: Form, at: str, rule: Rule) -> Any:
    if isinstance(rule, Rows):
        rows = [(_table(form, f"{at}.{n}.", rule.keys), form.get(f"{at}.{n}.what")) for n in _rows(form, at)]
        return [row if what is None else row | {"what": what} for row, what in rows]
    if isinstance(rule, Part):
        return _table(form, f"{at}.", rule.keys) if any(name.startswith(f"{at}.") for name in form) else None
    if isinstance(rule, Said):
        said = {lang: _text(form, f"{at}.{lang}") for lang in ("zh", "en")}
        return said if any(said.values()) or rule.needed else None
    if isinstance(rule, Flag):
        return bool(form.get(at))
    if isinstance(rule, Names):
        return [one for one in form.getlist(at) if one] if at in form else None
    text = _text(form, at)
    if isinstance(rule, Whole):
        return (int(text) if _WHOLE.fullmatch(text) else text) if text else None
    return text if at in form else None


def _text(form: Form, at: str) -> str:
    return form.get(at, "").replace("\r\n", "\n").strip()


def _rows(form: Form, at: str) -> list[int]:
    numbers = {name[len(at) + 1:].partition(".")[0] for name in form if name.startswith(f"{at}.")}
    return sorted(int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 4)[:_MOST]


def press(document: Document, pressed: str) -> Document:
    """The document after a button: ``add:outcomes.0.tasks``, ``drop:fields.2``, ``up:fields.2``."""
    what, _, place = pressed.partition(":")
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    try:
        holder: Any = document
        for part in way:
            holder = holder[part]
        if what == "add" and isinstance(holder.setdefault(last, []), list):
            # the last outcome is for every other case: a new one goes before it
            before = len(holder[last]) - 1 if place == "outcomes" and holder[last] else len(holder[last])
            holder[last].insert(before, {})
        elif what == "drop":
            gone = holder.pop(last)
            if way == ["fields"]:
                _without(document, gone.get("name"))
        elif what == "up" and isinstance(last, int) and last > 0:
            holder[last - 1], holder[last] = holder[last], holder[last - 1]
    except (KeyError, IndexError, TypeError, AttributeError):
        pass  # a button of a row that is gone meanwhile
    _codes(document, ())
    return document


def _without(document: Document, name: str) -> None:
    """What hung on a question that was taken out goes with it; words that name it are left for a person to change."""
    for row in document["fields"]:
        if (row.get("when") or {}).get("field") == name:
            row["when"] = None
    for row in [*document["checks"], *document["outcomes"]]:
        for key in ("if", "grade_a", "grade_b"):
            if key in row:
                row[key] = [one for one in row[key] if one.get("field") != name]
        row |= {"field": ""} if row.get("field") == name else {}
        step, mail = row.get("next") or {}, row.get("mail") or {}
        step |= {"from": ""} if step.get("from") == name else {}
        mail |= {"to": ""} if mail.get("to") == f"field.{name}" else {}


def _codes(document: Document, taken: Iterable[str]) -> None:
    """Give names to what has none yet: of its words, so that the file can be read."""
    if not document.get("name"):
        document["name"] = code_of(_labels(document), taken, "method" if _labels(document) else "")
    fields = document["fields"]
    for n, row in enumerate(fields):
        if not row.get("name"):
            row["name"] = code_of(_labels(row), {one.get("name") for one in fields}, f"question_{n + 1}")
        for m, choice in enumerate(row.get("choices", [])):
            if not choice.get("value"):
                others = {one.get("value") for one in row["choices"]}
                said = [choice.get("zh", ""), choice.get("en", "")]
                choice["value"] = code_of([one for one in said if one], others, f"answer_{m + 1}")
    for n, row in enumerate(document["outcomes"]):
        if not row.get("code"):
            others = {one.get("code") for one in document["outcomes"]}
            row["code"] = code_of(_labels(row, "summary"), others, f"outcome_{n + 1}")


def _conditions(document: Document) -> None:
    """What a condition is about (``field:<name>`` or ``test:<test>``) and how it is asked, brought together."""
    fields = {row.get("name"): row for row in document["fields"]}
    for one in conditions_in(document):
        what, _, name = str(one.pop("what", "")).partition(":")
        if what == "test":
            one |= {"test": name, "field": "", "values": []}
        elif what == "field":
            field = fields.get(name, {})
            fits = [test for test, kind in KINDS.items()
                    if "field" in kind.asks and (not kind.types or field.get("type") in kind.types)]
            usual = {"choice": "is", "bool": "yes"}.get(str(field.get("type")), "answered")
            offered = {choice.get("value") for choice in field.get("choices", [])}
            one |= {"field": name, "test": one["test"] if one.get("test") in fits else usual,
                    "values": [value for value in one.get("values") or [] if value in offered]}


def _labels(row: Mapping[str, Any], key: str = "labels") -> list[str]:
    said = row.get(key) or {}
    return [said[lang] for lang in ("zh", "en") if said.get(lang)]


def code_of(said: list[str], taken: Iterable[Any], otherwise: str = "") -> str:
    """A code made of words: 签收人 is ``qian_shou_ren``. Unlike all in ``taken``."""
    words = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", said[0]) if said else ""
    parts = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(words)).lower())
    code = "_".join(parts)[:32].strip("_")
    if not code or not code[0].isalpha() or len(code) < 2:
        code = otherwise
    known, n, made = set(taken), 1, code
    while code and made in known:
        n += 1
        made = f"{code}_{n}"
    return made


def _minor_units(document: Document, currency: str) -> None:
    types = {row.get("name"): row.get("type") for row in document["fields"]}
    use = document.get("use") or {}
    _minor(use, "cost", currency)
    for row in document["fields"]:
        if row.get("type") == "money":
            _minor(row, "minimum", currency)
            _minor(row, "maximum", currency)
    for one in conditions_in(document):
        if types.get(one.get("field")) == "money" or one.get("test") == "owes_at_least":
            _minor(one, "value", currency)


def _minor(row: Document, key: str, currency: str) -> None:
    if row.get(key) not in (None, ""):
        try:
            row[key] = Money.of(str(row[key]).replace(",", "").replace("，", "").replace("¥", ""), currency).minor
        except MoneyError:
            row[key] = str(row[key])


def conditions_in(document: Mapping[str, Any]) -> list[Document]:
    """Every condition there is."""
    found = [one for row in document.get("checks", []) for one in row.get("if", [])]
    for row in document.get("outcomes", []):
        found += [one for key in ("if", "grade_a", "grade_b") for one in row.get(key, [])]
    return found


def _coded(name: str, names: Mapping[str, str]) -> str:
    """``{签收人}`` is ``{field.qian_shou_ren}``, ``{未付总额}`` is ``{balance}``; what is no such word stays."""
    if name in names:
        return f"field.{names[name]}"
    return next((code for code, labels in CASE.items() if name in labels.values()), name)


def in_words(document: Document, lang: str) -> Document:
    """The document with its placeholders as a person reads them: ``{field.amount}`` is ``{金额}``."""
    said = {f"field.{row['name']}": (row.get("labels") or {}).get(lang, "") for row in document.get("fields", [])
            if row.get("name")}
    twice = {label for label in said.values() if list(said.values()).count(label) > 1}
    said = {name: label for name, label in said.items() if label and label not in twice and label not in "{}"}
    case = {code: labels[lang] for code, labels in CASE.items() if labels[lang] not in said.values()}
    made: Document = _holes(document, lambda name: said.get(name) or case.get(name) or name)
    return made


def _holes(value: Any, other: Any, key: str = "") -> Any:
    """The same with every placeholder of its templates replaced."""
    if isinstance(value, dict):
        return {name: _holes(one, other, name if name not in ("zh", "en") else key) for name, one in value.items()}
    if isinstance(value, list):
        return [_holes(one, other, key) for one in value]
    if isinstance(value, str) and key in ("summary", "say", "subject", "text", "note"):
        return _NAMED_HOLE.sub(lambda hole: "{" + other(hole[1].strip()) + "}", value)
    return value
