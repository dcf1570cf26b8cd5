"""``python3 -m fieldsales audit``: says what it checked, and ends with 1 when something does not hold."""

from __future__ import annotations

import json

import click

from fieldsales.audit.queries import audit_all
from fieldsales.audit.rules import WORDS
from fieldsales.kernel.sentences import say as sentence
from fieldsales.machine.speech import in_chinese, say
from fieldsales.web.here import Program

#: Breaches named on the screen; all of them with --json.
NAMED = 5


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object an invariant, with every breach.")
@click.pass_context
def audit(ctx: click.Context, as_json: bool) -> None:
    """Check what must always hold: money, log, files and papers. Changes nothing."""
    program: Program = ctx.obj()
    with program.store.reading() as connection:
        found = audit_all(connection, program.parts["blobs"])
    for one in found:
        words = sentence(WORDS[one.code], "zh" if in_chinese() else "en")
        if as_json:
            click.echo(json.dumps({"invariant": one.code, "checked": one.checked, "breaches": list(one.breaches),
                                   "note": one.note}, ensure_ascii=False))
        elif one.holds:
            seen = f"{one.checked} ({one.note})" if one.note else str(one.checked)
            say(f"成立 {one.code} {words} 核查 {seen}", f"holds {one.code} {words} checked {seen}")
        else:
            named = ", ".join(one.breaches[:NAMED])
            say(f"违反 {one.code} {words} {len(one.breaches)} 处：{named}",
                f"BROKEN {one.code} {words} {len(one.breaches)}: {named}", error=True)
    ctx.exit(0 if all(one.holds for one in found) else 1)
