"""The API's own pages: its OpenAPI document, and the same for people to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, jsonify

from fieldsales.sync.openapi import document
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.api import api_doc
from fieldsales.web.compress import zipped
from fieldsales.web.here import actor
from fieldsales.web.pages import page

pages = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API, or one command (``method`` "COMMAND")."""

    method: str
    path: str
    summary: str
    description: str
    public: bool
    shapes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Everything the API offers, group by group."""

    version: str
    about: str
    groups: tuple[tuple[str, tuple[Route, ...]], ...]


@pages.get("/openapi.json")
@access(*EVERYONE)
@api_doc()
def openapi() -> Any:
    """This API as an OpenAPI 3.1 document: of the commands, those this person's role may send."""
    return zipped(jsonify(document(current_app, actor().role)))


@pages.get("/docs")
@access(*EVERYONE)
@api_doc(file=True)
def docs() -> str:
    """This API for people to read."""
    whole = document(current_app, actor().role)
    return page("sync/api.html", ApiPage(whole["info"]["version"], whole["info"]["description"], _groups(whole)))


def _groups(whole: dict[str, Any]) -> tuple[tuple[str, tuple[Route, ...]], ...]:
    schemas = whole["components"]["schemas"]
    found: dict[str, list[Route]] = {}
    for path, methods in whole["paths"].items():
        for method, told in methods.items():
            shapes = _shapes_of(told, schemas)
            more, public = told.get("description", ""), not told["security"]
            route = Route(method.upper(), path, told["summary"], more, public, shapes)
            found.setdefault(told["tags"][0], []).append(route)
    for name, told in whole["x-commands"].items():
        shape = ("payload", _pretty(told["payload"], schemas))
        summary, _, rest = told["description"].partition("\n")
        found.setdefault(f"commands: {name.partition('.')[0]}", []).append(
            Route("COMMAND", name, summary, rest.strip(), False, (shape,)))
    return tuple((name, tuple(routes)) for name, routes in found.items())


def _shapes_of(told: dict[str, Any], schemas: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        if "schema" in content:
            found.append((f"request, {kind}", _pretty(content["schema"], schemas)))
    for status, answer in told["responses"].items():
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2") and schema:
            found.append((f"answer {status}", _pretty(schema, schemas)))
    return tuple(found)


def _pretty(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    named = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    return json.dumps(named, indent=2, ensure_ascii=False)
