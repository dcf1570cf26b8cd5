"""Sixteen phones push to two web processes on PostgreSQL while four read: no cursor passes a change by."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select

from fieldsales.customers.models import Customer, Ownership
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.store.models import Change
from tests import cast
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Line, Phone
from tests.faults.server_side.test_killed import after_the_storm

Open = Callable[..., House]
Enrol = Callable[..., Phone]
PHONES, READERS, PUSHES, EACH = 16, 4, 4, 3
#: What the advisory lock is there against: no lock at all, and a sequence's numbers taken before it.
_LOCKED = """    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBERING_LOCK})
    _write_audit(connection, verdicts, actor, now)
    _write_changes(connection, buffer, touched, now)
"""
_NO_LOCK = """    _write_audit(connection, verdicts, actor, now)
    _write_changes(connection, buffer, touched, now)
"""
_NUMBERED_BEFORE = """    first = connection.execute(text("SELECT nextval('numbers') * 100")).scalar()
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBERING_LOCK})
    _write_audit(connection, verdicts, actor, now)
    connection.execute(insert(table_of(Change)), [
        {"kind": "customer", "entity_id": one, "customer_id": one, "audience": None, "seq": first + n, "at": now}
        for n, one in enumerate(touched)])
"""
PLANTED = {
    name: json.dumps({"module": "fieldsales.store.writing", "old": _LOCKED, "new": new})
    for name, new in {"no lock": _NO_LOCK, "numbered before the lock": _NUMBERED_BEFORE}.items()
}


def more_customers(house: House, count: int) -> list[str]:
    """Customers that are changed once each: a change passed by is never made up for by a later one."""
    ids = [uuid7() for _ in range(count)]
    with house.store() as store, store.writing() as connection:
        connection.execute(insert(table_of(Customer)), [
            {"id": one, "code": f"K{n:04}", "name": f"第{n}号店", "address": "", "phone": "", "note": "",
             "owner_id": cast.REP.user_id, "team_id": cast.TEAM, "search_text": "", "created_at": cast.NOON}
            for n, one in enumerate(ids)])
        connection.execute(insert(table_of(Ownership)), [
            {"id": uuid7(), "customer_id": one, "user_id": cast.REP.user_id, "from_at": cast.NOON} for one in ids])
    return ids


def _pushing(phone: Phone, customers: list[str], errors: list[str]) -> None:
    for start in range(0, len(customers), EACH):
        for customer_id in customers[start : start + EACH]:
            phone.save(world.visit(customer_id))
        end = time.monotonic() + 150
        while not phone.push():
            if time.monotonic() > end:
                errors.append(f"not sent: {phone.statuses}")
                return


def _reading(phone: Phone, over: threading.Event) -> None:
    while not over.is_set():
        phone.pull(limit=phone.rng.randrange(3, 12))


def _storm(house: House, second: House, enrol: Enrol) -> tuple[list[Phone], list[Phone], list[str]]:
    customers = more_customers(house, PHONES * PUSHES * EACH)
    writers = [enrol(house, "rep", rng=random.Random(n)) for n in range(PHONES)]
    readers = [enrol(house, "finance", rng=random.Random(100 + n)) for n in range(READERS)]
    for phone in (*writers[::2], *readers[::2]):  # half of them by the second web process
        phone.line = Line(second.port, phone.line.headers)
    for phone in readers:
        while not phone.pull():
            assert phone.statuses.keys() <= {200}
    over, errors = threading.Event(), list[str]()
    reading = [threading.Thread(target=_reading, args=(phone, over)) for phone in readers]
    pushing = [threading.Thread(target=_pushing, args=(phone, customers[n::PHONES], errors))
               for n, phone in enumerate(writers)]
    for thread in (*reading, *pushing):
        thread.start()
    for thread in pushing:
        thread.join()
    over.set()
    for thread in reading:
        thread.join()
    for phone in readers:
        while not phone.pull():
            assert phone.statuses.keys() <= {200}
    return writers, readers, errors


def _passed_by(house: House, readers: list[Phone]) -> list[str]:
    """Customers of which a reader holds another state than the database's."""
    with house.store() as store, store.reading() as connection:
        now = {row.id: row.version for row in
               connection.execute(select(table_of(Customer).c.id, table_of(Customer).c.version))}
    return [f"reader {n}: {one} at {phone.docs.get(('customer', one))}, it is at {version}"
            for n, phone in enumerate(readers) for one, version in now.items()
            if phone.docs.get(("customer", one)) != version]


def _houses(open_house: Open, url: str, **rig: str) -> tuple[House, House]:
    """Two web processes on one database, each with the cookies of the other."""
    house = open_house(url, **rig)
    second = House(house.home.with_name("second"), database_url=url, settings=house.settings)
    second.home.mkdir()
    return house, second


@pytest.mark.postgres
def test_no_cursor_passes_a_change_by_while_sixteen_phones_push(
        open_house: Open, enrol: Enrol, empty_postgres: str) -> None:
    house, second = _houses(open_house, empty_postgres)
    try:
        writers, readers, errors = _storm(house, second.start(), enrol)
    finally:
        second.stop()
    assert errors == []
    assert _passed_by(house, readers) == []
    with house.store() as store, store.reading() as connection:
        numbers = list(connection.scalars(select(table_of(Change).c.seq).order_by(table_of(Change).c.seq)))
    assert numbers == list(range(1, PHONES * PUSHES * EACH + 1))
    assert after_the_storm(house, [*writers, *readers]) == []


@pytest.mark.postgres
@pytest.mark.soak
@pytest.mark.parametrize("planted", PLANTED)
def test_without_the_lock_the_test_above_fails(
        open_house: Open, enrol: Enrol, empty_postgres: str, planted: str) -> None:
    """Without a lock two batches take one number and are held; numbered before it, a cursor passes a change by."""
    house, second = _houses(open_house, empty_postgres, RIG_MUTANT=PLANTED[planted])
    with house.store() as store, store.writing() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE numbers")
    try:
        writers, readers, errors = _storm(house, second.start(), enrol)
    finally:
        second.stop()
    passed_by = _passed_by(house, readers)
    print(f"{len(errors)} not sent, {sum(len(one.held) for one in writers)} held, {len(passed_by)} passed by")
    assert passed_by if planted == "numbered before the lock" else [*errors, *(p for p in writers if p.held)]
