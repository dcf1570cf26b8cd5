"""PluginStore (插件记录): what a plugin remembers, kept by the core in a table of its own, never in the plugin's.

A method says ``Keep`` or ``Forget`` among the effects of its decision; the core writes them with the action, in the
same transaction, and shows them again as ``facts.kept``. A plugin sees its own records only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: The largest body of one record, in bytes of JSON, and how many records one answer may keep or forget.
LARGEST_BODY = 20_000
MOST_AT_ONCE = 20


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

    ``key``: at most 120 signs; unique per plugin and kind. ``body``: JSON values, at most 20,000 bytes. ``was``: the
    version it must still have (None: whatever it is; 0: it must be new); else the whole decision is stale and asked
    again. ``house``: belongs to no customer.
    """

    kind: str
    key: str
    body: Mapping[str, Any]
    was: int | None = None
    house: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Remove a record; nothing happens when there is none."""

    kind: str
    key: str
