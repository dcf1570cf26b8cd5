"""Who may see whom, and which role may do what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldsales.kernel.operation import ROLES, Actor

__all__ = ["RECORD_TRADES", "RECORD_WATCHERS", "ROLES", "Scope", "looks_after_record", "may_administer", "may_manage",
           "may_post_money", "scope_of"]

#: Roles that see every customer; a manager sees his team's, a rep his own and those he helps with.
_SEE_ALL = frozenset({"finance", "legal", "admin", "system"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose customers an actor may see."""

    kind: Literal["all", "team", "self"]
    user_id: str
    team_id: str | None


def scope_of(actor: Actor) -> Scope:
    """All, the team's, or one's own. A manager without a team leads the whole company."""
    if actor.role in _SEE_ALL or (actor.role == "manager" and actor.team_id is None):
        return Scope("all", actor.user_id, actor.team_id)
    if actor.role == "manager":
        return Scope("team", actor.user_id, actor.team_id)
    return Scope("self", actor.user_id, actor.team_id)


def may_manage(actor: Actor) -> bool:
    """Whether the actor decides for a team: supply stops, disputes, handovers."""
    return actor.role in {"manager", "admin", "system"}


def may_post_money(actor: Actor) -> bool:
    """Whether the actor confirms money and imports ledgers. Never the rep who collected it."""
    return actor.role in {"finance", "admin", "system"}


def may_administer(actor: Actor) -> bool:
    """Whether the actor keeps users, teams and devices."""
    return actor.role in {"admin", "system"}


#: Who looks after records that were not simply applied; finance and legal those of their own trade, by the
#: beginning of the operation's name, a manager his team's.
RECORD_WATCHERS = frozenset({"manager", "finance", "legal", "admin"})
RECORD_TRADES = {
    "finance": ("receivables.",),
    "legal": ("plans.", "statements.", "disputes."),
}


def looks_after_record(actor: Actor, operation: str, author_team: str | None, handed_to: frozenset[str]) -> bool:
    """Whether a record that was not simply applied is this person's to settle: by trade, by team, or handed to him."""
    if actor.role not in RECORD_WATCHERS:
        return False
    if actor.user_id in handed_to:
        return True
    if actor.role in RECORD_TRADES:
        return operation.startswith(RECORD_TRADES[actor.role])
    scope = scope_of(actor)
    return scope.kind == "all" or (scope.kind == "team" and scope.team_id == author_team)
