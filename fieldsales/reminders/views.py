"""Pages and addresses of reminders: one's calendar and mail, the team's chat groups, the phone's push."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, Response, g, make_response, request, session, url_for
from flask_babel import gettext
from pydantic import BaseModel, ValidationError

from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.refusals import from_validation
from fieldsales.people.rules import scope_of
from fieldsales.reminders import queries, rules, telling, webpush  # noqa: F401 - telling declares an operation
from fieldsales.reminders.ics import MIME, Event, calendar
from fieldsales.reminders.messages import EndPush, SubscribePush
from fieldsales.web.access import EVERYONE, PUBLIC, access, missing
from fieldsales.web.api import api_doc
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import NavItem, nav, page

Model = TypeVar("Model", bound=BaseModel)
views = Blueprint("reminders", __name__)
api = Blueprint("reminders_api", __name__, url_prefix="/api/v1")
nav(NavItem("reminders.show", N_("Reminders"), "bell", 98))
#: How far back and ahead a calendar shows what is open.
BEFORE, AHEAD = timedelta(days=60), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A chat group as its keeper sees it: never its address."""

    id: str
    name: str
    team_name: str | None
    channel: str
    last: Any


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A messenger that can be chosen."""

    name: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """One's own calendar address and mail, and for who leads: the groups."""

    feed: Any
    new_address: str
    email: str
    mail_wanted: bool
    hour: int
    keeps_groups: bool
    groups: tuple[GroupLine, ...]
    channels: tuple[ChannelChoice, ...]
    teams: tuple[tuple[str, str], ...]
    whole_company: bool
    typed: dict[str, str]
    errors: Errors


def _page_of(errors: Errors, new_address: str = "") -> RemindersPage:
    me = actor()
    leads = me.role in ("manager", "admin")
    plugins = here().plugins
    with reading() as connection:
        email, wanted = queries.own_mail(connection, me.user_id)
        feed = queries.own_feed(connection, me.user_id)
        groups = [one for one in queries.live_groups(connection) if rules.may_keep_group(me, one.team_id)]
        last = queries.last_of(connection, [one.id for one in groups])
        teams = tuple(one for one in queries.all_teams(connection) if leads and rules.may_keep_group(me, one[0]))
    labels = {name: one.labels[lang()] for name, one in plugins.channels.items()}
    lines = tuple(GroupLine(one.id, one.name, one.team_name, labels.get(one.channel, one.channel), last.get(one.id))
                  for one in groups)
    choices = tuple(ChannelChoice(name, labels[name], one.hint[lang()] if one.hint else "")
                    for name, one in plugins.channels.items())
    typed = {name: field_text(name) for name in ("name", "channel", "team_id")}
    return RemindersPage(feed, new_address, email, wanted, here().settings.remind_hour, leads, lines if leads else (),
                         choices, teams, rules.may_keep_group(me, None), typed, errors)


@views.get("/reminders")
@access(*EVERYONE)
def show() -> str:
    """Where one is reminded, and where the team is."""
    return page("reminders/show.html", _page_of({}, session.pop("calendar", "")))


@views.post("/reminders/calendar")
@access(*EVERYONE)
def make_calendar() -> Any:
    """Make a calendar address; it is shown once, and only its hash is kept."""
    token = secrets.token_urlsafe(32)
    errors = submit("reminders.make_feed", {"feed_id": derived_id(command_id(), "feed"), "token_sha256": _hash(token)})
    if errors:
        return refused(errors, url_for("reminders.show"))
    session["calendar"] = here().settings.public_url.rstrip("/") + url_for("reminders.feed", token=token)
    return done(gettext("Your calendar address is there. Copy it now: it is shown once."), url_for("reminders.show"))


@views.post("/reminders/calendar/end")
@access(*EVERYONE)
def end_calendar() -> Any:
    """Make one's calendar address void."""
    errors = submit("reminders.revoke_feed", {})
    target = url_for("reminders.show")
    return refused(errors, target) if errors else done(gettext("The address is void."), target)


@views.post("/reminders/mail")
@access(*EVERYONE)
def choose_mail() -> Any:
    """Have the digest by mail, or not."""
    errors = submit("reminders.choose_mail", {"wanted": field_text("wanted") == "1"})
    target = url_for("reminders.show")
    return refused(errors, target) if errors else done(gettext("Saved."), target)


@views.post("/reminders/groups")
@access("manager", "admin")
def add_group() -> Any:
    """Have a chat group told every morning."""
    errors = submit("reminders.add_group", {
        "group_id": derived_id(command_id(), "group"), "team_id": field_text("team_id") or None,
        "name": field_text("name"), "channel": field_text("channel"), "url": field_text("url"),
        "secret": field_text("secret")})
    if errors:
        return page("reminders/show.html", _page_of(errors)), 422
    return done(gettext("The group is added. Send it a trial message."), url_for("reminders.show"))


@views.post("/reminders/groups/<group_id>/try")
@access("manager", "admin")
def try_group(group_id: str) -> Any:
    """Send a trial message."""
    errors = submit("reminders.try_group", {"group_id": group_id})
    target = url_for("reminders.show")
    return refused(errors, target) if errors else done(gettext("On its way. Look at the group, then here."), target)


@views.post("/reminders/groups/<group_id>/end")
@access("manager", "admin")
def end_group(group_id: str) -> Any:
    """Have a group told no more."""
    errors = submit("reminders.end_group", {"group_id": group_id})
    target = url_for("reminders.show")
    return refused(errors, target) if errors else done(gettext("The group is told no more."), target)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@views.get("/calendar/<token>.ics")
@access(*PUBLIC)
@limiter.limit("120 per minute")
def feed(token: str) -> Response:
    """One's due promises and instalments, for a calendar. The secret in the address is the key."""
    with reading() as connection:
        found = queries.feed_row(connection, _hash(token))
        if found is None:
            raise missing()
        feed_id, who = found
        today = here().today
        items = queries.due_items(connection, scope_of(who), today - BEFORE, today + AHEAD)
    now, root = here().clock.now(), here().settings.public_url.rstrip("/")
    events = [Event(f"{one.kind}-{one.id}@fieldsales", one.due_on, rules.title(one, who.locale), one.owner_name,
                    f"{root}/app/customers/{one.customer_id}", one.made_at)
              for one in sorted(items, key=lambda one: (one.due_on, one.id))]
    here().dispatcher.note(lambda connection: queries.mark_read(connection, feed_id, now))
    answer = make_response(calendar(f"fieldsales · {who.name}", events, now))
    answer.headers["Content-Type"] = MIME
    answer.headers["Content-Disposition"] = 'inline; filename="fieldsales.ics"'
    return answer


class PushKey(BaseModel):
    """The key a phone subscribes with (VAPID, base64url of 65 bytes)."""

    public_key: str


class PushOffer(BaseModel):
    """A phone's subscription, as its browser gives it."""

    device_id: str
    endpoint: str
    p256dh: str
    auth: str


@api.get("/reminders/push")
@access(*EVERYONE)
@api_doc(answer=PushKey)
def push_key() -> Any:
    """The key to subscribe with."""
    key = webpush.house_key(here().settings.home).public_key()
    return PushKey(public_key=webpush.encoded(webpush.point(key))).model_dump()


@api.post("/reminders/push")
@access(*EVERYONE)
@api_doc(body=PushOffer, status=204)
def subscribe() -> Any:
    """Have this phone told by web push, as long as it is enrolled and this login lasts."""
    offer = _read(PushOffer)
    command = _valid(SubscribePush, {"subscription_id": uuid7(), "session_id": g.get("session_id"),
                                     **offer.model_dump()})
    here().dispatcher.perform(actor(), "reminders.subscribe_push", command)
    return "", 204


@api.post("/reminders/push/end")
@access(*EVERYONE)
@api_doc(body=EndPush, status=204)
def unsubscribe() -> Any:
    """Have this phone told no more."""
    here().dispatcher.perform(actor(), "reminders.end_push", _read(EndPush))
    return "", 204


def _read(model: type[Model]) -> Model:
    return _valid(model, request.get_json(silent=True) or {})


def _valid(model: type[Model], values: Any) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise from_validation(error) from error
