"""What can go wrong, in the trade's words. One table in ``web.errors`` turns these into HTTP."""

from __future__ import annotations

from typing import Any, ClassVar


def N_(message: str) -> str:
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return message


class TradeError(Exception):
    """A refusal a person can understand.

    ``code`` is stable and machine-readable (``visits.in_future``); ``message`` is an English msgid
    with ``%(name)s`` places filled from ``params``; ``field`` names the form field it belongs to.
    """

    kind: ClassVar[str] = "invalid"

    def __init__(self, code: str, message: str, /, *, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return f"{self.code}: {self.message % self.params if self.params else self.message}"


class NotAllowed(TradeError):
    """The actor may not do this."""

    kind = "not_allowed"


class NotFound(TradeError):
    """There is no such thing, or it is not the actor's to see."""

    kind = "not_found"


class Invalid(TradeError):
    """What was sent cannot be understood or is out of bounds."""

    kind = "invalid"


class RuleBroken(TradeError):
    """Well-formed, but a rule of the trade or of law forbids it."""

    kind = "rule_broken"


class Stale(TradeError):
    """It was decided on facts that have moved since."""

    kind = "stale"
