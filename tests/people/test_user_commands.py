"""People from the command line: the way into a new house, a forgotten password, refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from flask import Flask

from fieldsales.people.usercommands import FIRST, first_admin, user
from fieldsales.store import migrate
from fieldsales.web.here import Program
from tests import cast


def ask(program: Program, *arguments: str) -> Result:
    return CliRunner().invoke(user, arguments, obj=lambda: program, env={"LANGUAGE": "zh"})


def enters(app: Flask, login: str, password: str) -> bool:
    return app.test_client().post("/login", data={"login": login, "password": password}).status_code == 302


def test_person_added_with_a_new_team_logs_in_with_the_password_shown(app: Flask, program: Program) -> None:
    done = ask(program, "add", "laoli", "--name", "老李", "--role", "rep", "--team", "城南组")
    assert done.exit_code == 0
    assert enters(app, "laoli", done.output.split()[-1])
    assert "laoli  rep  城南组  老李" in ask(program, "list").output


def test_login_name_taken_is_told_in_words(program: Program) -> None:
    done = ask(program, "add", "rep", "--name", "x", "--role", "rep")
    assert done.exit_code == 1
    assert "这个登录名已被使用。" in done.output


def test_forgotten_password_is_made_anew_and_the_old_one_is_void(app: Flask, program: Program) -> None:
    done = ask(program, "password", "admin")
    assert enters(app, "admin", done.output.split()[-1])
    assert not enters(app, "admin", cast.PASSWORD)
    assert ask(program, "password", "nobody").exit_code == 1


def test_house_with_people_gets_no_first_administrator(program: Program) -> None:
    assert first_admin(program) is None


def test_new_house_has_one_way_in_and_once(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    migrate(url)
    app = make_app(url)
    program = app.extensions["fieldsales"]
    password = first_admin(program)
    assert password is not None
    assert first_admin(program) is None
    assert enters(app, FIRST, password)
