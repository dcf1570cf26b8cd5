"""The orders of a job, carried out by the core as the system: each once, in order; the first that cannot be ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fieldsales.documents.keeping import keep
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.queries import load_first_of_role
from fieldsales.plugin_api.jobs import Arrived, Attached, KeepFor, Log, Order, TaskFor, Tell
from fieldsales.plugin_api.keeping import Forget, Keep
from fieldsales.store.receipts import REUSED

#: The root of the ids of what jobs order: the same order has the same id for ever.
_ROOT = "00000000-0000-7000-8000-000000000000"


class NotCarriedOut(Exception):
    """An order could not be carried out; what came after it was left for the next run."""


class Orders:
    """Carries out what one run of one job ordered. ``lines``: what the administrator should know of it."""

    def __init__(self, program: Any, plugin: str, job: str, until: datetime) -> None:
        self.program, self.plugin, self.job, self.until = program, plugin, job, until
        self.lines: list[str] = []

    def carry_out(self, orders: Sequence[Order]) -> None:
        """All of them. Raises NotCarriedOut at the first that cannot be, or when the lease has ended."""
        for order in orders:
            if self.program.clock.now() > self.until:
                raise NotCarriedOut("the lease has ended")
            try:
                _CARRIERS[type(order)](self, order)
            except TradeError as error:
                raise NotCarriedOut(f"{type(order).__name__}: {error.code}: {error}"[:400]) from error

    def id_of(self, what: str, key: str) -> str:
        """The id of what an order with this key makes."""
        return derived_id(_ROOT, f"job {self.plugin}/{self.job} {what} {key}")

    def _perform(self, operation: str, payload: dict[str, Any], command_id: str | None = None) -> None:
        try:
            self.program.dispatcher.perform(SYSTEM, operation, payload, command_id=command_id)
        except TradeError as error:
            if error.code != REUSED:  # told differently, but known: the first stands
                raise

    def _keep_for(self, order: KeepFor) -> None:
        self._keep(order.effect, order.customer_id)

    def _keep(self, order: Keep | Forget, customer_id: str = "") -> None:
        record: dict[str, Any] = {"kind": order.kind, "key": order.key}
        if isinstance(order, Keep):
            record |= {"body": dict(order.body), "was": order.was}
        self._perform("jobs.keep", {"plugin": self.plugin, "customer_id": customer_id or None, "records": [record]})

    def _arrived(self, order: Arrived) -> None:
        message_id = self.id_of("arrived", order.key)
        files = [self._file(one) for one in order.attached]
        self._perform("collection.receive_message", {
            "message_id": message_id, "channel": order.channel, "kind": order.kind, "sender": order.sender,
            "subject": order.subject, "text": order.text, "answers": list(order.answers), "address": order.address,
            "detail": order.detail, "written_at": order.at.isoformat() if order.at else None, "files": files,
            "raw_sha256": order.raw_sha256, "source": f"{self.plugin}/{self.job}",
        }, command_id=message_id)  # fmt: skip

    def _file(self, one: Attached) -> dict[str, Any]:
        """Keep the bytes first: what names them is written only when they are here."""
        program = self.program
        sha256 = keep(program.dispatcher, program.parts["blobs"], one.content, one.mime, program.clock.now())
        return {"sha256": sha256, "name": one.name, "mime": one.mime, "size": len(one.content)}

    def _task(self, order: TaskFor) -> None:
        task_id = self.id_of("task", order.key)
        self._perform("collection.add_task", {
            "task_id": task_id, "customer_id": order.customer_id, "kind": order.kind, "title": order.title["zh"],
            "due_on": order.due_on.isoformat(), "assignee_id": self._who(order.for_role),
        }, command_id=task_id)  # fmt: skip

    def _who(self, role: str) -> str:
        if role in ("", "rep"):
            return ""
        with self.program.store.reading() as connection:
            found = load_first_of_role(connection, [role]).get(role) or ()
        return str(found[0]) if found else ""

    def _tell(self, order: Tell) -> None:
        told_id = self.id_of("tell", order.key)
        payload = {"told_id": told_id, "title": dict(order.title), "lines": [dict(one) for one in order.lines]}
        self._perform("reminders.tell_groups", payload, command_id=told_id)

    def _log(self, order: Log) -> None:
        """Written down with the run."""


_CARRIERS: Mapping[type, Callable[[Orders, Any], None]] = {
    Keep: Orders._keep, Forget: Orders._keep, KeepFor: Orders._keep_for, Arrived: Orders._arrived,
    TaskFor: Orders._task, Tell: Orders._tell, Log: Orders._log,
}  # fmt: skip
