"""Who may take ledgers in and out. Pure."""

from __future__ import annotations

from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import may_post_money


def may_import(actor: Actor) -> bool:
    """Whether the actor may take a ledger in: whoever may post money."""
    return may_post_money(actor)


def may_export(actor: Actor) -> bool:
    """Whether the actor may take lists out: everyone, but only what he may see."""
    return bool(actor.user_id) or actor.role == "system"
