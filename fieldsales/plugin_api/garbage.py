"""What is wrong with what a plugin gave: one exception, one way to raise it."""

from __future__ import annotations


class Garbage(Exception):
    """A plugin returned something it may not return."""


def need(truth: bool, what: str) -> None:
    """Raise Garbage with ``what`` unless it is so."""
    if not truth:
        raise Garbage(what)
