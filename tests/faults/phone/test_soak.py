"""A storm without a script: two phones of one rep, and what a seed does to them, to the wire and to the server.

The seed is printed. ``FIELDSALES_SOAK_SEED=… pytest tests/faults/phone/test_soak.py -s`` makes the same choices again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.phone.rig import Phone, photo, visit
from tests.faults.server import House
from tests.faults.wire import BAD_GATEWAY, PORTAL, PORTAL_302, TOO_LARGE, UNAVAILABLE, answer

Well = Callable[..., None]
MakePhone = Callable[..., Phone]
SEED = "FIELDSALES_SOAK_SEED"
PATHS = ("/api/v1/sync/push", "/api/v1/sync/pull", "/api/v1/blobs", "/api/v1/ping", "/api/v1/")
SAID = (PORTAL, PORTAL_302, TOO_LARGE, UNAVAILABLE, BAD_GATEWAY, answer("200 OK", b"{}", "application/json"))


@dataclass
class Weather:
    """Chooses what happens next; ``log`` is the story, for who has to read it."""

    dice: random.Random
    house: House
    phones: list[Phone]
    pictures: list[dict[str, Any]] = field(default_factory=list)
    backup: Path | None = None
    log: list[str] = field(default_factory=list)

    def step(self) -> None:
        """One thing happens to one phone, or to the house."""
        phone = self.dice.choice(self.phones)
        name = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        self.log.append(f"{phone.name}: {name}")
        getattr(self, name)(phone)

    def save(self, phone: Phone) -> None:
        """A visit, with no, a fresh or an already used photo; sometimes it needs an earlier record."""
        kind = self.dice.randrange(4)
        if kind == 1 or (kind == 2 and not self.pictures):
            self.pictures.append(photo(self.dice.choice((32, 400))))
        pictures = [] if kind in (0, 3) else [self.dice.choice(self.pictures)]
        earlier = [one["entity_id"] for one in phone.made.values()]
        needs = [self.dice.choice(earlier)] if earlier and self.dice.random() < 0.2 else []
        phone.save(visit(f"{phone.name} {len(phone.made)}", *pictures, needs=needs))

    def trouble(self, phone: Phone) -> None:
        """A fault for one of the next requests."""
        kind = self.dice.choice(("cut", "lost", "short", "twice", "slow", "answer", "forged"))
        phone.wire.plan(kind, path=self.dice.choice(PATHS), after=self.dice.choice((10, 300, 1200, 9000)),
                        count=self.dice.choice((2, 5)), seconds=0.3, said=self.dice.choice(SAID))

    def network(self, phone: Phone) -> None:
        """The network goes or comes."""
        phone.wire.down = not phone.wire.down

    def tap(self, phone: Phone) -> None:
        """Send now, and wait for what becomes of it."""
        phone.run("await Promise.race([sync.syncNow(), new Promise((done) => setTimeout(done, 3000))])")

    def reload(self, phone: Phone) -> None:
        """The app is opened anew, whatever it was doing."""
        phone.reload()

    def take_back(self, phone: Phone) -> None:
        """The newest record is thrown away, if that may still be."""
        thrown = phone.run("""const row = outbox.rows.value.at(-1);
            return row && answers.discard(row.command.command_id).then(() => true, () => false)""")
        self.log[-1] += f" {thrown}"

    def echo(self, phone: Phone) -> None:
        """The network repeats pushes of long ago."""
        if self.house.runs():
            phone.wire.replay(1, self.dice.randrange(10**6))

    def kill_server(self, _phone: Phone) -> None:
        """SIGKILL; it stands up again at once."""
        self.house.kill()
        self.house.start()

    def back_up(self, _phone: Phone) -> None:
        """A backup is made; it may be put back later."""
        self.backup = self.house.back_up()

    def put_back(self, _phone: Phone) -> None:
        """The server loses all since its last backup, and nobody tells it."""
        if self.backup is not None:
            self.house.kill()
            self.house.restore(self.backup)
            self.house.start()
            for phone in self.phones:
                phone.reload()  # a phone looks back when it is opened, and every ten minutes


WEIGHTS = {"save": 40, "trouble": 30, "tap": 25, "network": 10, "reload": 6, "take_back": 4, "echo": 6,
           "kill_server": 3, "back_up": 2, "put_back": 1}


def storm(new_phone: MakePhone, house: House, all_well: Well, steps: int) -> None:
    """``steps`` of bad weather, looked at on the way; then the sky clears, and everything must be home, once."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(10**9))
    print(f"{SEED}={seed}")
    phones = [new_phone(name=name, service_workers="block") for name in ("first", "second")]
    weather = Weather(random.Random(seed), house, phones)
    try:
        for n in range(steps):
            weather.step()
            if n % 15 == 14:
                for phone in phones:
                    phone.until("return sync.status.value.phase !== 'sending'")
        for phone in phones:
            phone.wire.mend()
            phone.reload()
            phone.drain(60)
        for phone in phones:  # what one brought may have freed what the other's waited for
            phone.drain(60)
        all_well(*phones)
    except BaseException:
        print("\n".join([f"{SEED}={seed}", *weather.log]))
        raise
    saved = sum(len(phone.made) for phone in phones)
    print(f"{SEED}={seed}: {steps} steps, {saved} records, {sum(len(phone.wire.seen) for phone in phones)} requests")


def test_two_phones_in_bad_weather(new_phone: MakePhone, house: House, all_well: Well) -> None:
    """Some half a minute of it in every run, each time another."""
    storm(new_phone, house, all_well, 80)


@pytest.mark.soak
@pytest.mark.parametrize("_round", range(8))
def test_two_phones_in_bad_weather_for_long(new_phone: MakePhone, house: House, all_well: Well, _round: int) -> None:
    """Eight storms of another seed each."""
    storm(new_phone, house, all_well, 500)
