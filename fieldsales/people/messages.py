"""Commands and events of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Name

Role = Literal["rep", "manager", "finance", "legal", "admin"]
#: never dumped: it must reach no audit body and no log
Secret = Annotated[str, Field(min_length=8, max_length=200, repr=False, exclude=True)]
Login = Annotated[str, Field(pattern=r"^[A-Za-z0-9._@+-]{2,80}$")]

JwkName = Annotated[str, Field(max_length=40)]
#: a browser adds ``ext`` and ``key_ops``
JwkValue = Annotated[str, Field(max_length=200)] | bool | Annotated[list[JwkName], Field(max_length=20)]


class AddTeam(Command):
    """A new team."""

    team_id: Id
    name: Name
    region: Line = ""


class AddUser(Command):
    """Someone who may log in."""

    user_id: Id
    login: Login
    name: Name
    role: Role
    team_id: Id | None = None
    password: Secret
    email: Line = ""
    phone: Line = ""
    locale: Literal["zh", "en"] = "zh"


class ChangeUser(Command):
    """Change a user's role, team or standing; what is None stays. Disabling ends sessions and devices."""

    user_id: Id
    name: Name | None = None
    role: Role | None = None
    team_id: Id | None = None
    no_team: bool = False
    active: bool | None = None
    locale: Literal["zh", "en"] | None = None


class SetPassword(Command):
    """A new password: one's own, or set by an admin. Ends every session."""

    user_id: Id
    password: Secret


class ChooseLanguage(Command):
    """One's own language."""

    locale: Literal["zh", "en"]


class EnrolDevice(Command):
    """A phone's public key (JWK, P-256). Its private half never leaves the phone."""

    device_id: Id
    name: Line = ""
    public_key: Annotated[dict[JwkName, JwkValue], Field(max_length=20)]
    app: Line = ""


class RevokeDevice(Command):
    """The phone may not speak any more; what it holds is wiped at its next contact."""

    device_id: Id


class EndAccess(Command):
    """End a user's phones, and his login as well when ``disable`` (by the system, after a handover)."""

    user_id: Id
    disable: bool = False


class CreateToken(Command):
    """A token for scripts. Only its SHA-256 is kept."""

    token_id: Id
    user_id: Id
    name: Name
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    scopes: Annotated[list[Line], Field(max_length=20)] = ["read"]


class RevokeToken(Command):
    """The token is void from now on."""

    token_id: Id


@dataclass(frozen=True, slots=True)
class TeamChanged(Event):
    """Someone belongs to another team, or to none."""

    user_id: str
    team_id: str | None


@dataclass(frozen=True, slots=True)
class UserDisabled(Event):
    """Someone may not log in any more."""

    user_id: str
