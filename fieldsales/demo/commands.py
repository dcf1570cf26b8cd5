"""``python3 -m fieldsales sample``: the made-up ledger as files, to try an import with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from fieldsales.demo.files import write_all
from fieldsales.demo.ledger import make_ledger
from fieldsales.kernel.clock import SystemClock, on_date


@click.command()
@click.option("-o", "--output", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="The folder to write into.")
@click.option("--seed", default=33, show_default=True, help="The same seed and day give the same ledger.")
@click.option("--as-of", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The ledger's day; else today.")
def sample(folder: Path, seed: int, as_of: object) -> None:
    """Write customers, receivables (金蝶 and 用友) and payments of a made-up wholesaler."""
    day = as_of.date() if hasattr(as_of, "date") else on_date(SystemClock().now())
    assert isinstance(day, date)
    for kind, path in write_all(folder, make_ledger(day, seed)).items():
        click.echo(f"{kind:<15} {path}")
