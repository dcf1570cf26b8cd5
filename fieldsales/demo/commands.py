"""``python3 -m fieldsales sample``: the made-up ledger as files, to try an import with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from fieldsales.demo import files
from fieldsales.demo.ledger import make_ledger
from fieldsales.kernel.clock import SystemClock, on_date

_MAKERS = {("customers", ".xlsx"): files.kingdee_customers, ("invoices", ".xlsx"): files.kingdee_invoices,
           ("invoices", ".csv"): files.yonyou_invoices, ("payments", ".csv"): files.payments}


@click.command()
@click.argument("kind", required=False, type=click.Choice(["customers", "invoices", "payments"]))
@click.option("-o", "--output", "target", required=True, type=click.Path(path_type=Path),
              help="The file to write (.xlsx as 金蝶 exports it, .csv as 用友 does); without KIND, a folder for all.")
@click.option("--seed", default=33, show_default=True, help="The same seed and day give the same ledger.")
@click.option("--as-of", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The ledger's day; else today.")
def sample(kind: str | None, target: Path, seed: int, as_of: datetime | None) -> None:
    """Write the customers, receivables or payments of a made-up wholesaler."""
    ledger = make_ledger(as_of.date() if as_of else on_date(SystemClock().now()), seed)
    if kind is None:
        for name, path in files.write_all(target, ledger).items():
            click.echo(f"{name:<15} {path}")
        return
    maker = _MAKERS.get((kind, target.suffix.lower()))
    if maker is None:
        offered = ", ".join(suffix for name, suffix in _MAKERS if name == kind)
        raise click.BadParameter(f"{kind}: {offered}", param_hint="-o")
    target.write_bytes(maker(ledger))
    click.echo(str(target))
