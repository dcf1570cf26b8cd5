"""What is wrong with a written method: where, on which line, and why, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fieldsales.plugin_api.fields import Labels, words

Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. ``path``: ``outcomes.2.summary.zh``; ``line``: from 1, 0 when there is none.

    ``plain``: the same for whoever sees the editor's page and not the file; None where ``text`` will do.
    """

    path: str
    text: Labels
    line: int = 0
    plain: Labels | None = None

    def said(self, lang: str) -> str:
        """The fault in one sentence, with its line and place."""
        where = self.path
        if self.line:
            where = (f"第 {self.line} 行" if lang == "zh" else f"line {self.line}") + (f" · {where}" if where else "")
        text = self.text.get(lang) or self.text["en"]
        return f"{where}{'：' if lang == 'zh' else ': '}{text}" if where else text


class NotWritten(ValueError):
    """A text that is no method. ``faults``: everything found, in the order of the text."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" / ".join(" ".join(one.said(lang) for one in self.faults[:2]) for lang in ("zh", "en")))


def dotted(path: Path) -> str:
    """A place as it is written: ``outcomes.2.code``; entries of a list count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def fault(path: Path, zh: str, en: str, plain: Labels | None = None) -> Fault:
    """A fault whose line is not known yet."""
    return Fault(dotted(path), words(zh, en), plain=plain)


def lines_of(text: str) -> dict[str, int]:
    """The line on which each table and key of a TOML text stands, by its dotted place."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    at, in_string = "", False
    for number, line in enumerate(text.splitlines(), 1):
        quotes = line.count('"""') + line.count("'''")
        if in_string:
            in_string = quotes % 2 == 0
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            at = _place(re.sub(r"\s", "", header[2]), counts, is_new=header[1] == "[[")
            found.setdefault(at, number)
        elif key:
            name = re.sub(r"\s", "", key[1])
            found.setdefault(f"{at}.{name}" if at else name, number)
        in_string = quotes % 2 == 1
    return found


def _place(name: str, counts: dict[str, int], *, is_new: bool) -> str:
    """``outcomes.tasks`` under the second outcome's first task is ``outcomes.2.tasks.1``."""
    at = ""
    parts = name.split(".")
    for n, part in enumerate(parts):
        at = f"{at}.{part}" if at else part
        if is_new and n == len(parts) - 1:
            counts[at] = counts.get(at, 0) + 1
        if at in counts:
            at = f"{at}.{counts[at]}"
    return at


def placed(faults: Iterable[Fault], text: str) -> tuple[Fault, ...]:
    """The faults with their lines: that of the place itself, else of what it stands in."""
    lines, found = lines_of(text), []
    for one in faults:
        parts = one.path.split(".") if one.path else []
        near = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        line = one.line or next((lines[place] for place in near if place in lines), 0)
        found.append(replace(one, line=line))
    return tuple(sorted(found, key=lambda one: (one.line == 0, one.line)))
