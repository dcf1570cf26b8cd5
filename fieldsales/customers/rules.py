"""Who may see a customer, and how a customer is found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A contact as an operation sees it."""

    id: str
    customer_id: str
    name: str
    role: str
    phone: str
    email: str
    is_ended: bool


def merged(contact: ContactFact, was: Mapping[str, str], now: Mapping[str, str]
           ) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """(what is applied, what is only proposed) of one person's change to a contact, field by field.

    A proposal is ``{"was": …, "now": …, "office": …}``: what stood there when it was made, what is wished,
    what stands there now.
    """
    changes: dict[str, Any] = {}
    proposal: dict[str, dict[str, str]] = {}
    for name, wished in now.items():
        office = getattr(contact, name)
        if office == wished:
            continue
        if name in was and office == was[name]:
            changes[name] = wished
        else:
            proposal[name] = {"was": was.get(name, ""), "now": wished, "office": office}
    return changes, proposal
