"""The field app's shell, its service worker and its files. Nothing here knows who is asking.

The shell is the same for everybody, so that a phone may keep it; people's data never goes through
the service worker.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect
from werkzeug.exceptions import NotFound as NoSuchFile

from fieldsales.web.access import PUBLIC, access
from fieldsales.web.assets import Assets
from fieldsales.web.brought import addresses
from fieldsales.web.compress import zipped
from fieldsales.web.headers import CSP
from fieldsales.web.here import here
from fieldsales.web.pages import page
from fieldsales.web.sending import conditional, send

views = Blueprint("pwa", __name__)

#: the field app sets no HTML by string anywhere: with Trusted Types nobody can
APP_CSP: dict[str, Any] = {
    **CSP, "default-src": "'none'", "media-src": "'self' blob:", "require-trusted-types-for": "'script'",
    "trusted-types": "fieldsales",
}


@dataclass(frozen=True, slots=True)
class ShellPage:
    """``modules``: what opening the app fetches, named so that the browser asks for all at once."""

    modules: list[str]


@cache
def _assets(folder: str) -> Assets:
    return Assets(Path(folder))


def assets() -> Assets:
    """The app's static files."""
    return _assets(current_app.static_folder or "static")


@views.get("/static/js/<path:name>")
@access(*PUBLIC)
def script(name: str) -> Response:
    """A module, slimmed and gzipped; asked for again by its hash."""
    return send(assets().get("js/" + name))


@views.get("/static/vendor/<path:name>")
@access(*PUBLIC)
def vendored(name: str) -> Response:
    """A pinned library."""
    return send(assets().get("vendor/" + name))


@views.get("/static/css/<path:name>")
@access(*PUBLIC)
def style(name: str) -> Response:
    """A style sheet, gzipped."""
    return send(assets().get("css/" + name))


@views.get("/manifest.webmanifest")
@access(*PUBLIC)
def manifest() -> Response:
    """What a phone shows when the app is put on its home screen."""
    return send(assets().get("manifest.webmanifest"))


#: A policy counts for pages and workers; on forty modules it would be a quarter of the first load.
for _file in (script, vendored, style, manifest):
    options = {"content_security_policy": "", "permissions_policy": "", "frame_options": None}
    setattr(_file, "talisman_view_options", options)  # noqa: B010 - Talisman reads it off the function


def _shell() -> str:
    return page("app/shell.html", ShellPage(modules=assets().first_load()))


@views.get("/app", defaults={"rest": ""})
@views.get("/app/<path:rest>")
@access(*PUBLIC)
def app(rest: str) -> Response:
    """The shell of the field app, whatever the address inside it: the phone's router reads that."""
    answer = zipped(make_response(_shell()))
    answer.add_etag()
    return conditional(answer, answer.get_etag()[0] or "")


app.talisman_view_options = {"content_security_policy": APP_CSP}  # type: ignore[attr-defined]


@views.post("/app/share")
@access(*PUBLIC)
def shared() -> Any:
    """A picture shared to the app before its service worker was there: nothing is kept, the app says what to do."""
    return redirect("/app/share?missed=1", 303)


@views.get("/sw.js")
@access(*PUBLIC)
def worker() -> Response:
    """The service worker: the version and the lists of files it keeps (the app's, plugins'), then static/sw.js."""
    source = assets().get("sw.js")
    if source is None:
        raise NoSuchFile
    files = ["/app", "/manifest.webmanifest", *(f"/static/{name}" for name in assets().precached())]
    brought = sorted(address for names in addresses(here().plugins).values() for address in names.values())
    version = assets().version(_shell().encode(), source.body, "\n".join(brought).encode())
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in
                   (("VERSION", version), ("FILES", files), ("BROUGHT", brought)))
    answer = make_response(head + source.body.decode())
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer = zipped(answer)
    return conditional(answer, version + ("-gz" if answer.content_encoding else ""))
