"""Whether a written method makes sense: names that exist, outcomes that can be reached, grades that rest on proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.written.conditions import KINDS
from fieldsales.plugin_api.written.faults import NotWritten, Path, fault, placed
from fieldsales.plugin_api.written.judging import Written, method_of, written_of
from fieldsales.plugin_api.written.shape import Reading, whole
from fieldsales.plugin_api.written.speech import wrong_with
from fieldsales.plugin_api.written.toml import parse

#: Answers that prove something by themselves: A asks for one of them (诉讼时效规定 art. 8 ¶1(1): signed or sealed).
PROOFS = ("photo", "signature")
_NAMED = ("choice", "bool", "date", "money", "number", "duration")
Row = Mapping[str, Any]


def read(text: str | bytes) -> Written:
    """The method in a TOML text. Raises NotWritten with everything that is wrong, line by line."""
    document = parse(text)
    plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    try:
        return read_document(document)
    except NotWritten as wrong:
        raise NotWritten(placed(wrong.faults, plain)) from None


def read_document(document: Mapping[str, Any]) -> Written:
    """The method in a document. Raises NotWritten with everything that is wrong."""
    out = Reading()
    read_in = whole(document, out)
    _Sense(read_in, out).look()
    if out.faults:
        told = {one.path: one for one in reversed(out.faults)}  # the first of each place
        raise NotWritten(told[path] for path in dict.fromkeys(one.path for one in out.faults))
    written = written_of(read_in)
    try:
        validate.method(method_of(written))
    except validate.Garbage as error:  # what a plugin in Python would be told
        raise NotWritten([fault((), str(error), str(error))]) from None
    return written


class _Sense:
    """Looks at a whole document."""

    def __init__(self, document: Row, out: Reading) -> None:
        self.document, self.out = document, out
        self.fields = {row["name"]: row for row in document["fields"] if row["name"] and row["labels"]}
        self.names = frozenset(self.fields)

    def look(self) -> None:
        self._fields()
        for n, row in enumerate(self.document["checks"]):
            self._conditions(("checks", n, "if"), row["if"])
            self._template(("checks", n, "say"), row["say"])
            self._known(("checks", n, "field"), row["field"])
            if not row["if"]:
                self.out.wrong(("checks", n, "if"), "请至少加一个条件。", "Add at least one condition.")
        self._outcomes()

    def _fields(self) -> None:
        rows = self.document["fields"]
        for n, row in enumerate(rows):
            if row["name"] and row["name"] in {one["name"] for one in rows[:n]}:
                self.out.wrong(("fields", n, "name"), "前面已有同名的问题。", "An earlier question has this name.")
            self._field(n, row)

    def _field(self, n: int, row: Row) -> None:
        at: Path = ("fields", n)
        values = [one["value"] for one in row["choices"]]
        if row["type"] == "choice" and len(values) < 1:
            self.out.wrong((*at, "choices"), "单选题要有答案可选。", "A choice needs answers to choose from.")
        if row["type"] != "choice" and values:
            self.out.wrong((*at, "choices"), "只有单选题才有答案可选。", "Only a choice has answers to choose from.")
        if len(set(values)) != len(values):
            self.out.wrong((*at, "choices"), "同一个答案出现了两次。", "One answer stands twice.")
        for m, one in enumerate(row["choices"]):
            if not (one["zh"] or one["en"]):
                self.out.wrong((*at, "choices", m, "zh"), "请填写答案的文字。", "Write the words of this answer.")
        low, high = row["minimum"], row["maximum"]
        if low is not None and high is not None and low > high:
            self.out.wrong((*at, "minimum"), "最小值大于最大值。", "The minimum is above the maximum.")
        if row["when"] and row["when"]["field"]:
            self._when((*at, "when"), row)

    def _when(self, at: Path, row: Row) -> None:
        asked = row["when"]
        other = self.fields.get(asked["field"])
        if other is None or other is row:
            self.out.wrong((*at, "field"), "没有这个问题。", "There is no such question.")
        elif other["type"] == "choice":
            self._offered((*at, "is"), asked["is"], other)
        elif other["type"] != "bool" or asked["is"]:
            self.out.wrong((*at, "field"), "只能取决于单选题或是/否题。",
                           "This can only depend on a choice or a yes-or-no.")

    def _offered(self, at: Path, values: list[str], field: Row) -> None:
        offered = {one["value"] for one in field["choices"]}
        if not values:
            self.out.wrong(at, "请选择至少一个答案。", "Choose at least one answer.")
        for value in values:
            if value not in offered:
                self.out.wrong(at, f"“{field['labels']['zh']}”没有答案“{value}”。",
                               f"{field['labels']['en']!r} does not offer {value!r}.")

    def _conditions(self, at: Path, rows: list[Row]) -> None:
        for n, row in enumerate(rows):
            if row["test"] not in KINDS:
                continue  # told already
            kind, place = KINDS[row["test"]], (*at, n)
            if "field" in kind.asks:
                field = self.fields.get(row["field"])
                if field is None:
                    self.out.wrong((*place, "field"), "请选择一个问题。", "Choose a question.")
                    continue
                if kind.types and field["type"] not in kind.types:
                    self.out.wrong((*place, "test"), f"“{field['labels']['zh']}”这类问题不能用“{kind.labels['zh']}”。",
                                   f"{kind.labels['en']!r} does not go with {field['labels']['en']!r}.")
                elif "values" in kind.asks:
                    self._offered((*place, "values"), row["values"], field)
            for name, low in (("value", 1), ("days", 1)):
                if name in kind.asks and row[name] < low:
                    self.out.wrong((*place, name), "要写大于 0 的整数。", "A whole number above 0.")

    def _template(self, at: Path, said: Labels | None, *, is_long: bool = False) -> None:
        for lang in ("zh", "en"):
            wrong = wrong_with(said[lang], self.names, is_long=is_long) if said else None
            if wrong:
                self.out.wrong((*at, lang), wrong.text["zh"], wrong.text["en"], wrong.plain)

    def _known(self, at: Path, name: str) -> None:
        if name and name not in self.names:
            self.out.wrong(at, "没有这个问题。", "There is no such question.")

    def _outcomes(self) -> None:
        rows = self.document["outcomes"]
        if not rows:
            self.out.wrong(("outcomes",), "至少要有一个结果。", "There must be at least one outcome.")
        codes: set[str] = set()
        for n, row in enumerate(rows):
            at: Path = ("outcomes", n)
            if row["code"] and row["code"] in codes:
                self.out.wrong((*at, "code"), "前面已有同名的结果。", "An earlier outcome has this code.")
            codes.add(row["code"])
            if not row["if"] and n < len(rows) - 1:
                self.out.wrong((*at, "if"), "这个结果没有条件，后面的结果永远轮不到。请加条件，或移到最后。",
                               "Without a condition this is always the outcome. Add one, or move it to the end.")
            if row["if"] and n == len(rows) - 1:
                self.out.wrong((*at, "if"), "最后一个结果不能有条件：其他情况都归它。",
                               "The last outcome has no condition: it is for every other case.")
            self._conditions((*at, "if"), row["if"])
            self._template((*at, "summary"), row["summary"])
            self._proof(at, row)
            self._follow(at, row)

    def _proof(self, at: Path, row: Row) -> None:
        for name in ("grade_a", "grade_b"):
            self._conditions((*at, name), row[name])
            if row[name] and not row["effect"]:
                self.out.wrong((*at, "effect"), "写了凭证等级，却没有选对时效的作用。",
                               "There is a grade of proof, but no effect on limitation.")
        proven = {one["field"] for one in row["grade_a"] if one["test"] == "answered"}
        if row["grade_a"] and not any(self.fields.get(one, {}).get("type") in PROOFS for one in proven):
            self.out.wrong((*at, "grade_a"), "A 级要求有照片或签名：请加条件“照片（或签名）已填写”。",
                           "Grade A rests on a photo or a signature: ask for one to be answered.")

    def _follow(self, at: Path, row: Row) -> None:
        step, paper, mail = row["next"], row["paper"], row["mail"]
        if step and step["say"]:
            self._template((*at, "next", "say"), step["say"])
            if step["from"] and self.fields.get(step["from"], {}).get("type") != "date":
                self.out.wrong((*at, "next", "from"), "请选择一个日期题。", "Choose a question that asks for a date.")
        for n, task in enumerate(row["tasks"]):
            self._template((*at, "tasks", n, "say"), task["say"])
        if paper and paper["note"]:
            wrong = wrong_with(paper["note"], self.names)
            if wrong:
                self.out.wrong((*at, "paper", "note"), wrong.text["zh"], wrong.text["en"], wrong.plain)
        if mail and mail["to"]:
            self._mail((*at, "mail"), mail, paper)

    def _mail(self, at: Path, mail: Row, paper: Row | None) -> None:
        to = mail["to"]
        field = self.fields.get(to.removeprefix("field."), {}) if to.startswith("field.") else {}
        if to != "contact" and field.get("type") != "email":
            self.out.wrong((*at, "to"), "收件人要选联系人，或一个邮箱题。",
                           "Send it to the contact, or to a question for an e-mail.")
        for name in ("subject", "text"):
            if not mail[name]:
                self.out.wrong((*at, name), "请填写。", "This is missing.")
            self._template((*at, name), mail[name], is_long=name == "text")
        if mail["attach"] and not (paper and paper["kind"]):
            self.out.wrong((*at, "attach"), "没有出文书，无法附上。", "No paper is made that could be attached.")
