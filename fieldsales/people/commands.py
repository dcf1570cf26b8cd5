"""``python3 -m fieldsales token``: tokens for scripts."""

from __future__ import annotations

import secrets

import click
from sqlalchemy import select

from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.machine.speech import say
from fieldsales.people.login import sha256
from fieldsales.people.models import ApiToken, User
from fieldsales.people.queries import actor_by_login
from fieldsales.store.base import table_of
from fieldsales.web.here import Program


def _program() -> Program:
    found: Program = click.get_current_context().obj()
    return found


@click.group()
def token() -> None:
    """Tokens for scripts, sent as ``Authorization: Bearer TOKEN``."""


@token.command()
@click.option("--user", "login", required=True, help="The login name the token acts as.")
@click.option("--name", default="script", show_default=True, help="What it is for.")
@click.option("--write", is_flag=True, help="It may change things, as its user may; else it only reads.")
@click.pass_context
def create(ctx: click.Context, login: str, name: str, write: bool) -> None:
    """Make a token and print it, once: only its SHA-256 is kept."""
    program = _program()
    with program.store.reading() as connection:
        actor: Actor | None = actor_by_login(connection, login)
    if actor is None:
        say(f"没有可用的登录名：{login}", f"No active user is called {login}.", error=True)
        ctx.exit(1)
    secret, token_id = secrets.token_urlsafe(32), uuid7()
    scopes = ["read", "write"] if write else ["read"]
    program.dispatcher.perform(SYSTEM, "people.create_token", {
        "token_id": token_id, "user_id": actor.user_id, "name": name, "token_sha256": sha256(secret),
        "scopes": scopes})
    say(
        f"令牌编号 {token_id}（{'、'.join(scopes)}），只显示这一次：",
        f"Token {token_id} ({', '.join(scopes)}), shown once:",
    )
    click.echo(secret)


@token.command("list")
def list_tokens() -> None:
    """List the tokens that were not revoked: id, login, name, scopes, last use."""
    tokens, users = table_of(ApiToken), table_of(User)
    query = (select(tokens, users.c.login).join(users, users.c.id == tokens.c.user_id)
             .where(tokens.c.revoked_at.is_(None)).order_by(tokens.c.made_at))
    with _program().store.reading() as connection:
        for row in connection.execute(query):
            used = row.used_at.isoformat() if row.used_at else "-"
            click.echo(f"{row.id}  {row.login}  {row.name}  {','.join(row.scopes)}  {used}")


@token.command()
@click.argument("token_id")
@click.pass_context
def revoke(ctx: click.Context, token_id: str) -> None:
    """Revoke a token: it is void at once."""
    from fieldsales.kernel.errors import TradeError

    try:
        _program().dispatcher.perform(SYSTEM, "people.revoke_token", {"token_id": token_id})
    except TradeError:
        say(f"没有这个令牌：{token_id}", f"There is no such token: {token_id}", error=True)
        ctx.exit(1)
    say("已作废。", "Revoked.")


