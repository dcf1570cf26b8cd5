"""A block of a paper as it is read: what the clause sets become once their places are filled."""

from __future__ import annotations

from dataclasses import dataclass

CELL_JOINT = "  "


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as it is read. ``rows`` (with ``heads``, ``aligns``, ``caption``) only for kind rows.

    ``lang``: set where the block is in another language than the paper. ``of``: what the rows list.
    """

    kind: str
    text: str
    gap: bool = False
    number: int = 0
    caption: str = ""
    heads: tuple[str, ...] = ()
    aligns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lang: str = ""
    of: str = ""
