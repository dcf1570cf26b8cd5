"""The reference of the plugin API, written from the code itself: what a hook says of itself, what its records hold.

``python3 -m fieldsales plugin reference`` prints it; the page in the handbook is held to it by a test.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

import fieldsales.plugin_api as api
from fieldsales.plugin_api import fields as form_fields
from fieldsales.plugin_api import types
from fieldsales.plugin_api.hookspecs import Hooks
from fieldsales.plugin_api.markers import API_VERSION

_PARTS = ("When", "Returns", "Errors", "Since")
_WORDS = {
    "zh": {
        "title": "插件接口参考", "hooks": "钩子", "records": "记录", "values": "取值", "version": "接口版本",
        "lead": "本页由代码生成（`python3 -m fieldsales plugin reference`），说明以代码中的英文为准。"
                "入门见 [插件教程](plugin-author)。",
        "When": "何时调用", "Returns": "返回", "Errors": "出错时", "Since": "起始版本",
        "field": "字段", "type": "类型", "default": "默认", "needed": "必填",
    },
    "en": {
        "title": "Plugin API reference", "hooks": "Hooks", "records": "Records", "values": "Values",
        "version": "API version",
        "lead": "Written from the code (`python3 -m fieldsales plugin reference`). Begin with "
                "[the tutorial](plugin-author).",
        "When": "When", "Returns": "Returns", "Errors": "Errors", "Since": "Since",
        "field": "field", "type": "type", "default": "default", "needed": "required",
    },
}  # fmt: skip


def hooks() -> dict[str, str]:
    """Every hook there is and its docstring, in alphabetical order."""
    found = inspect.getmembers(Hooks, inspect.isfunction)
    return {name: inspect.getdoc(function) or "" for name, function in found if not name.startswith("_")}


def records() -> dict[str, type]:
    """Every record a plugin author imports, in alphabetical order."""
    found = {name: getattr(api, name) for name in sorted(api.__all__)}
    return {name: one for name, one in found.items() if isinstance(one, type) and is_dataclass(one)}


def reference(lang: str) -> str:
    """The page, Markdown, with headings in ``lang`` (zh | en)."""
    said = _WORDS[lang]
    lines = [f"# {said['title']}", "", said["lead"], "", f"{said['version']}: {API_VERSION}", "", f"## {said['hooks']}"]
    for name, doc in hooks().items():
        lines += ["", f"### `{name}`", "", *_hook(doc, said)]
    lines += ["", f"## {said['records']}"]
    for name, record in records().items():
        lines += ["", f"### `{name}`", "", *_record(record, said)]
    lines += ["", f"## {said['values']}", ""]
    lines += [f"- `{name}`: {', '.join(f'`{one}`' for one in found if one != '')}" for name, found in values().items()]
    return "\n".join(lines) + "\n"


def values() -> dict[str, tuple[str, ...]]:
    """What a text in a record may be, by the name the records' docstrings give it."""
    places = (types, form_fields)
    found = {name: getattr(place, name) for place in places for name in sorted(vars(place)) if name.isupper()}
    return {name: one for name, one in sorted(found.items())
            if isinstance(one, tuple) and one and all(isinstance(value, str) for value in one)}


def _hook(doc: str, said: dict[str, str]) -> Iterator[str]:
    """Its first sentence, a line a part, and its example as code."""
    prose, _, example = doc.partition("Example::")
    for paragraph in prose.strip().split("\n\n"):
        if not paragraph.startswith("When:"):
            yield from (_code(" ".join(paragraph.split())), "")
            continue
        for part, text in re.findall(rf"({'|'.join(_PARTS)}): (.*?)(?=\n(?:{'|'.join(_PARTS)}):|\Z)", paragraph, re.S):
            yield f"- **{said[part]}**: {_code(' '.join(text.split()))}"
        yield ""
    yield from ("```python", inspect.cleandoc(example), "```")


def _record(record: type, said: dict[str, str]) -> Iterator[str]:
    for paragraph in (inspect.getdoc(record) or "").split("\n\n"):
        table = paragraph.startswith("===") or "::" in paragraph or paragraph.startswith("    ")
        yield from (("```text", paragraph, "```", "") if table else (_code(" ".join(paragraph.split())), ""))
    yield from (f"| {said['field']} | {said['type']} | {said['default']} |", "|---|---|---|")
    for one in fields(record):
        kind = str(one.type).replace("|", "\\|")
        yield f"| `{one.name}` | `{kind}` | {_default(one, said)} |"


def _default(one: Field[Any], said: dict[str, str]) -> str:
    if one.default is not MISSING:
        shown = getattr(one.default, "__name__", None) or repr(one.default)
        return f"`{shown}`"
    if one.default_factory is MISSING:
        return said["needed"]
    empty = one.default_factory()
    return "`{}`" if not empty else f"`{empty!r}`"


def _code(text: str) -> str:
    """Docstrings write ``code`` with two ticks, Markdown with one."""
    return text.replace("``", "`")
