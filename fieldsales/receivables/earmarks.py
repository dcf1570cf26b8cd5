"""Money that is spoken for: one sum is not counted twice for what was promised of it.

A promise to pay and a signed plan are both measured against the money that came in, and do not know each other.
Whoever has the first claim says here what it has taken; whoever comes second counts what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.work import fact

#: ``(connection, customer ids)`` → the sums taken, by customer.
Reader = Callable[[Connection, list[str]], dict[str, list[MoneyIn]]]
READERS: list[Reader] = []


def earmarking(reader: Reader) -> Reader:
    """Declare who has the first claim on a customer's money."""
    READERS.append(reader)
    return reader


@fact("earmarked")
def load_earmarks(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The sums taken, by customer."""
    found: dict[str, list[MoneyIn]] = {key: [] for key in keys}
    for reader in READERS:
        for key, sums in reader(connection, keys).items():
            found[key] += sums
    return {key: tuple(sums) for key, sums in found.items()}


def left_over(money: Iterable[MoneyIn], taken: Iterable[MoneyIn]) -> list[MoneyIn]:
    """The money less what is spoken for; what came on the same day from the same debtor is one pot."""
    gone: defaultdict[MoneyIn, int] = defaultdict(int)
    for one in taken:
        gone[replace(one, amount_minor=0)] += one.amount_minor
    left = []
    for one in money:
        pot = replace(one, amount_minor=0)
        part = min(one.amount_minor, gone[pot])
        gone[pot] -= part
        if one.amount_minor > part:
            left.append(replace(one, amount_minor=one.amount_minor - part))
    return left
