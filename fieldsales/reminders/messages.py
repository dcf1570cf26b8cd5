"""Commands of reminders."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Name

#: never dumped: an address with a secret in it must reach no audit body and no log
SecretLine = Annotated[str, Field(max_length=1000, repr=False, exclude=True)]
Endpoint = Annotated[str, Field(pattern=r"^https?://[^\s]{4,800}$")]
Base64Url = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,120}={0,2}$")]


class SubscribePush(Command):
    """This phone may be told by its push service; the same endpoint again renews it."""

    subscription_id: Id
    device_id: Id
    session_id: Id | None = None
    endpoint: Endpoint
    p256dh: Base64Url
    auth: Base64Url


class EndPush(Command):
    """This phone is told no more."""

    device_id: Id


class MakeFeed(Command):
    """A calendar address of one's own; an earlier one is void."""

    feed_id: Id
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RevokeFeed(Command):
    """One's calendar address is void from now on."""


class ChooseMail(Command):
    """Whether one wants the morning's digest by mail."""

    wanted: bool


class AddGroup(Command):
    """A chat group that is told every morning. ``team_id`` None: the whole company (administrators only)."""

    group_id: Id
    team_id: Id | None = None
    name: Name
    channel: Line
    url: SecretLine
    secret: SecretLine = ""


class EndGroup(Command):
    """The group is told no more; its address is forgotten."""

    group_id: Id


class TryGroup(Command):
    """Send the group a trial message now."""

    group_id: Id
