"""``python3 -m fieldsales user``: people who may log in, for whoever holds the machine."""

from __future__ import annotations

import secrets
from typing import Any

import click
from sqlalchemy import func, select

from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.kernel.sentences import catalog
from fieldsales.machine.speech import in_chinese, say
from fieldsales.people.models import Team, User
from fieldsales.people.queries import actor_by_login
from fieldsales.people.rules import ROLES
from fieldsales.store.base import table_of
from fieldsales.web.here import Program

_users, _teams = table_of(User), table_of(Team)
#: Where a house begins: this person adds everybody else.
FIRST = "admin"


def first_admin(program: Program) -> str | None:
    """Add the first administrator to a house without anybody; return the password, to be shown once, else None."""
    with program.store.reading() as connection:
        if connection.scalar(select(func.count()).select_from(_users)):
            return None
    password = _password()
    name = "管理员" if in_chinese() else "Administrator"
    _perform(program, "people.add_user", user_id=uuid7(), login=FIRST, name=name, role="admin", password=password,
             locale="zh" if in_chinese() else "en")
    return password


def _password() -> str:
    return secrets.token_hex(8)  # 64 bits, in signs that are typed without doubt


def _perform(program: Program, operation: str, **command: Any) -> None:
    program.dispatcher.perform(SYSTEM, operation, command)


def _program() -> Program:
    found: Program = click.get_current_context().obj()
    return found


def _do(operation: str, **command: Any) -> None:
    """Perform it; a refusal is said and ends the command with 1."""
    try:
        _perform(_program(), operation, **command)
    except TradeError as error:
        said = catalog().get(error.message, error.message) if in_chinese() else error.message
        raise click.ClickException(said % error.params if error.params else said) from error


@click.group()
def user() -> None:
    """People who may log in. Passwords are made here and shown once; each person then chooses his own."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the person does.")
@click.option("--team", help="The team's name; it is added when there is none.")
def add(login: str, name: str, role: str, team: str | None) -> None:
    """Add a person and print a first password."""
    password = _password()
    _do("people.add_user", user_id=uuid7(), login=login, name=name, role=role, password=password,
        team_id=_team(team) if team else None, locale="zh" if in_chinese() else "en")
    say(f"{login} 可以登录了，密码只显示这一次：", f"{login} may log in; the password is shown once:")
    click.echo(password)


def _team(name: str) -> str:
    with _program().store.reading() as connection:
        found = connection.scalar(select(_teams.c.id).where(_teams.c.name == name))
    if found is None:
        found = uuid7()
        _do("people.add_team", team_id=found, name=name)
    return str(found)


@user.command()
@click.argument("login")
def password(login: str) -> None:
    """Make a new password and print it; every session of that person ends."""
    with _program().store.reading() as connection:
        actor = actor_by_login(connection, login)
    if actor is None:
        raise click.ClickException(
            f"没有可用的登录名：{login}" if in_chinese() else f"No active user is called {login}.")
    made = _password()
    _do("people.set_password", user_id=actor.user_id, password=made)
    say("新密码只显示这一次：", "The new password, shown once:")
    click.echo(made)


@user.command("list")
def list_users() -> None:
    """List who may log in: login, role, team, name."""
    asked = (select(_users.c.login, _users.c.role, _teams.c.name, _users.c.name)
             .select_from(_users.outerjoin(_teams, _teams.c.id == _users.c.team_id))
             .where(_users.c.active).order_by(_users.c.role, _users.c.login))
    with _program().store.reading() as connection:
        for login, role, team, name in connection.execute(asked):
            click.echo(f"{login}  {role}  {team or '-'}  {name}")
