"""Supply decisions for the ERP: since an instant, as CSV or JSON; by address with a token, or from the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Blueprint, Response, request
from pydantic import BaseModel
from sqlalchemy import Connection

from fieldsales.collection.supply import Decided, decided
from fieldsales.kernel.clock import claimed
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.rules import Scope, scope_of
from fieldsales.web.access import access
from fieldsales.web.api import api_doc
from fieldsales.web.here import Program, actor, here, reading

supply_api = Blueprint("supply_api", __name__)
FIELDS = ("customer_code", "customer_name", "state", "decided_at", "decided_by", "reason", "release_kind",
          "release_amount", "currency", "release_when", "release_met")  # fmt: skip
#: Decisions a single answer carries; the newest instant of it is the next ``since``.
MOST = 5000


class SupplyLine(BaseModel):
    """How supply stands for a customer. ``state``: run, cash_first or stop; ``release_amount`` in major units."""

    customer_code: str
    customer_name: str
    state: str
    decided_at: datetime
    decided_by: str
    reason: str
    release_kind: str
    release_amount: str
    currency: str
    release_when: str
    release_met: bool


class SupplyAnswer(BaseModel):
    """The newest decision of every customer decided on since."""

    decisions: list[SupplyLine]


def lines(connection: Connection, scope: Scope, zone: str, since: datetime | None) -> list[SupplyLine]:
    """The newest decision of each customer: all that hold something back, or all made since. Four queries."""
    return [_line(one) for one in decided(connection, scope, zone, since=since, limit=MOST)]


def _line(one: Decided) -> SupplyLine:
    wanted = str(Money(one.release_minor, one.currency).major) if one.release_kind == "paid" else ""
    return SupplyLine(
        customer_code=one.customer_code, customer_name=one.customer_name, state=one.state, decided_at=one.at,
        decided_by=one.by_name, reason=one.reason, release_kind=one.release_kind, release_amount=wanted,
        currency=one.currency, release_when=one.release_when, release_met=one.met)


def as_csv(rows: list[SupplyLine]) -> str:
    """The rows as CSV with a header; what a spreadsheet would run as a formula gets an apostrophe before it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(FIELDS)
    for row in rows:
        plain = row.model_dump(mode="json")
        writer.writerow([_tame(plain[name]) for name in FIELDS])
    return stream.getvalue()


def _tame(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _since(text: str) -> datetime | None:
    at = claimed(text) if text else None
    if text and at is None:
        raise Invalid("supply.since", N_("“since” is no instant with a zone, such as 2026-11-01T00:00:00+08:00."),
                      field="since")
    return at


@supply_api.get("/api/v1/supply")
@access("manager", "finance", "legal", "admin")
@api_doc(answer=SupplyAnswer, query={
    "since": "an instant with its zone: decisions from then on, releases too; without: those that hold back now",
    "format": "json (default) or csv"})  # fmt: skip
def supply_list() -> Response:
    """Supply stopped, for cash only, or running again, for the ERP."""
    since = _since(request.args.get("since", ""))
    with reading() as connection:
        found = lines(connection, scope_of(actor()), here().settings.zone, since)
    if request.args.get("format") == "csv":
        return Response(as_csv(found), mimetype="text/csv", headers={
            "Content-Disposition": f"attachment; filename=supply-{here().today.isoformat()}.csv"})
    return Response(SupplyAnswer(decisions=found).model_dump_json(), mimetype="application/json")


@click.command()
@click.option("--since", default="", help="An instant with its zone; without: what holds back now.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), default=None,
              help="A file; else the screen.")
@click.pass_context
def supply(ctx: click.Context, since: str, form: str, target: Path | None) -> None:
    """Write supply decisions for the ERP."""
    program: Program = ctx.obj()
    try:
        at = _since(since)
    except Invalid as wrong:
        raise click.BadParameter(wrong.message, param_hint="--since") from wrong
    with program.store.reading() as connection:
        found = lines(connection, scope_of(SYSTEM), program.settings.zone, at)
    text = as_csv(found) if form == "csv" else json.dumps([row.model_dump(mode="json") for row in found],
                                                          ensure_ascii=False, indent=1)
    if target is None:
        click.echo(text, nl=form == "json")
    else:
        target.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8")
        click.echo(str(target))
