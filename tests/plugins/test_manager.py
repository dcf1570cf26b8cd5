"""Finding plugins, and what the core sees of them."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from fieldsales.places import data_dir
from fieldsales.plugin_api.excuses import CORE_EXCUSES
from fieldsales.plugin_api.hookspecs import Hooks
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.testing import case

EXCUSE = """
from fieldsales.plugin_api import Excuse, hookimpl
__version__ = "1.2"

@hookimpl
def excuse_codes():
    return [Excuse("stocktaking", {"zh": "在盘点", "en": "Stocktaking"}, {"zh": "问几号", "en": "Ask when it ends"})]
"""


def test_built_in_plugins_all_load() -> None:
    plugins = Plugins.load(data_dir("plugins"), with_installed=False)
    assert {status.state for status in plugins.status()} <= {"active"}, plugins.status()
    assert {status.name for status in plugins.status()} == {
        folder.name for folder in data_dir("plugins").iterdir() if (folder / "__init__.py").is_file()
    }


def test_every_form_goes_to_the_phone_as_plain_json() -> None:
    plugins = Plugins.load(data_dir("plugins"), with_installed=False)
    forms = plugins.forms()
    assert json.loads(json.dumps(forms)) == forms
    for form in forms:
        assert form["labels"].keys() == {"zh", "en"}


def test_disabled_plugin_is_listed_and_not_used() -> None:
    every = Plugins.load(data_dir("plugins"), with_installed=False)
    for status in every.status():
        fewer = Plugins.load(data_dir("plugins"), with_installed=False, without=(status.name,))
        assert {one.name: one.state for one in fewer.status()}[status.name] == "disabled"
        assert set(every.methods) - set(fewer.methods) == set(status.methods)


def test_single_file_and_folder_in_an_own_folder_load(tmp_path: Path) -> None:
    (tmp_path / "stock.py").write_text(EXCUSE, "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__init__.py").write_text(EXCUSE.replace("stocktaking", "holiday"), "utf-8")
    (tmp_path / "notes.txt").write_text("not a plugin", "utf-8")
    (tmp_path / "_private.py").write_text("raise SystemExit", "utf-8")
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    assert [(one.name, one.state, one.version) for one in plugins.status()] == [
        ("folder", "active", "1.2"), ("stock", "active", "1.2"),
    ]  # fmt: skip
    assert list(plugins.excuses)[: len(CORE_EXCUSES)] == [one.code for one in CORE_EXCUSES]
    assert list(plugins.excuses)[-2:] == ["holiday", "stocktaking"]


def test_missing_folder_is_no_error(tmp_path: Path) -> None:
    assert Plugins.load(tmp_path / "nowhere", tmp_path / "neither", with_installed=False).status() == ()


def test_installed_package_loads_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "courier_plugin.py").write_text(EXCUSE, "utf-8")
    info = tmp_path / "courier_plugin-0.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: courier-plugin\nVersion: 0.3\n", "utf-8")
    (info / "entry_points.txt").write_text("[fieldsales]\ncourier = courier_plugin\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    [courier] = [one for one in Plugins.load().status() if one.name == "courier"]
    assert (courier.state, courier.origin, courier.version) == ("active", "installed", "0.3")


def test_same_plugin_name_twice_keeps_the_first(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "stock.py").write_text(EXCUSE, "utf-8")
    (tmp_path / "two" / "stock.py").write_text(EXCUSE.replace("stocktaking", "other_word"), "utf-8")
    plugins = Plugins.load(own=tmp_path / "one", with_installed=False)
    [second] = in_folder(tmp_path / "two", "file")
    assert plugins.add(second).state == "failed"
    assert "stocktaking" in plugins.excuses
    assert "other_word" not in plugins.excuses


def test_method_nobody_brings_is_unknown() -> None:
    with pytest.raises(PluginFailed, match="unknown"):
        Plugins().decide("telegraph", {}, case())


def _hooks() -> list[str]:
    return [name for name in vars(Hooks) if not name.startswith("_")]


@pytest.mark.parametrize("hook", _hooks())
def test_hook_is_documented_whole(hook: str) -> None:
    text = textwrap.dedent(getattr(Hooks, hook).__doc__)
    for part in ("When:", "Returns:", "Errors:", "Since:", "Example::"):
        assert part in text, f"{hook}: no {part}"


@pytest.mark.parametrize("hook", _hooks())
def test_hook_example_loads_as_a_plugin(hook: str, tmp_path: Path) -> None:
    example = textwrap.dedent(textwrap.dedent(getattr(Hooks, hook).__doc__).split("Example::")[1])
    (tmp_path / "example.py").write_text(
        "from fieldsales.plugin_api import *\n"
        "METHOD = CollectionMethod('example', {'zh': '例', 'en': 'Example'}, lambda fields, facts: None)\n"
        "def ring_the_bell(name, data): pass\n"
        "def build(notice, secrets): return HttpPost(secrets['url'], {})\n" + example, "utf-8",
    )  # fmt: skip
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    [status] = plugins.status()
    assert (status.state, status.hooks) == ("active", (hook,)), status.last_error


def test_core_excuses_know_what_disputes_a_debt() -> None:
    effects = {one.code: one.effect for one in CORE_EXCUSES}
    assert len(effects) == len(CORE_EXCUSES) == 16
    assert effects["quality"] == effects["not_received"] == "dispute"
    assert effects["cash_tight"] == effects["paid_others"] == effects["downstream"] == "none"
    for one in CORE_EXCUSES:
        assert (one.effect == "dispute") == bool(one.dispute_kind)
        assert all(one.verify[locale] for locale in ("zh", "en"))
        # nobody is left alone with an excuse: what to ask for, what answers it, which rule it falls under
        assert len(one.asks) >= 2
        assert len(one.facts) >= 3
        assert one.rule is not None
        assert (one.effect == "none") or one.owner, "a dispute has somebody to settle it"
    assert [one.code for one in CORE_EXCUSES if one.flag] == ["threat"]
