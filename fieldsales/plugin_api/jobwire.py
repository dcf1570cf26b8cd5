"""What a job's process hands back, as JSON: never pickled, because whoever reads a pickle runs what is in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from fieldsales.plugin_api.jobs import Arrived, Attached, JobAnswer, KeepFor, Log, Order, TaskFor, Tell, job_answer
from fieldsales.plugin_api.keeping import Forget, Keep
from fieldsales.plugin_api.validate import Garbage

_KINDS: Mapping[str, type] = {
    one.__name__: one for one in (Keep, Forget, KeepFor, Arrived, TaskFor, Tell, Log, Attached)}
#: How values JSON has no name for are written: ``{"$": kind, "v": text}``.
_SAID: Mapping[type, tuple[str, Callable[[Any], str]]] = {
    datetime: ("at", datetime.isoformat), date: ("on", date.isoformat),
    bytes: ("bytes", lambda data: base64.b64encode(data).decode()),
}  # fmt: skip
_HEARD: Mapping[str, Callable[[str], Any]] = {
    "at": datetime.fromisoformat, "on": date.fromisoformat, "bytes": lambda text: base64.b64decode(text, validate=True),
}  # fmt: skip


def written(answer: JobAnswer) -> bytes:
    """The answer as it goes through the pipe. It has been checked."""
    return json.dumps([_said(one) for one in answer.orders], ensure_ascii=False, allow_nan=False).encode()


def _said(value: Any) -> Any:
    kind = type(value).__name__
    if is_dataclass(value) and not isinstance(value, type) and type(value) is _KINDS.get(kind):
        return {"$": kind, "v": {one.name: _said(getattr(value, one.name)) for one in fields(value)}}
    if type(value) in _SAID:
        name, say = _SAID[type(value)]
        return {"$": name, "v": say(value)}
    if isinstance(value, tuple | list):
        return [_said(one) for one in value]
    if isinstance(value, Mapping):
        return {"$": "map", "v": {name: _said(one) for name, one in value.items()}}
    return value


def read(data: bytes) -> JobAnswer:
    """The answer of a process nobody trusts, checked by type and bound. Raises Garbage."""
    try:
        orders: tuple[Order, ...] = tuple(_heard(one) for one in json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Garbage(f"the answer cannot be read: {type(error).__name__}: {error}") from error
    return job_answer(JobAnswer(orders))


def _heard(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_heard(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind, held = value["$"], value["v"]
    if kind == "map":
        return {str(name): _listed(_heard(one)) for name, one in held.items()}
    if kind in _HEARD:
        return _HEARD[kind](held)
    return _KINDS[kind](**{str(name): _heard(one) for name, one in held.items()})


def _listed(value: Any) -> Any:
    """Inside a record's body a list stays a list."""
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
