"""TOML of a stranger, read within bounds; and a document put down, always the same way.

``tomllib`` reads (TOML 1.0). It only reads, so the few kinds of values a method knows are written here: a JSON string
is a TOML basic string but for DEL, which a method may not hold.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from typing import Any

from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.written.faults import Fault, NotWritten

#: The longest text: a method with forty questions and twenty outcomes has about a third of it.
MOST_SIGNS = 64_000
#: Keys of more parts than this are no key of ours; reading thousands takes tomllib minutes.
_DEEP = re.compile(r"""(?<![A-Za-z0-9_"'-])(?:[A-Za-z0-9_"'-]+[ \t]*\.[ \t]*){7,}""")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


def parse(text: str | bytes) -> dict[str, Any]:
    """The document in a text. Raises NotWritten: too long, no UTF-8, a hidden sign, no TOML, nested too deeply."""
    text = _decoded(text)
    if _DEEP.search(text):
        raise _too_deep()
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        plain = _AT.sub("", str(error)).strip()
        raise NotWritten([Fault("", words(f"不是有效的 TOML：{plain}", f"This is not TOML: {plain}"),
                                int(at[1]) if at else 0)]) from None
    except RecursionError:
        raise _too_deep() from None
    except (ValueError, OverflowError):
        raise NotWritten([Fault("", words("有一个数字长得无法读取。", "A number is too long to be read."))]) from None


def _decoded(text: str | bytes) -> str:
    if len(text) > (MOST_SIGNS if isinstance(text, str) else 4 * MOST_SIGNS):
        raise _too_long()
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NotWritten([Fault("", words("文件不是 UTF-8 编码。", "The file is not in UTF-8."))]) from None
    if len(text) > MOST_SIGNS:
        raise _too_long()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    sign = forbidden_sign(text)
    if sign:
        where = next(n for n, line in enumerate(text.split("\n"), 1) if forbidden_sign(line))
        said = words(f"含有看不见的字符（{sign}）。", f"Contains a hidden character ({sign}).")
        raise NotWritten([Fault("", said, where)])
    return text


def _too_deep() -> NotWritten:
    return NotWritten([Fault("", words("层级太深，不是催收方式文件。", "Nested too deeply to be a method."))])


def _too_long() -> NotWritten:
    said = words(f"文本太长：最多 {MOST_SIGNS} 个字符。", f"The text is too long: at most {MOST_SIGNS} characters.")
    return NotWritten([Fault("", said)])


def write(document: Mapping[str, Any]) -> str:
    """A document as TOML: its own order kept, small things on one line, long texts over several."""
    return "\n".join(_table(document, "")).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], at: str) -> list[str]:
    """The lines of a table: its plain values first, then what has a heading of its own."""
    lines = [line for key, value in table.items() if not _has_heading(value, at) for line in _pair(key, value)]
    for key, value in table.items():
        if _has_heading(value, at):
            name = f"{at}.{key}" if at else key
            for one in value if isinstance(value, list) else [value]:
                lines += ["", f"[[{name}]]" if isinstance(value, list) else f"[{name}]", *_table(one, name)]
    return lines


def _has_heading(value: Any, at: str) -> bool:
    """Tables have, but for words in two languages; lists of tables only at the top: choices and conditions are rows."""
    if isinstance(value, Mapping):
        return not set(value) <= {"zh", "en"}
    return not at and isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _pair(key: str, value: Any) -> list[str]:
    if isinstance(value, Mapping) and any("\n" in str(one) for one in value.values()):
        return [f"{key}.{lang} = {_value(one)}" for lang, one in value.items()]
    return [f"{key} = {_value(value)}"]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        if any(isinstance(one, Mapping) for one in value):
            return "[\n" + "".join(f"    {_value(one)},\n" for one in value) + "]"
        return "[" + ", ".join(_value(one) for one in value) + "]"
    text = str(value)
    if "\n" in text:
        plain = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""\n{plain}"""'
    return json.dumps(text, ensure_ascii=False)
