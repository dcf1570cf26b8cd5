"""Operations on batches: ordered by a person, carried out piece by piece by the worker."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.batches.messages import LeaveOut, RecordMade, RecordPrint, StartBatch
from fieldsales.batches.models import Batch, BatchItem
from fieldsales.batches.queries import BatchFact
from fieldsales.collection.rules import may_use
from fieldsales.customers.guards import seen_customer
from fieldsales.documents.service import only_system
from fieldsales.kernel.errors import N_, NotAllowed, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.store.work import Work

MAKE_TOPIC, PRINT_TOPIC = "batches.make", "batches.print"


def sees_all_of_them(work: Work, command: StartBatch) -> None:
    """Guard: somebody of the office who sees every customer of the batch."""
    if work.actor.role not in ("manager", "finance", "legal", "admin"):
        raise NotAllowed("batches.office_only", N_("Only the office sends batches."))
    for customer_id in command.customer_ids:
        seen_customer(work, customer_id)


@operation("batches.start_batch", StartBatch, guard=sees_all_of_them,
           needs=lambda c: [Need("batch", c.batch_id), *(Need("customer", one) for one in c.customer_ids)])
def start_batch(work: Work, command: StartBatch) -> None:
    """Use a method for many customers at once: the worker makes one action for each, in the order given.

    Each is judged by itself, as if it were made by hand; whoever cannot take part is left out with the reason.
    """
    if work.fact("batch", command.batch_id) is not None:
        return
    method: CollectionMethod | None = work.plugins.method(command.method)
    if method is None or method.batch is None:
        raise RuleBroken("batches.method", N_("This method is not used for many at once."), field="method")
    if not may_use(work.actor, method):
        raise NotAllowed("collection.not_for_role", N_("Your role does not collect by this method."), field="method")
    fields = {name: value for name, value in command.fields.items() if name in method.batch.fields}
    work.insert(
        Batch, id=command.batch_id, method=command.method, fields={**method.batch.answers, **fields},
        chosen=dict(command.chosen), by_id=work.actor.user_id, made_at=work.now, state="running", print_sha256="",
        print_pages=0, printed_at=None,
    )  # fmt: skip
    for n, customer_id in enumerate(dict.fromkeys(command.customer_ids), 1):
        item_id = derived_id(command.batch_id, f"item {customer_id}")
        work.insert(BatchItem, id=item_id, batch_id=command.batch_id, n=n, customer_id=customer_id,
                    action_id=derived_id(item_id, "action"), state="waiting", why_zh="", why_en="")
    work.facts.put("batch", command.batch_id, BatchFact(command.batch_id, "running"))
    work.after(MAKE_TOPIC, {"batch_id": command.batch_id})


@operation("batches.leave_out", LeaveOut, guard=only_system, needs=lambda c: [Need("batch_item", c.item_id)])
def leave_out(work: Work, command: LeaveOut) -> None:
    """A customer takes no part after all: something stood in the way when its turn came."""
    batch_id, state = work.require("batch_item", command.item_id)
    if state == "waiting":
        work.update(BatchItem, command.item_id, state="left_out", why_zh=command.why_zh, why_en=command.why_en)
        work.facts.put("batch_item", command.item_id, (batch_id, "left_out"))


@operation("batches.record_made", RecordMade, guard=only_system, needs=lambda c: [Need("batch", c.batch_id)])
def record_made(work: Work, command: RecordMade) -> None:
    """Every piece is made or left out: now the file to print is put together."""
    batch: BatchFact = work.require("batch", command.batch_id)
    if batch.state == "running":
        work.update(Batch, batch.id, state="made")
        work.facts.put("batch", batch.id, replace(batch, state="made"))
        work.after(PRINT_TOPIC, {"batch_id": batch.id})


@operation("batches.record_print", RecordPrint, guard=only_system, needs=lambda c: [Need("batch", c.batch_id)])
def record_print(work: Work, command: RecordPrint) -> None:
    """The one file to print is there."""
    batch: BatchFact = work.require("batch", command.batch_id)
    work.update(Batch, batch.id, state="printed", print_sha256=command.sha256, print_pages=command.pages,
                printed_at=work.now)
    work.facts.put("batch", batch.id, replace(batch, state="printed"))
