"""Opening the house: the database made or upgraded, demo data once, then web and worker side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import cast

from fieldsales import demo, serve, worker
from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.lan import authority, page
from fieldsales.lan.addresses import lan_addresses, local_name, side_by_side
from fieldsales.machine.speech import in_chinese, say, step
from fieldsales.people.usercommands import FIRST, first_admin
from fieldsales.store import migrate
from fieldsales.web.here import Program


def up(hosts: Sequence[str], port: int, *, empty: bool, lan: bool = False) -> int:
    """Serve the program until it is told to stop; return the exit code.

    The database is prepared in a process of its own, so that no connection and no thread of it is
    carried over into the processes that serve. ``lan``: HTTPS with a certificate of our own, and beside
    it, on the next port, the plain page that hands phones the certificate.
    """
    where = address(hosts[0], port, "https" if lan else "http")
    os.environ.setdefault("FIELDSALES_PUBLIC_URL", where)
    names = (*hosts, local_name(), "localhost", "127.0.0.1")
    if lan:
        os.environ.setdefault("FIELDSALES_ALLOWED_HOSTS", ",".join(dict.fromkeys(names)))
    settings = Settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    outside = not all(map(_is_loopback, hosts))
    failed = serve.run_apart(lambda: _prepare(settings, empty=empty, seen_from_outside=outside))
    if failed:
        return failed
    papers = authority.papers(settings.home, list(dict.fromkeys(names))) if lan else None
    greet = (lambda: _greet_phones(hosts, port, papers)) if papers else lambda: _greet(where)
    tls = (papers.certificate, papers.key) if papers else None
    web = serve.WebServer(create_app, hosts, port, greet, tls)
    beside: dict[str, Callable[[], int]] = {"worker": _work}
    if papers:
        trust = page.Trust(papers.ca, papers.fingerprint, hosts, names, port)
        beside["trust"] = lambda: page.serve(trust, port + 1)
    code = serve.Together(lasting={"web": lambda: web.run() or 0}, restarted=beside).run()
    if code == 0:
        say("已停止。", "Stopped.")
    else:
        say(f"网页服务意外停止（{code}）。", f"The web server ended by itself ({code}).", error=True)
    return code


def lan_hosts() -> list[str]:
    """The addresses of this machine in the local network."""
    return lan_addresses()


def address(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL a person on this machine opens."""
    shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}"


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _prepare(settings: Settings, *, empty: bool, seen_from_outside: bool) -> int:
    """Make or upgrade the tables, and fill in demo data when there is nothing yet."""
    migrate(settings.database)
    app = create_app(settings)
    if empty:
        _say_first(first_admin(app.extensions["fieldsales"]))
        return 0
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


def _say_first(password: str | None) -> None:
    """The way into a new house, shown once."""
    if password:
        say(f"第一位管理员：登录名 {FIRST}，密码 {password}（只显示这一次）。"
            "登录后在“人员”添加其他人，并修改自己的密码。",
            f"The first administrator: login {FIRST}, password {password} (shown once). Log in, add the others under "
            "People, and change this password.")
        say("公司名称用 FIELDSALES_COMPANY_NAME 设置（现在是演示名称），它写在标题和验证码短信里。",
            "Set the company's name with FIELDSALES_COMPANY_NAME: it stands in headings and in messages with codes, "
            "and is the demo's until then.")


def _greet(where: str) -> None:
    say(f"fieldsales 已在 {where} 运行，按 Ctrl-C 停止。", f"fieldsales serves {where}; Ctrl-C stops it.")


def _greet_phones(hosts: Sequence[str], port: int, papers: authority.Papers) -> None:
    """Say where phones find the program, and how they come to trust it."""
    first, then = address(hosts[0], port + 1), address(hosts[0], port, "https")
    if in_chinese():
        titles = ("① 首次：让手机信任证书", "② 打开")
    else:
        titles = ("1. First time: trust the certificate", "2. Open")
    codes = side_by_side(zip(titles, (first + "/", then + "/"), strict=True), coloured=sys.stdout.isatty())
    print(f"\n{codes}\n")
    if papers.new_authority:
        say("证书是新做的：每部手机先扫 ①。", "The certificate is new: each phone scans 1 first.")
    say(f"① {first}/   证书指纹 SHA-256：", f"1. {first}/   certificate fingerprint, SHA-256:")
    print(f"   {papers.fingerprint}")
    others = "  ".join(address(host, port, "https") for host in (*hosts[1:], local_name()))
    say(f"② {then}   也可用 {others}", f"2. {then}   or {others}")
    _greet(then)


def program() -> Program:
    """Return the program on its database, made or upgraded first."""
    settings = Settings()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.database)
    return cast(Program, create_app(settings).extensions["fieldsales"])


def _work() -> int:
    worker.run(cast(Program, create_app().extensions["fieldsales"]))
    return 0
