"""Pages stay within the Content-Security-Policy: no script, style or handler written into the markup."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, ours, plant

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a handler in the markup": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    ),
    "markup that is not escaped": re.compile(r"\|\s*safe\b|{%-?\s*autoescape\s+false"),
}
IN_SCRIPTS = {
    "code from a string": re.compile(r"\beval\(|\bnew Function\(|set(?:Timeout|Interval)\(\s*[\"'`]"),
    "markup from a string": re.compile(
        r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write\("
    ),
}
#: Papers are set by WeasyPrint, not shown by a browser.
PAPERS = ("templates/documents/paper.html", "templates/documents/paper/")


def breaches(root: Path) -> list[str]:
    """Return each place the policy would refuse, or that would be refused if it were not escaped."""
    found = []
    files = [*ours(root, ".html", under=("templates", "plugins")), *ours(root, ".js", under=("static", "plugins"))]
    for path in files:
        name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        if name.startswith(PAPERS):
            continue
        for what, pattern in (IN_SCRIPTS if path.suffix == ".js" else FORBIDDEN).items():
            found += [f"{name}:{text.count(chr(10), 0, hit.start()) + 1} {what}" for hit in pattern.finditer(text)]
    return found


def test_markup_within_the_policy() -> None:
    wrong = breaches(ROOT)
    assert not wrong, "\n".join(wrong)


def test_markup_breaches_are_found(tmp_path: Path) -> None:
    page = (
        "<script>go()</script>\n<p style='color:red'>\n<button onclick=\"go()\">\n<a href=\"javascript:go()\">\n"
        "<img src='https://elsewhere.example/a.png'>\n{{ name|safe }}\n<script src=\"/static/a.js\"></script>"
    )
    plant(tmp_path, {"templates/visits/a.html": page, "templates/documents/paper.html": page, "plugins/a.html": "",
                     "static/js/a.js": "x.innerHTML = y;\nnew Function(z)"})  # fmt: skip
    assert breaches(tmp_path) == [
        "templates/visits/a.html:1 an inline script",
        "templates/visits/a.html:2 an inline style",
        "templates/visits/a.html:3 a handler in the markup",
        "templates/visits/a.html:4 a javascript: address",
        "templates/visits/a.html:5 something from another host",
        "templates/visits/a.html:6 markup that is not escaped",
        "static/js/a.js:2 code from a string",
        "static/js/a.js:1 markup from a string",
    ]
