"""What happened before the demo begins: a ledger taken in, visits made, promises kept and broken, a plan signed."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from fieldsales.collection.models import Claim
from fieldsales.customers.models import Contact, Customer, Debtor
from fieldsales.demo import (
    atthetable,
    calls,
    contacting,
    counter,
    court,
    crew,
    files,
    letters,
    mailing,
    moneylaw,
    month,
    ownmethods,
    steps,
    talk,
    texting,
    truth,
)
from fieldsales.demo.ledger import SampleLedger, make_ledger
from fieldsales.demo.signing import offer_link, sign_plan
from fieldsales.exchange.columns import Kind
from fieldsales.exchange.filein import FileIn
from fieldsales.exchange.importing import Importer
from fieldsales.exchange.tables import read_table
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor, Command, Envelope
from fieldsales.promises.messages import SettlePromises
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of
from fieldsales.web.here import Program


@dataclass(frozen=True, slots=True)
class Met:
    """A customer of the demo as the story needs it."""

    id: str
    code: str
    name: str
    owner: Actor
    lat: str
    lon: str
    contact: str
    contact_role: str
    debtor_id: str
    debtor_kind: str


class Stage:
    """The program, the people and the day, and a way to let somebody do something in the past."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.today = program.today
        self.dice = random.Random(7)
        self.people = crew.hire(program)
        self.ledger = make_ledger(self.today)

    def moment(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A time of a day in the branch's zone, never after now."""
        local = datetime.combine(self.today - timedelta(days=days_ago), time(hour, minute),
                                 ZoneInfo(self.program.settings.zone))
        return min(local, self.program.clock.now())

    def act(self, actor: Actor, operation: str, command: Command, at: datetime | None = None,
            device_id: str | None = None) -> dict[str, Any]:
        """One command, made at a time; raises when the program refuses it: the demo must be true."""
        envelope = Envelope(uuid7(), operation, command, made_at=at, device_id=device_id)
        answer = self.program.dispatcher.perform_batch(actor, [envelope], keep_refusals=False)[0]
        if answer.status != "applied":
            raise RuntimeError(f"the demo was refused {operation}: {answer.code} {answer.params}")
        return answer.data or {}

    def customers(self) -> dict[str, Met]:
        """The demo's customers by code, with owner, first contact and debtor."""
        c, k, d = table_of(Customer).c, table_of(Contact).c, table_of(Debtor).c
        owners = {actor.user_id: actor for actor in self.people.values()}
        with self.program.store.reading() as connection:
            rows = connection.execute(
                select(c.id, c.code, c.name, c.owner_id, c.lat, c.lon, k.name.label("contact"), k.role,
                       d.id.label("debtor"),
                       d.kind).join(d.id.table, d.customer_id == c.id).outerjoin(k.id.table,
                                                                                 k.customer_id == c.id)).all()
        return {row.code: Met(row.id, row.code, row.name, owners[row.owner_id], row.lat or "", row.lon or "",
                              row.contact or "", row.role or "", row.debtor, row.kind) for row in rows}

    def claims(self, customer_id: str) -> list[str]:
        """The ids of the reasons a customer gave."""
        c = table_of(Claim).c
        with self.program.store.reading() as connection:
            return list(connection.scalars(select(c.id).where(c.customer_id == customer_id).order_by(c.at, c.id)))

    def seller(self, code: str) -> Any:
        """A selling company's row."""
        table = table_of(Seller)
        with self.program.store.reading() as connection:
            return connection.execute(select(table).where(table.c.code == code)).one()


def fill(program: Program) -> None:
    """Tell the whole story once, through the dispatcher."""
    stage = Stage(program)
    finance = stage.people["sunli"]
    take_in(program, finance, stage.ledger, "customers", files.kingdee_customers(stage.ledger), "客户档案.xlsx")
    take_in(program, finance, stage.ledger, "invoices", files.kingdee_invoices(stage.ledger), "应收款明细表-金蝶.xlsx")
    met = stage.customers()
    talk.promises_of_paid(stage, met)
    take_in(program, finance, stage.ledger, "payments", files.payments(stage.ledger), "收款单列表.csv")
    talk.visits(stage, met)
    talk.open_promises(stage, met)
    atthetable.asked(stage, met)
    atthetable.policies(stage, met)
    counter.money_at_the_counter(stage, met)
    counter.office(stage, met)
    sign_plan(stage, met)
    moneylaw.tell(stage, met)
    steps.next_steps(stage, met)
    for customer in met.values():
        stage.act(SYSTEM, "promises.settle_promises", SettlePromises(customer_id=customer.id, as_of=stage.today))
    truth.found_out(stage, met)
    month.targets(stage, met)
    contacting.tell(stage, met)
    court.tell(stage, met)
    ownmethods.tell(stage, met)
    calls.tell(stage, met)
    texting.tell(stage, met)
    mailing.tell(stage, met)
    letters.tell(stage, met)
    offer_link(stage, met)  # last: nothing may move this account before somebody opens it


def take_in(program: Program, actor: Actor, ledger: SampleLedger, kind: Kind, data: bytes, name: str) -> None:
    """Take one of the generated files in, as finance would."""
    given = FileIn(name, hashlib.sha256(data).hexdigest(), read_table(data), kind)
    program.parts["blobs"].put(data)
    outcome = Importer(program.dispatcher, actor).run(given.reading(), given.source())
    if outcome.rows_failed or not outcome.adds_up():
        raise RuntimeError(f"the demo's {kind} did not come in whole: {outcome.problems[:3]}")
