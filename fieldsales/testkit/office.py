"""A program with people in it, and a customer who owes: what a plugin meets, made small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales import worker
from fieldsales.app import create_app
from fieldsales.collection.models import Action
from fieldsales.config import Settings
from fieldsales.exchange.messages import AddSellers, NewSeller
from fieldsales.extensions.saving import save_settings
from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.people.messages import AddTeam, AddUser, Role
from fieldsales.people.queries import actor_by_login
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.models import Interruption
from fieldsales.schema import metadata
from fieldsales.store.base import Base, table_of
from fieldsales.store.models import OutboxRow
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
"""A Thursday, noon in Shanghai."""
TODAY = date(2026, 3, 12)
PASSWORD = "sell-and-collect"
HEADERS = {"X-Fieldsales": "1", "Sec-Fetch-Site": "same-origin"}
#: One of each role; the rep looks after the customer.
PEOPLE: Mapping[str, tuple[str, Role]] = {
    "rep": ("王芳", "rep"), "manager": ("周建国", "manager"), "finance": ("孙丽", "finance"),
    "legal": ("钱文", "legal"), "admin": ("管理员", "admin"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """A running program and the one customer in it: 海港五金, ¥182,300.00 open, ¥150,000.00 of it 46 days overdue.

    ``clock`` stands at noon on 12 March 2026 until a test moves it. ``people``: by role.
    """

    app: Flask
    program: Program
    clock: FixedClock
    people: Mapping[str, Actor]
    customer_id: str
    debtor_id: str

    def client(self, role: str = "rep") -> FlaskClient:
        """A browser in which somebody of that role has logged in."""
        client = self.app.test_client()
        answer = client.post("/login", data={"login": role, "password": PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    def take(self, method: str, fields: Mapping[str, Any] | None = None, *, role: str = "rep") -> dict[str, Any]:
        """Use a method on the customer as the office page does; returns the action as it was written down.

        ``fields``: as JSON carries them. Raises what the dispatcher refuses (kernel.errors).
        """
        action_id = uuid7()
        self.program.dispatcher.perform(self.people[role], "collection.take_action", {
            "action_id": action_id, "customer_id": self.customer_id, "method": method, "fields": dict(fields or {})})
        return next(row for row in self.rows(Action) if row["id"] == action_id)

    def from_phone(self, method: str, fields: Mapping[str, Any] | None = None, *, role: str = "rep") -> dict[str, Any]:
        """The same as a phone sends it later: the server's answer, whose ``status`` is applied, held or rejected."""
        now, action_id = self.clock.now().isoformat(), uuid7()
        command = {
            "command_id": uuid7(), "v": 1, "seq": 1, "operation": "collection.take_action", "entity_id": action_id,
            "needs": [], "base_rev": None, "form": None, "made_at": now, "mono": 0, "tz": "Asia/Shanghai", "app": "1",
            "blobs": [], "payload": {"action_id": action_id, "customer_id": self.customer_id, "method": method,
                                     "fields": dict(fields or {})},
        }  # fmt: skip
        answer = self.client(role).post("/api/v1/sync/push", headers=HEADERS, json={
            "device": None, "epoch": "", "sent_at": now, "pending": 1, "commands": [command]})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()["results"][0]
        return found

    def forms(self, role: str = "rep") -> dict[str, dict[str, Any]]:
        """The forms a phone carries, by method."""
        found = self.client(role).get("/api/v1/forms").get_json()["forms"]
        return {one["method"]: one for one in found if "method" in one}

    def dossier(self, role: str = "rep") -> dict[str, Any]:
        """What the phone of that role carries of the customer."""
        changes = self.client(role).get("/api/v1/sync/pull?cursor=0").get_json()["changes"]
        found: dict[str, Any] = next(one["doc"] for one in changes if one["id"] == self.customer_id)
        return found

    def page(self, path: str = "", role: str = "manager") -> str:
        """The HTML of a page; without ``path`` the customer's."""
        return self.client(role).get(path or f"/customers/{self.customer_id}").get_data(as_text=True)

    def set(self, plugin: str, **given: Any) -> None:
        """Save a plugin's settings as the administrator does; secrets are told apart by the plugin's own form."""
        form = self.program.plugins.settings_form(plugin)
        secrets = {one.field.name for one in form.settings if one.secret} if form else set()
        save_settings(self.program, self.people["admin"], plugin, given,
                      secrets={name: value for name, value in given.items() if name in secrets})
        standing_of(self.program).look(at_once=True)

    def pay(self, minor: int, method: str = "transfer") -> None:
        """Money (minor units) comes in from the customer today, and finance has it in the books."""
        self.program.dispatcher.perform(self.people["finance"], "receivables.record_payments", {"payments": [{
            "payment_id": uuid7(), "customer_id": self.customer_id, "amount_minor": minor, "method": method,
            "received_on": self.program.today}]})

    def days_later(self, days: int) -> None:
        """Move the clock, and do the night's work once."""
        self.clock.at += timedelta(days=days)
        run_night(self.program.dispatcher)

    def interruptions(self) -> list[dict[str, Any]]:
        """What has interrupted the limitation period (时效中断), in the order written."""
        return self.rows(Interruption)

    def waiting(self) -> list[str]:
        """The topics of what the worker has still to do."""
        return [row["topic"] for row in self.rows(OutboxRow) if row["done_at"] is None and row["failed_at"] is None]

    def carry_out(self) -> int:
        """Be the worker until nothing is due; returns how many things were done."""
        done = 0
        while taken := worker.run_once(self.program):
            done += taken
        return done

    def rows(self, model: type[Base]) -> list[dict[str, Any]]:
        """Everything in one of the program's tables, in the order written."""
        with self.program.store.reading() as connection:
            return [dict(row) for row in connection.execute(select(table_of(model))).mappings()]


def open_office(folder: Path, plugins: Plugins, smtp_url: str = "", **more: Any) -> Office:
    """Make the program in ``folder``, with its people and the customer who owes. ``more``: settings of the program
    by name, such as ``sms_sender="house_sms"``.
    """
    clock = FixedClock(NOON)
    usual = {"home": folder / "home", "database_url": f"sqlite:///{folder / 'office.db'}", "secret_key": "kit",
             "smtp_url": smtp_url, "mail_from": "fieldsales <desk@haichuan.example>"}  # fmt: skip
    app = create_app(Settings(**{**usual, **more}), clock=clock, plugins=plugins)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    program: Program = app.extensions["fieldsales"]
    metadata.create_all(program.store.engine)
    people = _hire(program)
    customer_id, debtor_id = uuid7(), uuid7()
    _sell(program, people, customer_id, debtor_id)
    return Office(app, program, clock, people, customer_id, debtor_id)


def _hire(program: Program) -> dict[str, Actor]:
    team_id = uuid7()
    program.dispatcher.perform(SYSTEM, "people.add_team", AddTeam(team_id=team_id, name="城东组", region="宁波"))
    for role, (name, _) in PEOPLE.items():
        program.dispatcher.perform(SYSTEM, "people.add_user", AddUser(
            user_id=uuid7(), login=role, name=name, role=PEOPLE[role][1], password=PASSWORD,
            team_id=team_id if role in ("rep", "manager") else None, email=f"{role}@haichuan.example"))
    with program.store.reading() as connection:
        found = {role: actor_by_login(connection, role) for role in PEOPLE}
    return {role: actor for role, actor in found.items() if actor is not None}


def _sell(program: Program, people: Mapping[str, Actor], customer_id: str, debtor_id: str) -> None:
    seller_id, perform = uuid7(), program.dispatcher.perform
    perform(SYSTEM, "exchange.add_sellers", AddSellers(sellers=[NewSeller(
        seller_id=seller_id, code="HC", name="海川五金批发有限公司", reg_no="91330200TEST00001X",
        bank_name="示例银行宁波分行", bank_account="6200 0000 0000 0001", address="宁波市药行街 128 号")]))  # fmt: skip
    perform(people["manager"], "customers.add_customer", {
        "customer_id": customer_id, "debtor_id": debtor_id, "code": "C001", "name": "海港五金商行",
        "reg_no": "91330200TEST00003X", "address": "宁波市海港路 1 号", "phone": "13800000001",
        "email": "boss@harbour.example", "owner_id": people["rep"].user_id, "contact_name": "林海港",
        "contact_role": "老板", "lat": "29.868300", "lon": "121.544000"})
    one = {"customer_id": customer_id, "debtor_id": debtor_id, "seller_id": seller_id}
    perform(people["finance"], "receivables.add_invoices", {"invoices": [
        one | {"invoice_id": uuid7(), "number": "XS-1001", "issued_on": date(2025, 11, 26),
               "due_on": TODAY - timedelta(days=46), "total_minor": 15_000_000},
        one | {"invoice_id": uuid7(), "number": "XS-1002", "issued_on": date(2026, 2, 20),
               "due_on": date(2026, 4, 20), "total_minor": 3_230_000}]})
