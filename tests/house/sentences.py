"""Every sentence the program says, found in Python, templates and JavaScript, and its Chinese."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from tests.house.tree import ours

MARKS = {"N_", "_", "gettext", "lazy_gettext", "ngettext"}
REFUSALS = {"NotAllowed", "NotFound", "Invalid", "RuleBroken", "Stale"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PYTHON_PLACE = re.compile(r"%\((\w+)\)[sd]")
JS_PLACE = re.compile(r"\{(\w+)\}")
JS_CALL = re.compile(r"""(?<![\w.$])t\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(`))""")
JS_PAIR = re.compile(r'(?:"((?:[^"\\]|\\.)+)"|\b([A-Za-z_]\w*))\s*:\s*"((?:[^"\\]|\\.)*)"')


#: the language switch, and the shell that is cached before anyone has chosen
BOTH_LANGUAGES = ("templates/_parts/language.html", "templates/app/shell.html")


class Said(NamedTuple):
    """One sentence and where it is said."""

    where: str
    sentence: str


def in_python(root: Path) -> Iterator[Said]:
    """Yield the literal sentences given to N_, _ and gettext."""
    for path in ours(root, ".py", under=("fieldsales", "plugins")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in MARKS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield Said(f"{path.relative_to(root).as_posix()}:{node.lineno}", first.value)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def unmarked(root: Path) -> list[str]:
    """Return refusals whose sentence is written without N_, and N_ of something that is not written out."""
    found = []
    for path in ours(root, ".py", under=("fieldsales", "plugins")):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            bare = len(node.args) > 1 and isinstance(node.args[1], ast.Constant | ast.JoinedStr)
            if bare and _called(node) in REFUSALS:
                found.append(f"{name}:{node.lineno} a refusal without N_")
            if _called(node) == "N_" and not (node.args and isinstance(node.args[0], ast.Constant)):
                found.append(f"{name}:{node.lineno} N_ of something not written out")
    return found


def in_templates(root: Path) -> Iterator[Said]:
    """Yield the sentences of {{ _("…") }} and {% trans %} in every template, the plugins' too."""
    options = {"extensions": ",".join(("jinja2.ext.do", "jinja2.ext.loopcontrols")), "silent": "false"}
    for path in ours(root, ".html", ".txt", ".xml", under=("templates", "plugins")):
        found = babel_extract(io.BytesIO(path.read_bytes()), ("_", "gettext", "ngettext"), [], options)
        for line, _function, message, _comments in found:
            first = message if isinstance(message, str) or not message else message[0]
            if first:
                yield Said(f"{path.relative_to(root).as_posix()}:{line}", first)


def chinese_in_templates(root: Path) -> list[str]:
    """Return templates that write Chinese directly; papers and clauses are their own language and may."""
    found = []
    lexer = Environment()
    for path in ours(root, ".html", under=("templates", "plugins")):
        name = path.relative_to(root).as_posix()
        if "/documents/" in f"/{name}" or "/papers/" in name or name in BOTH_LANGUAGES:
            continue
        for line, kind, text in lexer.lex(path.read_text(encoding="utf-8")):
            if kind == "data" and CHINESE.search(text):
                found.append(f"{name}:{line} {CHINESE.findall(text)[0]}…")
    return found


def chinese_of_python(root: Path) -> dict[str, str]:
    """Return English → Chinese from every PO fragment, the plugins' too."""
    known: dict[str, str] = {}
    for path in ours(root, ".po", under=("fieldsales", "plugins")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", charset="utf-8", abort_invalid=True):
                plural = isinstance(message.id, (list, tuple))
                key = message.id[0] if plural else message.id
                text = message.string[0] if isinstance(message.string, (list, tuple)) else message.string
                if key and text and not message.fuzzy:
                    known[str(key)] = str(text)
    return known


def differing(root: Path) -> list[str]:
    """Return the English sentences that two PO fragments say in different Chinese: which one is read is chance."""
    said: dict[str, set[str]] = {}
    for path in ours(root, ".po", under=("fieldsales", "plugins")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", charset="utf-8", abort_invalid=True):
                if message.id:
                    said.setdefault(str(message.id), set()).add(str(message.string))
    found = {english: sorted(chinese) for english, chinese in said.items() if len(chinese) > 1}
    return sorted(f"{english!r}: {' / '.join(chinese)}" for english, chinese in found.items())


def in_javascript(root: Path) -> Iterator[Said]:
    """Yield the sentences given to t() in the field app and the office pages."""
    for path in ours(root, ".js", under=("static", "plugins")):
        if "words" in path.relative_to(root).parts[:-1]:
            continue
        text = path.read_text(encoding="utf-8")
        for call in JS_CALL.finditer(text):
            line = text.count("\n", 0, call.start()) + 1
            where = f"{path.relative_to(root).as_posix()}:{line}"
            double, single, template = call.groups()
            yield Said(where, "`" if template else unquoted(double if double is not None else single))


def unquoted(inside: str) -> str:
    """Return what the inside of a JavaScript string means."""
    return str(json.loads('"' + inside.replace("\\'", "'").replace('\\"', '"').replace('"', '\\"') + '"'))


def chinese_of_javascript(root: Path) -> dict[str, str]:
    """Return English → Chinese from every file below a folder ``words``."""
    known: dict[str, str] = {}
    for path in ours(root, ".js", under=("static", "plugins")):
        if "words" in path.relative_to(root).parts[:-1]:
            for quoted, bare, text in JS_PAIR.findall(path.read_text(encoding="utf-8")):
                known[bare or unquoted(quoted)] = unquoted(text)
    return known


def untranslated(said: Iterator[Said], known: dict[str, str], place: re.Pattern[str]) -> list[str]:
    """Return every sentence without Chinese, or whose Chinese has other places than the English."""
    found = set()
    for where, sentence in said:
        text = known.get(sentence)
        if not text:
            found.add(f"{where} {sentence!r} has no Chinese")
        elif sorted(set(place.findall(sentence))) != sorted(set(place.findall(text))):
            found.add(f"{where} {sentence!r} and {text!r} have other places")
    return sorted(found)
