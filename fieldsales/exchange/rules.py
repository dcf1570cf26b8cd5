"""Who may take ledgers in and out. Pure."""

from __future__ import annotations

from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import may_post_money


def may_import(actor: Actor) -> bool:
    """Whether the actor may take a ledger in: whoever may post money."""
    return may_post_money(actor)
