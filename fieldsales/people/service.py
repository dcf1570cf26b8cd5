"""Operations on people."""

from __future__ import annotations

from typing import Any

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound
from fieldsales.kernel.operation import Need, operation
from fieldsales.people import messages as m
from fieldsales.people.models import ApiToken, Device, LoginSession, Team, User
from fieldsales.people.passwords import hashed
from fieldsales.people.rules import may_administer
from fieldsales.store.work import Work


def _admin(work: Work, command: Any) -> None:
    if not may_administer(work.actor):
        raise NotAllowed("admin_only", N_("Only an administrator can do this."))


def _self_or_admin(work: Work, command: Any) -> None:
    if command.user_id != work.actor.user_id:
        _admin(work, command)


def _anyone(work: Work, command: Any) -> None:
    if not work.actor.user_id and work.actor.role != "system":
        raise NotAllowed("login_needed", N_("Log in first."))


@operation("people.add_team", m.AddTeam, needs=lambda c: [Need("team_by_name", c.name)], guard=_admin)
def add_team(work: Work, command: m.AddTeam) -> None:
    """Add a team of reps. Raises Invalid when there is one of the name."""
    if work.fact("team_by_name", command.name):
        raise Invalid("team_taken", N_("There is a team of this name already."), field="name")
    work.insert(Team, id=command.team_id, name=command.name, region=command.region)


@operation("people.add_user", m.AddUser, guard=_admin,
           needs=lambda c: [Need("user_by_login", c.login), *([Need("team", c.team_id)] if c.team_id else [])])
def add_user(work: Work, command: m.AddUser) -> None:
    """Add someone who may log in. Raises Invalid when the login name is taken or the team unknown."""
    if work.fact("user_by_login", command.login):
        raise Invalid("login_taken", N_("This login name is taken."), field="login")
    if command.team_id:
        work.require("team", command.team_id)
    work.insert(
        User, id=command.user_id, login=command.login, name=command.name, role=command.role, team_id=command.team_id,
        password=hashed(command.password), email=command.email, phone=command.phone, locale=command.locale,
        active=True, fs_uniquifier=command.user_id, version=1, created_at=work.now,
    )


@operation("people.change_user", m.ChangeUser, guard=_admin,
           needs=lambda c: [Need("user", c.user_id), Need("devices_of", c.user_id), Need("sessions_of", c.user_id)])
def change_user(work: Work, command: m.ChangeUser) -> None:
    """Change role, team or standing: true from the next request on. Nobody disables himself."""
    user = work.require("user", command.user_id)
    if command.active is False and command.user_id == work.actor.user_id:
        raise Invalid("self_disable", N_("You cannot disable yourself."))
    changes = {k: v for k, v in command.model_dump(exclude={"user_id", "no_team"}).items() if v is not None}
    if command.no_team:
        changes["team_id"] = None
    work.update(User, user.id, version=user.version + 1, **changes)
    if changes.get("team_id", user.team_id) != user.team_id:
        work.emit(m.TeamChanged(user.id, changes["team_id"]))
    if command.active is False:
        end_access(work, user.id)
        work.emit(m.UserDisabled(user.id))


def end_access(work: Work, user_id: str) -> None:
    """End a user's sessions and phones. Needs the facts ``devices_of`` and ``sessions_of``."""
    for device_id in work.fact("devices_of", user_id) or ():
        work.update(Device, device_id, revoked_at=work.now)
    for session_id in work.fact("sessions_of", user_id) or ():
        work.update(LoginSession, session_id, ended_at=work.now)


def _system(work: Work, command: Any) -> None:
    if work.actor.role != "system":
        raise NotAllowed("system_only", N_("Only the program itself does this."))


@operation("people.end_access", m.EndAccess, guard=_system,
           needs=lambda c: [Need("user", c.user_id), Need("devices_of", c.user_id), Need("sessions_of", c.user_id)])
def end_access_after_handover(work: Work, command: m.EndAccess) -> None:
    """Revoke a leaver's phones and sessions; disable the login when asked."""
    user = work.require("user", command.user_id)
    end_access(work, user.id)
    if command.disable:
        work.update(User, user.id, version=user.version + 1, active=False)
        work.emit(m.UserDisabled(user.id))


@operation("people.set_password", m.SetPassword, guard=_self_or_admin,
           needs=lambda c: [Need("user", c.user_id), Need("sessions_of", c.user_id)])
def set_password(work: Work, command: m.SetPassword) -> None:
    """Set a password; every session of that user ends."""
    user = work.require("user", command.user_id)
    work.update(User, user.id, password=hashed(command.password), version=user.version + 1)
    for session_id in work.fact("sessions_of", user.id) or ():
        work.update(LoginSession, session_id, ended_at=work.now)


@operation("people.choose_language", m.ChooseLanguage, needs=lambda c: (), guard=_anyone)
def choose_language(work: Work, command: m.ChooseLanguage) -> None:
    """Choose one's own language."""
    work.update(User, work.actor.user_id, locale=command.locale)


@operation("people.enrol_device", m.EnrolDevice, needs=lambda c: [Need("device", c.device_id)], guard=_anyone)
def enrol_device(work: Work, command: m.EnrolDevice) -> None:
    """Enrol one's own phone by its public key. A known phone stays as it is; another's id is refused."""
    key = command.public_key
    if key.get("kty") != "EC" or key.get("crv") != "P-256" or "d" in key or not (key.get("x") and key.get("y")):
        raise Invalid("bad_key", N_("This is not a public P-256 key."), field="public_key")
    known = work.fact("device", command.device_id)
    if known is not None:
        if known.user_id != work.actor.user_id or known.revoked:
            raise NotAllowed("device_revoked", N_("This phone may no longer be used. Ask your administrator."))
        return
    work.insert(Device, id=command.device_id, user_id=work.actor.user_id, name=command.name, public_key=key,
                app=command.app, enrolled_at=work.now, seen_at=work.now, pending=0)


@operation("people.revoke_device", m.RevokeDevice, needs=lambda c: [Need("device", c.device_id)], guard=_anyone)
def revoke_device(work: Work, command: m.RevokeDevice) -> None:
    """Revoke a phone: one's own, or by an administrator."""
    device = work.fact("device", command.device_id)
    if device is None or (device.user_id != work.actor.user_id and not may_administer(work.actor)):
        raise NotFound("device.not_found", N_("There is no such phone."))
    work.update(Device, device.id, revoked_at=work.now)


@operation("people.create_token", m.CreateToken, needs=lambda c: [Need("user", c.user_id)], guard=_self_or_admin)
def create_token(work: Work, command: m.CreateToken) -> None:
    """Create a token that acts as its user within its scopes."""
    work.require("user", command.user_id)
    work.insert(ApiToken, id=command.token_id, user_id=command.user_id, name=command.name,
                token_sha256=command.token_sha256, scopes=command.scopes, made_at=work.now)


@operation("people.revoke_token", m.RevokeToken, needs=lambda c: [Need("token", c.token_id)], guard=_anyone)
def revoke_token(work: Work, command: m.RevokeToken) -> None:
    """Revoke a token: one's own, or by an administrator."""
    owner = work.fact("token", command.token_id)
    if owner is None or (owner != work.actor.user_id and not may_administer(work.actor)):
        raise NotFound("token.not_found", N_("There is no such token."))
    work.update(ApiToken, command.token_id, revoked_at=work.now)
