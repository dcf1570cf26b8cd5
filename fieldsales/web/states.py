"""Page contexts that belong to no capability."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, and what to do."""

    status: int
    text: str
