"""The morning print pack: sheets with number, code, balance and blank instalments, to be signed by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.customers.guards import seen_customer, system_only
from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.documents import press
from fieldsales.documents.keeping import keep
from fieldsales.documents.onpaper import sheet
from fieldsales.documents.styles import worn
from fieldsales.exchange.models import PrintPack
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.operation import SYSTEM, Command, Currency, Id, Sha256, operation
from fieldsales.kernel.text import Name
from fieldsales.people.rules import Scope
from fieldsales.plans.onpaper import IssueBlank, blank_needs, blanks_of, issue_blank
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of
from fieldsales.store.outbox import Later, job
from fieldsales.store.work import Work

PACK_TOPIC = "exchange.print_pack"
#: Sheets in one pack, and customers offered on the page.
MOST_SHEETS, MOST_OFFERED = 60, 200
_packs, _customers, _debtors, _invoices = (table_of(m) for m in (PrintPack, Customer, Debtor, Invoice))


class Sheet(Command):
    """One sheet of a pack."""

    plan_id: Id
    customer_id: Id
    debtor_id: Id
    seller_id: Id
    currency: Currency = "CNY"


class OrderPack(Command):
    """Have a pack printed."""

    pack_id: Id
    lang: Literal["zh", "en"] = "zh"
    clauses: list[Name] = []
    """Clauses that plugins offer, printed on every sheet."""
    sheets: Annotated[list[Sheet], Field(min_length=1, max_length=MOST_SHEETS)]


class RecordPack(Command):
    """The pack's file is made, or cannot be (by the worker)."""

    pack_id: Id
    sha256: Sha256 | None = None


def _as_blank(command: OrderPack, one: Sheet) -> IssueBlank:
    return IssueBlank(pack_id=command.pack_id, lang=command.lang, clauses=command.clauses, **one.model_dump())


def _theirs(work: Work, command: OrderPack) -> None:
    for one in command.sheets:
        seen_customer(work, one.customer_id)


@operation("exchange.order_pack", OrderPack, guard=_theirs,
           needs=lambda c: [need for one in c.sheets for need in blank_needs(_as_blank(c, one))])
def order_pack(work: Work, command: OrderPack) -> None:
    """Give every sheet its number and have the pack made. Nothing is owed or promised by a sheet nobody signed."""
    for one in command.sheets:
        issue_blank(work, _as_blank(command, one))
    work.insert(PrintPack, id=command.pack_id, state="asked", lang=command.lang, count=len(command.sheets),
                sha256=None, by_id=work.actor.user_id, at=work.now)
    work.after(PACK_TOPIC, {"pack_id": command.pack_id})


@operation("exchange.record_pack", RecordPack, guard=system_only, needs=lambda c: [])
def record_pack(work: Work, command: RecordPack) -> None:
    """Note the pack's file; without one it has failed."""
    work.update(PrintPack, command.pack_id, state="made" if command.sha256 else "failed", sha256=command.sha256)


@job(PACK_TOPIC)
def print_pack(program: Any, payload: dict[str, Any]) -> None:
    """Make a pack's file: once, whatever happens between."""
    pack_id = payload["pack_id"]
    with program.store.reading() as connection:
        pack = connection.execute(select(_packs).where(_packs.c.id == pack_id)).first()
        blanks = blanks_of(connection, pack_id)
    if pack is None or pack.state == "made":
        return
    url, dress = program.settings.public_url, worn(program.settings.home)
    try:
        content = press.print_pack(
            [dress.put_on(sheet(one.payload, one.lang, one.payload["clause_version"], url)) for one in blanks])
    except Invalid:
        program.dispatcher.perform(SYSTEM, "exchange.record_pack", {"pack_id": pack_id})
        return
    except press.PressFault as error:
        raise Later(str(error)) from error
    sha256 = keep(program.dispatcher, program.parts["blobs"], content, "application/pdf", program.clock.now())
    program.dispatcher.perform(SYSTEM, "exchange.record_pack", {"pack_id": pack_id, "sha256": sha256})


def offered(connection: Connection, scope: Scope) -> list[Any]:
    """Customers in sight with something open: one row a debtor, company and currency, the largest first."""
    i, c = _invoices.c, _customers.c
    only = select(_debtors.c.customer_id, func.min(_debtors.c.id).label("debtor_id")).group_by(
        _debtors.c.customer_id).subquery("only")  # fmt: skip
    debtor = func.coalesce(i.debtor_id, only.c.debtor_id)
    owed = func.sum(i.open_minor)
    return list(connection.execute(
        select(c.id.label("customer_id"), c.name, debtor.label("debtor_id"), i.seller_id, i.currency,
               owed.label("open_minor"), func.min(i.due_on).label("oldest_due_on"))
        .join(_customers, c.id == i.customer_id).outerjoin(only, only.c.customer_id == i.customer_id)
        .where(visible(scope), i.open_minor != 0, i.cancelled_at.is_(None), i.seller_id.is_not(None),
               debtor.is_not(None))
        .group_by(c.id, c.name, debtor, i.seller_id, i.currency).having(owed > 0)
        .order_by(owed.desc()).limit(MOST_OFFERED)
    ))  # fmt: skip


def packs_of(connection: Connection, user_id: str) -> list[Any]:
    """The packs somebody had printed, newest first."""
    p = _packs.c
    query = select(_packs).where(p.by_id == user_id).order_by(p.at.desc(), p.id).limit(20)
    return list(connection.execute(query))
