"""OpenAPI 3.1 of the whole API: routes under ``/api/v1`` and the commands that ``sync/push`` carries.

Nothing is written twice: shapes come from the pydantic models, descriptions from the docstrings,
who may ask from the access policies.
"""

from __future__ import annotations

import inspect
import re
from importlib.metadata import version
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from fieldsales.kernel.operation import OPERATIONS, is_for_office
from fieldsales.sync.messages import ErrorAnswer
from fieldsales.sync.rules import carries_secret
from fieldsales.web.access import policy_of
from fieldsales.web.api import ApiDoc

PREFIX = "/api/v1/"
_REF = "#/components/schemas/{model}"
_PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def document(app: Flask, role: str) -> dict[str, Any]:
    """The OpenAPI document of a running program for somebody of this role: a rep reads of no command of the office."""
    rules = sorted((rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)), key=lambda r: r.rule)
    commands = {name: OPERATIONS[name].command for name in sorted(OPERATIONS)
                if not carries_secret(name) and not (role == "rep" and is_for_office(OPERATIONS[name]))}
    shapes = [shape for rule in rules for shape in _shapes(app, rule)]
    names, schemas = _schemas([*shapes, ErrorAnswer, *commands.values()])
    paths: dict[str, dict[str, Any]] = {}
    for rule in rules:
        path = _PLACE.sub(r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(app, rule, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "fieldsales", "version": version("fieldsales"), "description": inspect.cleandoc(_ABOUT),
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({_tag(rule) for rule in rules})],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
        "x-commands": {
            name: {"payload": {"$ref": _REF.format(model=names[command])}, "version": OPERATIONS[name].version,
                   "description": inspect.getdoc(OPERATIONS[name].handler) or ""}
            for name, command in commands.items()
        },
    }


_ABOUT = """
    Every change is a command: send it with `POST /api/v1/sync/push` in an envelope with an id of your
    own (UUIDv7). The same id and the same bytes get the same answer, however often they are sent.
    `x-commands` lists the commands with the schemas of their payloads. Amounts are whole minor units
    (分, cents); dates are ISO 8601; instants are UTC. Scripts send `Authorization: Bearer …`
    (`python3 -m fieldsales token create --user NAME`); pages also send `X-Fieldsales: 1`.
"""


def _tag(rule: Rule) -> str:
    return rule.rule[len(PREFIX) :].partition("/")[0]


def _doc(app: Flask, rule: Rule) -> ApiDoc:
    found = getattr(app.view_functions[rule.endpoint], "api_doc", None)
    return found if isinstance(found, ApiDoc) else ApiDoc()


def _shapes(app: Flask, rule: Rule) -> list[type[BaseModel]]:
    doc = _doc(app, rule)
    return [model for model in (doc.body, doc.answer) if model is not None]


def _schemas(models: list[type[BaseModel]]) -> tuple[dict[type[BaseModel], str], dict[str, Any]]:
    """Component names by model, and the components. Two models of one name are told apart by pydantic."""
    unique = list(dict.fromkeys(models))
    refs, whole = models_json_schema([(model, "validation") for model in unique], ref_template=_REF)
    names = {model: refs[model, "validation"]["$ref"].rpartition("/")[2] for model in unique}
    return names, whole.get("$defs", {})


def _operation(app: Flask, rule: Rule, names: dict[type[BaseModel], str]) -> dict[str, Any]:
    view, doc = app.view_functions[rule.endpoint], _doc(app, rule)
    said = inspect.getdoc(view) or rule.endpoint
    policy = policy_of(app, rule.endpoint) or frozenset()
    described: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [_tag(rule)],
        "summary": said.partition("\n")[0],
        "parameters": _parameters(rule, doc),
        "responses": _responses(doc, names, public="public" in policy),
    }
    if said.partition("\n")[2].strip():
        described["description"] = said.partition("\n")[2].strip()
    if doc.body is not None:
        content = {"application/json": {"schema": _ref(names, doc.body)}}
        described["requestBody"] = {"required": True, "content": content}
    elif doc.raw:
        described["requestBody"] = {"required": True, "content": {doc.raw: {}}}
    described["security"] = [] if "public" in policy else [{"session": []}, {"token": []}]
    return described


def _ref(names: dict[type[BaseModel], str], model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=names[model])}


def _parameters(rule: Rule, doc: ApiDoc) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found = [{"name": name, "in": "path", "required": True, "schema": text} for name in sorted(rule.arguments)]
    found += [{"name": name, "in": "query", "description": said, "schema": text} for name, said in doc.query.items()]
    found += [{"name": name, "in": "header", "description": said, "schema": text} for name, said in doc.headers.items()]
    return found


def _responses(doc: ApiDoc, names: dict[type[BaseModel], str], *, public: bool) -> dict[str, Any]:
    fine: dict[str, Any] = {"description": "Done."}
    if doc.answer is not None:
        fine["content"] = {"application/json": {"schema": _ref(names, doc.answer)}}
    elif doc.file:
        fine["content"] = {"*/*": {}}
    elif doc.status != 204:
        fine["content"] = {"application/json": {"schema": {"type": "object"}}}
    refusal = {"application/json": {"schema": _ref(names, ErrorAnswer)}}
    answers = {str(doc.status): fine}
    answers |= {str(status): {"description": said, "content": refusal} for status, said in doc.also.items()}
    if not public:
        answers["401"] = {"description": "Log in first.", "content": refusal}
    answers["default"] = {"description": "A refusal that says what to do.", "content": refusal}
    return answers
