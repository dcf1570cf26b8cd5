"""``python3 -m fieldsales epoch``: after a restore, phones send again what they once sent."""

from __future__ import annotations

import click

from fieldsales.machine.speech import say
from fieldsales.sync.service import epoch as present_epoch
from fieldsales.sync.service import new_epoch
from fieldsales.web.here import Program


def _program() -> Program:
    found: Program = click.get_current_context().obj()
    return found


@click.group(invoke_without_command=True)
@click.pass_context
def epoch(ctx: click.Context) -> None:
    """Print the database's epoch, by which phones notice that it was restored; ``renew`` after a restore."""
    if ctx.invoked_subcommand is None:
        click.echo(present_epoch(_program().dispatcher))


@epoch.command()
def renew() -> None:
    """Begin a new epoch: at their next contact phones send everything again; what is known is not applied twice."""
    fresh = new_epoch(_program().dispatcher)
    say(f"新纪元 {fresh}：各手机下次联系时会重发全部记录，已有的不会重复入账。",
        f"New epoch {fresh}: at their next contact phones send everything again; what is here is not applied twice.")
