"""``python3 -m fieldsales night``: what the date alone changes."""

from __future__ import annotations

import json

import click

from fieldsales.machine.speech import say
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def night(ctx: click.Context, as_json: bool) -> None:
    """Settle promises and instalments that fell due, age the summaries, alert finance of late cash."""
    program: Program = ctx.obj()
    figures = run_night(program.dispatcher)
    if as_json:
        click.echo(json.dumps(figures))
    else:
        say(f"承诺结算 {figures['promises']}，分期结算 {figures['plans']}，现金提醒 {figures['cash_alerts']}，"
            f"时效提醒 {figures['limitation_alerts']}，"
            f"账龄更新 {figures['rolled']} 户",
            f"Settled promises of {figures['promises']} and plans of {figures['plans']} customers, "
            f"{figures['cash_alerts']} alerts of cash, {figures['limitation_alerts']} of limitation, "
            f"{figures['rolled']} summaries aged")
    if figures["refused"]:
        say(f"有 {figures['refused']} 条未能完成，详见日志", f"{figures['refused']} could not be done; see the log",
            error=True)
        ctx.exit(1)
