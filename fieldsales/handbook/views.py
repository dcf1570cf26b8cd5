"""The handbook inside the program. Pages are Markdown files beside this one; raw HTML in them is not taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, make_response
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from fieldsales.kernel.errors import N_
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("handbook", __name__)
nav(NavItem("handbook.contents", N_("Handbook"), "handbook", 99))
FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z0-9-]{1,60}(/[a-z0-9-]{1,60})?")
_LANG = re.compile(r"\.(zh|en)$")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the handbook: its address and its title."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class HandbookPage:
    """A page of the handbook beside the list of all."""

    leaves: tuple[Leaf, ...]
    decisions: tuple[Leaf, ...]
    name: str
    title: str
    body: Markup


def _file(name: str, reader: str) -> Path | None:
    """The page in the reader's language, else in the one there is."""
    other = "en" if reader == "zh" else "zh"
    tries = (FOLDER / f"{name}{ending}" for ending in (f".{reader}.md", ".md", f".{other}.md"))
    return next((path for path in tries if path.is_file()), None)


def _fence(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A block of code; above it the name of the file it is to be put into, where it names one."""
    named = re.search(r"file=(\S+)", tokens[index].info)
    block = self.fence(tokens, index, options, env)
    return f'<p class="file"><code>{escape(named[1])}</code></p>{block}' if named else block


@cache
def _read(path: Path, _changed: int) -> tuple[str, Markup]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("fence", _fence)
    body = reader.render(text)
    # A wide table scrolls by itself, and so must be reachable by keyboard.
    body = body.replace("<table>", '<table tabindex="0">')
    return (found[1].replace("`", "").strip() if found else path.stem), Markup(body)


def _shown(path: Path) -> tuple[str, Markup]:
    return _read(path, path.stat().st_mtime_ns)


def leaves(reader: str, folder: str = "") -> tuple[Leaf, ...]:
    """Every page of a folder, once, in the reader's language."""
    prefix = f"{folder}/" if folder else ""
    names = sorted({prefix + _LANG.sub("", path.stem) for path in (FOLDER / folder).glob("*.md")})
    files = ((name, _file(name, reader)) for name in names)
    return tuple(Leaf(name, _shown(path)[0]) for name, path in files if path is not None)


def _page(name: str) -> str:
    path = _file(name, lang()) if _NAME.fullmatch(name) else None
    if path is None:
        raise missing()
    title, body = _shown(path)
    return page("handbook/page.html", HandbookPage(leaves(lang()), leaves(lang(), "decisions"), name, title, body))


@views.get("/handbook")
@access(*EVERYONE)
def contents() -> str:
    """The handbook's first page."""
    known = leaves(lang())
    first = next((one.name for one in known if one.name in ("index", "start", "rep")), known[0].name if known else "")
    return _page(first)


@views.get("/handbook/<path:name>")
@access(*EVERYONE)
def leaf(name: str) -> str:
    """One page of the handbook."""
    return _page(name)


_PICTURES = {"png": "image/png", "svg": "image/svg+xml"}


@views.get("/handbook/images/<name>.<kind>")
@access(*EVERYONE)
def image(name: str, kind: str) -> Response:
    """A picture of a screen or a drawing, as the handbook's pages show it."""
    path = FOLDER / "images" / f"{name}.{kind}"
    if not _NAME.fullmatch(name) or "/" in name or kind not in _PICTURES or not path.is_file():
        raise missing()
    answer = make_response(path.read_bytes())
    answer.headers["Content-Type"] = _PICTURES[kind]
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
