"""Two small operations, made for proving the dispatcher, and what the proofs ask the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, select

from fieldsales.customers import queries as _customer_facts  # noqa: F401 - declares the fact "customer"
from fieldsales.customers.guards import may_work_with
from fieldsales.customers.models import Contact, Customer
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.events import Event
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import OPERATIONS, Command, Envelope, Id, Need, operation
from fieldsales.store import Store, table_of
from fieldsales.store.work import AFTER, FACTS, Facts, Work, after, fact
from tests import cast
from tests.cast import HARBOUR


class Rename(Command):
    customer_id: Id
    name: str


class Introduce(Command):
    customer_id: Id
    contact_id: Id
    name: str


class LookUp(Command):
    """Ask for facts that ``needs`` does not name: of one ``place``, of the next on the ``trail``, or without end."""

    customer_id: Id
    place: str


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    customer_id: str
    name: str


@pytest.fixture(autouse=True)
def trial_operations() -> Iterator[None]:
    needs = lambda c: [Need("customer", c.customer_id)]  # noqa: E731

    @operation("trial.rename", Rename, needs=needs, guard=may_work_with)
    def rename(work: Work, command: Rename) -> None:
        if work.require("customer", command.customer_id).name == command.name:
            raise RuleBroken("trial.same_name", N_("It is called that already."))
        if command.name == "fault":
            raise ZeroDivisionError
        if work.plugins:
            work.plugins.decide(command.name)
        work.update(Customer, command.customer_id, name=command.name)
        work.touch(command.customer_id)
        work.emit(Renamed(command.customer_id, command.name))
        work.after("trial.renamed", {"name": command.name})
        work.answer(name=command.name)

    @operation("trial.introduce", Introduce, needs=needs, guard=may_work_with)
    def introduce(work: Work, command: Introduce) -> None:
        work.insert(Contact, id=command.contact_id, customer_id=command.customer_id, name=command.name)
        work.touch(command.customer_id)

    @after(Renamed)
    def show(facts: Facts, event: Renamed) -> None:
        old = facts.get("customer", event.customer_id)
        facts.put("customer", event.customer_id, type(old)(old.id, old.version, event.name, old.owner_id,
                                                           old.team_id, old.helper_ids))

    _declare_look_up(needs)
    yield
    del OPERATIONS["trial.rename"], OPERATIONS["trial.introduce"], AFTER[Renamed]
    del OPERATIONS["trial.look_up"], FACTS["trial.place"]


def _declare_look_up(needs: Callable[[Any], list[Need]]) -> None:
    @fact("trial.place")
    def places(_connection: Connection, keys: list[str]) -> dict[str, Any]:
        return dict.fromkeys(keys, 0)

    @operation("trial.look_up", LookUp, needs=needs, guard=may_work_with)
    def look(work: Work, command: LookUp) -> None:
        if command.place == "trail":
            so_far = work.fact("trial.place", "trail")
            work.fact("trial.place", f"trail {so_far}")
            work.facts.put("trial.place", "trail", so_far + 1)
        elif command.place == "without end":
            work.fact("trial.place", uuid7())
        else:
            work.fact("trial.place", command.place)


def rename(name: str, customer_id: str = HARBOUR, **more: Any) -> Envelope:
    return Envelope(uuid7(), "trial.rename", {"customer_id": customer_id, "name": name}, **more)


def introduce(name: str, contact_id: str | None = None, customer_id: str = HARBOUR, **more: Any) -> Envelope:
    payload = {"customer_id": customer_id, "contact_id": contact_id or uuid7(), "name": name}
    return Envelope(uuid7(), "trial.introduce", payload, **more)


def look_up(place: str, **more: Any) -> Envelope:
    return Envelope(uuid7(), "trial.look_up", {"customer_id": HARBOUR, "place": place}, **more)


def dispatcher(store: Store, **more: Any) -> Dispatcher:
    return Dispatcher(store, FixedClock(cast.NOON), **more)


def rows(store: Store, model: Any) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(table_of(model)).order_by(next(iter(table_of(model).primary_key)))))


def name_of(store: Store, customer_id: str) -> str:
    with store.reading() as connection:
        table = table_of(Customer)
        return str(connection.execute(select(table.c.name).where(table.c.id == customer_id)).scalar_one())
