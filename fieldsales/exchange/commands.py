"""``python3 -m fieldsales import`` and ``export``: ledgers in and lists out from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fieldsales.exchange.columns import KINDS, LABELS, MORE_LABELS, Kind
from fieldsales.exchange.errorbook import error_workbook
from fieldsales.exchange.filein import FileIn, sha256_of
from fieldsales.exchange.importing import Importer
from fieldsales.exchange.lists import EXPORTS, Narrowed, listing
from fieldsales.exchange.outcome import SUM_WORDS, Outcome
from fieldsales.exchange.tablefiles import write_csv, write_xlsx
from fieldsales.exchange.tables import read_table
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.operation import SYSTEM
from fieldsales.kernel.sentences import catalog
from fieldsales.machine.speech import in_chinese, say
from fieldsales.people.rules import scope_of
from fieldsales.web.here import Program


def _program() -> Program:
    found: Program = click.get_current_context().obj()
    return found


def _words(message: str, **params: Any) -> str:
    text = catalog().get(message, message) if in_chinese() else message
    return text % params if params else text


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping", default="", help="A saved mapping's name.")
@click.option("--date-order", default="", type=click.Choice(["", "mdy", "dmy", "ymd"]), help="How 1/2/2013 is meant.")
@click.option("--sheet", default=None, help="The sheet of a workbook; else the first with something in it.")
@click.option("--currency", default="", help="Where neither rows nor headings name one.")
@click.option("--seller", "seller_code", default="", help="The selling company's code, where the file names none.")
@click.option("--term-days", default=0, type=click.IntRange(0, 3660), help="Days of credit where a row gives none.")
@click.option("--errors", "errors_to", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the error workbook.")
@click.option("--dry-run", is_flag=True, help="Show what would come of it and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and sums as JSON.")
@click.pass_context
def import_ledger(ctx: click.Context, kind: Kind, file: Path, *, mapping: str, date_order: str, sheet: str | None,
                  currency: str, seller_code: str, term_days: int, errors_to: Path | None, dry_run: bool,
                  as_json: bool) -> None:
    """Take a ledger of KIND in from FILE (CSV or Excel). The same file twice adds nothing."""
    data = file.read_bytes()
    try:
        program = _program()
        given = FileIn(file.name, sha256_of(data), read_table(data, sheet), kind, date_order=date_order,
                     
                       currency=currency or program.settings.currency, seller_code=seller_code, term_days=term_days)
        with program.store.reading() as connection:
            given = given.with_saved(connection, mapping)
        importer = Importer(program.dispatcher, SYSTEM, None if as_json else _progress)
        reading = given.reading()
        outcome = importer.preview(reading) if dry_run else importer.run(reading, given.source())
    except TradeError as error:
        _refuse(error, as_json)
        ctx.exit(2)
    if errors_to is not None:
        errors_to.write_bytes(error_workbook(given.table.rows, outcome, _words))
    if as_json:
        click.echo(json.dumps(as_data(outcome, file.name), ensure_ascii=False, indent=1))
    else:
        _tell(outcome)


def _progress(done: int, total: int) -> None:
    if total > 2000:
        click.echo(f"  {done} / {total}", err=True)


def _refuse(error: TradeError, as_json: bool) -> None:
    text = _words(error.message, **error.params)
    if as_json:
        click.echo(json.dumps({"error": {"code": error.code, "text": text, "field": error.field}}, ensure_ascii=False))
    else:
        click.echo(text, err=True)


def as_data(outcome: Outcome, filename: str) -> dict[str, Any]:
    """An outcome for machines: counts, sums as decimal strings, notices and the first fifty problems."""
    reading = outcome.reading
    return {
        "kind": reading.kind, "file": filename, "dry_run": outcome.dry_run, "import_id": outcome.import_id or None,
        "date_order": reading.chosen_order, "date_order_evidence": reading.order.evidence,
        "columns": {name: column.header for name, column in reading.header.columns.items()},
        **outcome.counts(), "sums": outcome.sums_json(), "adds_up": outcome.adds_up(),
        "notices": [_words(notice.message, **notice.params) for notice in outcome.notices],
        "problems": [{"row": problem.row, "column": problem.field, "code": problem.code,
                      "reason": _words(problem.message, **problem.params)} for problem in outcome.problems[:50]],
    }


def _tell(outcome: Outcome) -> None:
    rows = outcome.counts()["rows"]
    say(f"读取 {rows['read']} 行 = 导入 {rows['added']} + 已存在 {rows['already_there']} + 跳过 {rows['skipped']}"
        f" + 错误 {rows['errors']}", f"{rows['read']} rows read = {rows['added']} taken in + {rows['already_there']} "
        f"already there + {rows['skipped']} left out + {rows['errors']} refused")
    for currency, line in sorted(outcome.sums.items()):
        parts = " · ".join(f"{_words(label)} {getattr(line, name):,.2f}" for name, label in SUM_WORDS)
        click.echo(f"  {currency}: {parts}")
    if outcome.settled:
        say(f"另按文件记入此前已收 {outcome.settled} 笔", f"{outcome.settled} payments the file tells of were posted")
    for notice in outcome.notices:
        click.echo("  " + _words(notice.message, **notice.params))
    for problem in outcome.problems[:20]:
        click.echo(f"  {problem.row}: " + _words(problem.message, **problem.params))
    if outcome.dry_run:
        say("这是试算，没有写入任何数据。", "This was a dry run. Nothing was written.")


@click.command("export")
@click.argument("kind", type=click.Choice(EXPORTS))
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), default="xlsx", show_default=True)
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def export_list(kind: str, form: str, target: Path, as_json: bool) -> None:
    """Write a list to a file that imports again unchanged, and that no spreadsheet runs as a formula."""
    program = _program()
    with program.store.reading() as connection:
        table = listing(connection, kind, scope_of(SYSTEM), Narrowed(), _words, program.settings.zone)
        header = [_words({**LABELS, **MORE_LABELS}[name]) for name in table.fields]
        if form == "csv":
            with target.open("wb") as stream:
                count = write_csv(stream, header, table.rows)
        else:
            count = write_xlsx(target, header, table.rows, kind)
    if as_json:
        click.echo(json.dumps({"kind": kind, "format": form, "file": str(target), "rows": count}))
    else:
        say(f"已写出 {count} 行：{target}", f"{count} rows written to {target}")
