"""JavaScript modules as they are served: without comments and blanks, line by line as written.

No build: a module is read and changed as it lies in ``static/js``. What a phone does not need, the
comments and the blanks that part no two words, is a quarter of its weight after gzip. Names stay,
and so do line breaks: a stack trace names the right line.
"""

from __future__ import annotations

import re

# After one of these a slash begins a regular expression, else it divides.
_BEFORE_REGEX = re.compile(
    r"(?:^|[-(,=:\[!&|?{};+*%<>~^\n]|=>|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw))\s*$"
)
_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BLOCK = re.compile(r"/\*.*?\*/", re.S)
_LINE = re.compile(r"//[^\n]*")
_PLAIN = re.compile(r"[^'\"`/{}\n]+")
# Blanks beside one of these part no two tokens (plus, minus and slash are left alone: `a + +b`).
_TIGHT = "{}()[],;:=>?&|<!"
_BLANKS = re.compile(r"[ \t]*([()\[\],;:=>?&|<!])[ \t]*")


class _Reader:
    """One pass over a module: code, strings, templates, regular expressions, comments."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []

    def take(self, pattern: re.Pattern[str], keep: bool = True) -> str:
        """Read what ``pattern`` matches here; raise ValueError when it does not."""
        found = pattern.match(self.source, self.at)
        if not found:
            line = self.source.count("\n", 0, self.at) + 1
            raise ValueError(f"cannot read line {line}")
        self.at = found.end()
        if keep:
            self.out.append(found[0])
        return found[0]

    def put(self, text: str) -> None:
        """Write ``text`` and move over it."""
        self.out.append(text)
        self.at += len(text)

    def code(self, closing: str = "") -> None:
        """Read code up to the ``closing`` brace of a template's hole, or to the end."""
        depth = 0
        while self.at < len(self.source):
            sign = self.source[self.at]
            if sign == closing and depth == 0:
                return
            if sign == "`":
                self.template()
            elif sign in "'\"":
                self.take(_STRING)
            elif sign == "/":
                self.slash()
            elif sign == "\n":
                self.newline()
            elif sign in "{}":
                depth += 1 if sign == "{" else -1
                self.tighten()
                self.put(sign)
            else:
                self.plain()

    def plain(self) -> None:
        """Names, numbers and signs, without the blanks that part nothing."""
        before = self.out[-1][-1:] if self.out else ""
        text = _BLANKS.sub(r"\1", self.take(_PLAIN, keep=False))
        self.out.append(text.lstrip(" \t") if before and before in _TIGHT and not self.ended_text else text)

    @property
    def ended_text(self) -> bool:
        """Whether what was written last is a string, template or regular expression."""
        return bool(self.out) and self.out[-1][:1] in "'\"`/" and len(self.out[-1]) > 1

    def tighten(self) -> None:
        """Drop blanks at the end of what was written, before a brace."""
        if self.out and not self.ended_text:
            self.out[-1] = self.out[-1].rstrip(" \t")

    def newline(self) -> None:
        """A line break, without the blanks around it."""
        if self.out:
            self.out[-1] = self.out[-1].rstrip(" \t") if self.out[-1][:1] not in "'\"`/" else self.out[-1]
        self.put("\n")
        self.take(re.compile(r"[ \t]*"), keep=False)

    def slash(self) -> None:
        """A comment, a regular expression, or a division."""
        if self.source.startswith("/*", self.at):
            self.out.append("\n" * self.take(_BLOCK, keep=False).count("\n") or " ")
        elif self.source.startswith("//", self.at):
            self.take(_LINE, keep=False)
        elif _BEFORE_REGEX.search("".join(self.out[-6:])):
            self.take(_REGEX)
        else:
            self.put("/")

    def template(self) -> None:
        """A template literal; in ``html`` ones the blanks that begin a line go, as htm drops them anyway."""
        markup = "".join(self.out[-3:]).endswith("html")
        self.put("`")
        while (sign := self.source[self.at]) != "`":
            if sign == "\\":
                self.put(self.source[self.at : self.at + 2])
            elif self.source.startswith("${", self.at):
                self.put("${")
                self.code(closing="}")
                self.put("}")
            else:
                self.put(sign)
                if markup and sign == "\n":
                    self.take(re.compile(r"[ \t]*"), keep=False)
        self.put("`")


def slim(source: str) -> str:
    """The module without comments and needless blanks. Raises ValueError when it cannot be read."""
    reader = _Reader(source)
    reader.code()
    return "".join(reader.out)

