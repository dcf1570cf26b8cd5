"""Operations on where reminders go."""

from __future__ import annotations

from typing import Any

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.plugin_api.notices import goes_to
from fieldsales.reminders import messages as m
from fieldsales.reminders.models import CalendarFeed, MailChoice, NoticeGroup, PushSubscription, Reminder
from fieldsales.reminders.queries import Group
from fieldsales.reminders.rules import may_keep_group
from fieldsales.reminders.webpush import sealed
from fieldsales.store.work import Work

GROUP_TOPIC, MAIL_TOPIC, PUSH_TOPIC = "reminders.group", "reminders.mail", "reminders.push"


def _person(work: Work, command: Any) -> None:
    if not work.actor.user_id:
        raise NotAllowed("login_needed", N_("Log in first."))


def _own_device(work: Work, command: Any) -> None:
    _person(work, command)
    device = work.fact("device", command.device_id)
    if device is None or device.user_id != work.actor.user_id:
        raise NotFound("device.not_found", N_("There is no such phone."))
    if device.revoked:
        raise NotAllowed("device_revoked", N_("This phone may no longer be used. Ask your administrator."))


def _keeps(work: Work, command: Any) -> None:
    if not may_keep_group(work.actor, command.team_id):
        raise NotAllowed("reminders.not_your_team", N_("You keep the groups of your own team only."))


def _keeps_this(work: Work, command: Any) -> None:
    group: Group | None = work.fact("notice_group", command.group_id)
    if group is None or not may_keep_group(work.actor, group.team_id):
        raise NotFound("reminders.no_group", N_("There is no such record, or you cannot see it."))


@operation("reminders.subscribe_push", m.SubscribePush, guard=_own_device,
           needs=lambda c: [Need("device", c.device_id), Need("push_by_endpoint", c.endpoint),
                            Need("pushes_of_device", c.device_id)])
def subscribe_push(work: Work, command: m.SubscribePush) -> None:
    """Have one's own phone told by its push service. A phone has one subscription; an older one ends."""
    try:
        sealed(b"", command.p256dh, command.auth)
    except ValueError as error:
        raise Invalid("reminders.bad_keys", N_("The phone's push keys cannot be used."), field="p256dh") from error
    known: str | None = work.fact("push_by_endpoint", command.endpoint)
    for other in work.fact("pushes_of_device", command.device_id) or ():
        if other != known:
            work.update(PushSubscription, other, ended_at=work.now)
    values = {"user_id": work.actor.user_id, "device_id": command.device_id, "session_id": command.session_id,
              "p256dh": command.p256dh, "auth": command.auth, "made_at": work.now, "ended_at": None}
    if known:
        work.update(PushSubscription, known, **values)
    else:
        work.insert(PushSubscription, id=command.subscription_id, endpoint=command.endpoint, **values)
        work.facts.put("push_by_endpoint", command.endpoint, command.subscription_id)
    work.facts.put("pushes_of_device", command.device_id, (known or command.subscription_id,))


@operation("reminders.end_push", m.EndPush, guard=_own_device,
           needs=lambda c: [Need("device", c.device_id), Need("pushes_of_device", c.device_id)])
def end_push(work: Work, command: m.EndPush) -> None:
    """Have this phone told no more."""
    for one in work.fact("pushes_of_device", command.device_id) or ():
        work.update(PushSubscription, one, ended_at=work.now)
    work.facts.put("pushes_of_device", command.device_id, ())


def _void_feeds(work: Work) -> None:
    for one in work.fact("feeds_of", work.actor.user_id) or ():
        work.update(CalendarFeed, one, revoked_at=work.now)


@operation("reminders.make_feed", m.MakeFeed, needs=lambda c: (), guard=_person)
def make_feed(work: Work, command: m.MakeFeed) -> None:
    """Make a calendar address of one's own; the one before is void."""
    work.facts.expect([Need("feeds_of", work.actor.user_id)])
    _void_feeds(work)
    work.insert(CalendarFeed, id=command.feed_id, user_id=work.actor.user_id, token_sha256=command.token_sha256,
                made_at=work.now)
    work.facts.put("feeds_of", work.actor.user_id, (command.feed_id,))


@operation("reminders.revoke_feed", m.RevokeFeed, needs=lambda c: (), guard=_person)
def revoke_feed(work: Work, command: m.RevokeFeed) -> None:
    """Make one's calendar address void."""
    work.facts.expect([Need("feeds_of", work.actor.user_id)])
    _void_feeds(work)
    work.facts.put("feeds_of", work.actor.user_id, ())


@operation("reminders.choose_mail", m.ChooseMail, needs=lambda c: (), guard=_person)
def choose_mail(work: Work, command: m.ChooseMail) -> None:
    """Choose whether one gets the digest by mail."""
    work.facts.expect([Need("mail_choice", work.actor.user_id)])
    if work.fact("mail_choice", work.actor.user_id) is None:
        work.insert(MailChoice, id=work.actor.user_id, wanted=command.wanted)
    else:
        work.update(MailChoice, work.actor.user_id, wanted=command.wanted)
    work.facts.put("mail_choice", work.actor.user_id, command.wanted)


@operation("reminders.add_group", m.AddGroup, guard=_keeps,
           needs=lambda c: [Need("team", c.team_id)] if c.team_id else [])
def add_group(work: Work, command: m.AddGroup) -> None:
    """Have a chat group told every morning. Its address must be the messenger's own."""
    if command.team_id:
        work.require("team", command.team_id)
    channel = work.plugins.channels.get(command.channel) if work.plugins else None
    if channel is None:
        raise Invalid("reminders.no_channel", N_("This messenger is not installed."), field="channel")
    url = command.url.strip()
    if not goes_to(url, channel.hosts):
        raise Invalid("reminders.not_its_address", N_("This is not an address of that messenger: %(hosts)s."),
                      field="url", hosts=", ".join(channel.hosts))
    work.insert(NoticeGroup, id=command.group_id, team_id=command.team_id, name=command.name, channel=command.channel,
                url=url, secret=command.secret.strip(), by_id=work.actor.user_id, made_at=work.now)


@operation("reminders.end_group", m.EndGroup, needs=lambda c: [Need("notice_group", c.group_id)], guard=_keeps_this)
def end_group(work: Work, command: m.EndGroup) -> None:
    """Have a group told no more, and forget its address."""
    work.update(NoticeGroup, command.group_id, ended_at=work.now, url="", secret="")
    work.facts.put("notice_group", command.group_id, None)


@operation("reminders.try_group", m.TryGroup, needs=lambda c: [Need("notice_group", c.group_id)], guard=_keeps_this)
def try_group(work: Work, command: m.TryGroup) -> None:
    """Send a group a trial message now; what came of it stands beside the group."""
    reminder_id = derived_id(work.command_id, "reminder")
    work.insert(Reminder, id=reminder_id, kind="group", target_id=command.group_id, on_day=work.today, trial=True,
                state="queued", answer="", at=work.now)
    work.after(GROUP_TOPIC, {"reminder_id": reminder_id})
