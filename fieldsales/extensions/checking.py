"""What is wrong with one plugin, and what it still lacks, found before anybody depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from fieldsales.plugin_api import testing
from fieldsales.plugin_api.isolation import describe
from fieldsales.plugin_api.loading import Found, in_folder
from fieldsales.plugin_api.manager import Plugins, PluginStatus

_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")


def found_at(path: Path) -> Found | None:
    """The plugin in a folder or a ``.py`` file, or None when there is none."""
    path = path.resolve()
    return next((one for one in in_folder(path.parent, "file") if Path(one.where) == path), None)


def wrong_with(found: Found) -> tuple[PluginStatus, list[str], list[str]]:
    """(how it loads, what is wrong, what is lacking) of one plugin, loaded alone."""
    plugins = Plugins()
    status = plugins.add(found)
    if status.state != "active":
        return status, [status.last_error], []
    wrong = []
    for method in plugins.methods.values():
        try:
            testing.contract(method, plugins.settings_form(found.name))
        except Exception as error:  # whatever an author's method raises is what he wants to read
            wrong.append(f"{method.name}: {describe(error)}")
    records = [one for hook in plugins.brings(found.name) for name, one in plugins.declared(hook).items()
               if plugins.brought_by(hook, name) == found.name]  # fmt: skip
    lacking = [*dict.fromkeys(said for one in records for said in _said_in_one_language(one, _name_of(one)))]
    return status, wrong, [*lacking, *_missing_files(Path(found.where)), *status.notes]


def _name_of(record: object) -> str:
    return str(getattr(record, "name", "") or getattr(record, "code", "") or type(record).__name__)


def _said_in_one_language(given: Any, where: str) -> Iterator[str]:
    """Words whose Chinese is not Chinese, or whose English is: walked through records, tuples and labels."""
    if isinstance(given, Mapping) and set(given) == {"zh", "en"}:
        zh, en = str(given["zh"]), str(given["en"])
        if zh == en and not _HAN.search(zh) and zh.upper() != zh:  # STARTTLS is called so in both
            yield f"{where}: no Chinese for {en!r}"
        if _HAN.search(en) and not _LATIN.search(en):  # a law may be cited by its own name
            yield f"{where}: no English for {zh!r}"
    elif is_dataclass(given) and not isinstance(given, type):
        inner = f"{where}.{_name_of(given)}" if _name_of(given) not in where.split(".") else where
        for one in fields(given):
            yield from _said_in_one_language(getattr(given, one.name), inner)
    elif isinstance(given, tuple):
        for one in given:
            yield from _said_in_one_language(one, where)


def _missing_files(where: Path) -> Iterable[str]:
    if where.is_file():
        return
    if not (where / "README.md").is_file():
        yield "no README.md"
    if not any((where / "tests").glob("test_*.py")):
        yield "no tests (tests/test_*.py)"
