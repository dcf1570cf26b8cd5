"""What plugins keep: whose it is and how it is named. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api.keeping import Kept

#: Under this key stands what plugins keep for the whole house.
HOUSE = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one plugin. ``body`` None: forgotten, and only its version is known."""

    id: str
    plugin: str
    kind: str
    key: str
    customer_id: str
    body: Mapping[str, Any] | None
    version: int


def record_id(plugin: str, customer_id: str, kind: str, key: str) -> str:
    """The id of the one record a plugin can have of that kind and key for that customer (or the house)."""
    return hashlib.sha256("\0".join((plugin, customer_id, kind, key)).encode()).hexdigest()


def shown(plugin: str, *groups: Iterable[Record] | None) -> tuple[Kept, ...]:
    """What of these records the plugin itself is shown: its own alone, in their order."""
    return tuple(
        Kept(one.kind, one.key, MappingProxyType(deepcopy(dict(one.body))), one.version, one.customer_id)
        for group in groups for one in group or () if one.plugin == plugin and one.body is not None
    )  # fmt: skip
