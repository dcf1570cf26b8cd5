"""Plugins that lie in the books rather than in a folder: who offers them, and how to see that they have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from fieldsales.plugin_api.loading import Found


@dataclass(frozen=True, slots=True)
class Offer:
    """``origin``: what the plugins found are marked with. ``mark``: an SQL expression, another value when anything
    changed; it is read every second, so it must cost next to nothing. ``found``: what there is now."""

    origin: str
    mark: str
    found: Callable[[Connection], list[Found]]


OFFERS: list[Offer] = []


def offer(one: Offer) -> None:
    """Offer plugins from the books. Called once, by the capability that keeps them."""
    if one not in OFFERS:
        OFFERS.append(one)
