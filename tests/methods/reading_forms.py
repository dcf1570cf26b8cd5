"""The editor's form as a browser would send it, read from its HTML."""

from __future__ import annotations

from html.parser import HTMLParser


class _Editor(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._inside = False
        self._select: tuple[str, str | None] | None = None
        self._area: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._inside = "data-maker" in given
        elif not self._inside:
            return
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.sent.append((name, value))
        elif tag == "select":
            self._select = (name, None)
        elif tag == "option" and self._select and (self._select[1] is None or "selected" in given):
            self._select = (self._select[0], value)
        elif tag == "textarea":
            self._area = (name, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            self.sent.append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "textarea" and self._area:
            self.sent.append(self._area)
            self._area = None
        elif tag == "form":
            self._inside = False


def editor_of(page: str) -> list[tuple[str, str]]:
    """Every pair the editor of this page would send, without its buttons."""
    editor = _Editor()
    editor.feed(page)
    assert editor.sent, "there is no editor on this page"
    return editor.sent
