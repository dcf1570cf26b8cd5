"""PluginStore (插件记录): what a plugin remembers, kept by the core in a table of its own, never in the plugin's.

A method says ``Keep`` or ``Forget`` among the effects of its decision; the core writes them with the action, in the
same transaction, and shows them again as ``facts.kept``. A plugin sees its own records only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: The largest body of one record, in bytes of JSON, and how many records one answer may keep or forget.
LARGEST_BODY = 20_000
MOST_AT_ONCE = 20
#: How many records a plugin may keep of one customer, and as many again of the house.
MOST_KEPT = 200
#: The bytes of all of these together: they are read for every action at the customer.
LARGEST_ALL = 200_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One record as it stands. ``body``: JSON values. ``version``: counts up with every change, from 1.

    ``customer_id``: the customer it was kept for, "" for one of the whole house.
    """

    kind: str
    key: str
    body: Mapping[str, Any]
    version: int
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """Write a record, in place of an earlier one of the same kind and key.

    ``key``: at most 120 signs; unique per plugin, customer and kind. ``body``: JSON values, at most 20,000 bytes.
    ``was``: the version it must still have (None: whatever it is; 0: it must be new); when another changes it
    meanwhile the whole decision is stale and asked again with the new facts. ``house``: belongs to no customer.
    """

    kind: str
    key: str
    body: Mapping[str, Any]
    was: int | None = None
    house: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Remove a record; nothing happens when there is none. ``house``: the one that belongs to no customer."""

    kind: str
    key: str
    house: bool = False


def objection(effects: Iterable[object], kept: Iterable[Kept]) -> str:
    """Why a plugin that keeps ``kept`` may not have these effects, "" when it may: too many, or another version."""
    asked = [one for one in effects if isinstance(one, Keep | Forget)]
    if not asked:  # what is kept is not weighed for an answer that keeps nothing
        return ""
    standing = {(bool(one.customer_id), one.kind, one.key): one.version for one in kept}
    sizes = {(bool(one.customer_id), one.kind, one.key): size_of(one.body) for one in kept}
    if len(asked) > MOST_AT_ONCE:
        return f"more than {MOST_AT_ONCE} records kept or forgotten at once"
    for one in asked:
        name = (not one.house, one.kind, one.key)
        if isinstance(one, Forget):
            standing.pop(name, None)
            sizes.pop(name, None)
            continue
        version = standing.get(name, 0)
        if one.was is not None and one.was != version:
            other = standing.get((one.house, one.kind, one.key))
            hint = f"; the house's own has {other}" if other and not one.house else ""
            return f"Keep {one.kind} {one.key!r}: was={one.was}, but its version is {version}{hint}"
        standing[name], sizes[name] = version + 1, size_of(one.body)
    for of_customer, whose in ((True, "one customer"), (False, "the house")):
        if sum(name[0] is of_customer for name in standing) > MOST_KEPT:
            return f"more than {MOST_KEPT} records of {whose}"
        if sum(size for name, size in sizes.items() if name[0] is of_customer) > LARGEST_ALL:
            return f"records of {whose} together larger than {LARGEST_ALL} bytes"
    return ""


def size_of(body: Mapping[str, Any]) -> int:
    """The bytes of a body as JSON."""
    return len(json.dumps(dict(body), ensure_ascii=False).encode())
