"""What plugins bring to the web: static files under addresses that name their content, templates, words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from flask import Blueprint, Response
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound
from werkzeug.exceptions import NotFound as NoSuchFile

from fieldsales.kernel.sentences import read_words
from fieldsales.plugin_api.bringing import homes, static_files
from fieldsales.web.access import PUBLIC, access
from fieldsales.web.assets import Asset, read_asset
from fieldsales.web.here import here
from fieldsales.web.sending import send

views = Blueprint("brought", __name__)
_log = structlog.get_logger("fieldsales.plugins")


class StaticFiles:
    """The static files of all plugins that are there, read again when one of them changes."""

    def __init__(self) -> None:
        self._known: dict[Path, Asset] = {}

    def of(self, home: Path) -> dict[str, Asset]:
        """A plugin's files by name."""
        return {name: self._read(path, name) for name, path in static_files(home).items()}

    def _read(self, path: Path, name: str) -> Asset:
        state = path.stat()
        known = self._known.get(path)
        if known is None or known.stamp != (state.st_mtime_ns, state.st_size):
            # as its author wrote it: nothing is cut from code we do not know
            known = self._known[path] = read_asset(path, name, (state.st_mtime_ns, state.st_size), slimming=False)
        return known


_files = StaticFiles()


def tag_of(files: Mapping[str, Asset]) -> str:
    """A hash of all static files of a plugin: it stands in their addresses, so that what they import fits them."""
    whole = "".join(f"{name} {asset.etag}\n" for name, asset in sorted(files.items()))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def addresses(plugins: Any) -> dict[str, dict[str, str]]:
    """plugin -> name -> ``/static/plugins/<plugin>/<hash>/<name>``."""
    found: dict[str, dict[str, str]] = {}
    for plugin, home in homes(plugins.status()).items():
        files = _files.of(home)
        tag = tag_of(files)
        found[plugin] = {name: f"/static/plugins/{plugin}/{tag}/{name}" for name in files}
    return found


def screens(plugins: Any, forms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Forms with the address of their own screen in place of its file's name; "" where the file is not there."""
    if not any(form.get("screen") for form in forms):
        return forms
    known = addresses(plugins)
    return [{**form, "screen": known.get(plugins.brought_by("collection_methods", form["method"]), {})
             .get(form["screen"], "")} if form.get("screen") else form for form in forms]


@views.get("/static/plugins/<plugin>/<tag>/<path:name>")
@access(*PUBLIC)
def give(plugin: str, tag: str, name: str) -> Response:
    """A static file of a plugin that is switched on, by the hash of all of them: it never changes under its address."""
    home = homes(here().plugins.status()).get(plugin)
    files = _files.of(home) if home else {}
    if name not in files or tag != tag_of(files):
        raise NoSuchFile
    return send(files[name], "public, max-age=31536000, immutable")


give.talisman_view_options = {  # type: ignore[attr-defined]
    "content_security_policy": "", "permissions_policy": "", "frame_options": None}


class _Own(BaseLoader):
    """A plugin's templates: those below its own name, and no others."""

    def __init__(self, plugin: str, folder: Path) -> None:
        self._prefix, self._files = f"{plugin}/", FileSystemLoader(folder)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if not template.startswith(self._prefix):
            raise TemplateNotFound(template)
        return self._files.get_source(environment, template)

    def list_templates(self) -> list[str]:
        return [name for name in self._files.list_templates() if name.startswith(self._prefix)]


def loader(core: str, plugins: Any) -> ChoiceLoader:
    """The core's templates, then each plugin's own: none can put itself in place of the core's, or of another's."""
    own = [_Own(name, home / "templates") for name, home in homes(plugins.status()).items()
           if (home / "templates").is_dir()]
    return ChoiceLoader([FileSystemLoader(core), *own])


def words(plugins: Any) -> dict[str, str]:
    """English -> Chinese of the plugins' own sentences. A fragment that cannot be read costs only itself."""
    found: dict[str, str] = {}
    for name, home in homes(plugins.status()).items():
        try:
            own = read_words(home / "translations" / "zh")
        except Exception as error:  # whatever a broken catalogue makes its reader raise
            _log.warning("plugin words unread", plugin=name, error=f"{type(error).__name__}: {error}"[:200])
            continue
        found = {**own, **found}
    return found
