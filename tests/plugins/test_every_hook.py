"""Whatever hook a plugin answers badly, it alone is not loaded, and its status says what was wrong."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from fieldsales.plugin_api.contributing import KINDS
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.markers import DEPRECATED
from fieldsales.plugin_api.testing import case

GOOD = """
    from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl

    def outcome(fields, facts):
        return Decision({"zh": "好", "en": "Good"}, "done")

    @hookimpl
    def collection_methods():
        return [CollectionMethod("good", {"zh": "好", "en": "Good"}, outcome)]
"""
#: What a hook answers instead of its records, and what is then said.
BAD = {
    "text": ("return 'nothing'", "must return a list"),
    "a mapping": ("return {'name': 'x'}", "must return a list"),
    "nothing at all": ("return 7", "must return a list"),
    "bare objects": ("return [object()]", "must be a"),
    "no end": ("yield from iter(object, None)", "more than 200"),
    "too many": ("return [None] * 10 ** 6", "more than 200"),
    "an error": ("raise LookupError('no luck')", "LookupError: no luck"),
    "the end of the program": ("raise SystemExit(1)", "SystemExit"),
    "an error that cannot be shown": ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()", "E"),
    "a wish for the database": (None, "session"),
}


def write(folder: Path, name: str, code: str) -> None:
    """One plugin of one file."""
    (folder / f"{name}.py").write_text(textwrap.dedent(code), "utf-8")


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("hook", KINDS)
def test_hook_answered_badly_fails_its_plugin_alone_and_says_why(tmp_path: Path, hook: str, bad: str) -> None:
    body, said = BAD[bad]
    write(tmp_path, "good", GOOD)
    write(tmp_path, "bad", f"""
    from fieldsales.plugin_api import hookimpl

    @hookimpl
    def {hook}({"" if body else "session"}):
        {body or "return []"}
    """)
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    found = {one.name: one for one in plugins.status()}
    assert (found["bad"].state, found["good"].state) == ("failed", "active")
    assert said in found["bad"].last_error, found["bad"].last_error
    assert plugins.decide("good", {}, case()) is not None


@pytest.mark.parametrize(("typed", "meant"), [("collection_method", "collection_methods"), ("observer", "observers"),
                                              ("zzz", "there are collection_methods")])  # fmt: skip
def test_unknown_hook_is_named_and_the_likely_one_beside_it(tmp_path: Path, typed: str, meant: str) -> None:
    write(tmp_path, "bad", f"""
    from fieldsales.plugin_api import hookimpl

    @hookimpl
    def {typed}():
        return []
    """)
    [bad] = Plugins.load(own=tmp_path, with_installed=False).status()
    assert bad.state == "failed"
    assert f"unknown hook {typed!r}" in bad.last_error
    assert meant in bad.last_error


def test_second_version_of_a_plugin_is_named_and_the_first_stays(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    write(tmp_path / "one", "good", GOOD + "\n    __version__ = '1.0'\n")
    write(tmp_path / "two", "good", GOOD + "\n    __version__ = '2.0'\n")
    plugins = Plugins.load(own=tmp_path / "one", with_installed=False)
    for found in in_folder(tmp_path / "two", "file"):
        plugins.add(found)
    first, second = plugins.status()
    assert (first.name, first.state) == ("good", "active")
    assert second.state == "failed"
    assert "another plugin has this name" in second.last_error
    assert "two" in second.where
    assert plugins.decide("good", {}, case()) is not None


def test_half_of_a_plugin_is_never_taken(tmp_path: Path) -> None:
    """Its method is sound, its excuse is not: neither is there."""
    write(tmp_path, "half", GOOD + """
    from fieldsales.plugin_api import Excuse

    @hookimpl
    def excuse_codes():
        return [Excuse("quality", {"zh": "好", "en": "Good"}, {"zh": "好", "en": "Good"})]
    """)
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    assert plugins.methods == {}
    assert "'quality' is taken already" in plugins.status()[0].last_error


@pytest.mark.parametrize(("asked", "said"), [("2", "needs version 2 of the plugin API; this program has 1"),
                                             ("'1'", "must be a whole number")])  # fmt: skip
def test_plugin_for_an_api_to_come_is_not_loaded_and_says_so(tmp_path: Path, asked: str, said: str) -> None:
    write(tmp_path, "early", GOOD + f"\n    __api__ = {asked}\n")
    [early] = Plugins.load(own=tmp_path, with_installed=False).status()
    assert early.state == "failed"
    assert said in early.last_error


def test_hook_that_will_go_is_noted_and_works_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEPRECATED, "collection_methods", "since 0.3, gone in 0.5: use ways")  # type: ignore[arg-type]
    write(tmp_path, "good", GOOD)
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    [good] = plugins.status()
    assert (good.state, good.api) == ("active", 1)
    assert good.notes == ("collection_methods: since 0.3, gone in 0.5: use ways",)
    assert set(plugins.methods) == {"good"}
