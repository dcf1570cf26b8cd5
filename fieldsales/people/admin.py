"""Pages of an administrator: users, teams, phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.models import Team, User
from fieldsales.people.rules import ROLES
from fieldsales.store.base import table_of
from fieldsales.web.access import access, missing
from fieldsales.web.forms import Errors, command_id, done, field_text, refused, submit
from fieldsales.web.here import reading
from fieldsales.web.pages import NavItem, nav, page

admin_views = Blueprint("staff", __name__)
nav(NavItem("staff.people", N_("People"), "people", 90, ("admin",), group=N_("Administration")))
_users, _teams = table_of(User), table_of(Team)


@dataclass(frozen=True, slots=True)
class Someone:
    """A user on the list."""

    id: str
    login: str
    name: str
    role: str
    team_id: str | None
    team_name: str | None
    locale: str
    active: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Users and teams, and the forms that add to them."""

    people: tuple[Someone, ...]
    teams: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    typed: dict[str, str]
    errors: Errors


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One user."""

    person: Someone
    teams: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    errors: Errors


def everyone(connection: Connection, user_id: str | None = None) -> tuple[Someone, ...]:
    """All users, or one, the active ones first. One query."""
    u = _users.c
    asked = (
        select(u.id, u.login, u.name, u.role, u.team_id, _teams.c.name.label("team_name"), u.locale, u.active)
        .select_from(_users.outerjoin(_teams, _teams.c.id == u.team_id)).order_by(u.active.desc(), u.role, u.name))
    return tuple(Someone(*row) for row in connection.execute(asked.where(u.id == user_id) if user_id else asked))


def _all_teams(connection: Connection) -> tuple[tuple[str, str], ...]:
    return tuple((row.id, row.name) for row in connection.execute(select(_teams).order_by(_teams.c.name)))


_TYPED = ("login", "name", "role", "team_id", "locale", "team_name")


def _people_page(errors: Errors) -> str:
    with reading() as connection:
        found, teams = everyone(connection), _all_teams(connection)
    return page("people/people.html", PeoplePage(found, teams, ROLES, {key: field_text(key) for key in _TYPED}, errors))


@admin_views.get("/people")
@access("admin")
def people() -> str:
    """Users and teams."""
    return _people_page({})


@admin_views.post("/people")
@access("admin")
def add() -> Any:
    """Add someone who may log in."""
    errors = submit("people.add_user", {
        "user_id": derived_id(command_id(), "user"), "login": field_text("login"), "name": field_text("name"),
        "role": field_text("role"), "team_id": field_text("team_id") or None, "password": field_text("password"),
        "locale": field_text("locale") or "zh"})
    if errors:
        return _people_page(errors), 422
    return done(gettext("%(name)s may log in now.", name=field_text("name")), url_for("staff.people"))


@admin_views.post("/people/teams")
@access("admin")
def add_team() -> Any:
    """Add a team."""
    errors = submit("people.add_team", {"team_id": derived_id(command_id(), "team"), "name": field_text("team_name")},
                    {"name": "team_name"})
    if errors:
        return _people_page(errors), 422
    return done(gettext("The team is there."), url_for("staff.people"))


def _person_page(user_id: str, errors: Errors) -> str:
    with reading() as connection:
        found, teams = everyone(connection, user_id), _all_teams(connection)
    if not found:
        raise missing()
    return page("people/person.html", PersonPage(found[0], teams, ROLES, errors))


@admin_views.get("/people/<user_id>")
@access("admin")
def person(user_id: str) -> str:
    """One user: role, team, standing, password."""
    return _person_page(user_id, {})


@admin_views.post("/people/<user_id>")
@access("admin")
def change(user_id: str) -> Any:
    """Change role, team or standing: true from that person's next request on."""
    team_id = field_text("team_id")
    errors = submit("people.change_user", {
        "user_id": user_id, "name": field_text("name"), "role": field_text("role"), "team_id": team_id or None,
        "no_team": not team_id, "active": field_text("active") == "1", "locale": field_text("locale") or None})
    if errors:
        return _person_page(user_id, errors), 422
    return done(gettext("Changed. It holds from the next request on."), url_for("staff.people"))


@admin_views.post("/people/<user_id>/password")
@access("admin")
def set_password(user_id: str) -> Any:
    """Set a password; every session of that person ends."""
    errors = submit("people.set_password", {"user_id": user_id, "password": field_text("password")})
    if errors:
        return _person_page(user_id, errors), 422
    return done(gettext("The password is set; every session of this person has ended."), url_for("staff.people"))


@admin_views.post("/devices/<device_id>/revoke")
@access("admin")
def revoke_device(device_id: str) -> Response:
    """The phone may not speak any more."""
    errors = submit("people.revoke_device", {"device_id": device_id})
    target = url_for("reports.house")
    return refused(errors, target) if errors else done(gettext("The phone is revoked."), target)
