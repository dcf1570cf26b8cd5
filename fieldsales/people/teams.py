"""Teams as a filter may name them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from fieldsales.people.models import Team
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of

_teams = table_of(Team)


def teams_in(connection: Connection, scope: Scope) -> tuple[tuple[str, str], ...]:
    """(id, name) of the teams whose customers lie in the scope, by name; none for one's own. One query."""
    if scope.kind == "self":
        return ()
    asked = select(_teams.c.id, _teams.c.name).order_by(_teams.c.name)
    if scope.kind == "team":
        asked = asked.where(_teams.c.id == scope.team_id)
    return tuple((row.id, row.name) for row in connection.execute(asked))
