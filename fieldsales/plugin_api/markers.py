"""The marks that pluggy knows a hook by, and the version of this API."""

from __future__ import annotations

import pluggy

#: Raised when a hook or a record changes in a way that old plugins would notice; see the handbook's deprecation policy.
API_VERSION = 1
PROJECT = "fieldsales"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
