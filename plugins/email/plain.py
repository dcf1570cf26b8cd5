"""A stranger's text made harmless and short: HTML to plain text, and their own words without what they quote. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_BREAKS = frozenset({"p", "div", "br", "tr", "li", "table", "blockquote", "h1", "h2", "h3", "h4", "hr", "pre"})
#: How the answered mail begins below an answer, as the usual programs write it.
_QUOTES = re.compile(
    r"^\s*(>|-{2,}\s*(原始邮件|原邮件|original message|forwarded message|转发邮件|回复的原邮件)|"
    r"_{10,}|(在|于)?\s*\d{4}[-年/].{0,60}(写道|wrote)\s*[:：]|on .{5,120} wrote:|"
    r"(发件人|寄件者|from)\s*[:：].{0,200}$|发自我的|sent from my )", re.I)  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data))


def text_of_html(markup: str) -> str:
    """What a page of HTML says, without anything that runs, loads or hides."""
    reader = _Reader()
    reader.feed(re.sub(r"<(meta|link|base)\b[^>]*>", "", markup, flags=re.I))
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def own_words(text: str) -> str:
    """What they wrote themselves: all above the first line that quotes; the whole when nothing is above it."""
    kept = []
    for line in text.splitlines():
        if _QUOTES.match(line):
            break
        kept.append(line.rstrip())
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return own or text.strip()
