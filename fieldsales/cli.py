"""The commands of ``python3 -m fieldsales``, once the machine is set up.

A command lives with its capability, in ``<capability>/commands.py``; here stands only its name and where
to find it, so that ``verify`` need not load the web application. ``COMMANDS`` is the one list. A command
that works on the data gets the program from ``click.get_current_context().obj()``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from fieldsales import places
from fieldsales.machine.speech import in_chinese, say

if TYPE_CHECKING:
    from fieldsales.web.here import Program

COMMANDS: dict[str, tuple[str, str, str]] = {
    # name: (module:attribute, what it does in Chinese, in English)
    "up": ("fieldsales.cli:up", "建立数据库并提供服务", "make the database and serve the program"),
    "import": ("fieldsales.exchange.commands:import_ledger", "导入客户、应收账或回款（CSV、Excel）",
               "take customers, invoices or payments in from CSV or Excel"),
    "export": ("fieldsales.exchange.commands:export_list", "导出客户、应收账或回款",
               "write customers, invoices or payments to a file"),
    "sample": ("fieldsales.demo.commands:sample", "写出金蝶、用友格式的样例账目",
               "write a made-up ledger as 金蝶 and 用友 export it"),
    "supply": ("fieldsales.collection.supplyout:supply", "导出停货、款到发货的决定，给 ERP（--since）",
               "write supply decisions for the ERP (--since)"),
    "token": ("fieldsales.people.commands:token", "给脚本用的令牌：create、list、revoke", "tokens for scripts"),
    "user": ("fieldsales.people.usercommands:user", "可以登录的人：add、password、list",
             "people who may log in: add, password, list"),
    "verify": ("fieldsales.documents.commands:verify", "判断封存的 PDF 是否完好", "judge sealed PDFs"),
    "plugin": ("fieldsales.extensions.commands:plugin", "插件：new、list、check、test、disable、enable、requirements",
               "plugins: new, list, check, test, disable, enable, resume, requirements"),
    "x": ("fieldsales.jobs.commands:plugin_commands", "插件带来的命令：x 插件 命令", "commands that plugins bring"),
    "night": ("fieldsales.workday.commands:night", "夜间结算：承诺、分期、账龄、现金提醒",
              "what the date alone changes: promises, instalments, ages, late cash"),
    "epoch": ("fieldsales.sync.commands:epoch", "从备份恢复之后：让手机重发（epoch renew）",
              "after a restore: have phones send again (epoch renew)"),
    "audit": ("fieldsales.audit.commands:audit", "检查账目与证据的不变量", "check what must always hold"),
    "bench": ("fieldsales.cli:bench", "与同一次运行中的下限比较速度", "measure against a floor of the same run"),
    "worker": ("fieldsales.cli:work", "只运行后台进程", "run the worker alone, beside a server of your own"),
    "test": ("fieldsales.cli:test", "运行全部检查和测试", "run every check and test"),
}


class Commands(click.Group):
    """A group that loads a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("命令" if in_chinese() else "Commands"):
            formatter.write_dl([(name, COMMANDS[name][1 if in_chinese() else 2]) for name in sorted(COMMANDS)])


@click.group(cls=Commands, name="fieldsales")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """fieldsales: credit sales from the first visit to the last payment."""
    ctx.obj = _program  # a command asks for it with ``click.get_current_context().obj()``


def _program() -> Program:
    """Open the database and put the program together, for a command that works on the data."""
    from fieldsales import opening  # slow to import, and not every command needs the data
    from fieldsales.extensions.standing import standing_of

    program = opening.program()
    click.get_current_context().call_on_close(standing_of(program).tell)  # a plugin that hung in a command hung
    return program


@cli.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def test(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run ruff, mypy, the import walls and pytest; [--fast | --all] and any option of pytest."""
    from fieldsales.machine import checks  # only for tests

    ctx.exit(checks.run(arguments))


@cli.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def bench(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Run the benches named (B1 B2 …), or all; each prints its figure, its floor and their ratio."""
    root = places.source_root()
    if root is None:
        say("基准测试只在源码目录中。", "The benches are in the checkout only.", error=True)
        ctx.exit(1)
    ctx.exit(subprocess.call([sys.executable, "-m", "tests.bench", *arguments], cwd=root))


@cli.command()
@click.option("--host", help="The address to listen on; 127.0.0.1, or with --lan those of the local network.")
@click.option("--port", type=click.IntRange(1, 65534), help="The port; 8000, or 8443 with --lan.")
@click.option("--lan", is_flag=True, help="HTTPS for phones in the local network, with a certificate made here.")
@click.option("--empty", is_flag=True, help="Without demo data.")
@click.pass_context
def up(ctx: click.Context, host: str | None, port: int | None, lan: bool, empty: bool) -> None:
    """Make or upgrade the database, fill it with demo data once, and serve it until Ctrl-C."""
    from fieldsales import opening, serve  # slow to import, and no other command needs them

    hosts = [host] if host else opening.lan_hosts() if lan else ["127.0.0.1"]
    port = port or (8443 if lan else 8000)
    if not hosts:
        say("这台电脑没有接入局域网。连上 Wi-Fi 再试，或用 --host 指定地址。",
            "This machine is in no local network. Join the Wi-Fi and try again, or name an address with --host.",
            error=True)
        ctx.exit(1)
    for one, number in [(one, number) for one in hosts for number in ((port, port + 1) if lan else (port,))]:
        refused = serve.why_not_free(one, number)
        if refused:
            _say_not_free(one, number, port + (2 if lan else 1), refused)
            ctx.exit(1)
    ctx.exit(opening.up(hosts, port, empty=empty, lan=lan))


def _say_not_free(host: str, port: int, other: int, refused: str) -> None:
    if refused == "used":
        say(
            f"端口 {port} 已被另一个程序占用。换一个：python3 -m fieldsales up --port {other}",
            f"Port {port} is taken by another program. Choose another: python3 -m fieldsales up --port {other}",
            error=True,
        )
    else:
        say(f"不能在 {host}:{port} 上提供服务：{refused}", f"Cannot serve on {host}:{port}: {refused}", error=True)


@cli.command("worker")
@click.pass_context
def work(ctx: click.Context) -> None:
    """Make or upgrade the database, then carry out what the outbox holds until told to stop."""
    from fieldsales import worker  # slow to import, and no other command needs it

    worker.run(ctx.obj())


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a usage error says what is wrong and returns 2."""
    ended: Any = None
    try:
        ended = cli.main(args=list(arguments) or ["--help"], prog_name="fieldsales", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except click.Abort:
        return 130
    return ended if isinstance(ended, int) else 0
