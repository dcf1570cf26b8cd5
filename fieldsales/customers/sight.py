"""Who does not see a customer is told that there is none, before anything typed about it is judged."""

from __future__ import annotations

from fieldsales.customers.lists import visible_name
from fieldsales.people.rules import scope_of
from fieldsales.web.access import missing
from fieldsales.web.here import actor, reading


def in_sight(customer_id: str) -> str:
    """The name of a customer the present actor may see; else the page is not found."""
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
    if name is None:
        raise missing()
    return name
