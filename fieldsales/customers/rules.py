"""Who may see a customer, and how a customer is found. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from fieldsales.people.rules import Scope


@dataclass(frozen=True, slots=True)
class CustomerFact:
    """A customer as an operation sees it."""

    id: str
    version: int
    name: str
    owner_id: str | None
    team_id: str | None
    helper_ids: tuple[str, ...]
    lat: str | None = None
    lon: str | None = None


def may_see(scope: Scope, customer: CustomerFact) -> bool:
    """Whether a customer lies within a scope: the twin in Python of ``queries.visible``."""
    if scope.kind == "all":
        return True
    if scope.kind == "team":
        return customer.team_id == scope.team_id
    return scope.user_id in (customer.owner_id, *customer.helper_ids)
