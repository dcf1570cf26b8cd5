"""An event says what has happened, in the past tense: ``VisitLogged``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """The base of every event. Frozen; carries ids and values, never rows."""
