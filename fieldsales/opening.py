"""Opening the house: the database made or upgraded, demo data once, then web and worker side by side."""

from __future__ import annotations

import os
from typing import cast

from fieldsales import demo, serve, worker
from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.machine.speech import say, step
from fieldsales.store import migrate
from fieldsales.web.here import Program


def up(host: str, port: int, *, empty: bool) -> int:
    """Serve the program until it is told to stop; return the exit code.

    The database is prepared in a process of its own, so that no connection and no thread of it is
    carried over into the processes that serve.
    """
    os.environ.setdefault("FIELDSALES_PUBLIC_URL", address(host, port))
    settings = Settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    failed = serve.run_apart(lambda: _prepare(settings, empty=empty, seen_from_outside=not _is_loopback(host)))
    if failed:
        return failed
    web = serve.WebServer(create_app, host, port, lambda: _greet(host, port))
    code = serve.Together(lasting={"web": lambda: web.run() or 0}, restarted={"worker": _work}).run()
    if code == 0:
        say("已停止。", "Stopped.")
    else:
        say(f"网页服务意外停止（{code}）。", f"The web server ended by itself ({code}).", error=True)
    return code


def address(host: str, port: int) -> str:
    """Return the URL a person on this machine opens."""
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _prepare(settings: Settings, *, empty: bool, seen_from_outside: bool) -> int:
    """Make or upgrade the tables, and fill in demo data when there is nothing yet."""
    migrate(settings.database)
    if empty:
        return 0
    app = create_app(settings)
    if demo.is_wanted(app):
        with step("填入演示数据", "Filling in demo data"):
            demo.fill(app)
    logins = demo.logins(app)
    for login in logins:
        print(f"  {login}")
    if logins and seen_from_outside:
        say(
            "注意：同一网络里的人都能用上面的演示密码登录。真实数据请用 --empty 另建。",
            "Note: anyone on this network can log in with the demo password above. For real data start with --empty.",
        )
    return 0


def _greet(host: str, port: int) -> None:
    where = address(host, port)
    say(f"fieldsales 已在 {where} 运行，按 Ctrl-C 停止。", f"fieldsales serves {where}; Ctrl-C stops it.")


def program() -> Program:
    """Return the program on its database, made or upgraded first."""
    settings = Settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.database)
    return cast(Program, create_app(settings).extensions["fieldsales"])


def _work() -> int:
    worker.run(cast(Program, create_app().extensions["fieldsales"]))
    return 0
