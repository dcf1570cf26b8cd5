"""A field day by a seed: phones that are cut, doubled, reordered, restarted, with clocks that are wrong.

Afterwards the invariants hold, and the end state is the one that the same commands leave when they come
undisturbed, phone by phone, in other batches (S5).
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select

from fieldsales.collection.models import Task
from fieldsales.kernel.operation import Actor
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.receivables.models import CustomerMoney, PaymentReceipt, ReceiptEvent
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from fieldsales.sync.messages import Push
from fieldsales.sync.service import push
from fieldsales.visits.models import Note, Visit
from fieldsales.web.here import Program
from tests import cast
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Line, Phone
from tests.faults.server_side.test_killed import after_the_storm
from tests.faults.wire import Wire

Open = Callable[..., House]
Enrol = Callable[..., Phone]
#: login, actor, customer, how wrong the phone's clock is; the first two are one rep with two phones
CREW: tuple[tuple[str, Actor, str, timedelta], ...] = (
    ("rep", cast.REP, cast.HARBOUR, timedelta(0)),
    ("rep", cast.REP, cast.HARBOUR, timedelta(days=-400)),
    ("helper_rep", cast.HELPER_REP, cast.HARBOUR, timedelta(hours=7)),
    ("other_rep", cast.OTHER_REP, cast.RIVER, timedelta(minutes=-3)),
)
#: What commands leave behind, less the ids and instants that the server gives.
STATE: dict[type[Any], tuple[str, ...]] = {
    Visit: ("id", "customer_id", "user_id", "purpose", "outcome", "said", "persons"),
    Note: ("id", "customer_id", "text"),
    Promise: ("id", "customer_id", "amount_minor", "currency", "due_on", "state", "kept_minor", "by_id"),
    PromiseOutcome: ("promise_id", "state", "kept_minor"),
    PaymentReceipt: ("id", "customer_id", "amount_minor", "state", "collector_id", "owner_id"),
    ReceiptEvent: ("receipt_id", "kind"),
    CustomerMoney: ("customer_id", "currency", "open_minor", "unapplied_minor"),
    Task: ("customer_id", "kind", "source_id"),
    CommandReceipt: ("command_id", "actor_id", "status", "code", "waits_for"),
}


def _one_more(phone: Phone) -> None:
    """Something happens: a visit, a note, a promise made on an earlier visit, one that replaces another, money."""
    rng, mine = phone.rng, list(phone.created.values())
    made_at = datetime.now(UTC) + phone.skew
    what = rng.choice(["visit", "visit", "note", "promise", "instead", "receipt", "poison"])
    promises = [one["entity_id"] for one in mine if one["operation"] == "promises.make_promise"]
    visits = [one["entity_id"] for one in mine if one["operation"] == "visits.log_visit"]
    if what == "visit":
        picture = [world.photo(rng.randrange(50))] if rng.random() < 0.4 else []
        names = [world.sha256(one) for one in picture]
        outcome = rng.choice(["paid", "promised", "refused", "not_discussed"])
        phone.save(world.visit(phone.customer_id, photos=names, outcome=outcome, made_at=made_at), picture)
    elif what == "note":
        phone.save(world.note(phone.customer_id, f"记 {rng.randrange(10**6)}", made_at=made_at))
    elif what == "instead" and promises:
        phone.save(world.promise(phone.customer_id, rng.randrange(1, 10**6), supersedes=[promises[-1]],
                                 needs=[promises[-1]], made_at=made_at))
    elif what == "receipt":
        phone.save(world.receipt(phone.customer_id, rng.randrange(1, 10**7), made_at=made_at))
    elif what == "poison":
        phone.save(world.promise(phone.customer_id, -1, made_at=made_at))
    else:
        needs = [visits[-1]] if visits else []
        phone.save(world.promise(phone.customer_id, rng.randrange(1, 10**6), needs=needs, made_at=made_at))


def _day(phone: Phone, steps: int, over: threading.Event) -> None:
    """Work, send a random part, sometimes again what was answered, sometimes late things first."""
    for _ in range(steps):
        _one_more(phone)
        if phone.rng.random() < 0.3:
            phone.rng.shuffle(phone.outbox)  # another phone's import, a retry: order is not promised
        old = phone.rng.sample(list(phone.settled), min(len(phone.settled), phone.rng.randrange(4)))
        if phone.rng.random() < 0.7:
            phone.push(phone.rng.randrange(1, 20), extra=[phone.created[name] for name in old])
        if phone.rng.random() < 0.4:
            phone.upload(piece=phone.rng.choice([200, 500, 10**6]))
        if phone.rng.random() < 0.4:
            phone.pull(limit=phone.rng.randrange(1, 50))
        if over.is_set():
            return


def _weather(wire: Wire, house: House, rng: random.Random, over: threading.Event, restarts: int) -> None:
    """What happens on the way: cuts, lost answers, doubles; and to the house: killed and started again."""
    while not over.is_set():
        kind = rng.choice(["cut", "lost", "short", "twice", "slow", "lost"])
        path = rng.choice(["/api/v1/sync/push", "/api/v1/sync/push", "/api/v1/blobs", "/api/v1/sync/pull"])
        wire.plan(kind, path=path, after=rng.randrange(1, 3000), count=rng.randrange(2, 5), seconds=0.05)
        over.wait(rng.uniform(0.02, 0.2))
        if restarts and rng.random() < 0.2:
            restarts -= 1
            house.kill()
            house.start()


def _crew(house: House, wire: Wire, enrol: Enrol, seed: int) -> list[Phone]:
    phones = [enrol(house, login, customer_id=customer, skew=skew, rng=random.Random(seed + n))
              for n, (login, _actor, customer, skew) in enumerate(CREW)]
    for phone in phones:
        phone.line = Line(wire.port, phone.line.headers)
    return phones


def _field_day(house: House, wire: Wire, enrol: Enrol, seed: int, steps: int, restarts: int) -> list[Phone]:
    phones, over = _crew(house, wire, enrol, seed), threading.Event()
    working = [threading.Thread(target=_day, args=(phone, steps, over)) for phone in phones]
    weather = threading.Thread(target=_weather, args=(wire, house, random.Random(seed), over, restarts))
    for thread in (*working, weather):
        thread.start()
    for thread in working:
        thread.join()
    over.set()
    weather.join()
    wire.mend()
    for phone in phones:
        phone.drain()
    for phone in phones:
        phone.ask_held()
    return phones


def _shown(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)


def state_of(connection: Connection) -> dict[str, list[str]]:
    """What the commands left behind, table by table, in an order of its own."""
    found = {}
    for model, columns in STATE.items():
        table: Table = table_of(model)
        rows = connection.execute(select(*(table.c[name] for name in columns)))
        found[table.name] = sorted(_shown(list(row)) for row in rows)
    return found


def _undisturbed(program: Program, phones: Sequence[Phone], rng: random.Random) -> None:
    """The same commands, phone after phone in another order, in batches of other sizes, none lost or doubled."""
    turns = list(zip(CREW, phones, strict=True))
    rng.shuffle(turns)
    for (_login, actor, _customer, skew), phone in turns:
        left = list(phone.created.values())
        while left:
            size = rng.randrange(1, 40)
            body = Push(commands=left[:size], sent_at=datetime.now(UTC) + skew)
            statuses = {answer.status for answer in push(program.dispatcher, actor, body)}
            assert statuses <= {"applied", "rejected", "held"}
            left = left[size:]


def _waits_for_ever(phone: Phone, name: str) -> bool:
    """Whether what a command needs was refused, or waits for ever itself."""
    makers = {command["entity_id"]: key for key, command in phone.created.items()}
    needed = [makers[one] for one in phone.created[name]["needs"]]
    refused = [one for one in needed if phone.settled.get(one, {}).get("status") == "rejected"]
    return bool(refused) or any(one in phone.held and _waits_for_ever(phone, one) for one in needed)


@pytest.mark.parametrize(("steps", "restarts"), [(20, 1), pytest.param(150, 8, marks=pytest.mark.soak)])
def test_a_day_by_a_seed_keeps_every_invariant_and_does_not_depend_on_the_way(
        open_house: Open, enrol: Enrol, house_url: str, steps: int, restarts: int) -> None:
    seed = int(os.environ.get("FIELDSALES_SOAK_SEED") or time.time_ns() % 10**6)
    print(f"FIELDSALES_SOAK_SEED={seed}")
    house = open_house(house_url)
    wire = Wire(house.port)
    try:
        phones = _field_day(house, wire, enrol, seed, steps, restarts)
    finally:
        wire.close()
    assert after_the_storm(house, phones) == []
    assert [name for phone in phones for name in phone.held if not _waits_for_ever(phone, name)] == []
    other = open_house(start=False)
    with house.program() as stormy, other.program() as calm:
        _undisturbed(calm, phones, random.Random(seed))
        with stormy.store.reading() as one, calm.store.reading() as two:
            assert state_of(one) == state_of(two)
