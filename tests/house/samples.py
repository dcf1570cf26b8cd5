"""The least payload a command accepts, made from its JSON Schema: for tests that try every operation."""

from __future__ import annotations

from typing import Any

from fieldsales.kernel.ids import UUID_PATTERN, uuid7
from fieldsales.kernel.operation import Command

_TEXT = {"date": "2026-03-12", "date-time": "2026-03-12T04:00:00Z"}
_PATTERNS = {
    UUID_PATTERN: None, "^[0-9a-f]{64}$": "ab" * 32, "^[A-Z]{3}$": "CNY", "^[a-z_]{2,40}$": "other",
    "^[a-z][a-z0-9_]{1,39}$": "phone", "^[A-Za-z0-9._@+-]{2,80}$": "someone",
}


def sample(command: type[Command], **fixed: Any) -> dict[str, Any]:
    """A payload with every required field; ``fixed`` replaces fields of these names wherever they stand."""
    schema = command.model_json_schema()
    made: dict[str, Any] = _value(schema, schema.get("$defs", {}), fixed)
    return made


def _value(schema: dict[str, Any], defs: dict[str, Any], fixed: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rsplit("/", 1)[1]], defs, fixed)
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], defs, fixed)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        needed = [*schema.get("required", []), *(name for name in fixed if name in schema.get("properties", {}))]
        return {name: fixed[name] if name in fixed else _value(schema["properties"][name], defs, fixed)
                for name in dict.fromkeys(needed)}
    if kind == "array":
        items = schema.get("prefixItems")
        if items:
            return [_value(one, defs, fixed) for one in items]
        return [_value(schema["items"], defs, fixed) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return _string(schema)
    if kind == "integer":
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    return {"boolean": True, "number": 1}.get(str(kind))


def _string(schema: dict[str, Any]) -> str:
    if schema.get("format") in _TEXT:
        return _TEXT[schema["format"]]
    pattern = schema.get("pattern")
    if pattern == UUID_PATTERN:
        return uuid7()
    return _PATTERNS.get(pattern or "") or "x" * max(8, schema.get("minLength", 0))
