"""The marks that pluggy knows a hook by, and the version of this API."""

from __future__ import annotations

from collections.abc import Mapping

import pluggy

#: Raised when a hook or a record changes in a way that old plugins would notice; see the handbook's deprecation policy.
API_VERSION = 1
PROJECT = "fieldsales"
#: Hooks that will go: since which version they are not wanted, when they go, and what takes their place. At least two
#: minor versions lie between; meanwhile a plugin that uses one works, and the page of plugins says so.
DEPRECATED: Mapping[str, str] = {}

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
