"""Evidence bundles (ZIP) of a repayment plan: ordered by a manager or the legal clerk, made by the worker.

The same state gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.guards import seen_customer
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.keeping import keep
from fieldsales.documents.press import PressFault
from fieldsales.documents.service import only_system
from fieldsales.exchange.bundlecase import read_case
from fieldsales.exchange.bundleguide import index_json, index_text, verify_text
from fieldsales.exchange.bundleitems import Contents, contents_of
from fieldsales.exchange.messages import OrderBundle, RecordBundle
from fieldsales.exchange.models import Bundle
from fieldsales.kernel.errors import N_, NotAllowed, NotFound
from fieldsales.kernel.operation import SYSTEM, Need, operation
from fieldsales.people.rules import Scope
from fieldsales.plans.models import Plan
from fieldsales.store.base import table_of
from fieldsales.store.outbox import Later, job
from fieldsales.store.work import Work, fact
from fieldsales.web.here import Program

TOPIC = "exchange.make_bundle"
_bundles, _plans, _customers = table_of(Bundle), table_of(Plan), table_of(Customer)
#: One date for every file: a bundle's bytes say nothing of when it was packed.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BundleFact:
    """A bundle as an operation sees it."""

    id: str
    customer_id: str
    state: str


@fact("bundle")
def load_bundles(connection: Connection, keys: list[str]) -> dict[str, BundleFact]:
    """Bundles by id."""
    b = _bundles.c
    rows = connection.execute(select(b.id, b.customer_id, b.state).where(b.id.in_(keys)))
    return {row.id: BundleFact(*row) for row in rows}


def bundles_of(connection: Connection, plan_id: str) -> list[Any]:
    """A plan's bundles, newest first."""
    b = _bundles.c
    return list(connection.execute(select(_bundles).where(b.plan_id == plan_id).order_by(b.ordered_at.desc(), b.id)))


def bundle_in_sight(connection: Connection, scope: Scope, bundle_id: str) -> Any:
    """A bundle with its plan's number, when its customer is in sight; else None."""
    joined = _bundles.join(_plans, _plans.c.id == _bundles.c.plan_id).join(
        _customers, _customers.c.id == _bundles.c.customer_id)
    query = select(_bundles, _plans.c.number).select_from(joined).where(_bundles.c.id == bundle_id, visible(scope))
    return connection.execute(query).first()


def case_keepers(work: Work, command: Any) -> None:
    """Guard: a manager or the legal clerk, for a customer they see."""
    if work.actor.role not in {"manager", "legal", "admin"}:
        raise NotAllowed("exchange.no_bundle", N_("Only a manager or the legal clerk orders an evidence bundle."))
    seen_customer(work, command.customer_id)


@operation("exchange.order_bundle", OrderBundle, guard=case_keepers,
           needs=lambda c: [Need("customer", c.customer_id), Need("plan", c.plan_id)])
def order_bundle(work: Work, command: OrderBundle) -> None:
    """Have the worker pack the evidence of a plan. Who ordered it, and when, stays on record."""
    plan = work.fact("plan", command.plan_id)
    if plan is None or plan.customer_id != command.customer_id:
        raise NotFound("plan.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(Bundle, id=command.bundle_id, plan_id=plan.id, customer_id=plan.customer_id, state="ordered",
                by_id=work.actor.user_id, ordered_at=work.now)
    work.after(TOPIC, {"bundle_id": command.bundle_id, "plan_id": plan.id})


@operation("exchange.record_bundle", RecordBundle, guard=only_system, needs=lambda c: [Need("bundle", c.bundle_id)])
def record_bundle(work: Work, command: RecordBundle) -> None:
    """Note that a bundle is packed. Packed twice (a lease ran out), the first bytes stand."""
    bundle: BundleFact = work.require("bundle", command.bundle_id)
    if bundle.state == "ordered":
        work.update(Bundle, bundle.id, state="ready", sha256=command.sha256, size=command.size, ready_at=work.now)


@job(TOPIC)
def make_bundle(program: Program, payload: dict[str, Any]) -> None:
    """Pack one bundle: bytes first, then the row."""
    with program.store.reading() as connection:
        case = read_case(connection, payload["plan_id"])
    if case is None:
        return
    try:
        made = contents_of(case, program.parts["blobs"], program.settings)
    except PressFault as error:
        raise Later(str(error)) from error
    made.add("INDEX.md", index_text(made, case).encode(), "program")
    made.add("index.json", index_json(made).encode(), "program")
    made.add("VERIFY.md", verify_text(made, case.plan.number).encode(), "program")
    content = packed(made)
    sha256 = keep(program.dispatcher, program.parts["blobs"], content, "application/zip", program.clock.now())
    program.dispatcher.perform(SYSTEM, "exchange.record_bundle", {
        "bundle_id": payload["bundle_id"], "sha256": sha256, "size": len(content)})


def packed(made: Contents) -> bytes:
    """The ZIP: files in the order of their names, SHA256SUMS over all of them."""
    files = {item.path: item.content for item in made.items}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in sorted({**files, "SHA256SUMS": sums.encode()}.items()):
            info = zipfile.ZipInfo(path, _DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return target.getvalue()
