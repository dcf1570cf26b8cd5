"""What ``plugin check`` finds: every mistake of a plugin at once, each by name and with what to do about it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from fieldsales.extensions.checking import Report, examined, found_at
from fieldsales.extensions.imports import requirements_of
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins

HEAD = "from fieldsales.plugin_api import *\nSAID = words('好', 'Good')\n"
METHOD = "@hookimpl\ndef collection_methods():\n    return [CollectionMethod('courier', SAID, {}, {})]\n"
FINE = "lambda fields, facts: Decision(SAID, 'done')"


def check(folder: Path, text: str, others: Plugins | None = None, name: str = "courier.py", seconds: float = 2
          ) -> Report:  # fmt: skip
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(textwrap.dedent(text), "utf-8")
    found = found_at(path if path.stem != "__init__" else path.parent)
    assert found is not None
    return examined(found, others, seconds)


def told(report: Report) -> list[str]:
    return [one.said["en"] for one in report.wrong]


def method(outcome: str = FINE, more: str = "") -> str:
    return HEAD + METHOD.format(outcome, more)


#: A plugin with one mistake: its text, what is said of it, and what to do.
ONE: dict[str, tuple[str, str, str]] = {
    "unknown hook": (HEAD + "@hookimpl\ndef colection_methods():\n    return []",
                     "did you mean 'collection_methods'", "name of a hook"),
    "no hook": (HEAD, "no function is marked", "at least one hook"),
    "argument of a hook": (HEAD + "@hookimpl\ndef observers(app):\n    return []",
                           "hook observers takes no arguments, but is observers(app)", "def observers():"),
    "hook returns none": (HEAD + "@hookimpl\ndef observers():\n    pass", "must return a list", "return [METHOD]"),
    "hook raises": (HEAD + "@hookimpl\ndef observers():\n    return [1][2]",
                    "observers: IndexError: list index out of range (courier.py:5)", "look whether a list is empty"),
    "not a record": (HEAD + "@hookimpl\ndef observers():\n    return [7]", "must be an Observer, not int",
                     "Observer(…)"),
    "arguments of outcome": (method("lambda fields: None"),
                             "method courier: outcome is called with 2 arguments, but is <lambda>(fields)",
                             "Take the arguments"),
    "arguments of an observer": (HEAD + "@hookimpl\ndef observers():\n"
                                 "    return [Observer('watch', ('plans.signed',), lambda: None)]",
                                 "observer watch: call is called with 2 arguments", "Take the arguments"),
    "contract": (method("lambda fields, facts: facts.no_such"),
                 "courier: AttributeError: 'CaseFacts' object has no attribute 'no_such' (courier.py:5)", "that line"),
    "nothing given": (method("lambda fields, facts: Decision(SAID, fields['result'])"),
                      "courier: KeyError: 'result' (courier.py:5)", "fields.get"),
    "hangs": (method("lambda fields, facts: __import__('time').sleep(9)"), "courier: no answer within", "two seconds"),
    "by chance": ("import itertools\nN = itertools.count()\n" + method(
        "lambda fields, facts: Decision(SAID, f'n_{next(N)}')"), "must give the same answer", "no chance"),
    "bare case": (HEAD + "@hookimpl\ndef customer_panels():\n    return [CustomerPanel('box', SAID, "
                  "lambda facts: Panel((Line(SAID, facts.debtor.name),)))]",
                  "box: AttributeError: 'NoneType'", "is None"),
    "effect without grade": (method("lambda fields, facts: Decision(SAID, 'done', effect='demand')"),
                             "needs a grade of proof", '"C" said'),
    "name": (method().replace("'courier'", "'Courier'"), "method name 'Courier'", "begins with a small letter"),
    "one language": (method(more="hint={'zh': '手续'}"), "courier.hint: '手续' has no en", "both languages"),
    "type of a field": (method(more="fields=(Field('x1', 'chioce', SAID),)"), "no field type 'chioce'",
                        "Did you mean choice?"),
    "import of a name": ("from fieldsales.plugin_api import Desicion, hookimpl\n", "cannot import name 'Desicion'",
                         "Did you mean Decision?"),
    "import of the core": ("from fieldsales.store.base import Base\n" + method(), "imports fieldsales.store.base",
                           "fieldsales.kernel"),
    "import of the core in a function": (method() + "def later():\n    from fieldsales import config\n",
                                         "courier.py:7: imports fieldsales.config", "fieldsales.kernel"),
    "import undeclared": ("import yaml\n" + method(), "courier.py:1: imports yaml", '# dependencies = ["pyyaml>='),
    "import of a neighbour": ("import neighbour\n" + method(), "imports neighbour by its full name",
                              "from .neighbour import"),
    "what is not there": ("import no_such_thing\n" + method(), "No module named 'no_such_thing' (courier.py:1)",
                          "Install it"),
    "what Python cannot read": ("def x(:\n", "courier.py:1: invalid syntax", "cannot read this line"),
    "the end of the program": ("raise SystemExit(3)\n", "SystemExit: 3 (courier.py:1)", "that line"),
    "a keyword there is not": (method(more="fields=(Field('x1', 'text', SAID, required=True),)"),
                               "unexpected keyword argument 'required' (courier.py:5)", "Did you mean required_hint?"),
    "a part left out": (method(more="fields=(Field('x1', 'text'),)"), "missing 1 required positional argument",
                        "Field must also be given: 'labels'"),
    "words in one language": (method("lambda fields, facts: Decision(words('好'), 'done')"),
                              "courier: TypeError: words() missing 1", "both languages"),
    "a name not imported": ("from fieldsales.plugin_api import hookimpl\n" + METHOD.format(FINE, ""),
                            "name 'CollectionMethod' is not defined", "import CollectionMethod"),
    "a sum and a number": (method("lambda fields, facts: facts.balance > 5"), "'Money' and 'int'", "Money(100_000)"),
    "an instant for a day": (method("lambda fields, facts: Decision(SAID, 'done', next_on=facts.now)"),
                             "next_on must be a date, not datetime", "facts.today"),
    "of an API to come": ("__api__ = 9\n" + method(), "needs version 9 of the plugin API", "version 1"),
    "an excuse of the core's": (HEAD + "@hookimpl\ndef excuse_codes():\n    return [Excuse('quality', SAID, SAID)]",
                                "the excuse 'quality' is taken already (by fieldsales)", "another name"),
    "a name twice": (HEAD + "@hookimpl\ndef observers():\n"
                     "    return [Observer('a', (), print), Observer('a', (), print)]", "stands twice", "another name"),
}


@pytest.mark.parametrize("case", ONE)
def test_mistake_is_told_with_what_to_do(tmp_path: Path, case: str) -> None:
    text, said, todo = ONE[case]
    (tmp_path / "neighbour.py").write_text("X = 1\n", "utf-8")
    report = check(tmp_path, text, seconds=0.2 if case == "hangs" else 2)
    found = [one for one in report.wrong if said in one.said["en"]]
    assert found, told(report)
    assert todo in found[0].todo["en"], found[0].todo
    assert any("\u4e00" <= sign <= "\u9fff" for sign in found[0].todo["zh"])


MANY = """
    import yaml, json
    from fieldsales.plugin_api import *
    from fieldsales.store.base import Base

    def outcome(fields, facts):
        return Decision(words("送达", "Delivered"), fields["result"])

    def done(fields, facts):
        return Decision("好", "完成", effects=[1])

    @hookimpl
    def collection_methods():
        return [
            CollectionMethod("first", words("一", "One"), outcome, level=7, can=("boss",), fields=(
                Field("result", "chioce", words("结果", "Result")),
                Field("note", "text", {"en": "Note"}, minimum="3", prefill="nope"),
                Field("more", "text", words("更多", "More"), when=("result", ("a",))))),
            CollectionMethod("second", words("二", "Two"), outcome),
            CollectionMethod("third", words("三", "Three"), done, manner="rude"),
        ]

    @hookimpl
    def compliance_rule():
        return []

    @hookimpl
    def settings():
        return [SettingsForm((Setting(Field("days", "number", words("天", "Days")), default="x"),
                              Setting(Field("photo", "photo", words("照", "Photo")))))]
"""


def test_many_mistakes_are_told_in_one_go_each_once(tmp_path: Path) -> None:
    said = told(check(tmp_path, MANY))
    for words in (
        "imports yaml", "imports fieldsales.store.base", "unknown hook 'compliance_rule'",
        "first.note: 'Note' has no zh", "field result: there is no field type 'chioce'",
        "field note: a bound must be a whole number",
        "field note: there is no prefill 'nope'", "method first: there is no role 'boss'",
        "method first: level must be 1, 2 or 3", "setting days: its default 'x' does not fit",
        "setting photo: a setting cannot be of type photo", "second: KeyError: 'result'",
    ):  # fmt: skip
        assert sum(words in one for one in said) == 1, (words, said)
    for words in ("third: there is no manner 'rude'", "third: decision: summary must be", "third: outcome code '完成'",
                  "third: decision: effects must be a tuple", "first: KeyError: 'result'"):  # fmt: skip
        assert sum(words in one for one in said) == 1, (words, said)
    assert len(said) == 17, said


def test_names_of_plugins_that_are_there_are_taken(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "post.py").write_text(method(), "utf-8")
    others = Plugins.load(own=tmp_path / "there", with_installed=False)
    assert told(check(tmp_path, method(), others)) == ["the method 'courier' is taken already (by post)"]
    assert told(check(tmp_path, method().replace("'courier'", "'post'"), others, "post.py")) == [
        "another plugin has this name (file: post)"]
    assert told(check(tmp_path, method(), None)) == []


@pytest.mark.parametrize(("file", "text"), [
    ("pyproject.toml", '[project]\ndependencies = ["PyYAML >= 6", "fieldsales"]\n'),
    ("pyproject.toml", '[project]\noptional-dependencies = {more = ["pyyaml"]}\n'),
    ("setup.cfg", "[options]\ninstall_requires =\n    fieldsales\n    pyyaml~=6.0\n"),
])
def test_declared_requirement_may_be_imported(tmp_path: Path, file: str, text: str) -> None:
    name = "courier/__init__.py"
    assert any("imports yaml" in one for one in told(check(tmp_path, "import yaml\n" + method(), name=name)))
    (tmp_path / "courier" / file).write_text(text, "utf-8")
    assert told(check(tmp_path, "import yaml\n" + method(), name=name)) == []
    assert len(requirements_of(tmp_path / "courier")) == 1


def test_single_file_declares_in_itself_and_what_is_its_own_is_free(tmp_path: Path) -> None:
    script = '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "pyyaml",\n# ]\n# ///\n'
    assert told(check(tmp_path, f"{script}import yaml, json, tomllib\n" + method())) == []
    assert requirements_of(tmp_path / "courier.py") == ["pyyaml"]
    (tmp_path / "parcel").mkdir()
    (tmp_path / "parcel" / "inner.py").write_text("X = 1\n", "utf-8")
    (tmp_path / "parcel" / "tests").mkdir()
    (tmp_path / "parcel" / "tests" / "test_x.py").write_text("import pytest, fieldsales.testkit\n", "utf-8")
    assert told(check(tmp_path, "from .inner import X\n" + method(), name="parcel/__init__.py")) == []


def test_written_method_has_every_fault_told_with_its_line(tmp_path: Path) -> None:
    text = 'format = 1\nname = "note"\nversion = 0\nlabels = { zh = "带信" }\nfoo = 1\nbar = 2\n'
    said = told(check(tmp_path, text, name="note.toml"))
    assert len(said) >= 3, said
    assert any(one.startswith("line 5 · foo") for one in said)


def test_sound_plugin_has_nothing_said_against_it(tmp_path: Path) -> None:
    report = check(tmp_path, method())
    assert (report.wrong, report.lacking, report.brings) == ((), (), ("courier", "collection_methods"))
    assert [one.name for one in in_folder(tmp_path, "file")] == ["courier"]
