"""Demo data: a believable wholesaler's ledger, and the people, visits and promises around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def is_wanted(app: Flask) -> bool:
    """Whether the database is empty: demo data is filled in once, and never beside real people."""
    from fieldsales.demo import crew  # slow to import, and only `up` fills demo data in

    return crew.is_empty(app.extensions["fieldsales"])


def fill(app: Flask) -> None:
    """Fill the demo in through the dispatcher, as if people had worked here for half a year."""
    from fieldsales.demo import story  # slow to import, and only `up` fills demo data in

    story.fill(app.extensions["fieldsales"])


def logins(app: Flask) -> list[str]:
    """The demo's logins as lines to print; empty when the database holds no demo."""
    from fieldsales.demo import crew  # slow to import, and only `up` prints logins

    return crew.lines(app.extensions["fieldsales"])
