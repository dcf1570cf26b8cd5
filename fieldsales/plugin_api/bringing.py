"""What a plugin brings beside its code: ``static/`` files, ``templates/<its name>/``, ``translations/zh/*.po``.

Only folders bring any; a plugin of one file has nothing but its code. What is found here is read, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fieldsales.plugin_api.health import PluginStatus

#: A screen of the plugin's own: one file directly in ``static/``.
SCREEN = re.compile(r"[a-z][a-z0-9_]{0,39}\.js")
#: A template for the office's form: in ``templates/<plugin>/``.
TEMPLATE = re.compile(r"[a-z][a-z0-9_]{1,39}/[a-z0-9_/]{1,60}\.html")
#: What is given out of ``static/``. Everybody may read it, as the app's own code: there are no secrets in it.
KINDS = (".js", ".css", ".svg", ".png", ".webp", ".json")
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}")
#: Bytes of all static files of one plugin, and how many: a phone keeps them all.
MOST_BYTES, MOST_FILES = 2 * 1024 * 1024, 100


def home_of(status: PluginStatus) -> Path | None:
    """The plugin's own folder; None for one of a single file, and for one that never loaded."""
    if status.origin == "installed":
        found = find_spec(status.where.partition(":")[0]) if status.state != "failed" else None
        places = list(found.submodule_search_locations or ()) if found else []
        return Path(places[0]) if places else None
    home = Path(status.where)
    return home if home.is_dir() else None


def homes(statuses: Iterable[PluginStatus]) -> dict[str, Path]:
    """The folders of the plugins that are there, by name: one that hung keeps its files, one switched off does not."""
    found = {one.name: home_of(one) for one in statuses if one.state in ("active", "suspended")}
    return {name: home for name, home in found.items() if home is not None}


def static_files(home: Path) -> dict[str, Path]:
    """The files a plugin gives out, by the name below ``static/``; none at all when they are too many or too much."""
    folder = home / "static"
    found: dict[str, Path] = {}
    size = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        parts = path.relative_to(folder).parts
        is_ours = path.is_file() and path.resolve().is_relative_to(folder.resolve()) and path.suffix in KINDS
        if is_ours and all(_PART.fullmatch(part) for part in parts):
            found["/".join(parts)] = path
            size += path.stat().st_size
            if size > MOST_BYTES or len(found) > MOST_FILES:
                return {}
    return found


def objection(method: Any) -> str:
    """What is wrong with the screen or the template a method names, or ""."""
    if not isinstance(method.screen, str) or (method.screen and not SCREEN.fullmatch(method.screen)):
        return f"screen {method.screen!r} is no file of static/ such as {method.name}.js"
    if not isinstance(method.template, str) or (method.template and not TEMPLATE.fullmatch(method.template)):
        return f"template {method.template!r} is no name such as {method.name}/form.html"
    return ""
