"""Everybody comes home at once: all is taken in, once, or put off with the words when to come again."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import TROUBLE, Phone
from tests.faults.server_side.test_killed import after_the_storm
from tests.faults.server_side.test_sixteen_phones import more_customers

Open = Callable[..., House]
Enrol = Callable[..., Phone]


def _come_home(phone: Phone, errors: list[str]) -> None:
    try:
        phone.drain(seconds=400, most=10)
    except AssertionError as error:
        errors.append(str(error))


@pytest.mark.soak
@pytest.mark.parametrize("phones", [100, 500])
def test_phones_that_come_at_once_lose_nothing_and_see_no_fault(
        open_house: Open, enrol: Enrol, house_url: str, phones: int) -> None:
    """A hundred phones with thirty commands each, every sixth with a photo; and five times as many."""
    house = open_house(house_url)
    crew = [enrol(house, customer_id=one, rng=random.Random(n))
            for n, one in enumerate(more_customers(house, phones))]
    for number, phone in enumerate(crew):
        phone.line.timeout = 300
        for n in range(30):
            picture = [world.photo(number * 5 + n // 6)] if n % 6 == 0 else []
            phone.save(world.visit(phone.customer_id, photos=[world.sha256(one) for one in picture]), picture)
    errors: list[str] = []
    threads = [threading.Thread(target=_come_home, args=(phone, errors)) for phone in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses: Counter[int] = sum((phone.statuses for phone in crew), Counter())
    print(statuses, f"{sum(phone.cuts for phone in crew)} cuts")
    assert errors == []
    assert statuses.keys() <= {200, *TROUBLE}
    assert after_the_storm(house, crew) == []
