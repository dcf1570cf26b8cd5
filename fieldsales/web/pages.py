"""Pages: a template and the one dataclass it may use. What is undefined is an error, never a blank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, render_template, request
from jinja2 import StrictUndefined, nodes
from jinja2.meta import find_undeclared_variables

from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.web.filters import init_filters, lang


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the left rail. ``roles`` empty: everyone; ``count`` says how many wait there."""

    endpoint: str
    label: str
    icon: str
    order: int
    roles: tuple[str, ...] = ()
    group: str = ""
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands around every office page."""

    actor: Actor | None
    lang: str
    #: "light" or "dark" when chosen by hand, else empty: as the system has it
    theme: str
    here: str
    path: str


NAVIGATION: list[NavItem] = []


def nav(item: NavItem) -> None:
    """Put a page into the left rail. Called once by the views that own the page."""
    if item not in NAVIGATION:
        NAVIGATION.append(item)


def page(template: str, context: object) -> str:
    """Render ``template`` with the fields of the dataclass ``context``, and nothing else."""
    return render_template(template, **{field.name: getattr(context, field.name) for field in fields(context)})  # type: ignore[arg-type]


def present_actor() -> Actor | None:
    """Who is looking, if anyone is logged in."""
    found: Actor | None = g.get("actor")
    return found


def chrome() -> Chrome:
    """The frame around the page being shown."""
    theme = request.cookies.get("theme", "")
    return Chrome(present_actor(), lang(), theme if theme in ("light", "dark") else "", request.endpoint or "",
                  request.full_path.rstrip("?"))


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Places of the rail that belong together. ``title`` empty: always open. ``waiting``: in all of them."""

    title: str
    items: tuple[tuple[NavItem, int], ...]
    is_open: bool
    waiting: int


def rail() -> list[NavGroup]:
    """The places the present actor may go, in order; the group of the page being shown is open."""
    actor = present_actor()
    if actor is None:
        return []
    known, here = current_app.view_functions, request.blueprint
    mine = sorted(
        (item for item in NAVIGATION if item.endpoint in known and (not item.roles or actor.role in item.roles)),
        key=lambda item: item.order,
    )
    groups = []
    for title, items in groupby(mine, key=lambda item: item.group):
        counted = tuple((item, item.count(actor) if item.count else 0) for item in items)
        is_open = any(item.endpoint.partition(".")[0] == here for item, _ in counted)
        groups.append(NavGroup(title, counted, is_open, sum(count for _, count in counted)))
    return groups


def names_used(app: Flask, template: str) -> set[str]:
    """The names a template takes from its page: its own, and those of the templates it extends or includes.

    Globals of the environment are left out. Used by the test that holds pages to their dataclasses.
    """
    env, loader = app.jinja_env, app.jinja_env.loader
    if loader is None:
        return set()
    source, _, _ = loader.get_source(env, template)
    tree = env.parse(source)
    own = _own_names(tree)
    names = find_undeclared_variables(tree) - set(env.globals) - own
    for node in tree.find_all((nodes.Extends, nodes.Include)):
        other = getattr(node, "template", None)
        if isinstance(other, nodes.Const):
            names |= names_used(app, str(other.value)) - own
    return names - {"_", "gettext", "ngettext", "request", "session", "g", "config", "get_flashed_messages", "url_for"}


def _own_names(tree: nodes.Template) -> set[str]:
    """Names a template brings itself: what it imports or defines at its top, and whatever it sets."""
    own: set[str] = set()
    for node in tree.body:
        if isinstance(node, nodes.FromImport):
            own |= {name if isinstance(name, str) else name[1] for name in node.names}
        elif isinstance(node, nodes.Import):
            own.add(node.target)
        elif isinstance(node, nodes.Macro):
            own.add(node.name)
    return own | {target.name for node in tree.find_all(nodes.Assign) for target in node.find_all(nodes.Name)
                  if target.ctx == "store"}


def asset_stamp(app: Flask) -> Callable[[str], str]:
    """Static files are asked for by their age, so that a browser keeps them until they change."""
    folder = Path(app.static_folder or "static")

    def asset(name: str) -> str:
        found = folder / name
        stamp = int(found.stat().st_mtime) if found.exists() else 0
        return f"{app.static_url_path or '/static'}/{name}?{stamp:x}"

    return asset


def init_pages(app: Flask) -> None:
    """Hold templates strictly, and give them the filters and the frame."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    init_filters(app)
    shared: dict[str, Any] = {"form_id": uuid7, "chrome": chrome, "rail": rail, "asset": asset_stamp(app)}
    app.jinja_env.globals.update(shared)
