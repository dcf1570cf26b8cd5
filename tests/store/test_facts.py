"""Facts of a batch: what is read first, and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from fieldsales.customers.models import Customer
from fieldsales.kernel.operation import Need
from fieldsales.store import Store
from fieldsales.store.work import FACTS, Facts, FactsMissing, fact


@dataclass(frozen=True)
class Stamped:
    id: str
    version: int


@pytest.fixture
def reads() -> Iterator[list[str]]:
    """Two kinds of facts, and the order in which they are read."""
    order: list[str] = []

    @fact("trial.plain")
    def plain(connection: Connection, keys: list[str]) -> dict[str, Any]:
        order.append("plain")
        return {key: f"plain {key}" for key in keys}

    @fact("trial.stamped", stamp=Customer)
    def stamped(connection: Connection, keys: list[str]) -> dict[str, Any]:
        order.append("stamped")
        return {key: Stamped(key, 1) for key in keys}

    yield order
    del FACTS["trial.plain"], FACTS["trial.stamped"]


def test_a_version_is_read_before_the_facts_it_stands_for(store: Store, reads: list[str]) -> None:
    facts = Facts()
    with store.reading() as connection:
        facts.load(connection, [Need("trial.plain", "a"), Need("trial.stamped", "a")])
    assert reads == ["stamped", "plain"]
    assert facts.stamps == {("customers", "a"): 1}


def test_a_refusal_leaves_what_nobody_had_asked_for_to_be_read(store: Store, reads: list[str]) -> None:
    facts = Facts()
    with store.reading() as connection:
        facts.load(connection, [Need("trial.plain", "known")])
        mark = facts.mark()
        facts.put("trial.plain", "known", "changed")
        facts.put("trial.plain", "never read", "made here")
        facts.cut(mark)
        assert facts.get("trial.plain", "known") == "plain known"
        with pytest.raises(FactsMissing):
            facts.get("trial.plain", "never read")
        facts.load(connection, facts.missing)
    assert facts.get("trial.plain", "never read") == "plain never read"
