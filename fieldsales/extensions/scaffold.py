"""The beginning of a plugin: a method, its tests, a README, and what makes an installable package of the folder."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.manager import Plugins

_HAN = re.compile(r"[\u3400-\u9fff]")
#: As long as a method's label may be.
_LONGEST = 40
METHOD = '''\
"""{title}: say in one sentence how this collects."""

from __future__ import annotations

from datetime import timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    Problem,
    hookimpl,
    words,
)

__version__ = "0.1"

FIELDS = (
    Field("result", "choice", words("结果", "Result"), required_hint=True, choices=(
        Choice("done", words("办成", "Done")),
        Choice("not_done", words("没办成", "Not done")),
    )),
    Field("note", "prose", words("备注", "Note")),
)


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """What to object to. A warning is Problem(..., blocking=False)."""
    return []


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What it means. Same answers, same decision: no clock, no files, no network."""
    if fields.get("result") == "done":
        return Decision(words("{title}：办成", "{title_en}: done"), "done", grade="C", effect="demand")
    return Decision(
        words("{title}：没办成", "{title_en}: not done"), "not_done",
        next_step=words("改天再办", "Try again"), next_on=facts.today + timedelta(days=1),
    )


METHOD = CollectionMethod(
    "{name}", words("{title}", "{title_en}"), outcome, fields=FIELDS, check=check,
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The ways of collecting of this plugin."""
    return [METHOD]
'''
TEST = '''\
"""Tests of {name} alone: no database, no app."""

from __future__ import annotations

from fieldsales.plugin_api.testing import case, contract, judge

from .. import FIELDS, METHOD


def test_{name}_keeps_the_contract() -> None:
    contract(METHOD)


def test_{name}_done_is_a_demand() -> None:
    decision = judge(METHOD, {{"result": "done"}})
    assert (decision.effect, decision.grade) == ("demand", "C")


def test_{name}_not_done_is_tried_again_and_proves_nothing() -> None:
    decision = judge(METHOD, {{"result": "not_done"}})
    assert (decision.effect, decision.outcome) == ("", "not_done")
    assert decision.next_on is not None
    assert decision.next_on > case().today


def test_{name}_speaks_both_languages() -> None:
    for field in FIELDS:
        for labels in (field.labels, *(choice.labels for choice in field.choices)):
            assert labels["zh"].strip()
            assert labels["en"].strip()
'''
README = '''\
# {name}

{title_en}: a collection method for fieldsales · fieldsales 催收方式插件：{title}

## Use · 使用

Copy this folder into the folder named by `FIELDSALES_PLUGINS_DIR`, or install it as a package:
把本文件夹放进 `FIELDSALES_PLUGINS_DIR` 指定的目录，或作为软件包安装：

    python3 -m pip install ./{name}

## Work on it · 开发

    python3 -m fieldsales plugin check {name}
    python3 -m fieldsales plugin test {name}

With `FIELDSALES_PLUGINS_RELOAD=true` changed files are loaded at the next request.
设置 `FIELDSALES_PLUGINS_RELOAD=true` 后，改动在下一次请求时自动载入。
'''
PROJECT = '''\
[build-system]
requires = ["setuptools>=75"]
build-backend = "setuptools.build_meta"

[project]
name = "fieldsales-{dashed}"
version = "0.1"
description = "{title_en}: a collection method for fieldsales"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["fieldsales"]

[project.entry-points.fieldsales]
{name} = "{name}"

[tool.setuptools]
packages = ["{name}"]
package-dir = {{ "{name}" = "." }}

[tool.setuptools.package-data]
{name} = ["py.typed", "static/**", "templates/**", "translations/**"]
'''


def titles(name: str, zh: str, en: str) -> tuple[str, str]:
    """What people see, (Chinese, English): what is not said is taken from the other where it can be, or from the name.

    Raises ValueError with the title that would break the files or the pages.
    """
    zh, en = zh.strip(), en.strip()
    spoken = name.replace("_", " ").capitalize()
    chosen = (zh or en or spoken, en or ("" if _HAN.search(zh) else zh) or spoken)
    for title in chosen:
        if len(title) > _LONGEST or any(sign in title for sign in '"\\{}\n\r'):
            raise ValueError(title)
    return chosen


def taken(name: str, plugins: Plugins) -> Labels | None:
    """Why a plugin cannot be called so, in both languages; None when it can."""
    if name in sys.stdlib_module_names:
        return words(f"{name} 是 Python 自带的模块名，换一个。",
                     f"{name} is a module of Python's own; choose another name.")
    for one in plugins.status():
        if one.name == name:
            return words(f"已有插件叫 {name}（{one.where}），换一个名字。",
                         f"There is a plugin {name} ({one.where}); choose another name.")
        if name in plugins.records_of(one.name).get("collection_methods", {}):
            return words(f"插件 {one.name} 已有催收方式叫 {name}，换一个名字。",
                         f"The plugin {one.name} has a method {name}; choose another name.")
    return None


def make(folder: Path, name: str, title: str, title_en: str) -> None:
    """Write the files of a new plugin into ``folder``, which is not there yet."""
    places = {"name": name, "title": title, "title_en": title_en, "dashed": name.replace("_", "-")}
    (folder / "tests").mkdir(parents=True)
    for path, text in (
        ("__init__.py", METHOD), ("tests/__init__.py", ""), (f"tests/test_{name}.py", TEST), ("README.md", README),
        ("pyproject.toml", PROJECT),
    ):  # fmt: skip
        (folder / path).write_text(text.format(**places), encoding="utf-8")
    (folder / "py.typed").write_text("", encoding="utf-8")
