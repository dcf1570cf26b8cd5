"""What the worker does for reminders: tells a phone, a mailbox, a chat group; each at most once a day.

``sending`` is written before anybody outside is spoken to: a worker that dies in between leaves a
reminder that is marked unsure and not sent again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from sqlalchemy import update

from fieldsales.collection.effects import mail_domain
from fieldsales.collection.smtp import deliver
from fieldsales.collection.watchlist import red_alerts
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_
from fieldsales.kernel.operation import Actor
from fieldsales.kernel.sentences import say
from fieldsales.people.rules import may_manage
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.notices import Notice
from fieldsales.reminders import alarms, codes, queries, rules, texting, webpush  # noqa: F401 - two declare jobs
from fieldsales.reminders.models import PushSubscription, Reminder
from fieldsales.reminders.service import GROUP_TOPIC, MAIL_TOPIC, PUSH_TOPIC
from fieldsales.store.base import table_of
from fieldsales.store.outbox import Later, job
from fieldsales.web import outward

_reminders, _pushes = table_of(Reminder), table_of(PushSubscription)
#: What a server says when it is only busy.
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class Done(Exception):
    """How it ended: ``state`` and the other side's words."""

    def __init__(self, state: str, answer: str = "") -> None:
        super().__init__(state)
        self.state, self.answer = state, answer


def _record(program: Any, reminder_id: str, state: str, answer: str = "") -> None:
    change = update(_reminders).where(_reminders.c.id == reminder_id).values(
        state=state, answer=answer[:300], at=program.clock.now())
    program.dispatcher.note(lambda connection: connection.execute(change))


def _carry_out(program: Any, payload: dict[str, Any], tell: Callable[[Any, Any], None]) -> None:
    """Send one reminder by ``tell(program, row)``, which ends with Done, or with Later when nothing was taken."""
    with program.store.reading() as connection:
        row = queries.reminder_row(connection, payload["reminder_id"])
    if row is None or row.state not in ("queued", "sending"):
        return
    if row.state == "sending":
        _record(program, row.id, "unsure", "the worker ended while sending")
        return
    if row.on_day != on_date(program.clock.now(), program.settings.zone):
        _record(program, row.id, "late")
        return
    try:
        tell(program, row)
    except Done as end:
        _record(program, row.id, end.state, end.answer)
    except Later as later:
        _record(program, row.id, "queued", str(later))
        raise


def _post(program: Any, reminder_id: str, url: str, body: bytes, headers: dict[str, str]) -> outward.Reply:
    """One POST to the outside, after writing down that it is about to go."""
    _record(program, reminder_id, "sending")
    try:
        return outward.post(url, body, headers, private=program.settings.remind_private)
    except outward.NotAllowedOut as error:
        raise Done("failed", str(error)) from error
    except outward.Unreachable as error:
        raise Later(str(error)) from error


@job(PUSH_TOPIC)
def send_push(program: Any, payload: dict[str, Any]) -> None:
    """Tell one phone through its push service; a phone that is gone is forgotten."""
    _carry_out(program, payload, _tell_phone)


def _tell_phone(program: Any, row: Any) -> None:
    now = program.clock.now()
    with program.store.reading() as connection:
        found = queries.live_pushes(connection, now - timedelta(days=program.settings.session_days), row.target_id)
        who = found.get(row.target_id)
        words = _words(connection, row, who, program.settings.zone) if who else None
    if who is None or words is None:
        raise Done("nothing")
    body = webpush.sealed(json.dumps(words, ensure_ascii=False).encode(), who.p256dh, who.auth)
    key = webpush.house_key(program.settings.home)
    headers = webpush.headers(who.address, key, contact(program.settings), now, "digest")
    reply = _post(program, row.id, who.address, body, headers)
    if reply.status in (404, 410):
        program.dispatcher.note(lambda connection: connection.execute(
            update(_pushes).where(_pushes.c.id == row.target_id).values(ended_at=now)))
        raise Done("failed", f"{reply.status}: the phone is gone")
    if reply.status in BUSY:
        raise Later(f"{reply.status} from the push service")
    raise Done("sent" if 200 <= reply.status < 300 else "failed", str(reply.status))


def _words(connection: Any, row: Any, who: queries.Receiver, zone: str) -> dict[str, str] | None:
    """What a phone is shown, counts only; None when there is nothing to say any more."""
    if row.kind == "alert":
        count = len(red_alerts(connection, who.scope, row.on_day, zone))
        body = say(N_("Red alerts of the solvency watch: %(n)s"), who.actor.locale, n=count)
        return {"title": "fieldsales", "body": body, "url": "/watch", "tag": f"alert-{row.on_day}"} if count else None
    digest = queries.digest_for(connection, who.scope, row.on_day)
    if row.kind == "held":
        digest = replace(digest, today=(), tomorrow=())
    if digest.empty:  # settled meanwhile
        return None
    where = "/app/promises" if digest.today or digest.tomorrow else _settling_page(who.actor)
    return {"title": "fieldsales", "body": "\n".join(rules.counted(digest, who.actor.locale)), "url": where,
            "tag": f"{'held' if row.kind == 'held' else 'digest'}-{row.on_day}"}


def _settling_page(actor: Actor) -> str:
    """Where held records are seen to: one's own on the phone, other people's at the desk."""
    return "/records" if may_manage(actor) else "/app/queue"


def contact(settings: Any) -> str:
    """Whom a push service may write to about us (RFC 8292, 2.1): the mail address, else the program's own."""
    address = parseaddr(settings.mail_from)[1]
    return f"mailto:{address}" if address else str(settings.public_url)


@job(MAIL_TOPIC)
def send_mail(program: Any, payload: dict[str, Any]) -> None:
    """Mail one person's digest."""
    _carry_out(program, payload, _tell_mailbox)


def _tell_mailbox(program: Any, row: Any) -> None:
    settings = program.settings
    with program.store.reading() as connection:
        who = queries.mail_receivers(connection, row.target_id).get(row.target_id)
        digest = queries.digest_for(connection, who.scope, row.on_day) if who else None
    if who is None or digest is None or digest.empty:
        raise Done("nothing")
    if not settings.smtp_url or not settings.mail_from:
        raise Done("failed", "no mail server is set")
    lang = who.actor.locale
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = settings.mail_from, who.address
    message["Subject"] = "fieldsales: " + ", ".join(rules.counted(digest, lang))
    message["Date"] = format_datetime(program.clock.now())
    message["Message-ID"] = f"<{row.id}@{mail_domain()}>"
    message["Auto-Submitted"] = "auto-generated"
    text = f"{rules.for_mail(digest, lang)}\n\n{settings.public_url}/app/promises\n"
    message.set_content(text, cte="base64" if not text.isascii() else None)
    _record(program, row.id, "sending")
    delivery = deliver(settings.smtp_url, parseaddr(settings.mail_from)[1], who.address, message.as_bytes())
    if delivery.state == "later":
        raise Later(delivery.answer)
    ends = {"sent": "sent", "refused": "failed", "ambiguous": "unsure"}
    raise Done(ends[delivery.state], delivery.answer)


@job(GROUP_TOPIC)
def send_group(program: Any, payload: dict[str, Any]) -> None:
    """Tell one chat group through its messenger's plugin."""
    _carry_out(program, payload, _tell_group)


def _tell_group(program: Any, row: Any) -> None:
    with program.store.reading() as connection:
        group = next(iter(queries.live_groups(connection, row.target_id)), None)
        digest = queries.digest_for(connection, group.scope, row.on_day) if group else None
        told = alarms.lines(program, connection, group, row.at, "zh") if group and row.kind == alarms.KIND else ()
    if group is None or digest is None or (digest.empty and not row.trial and not told):
        raise Done("nothing")
    # a group has no language of its own: it is the house's
    head = say(N_("Trial message of fieldsales"), "zh") if row.trial else say(N_("Due promises"), "zh")
    lines = rules.for_group(digest, "zh") or (say(N_("Nothing is due today or tomorrow."), "zh"),)
    if row.kind == alarms.KIND:
        if not told:
            raise Done("nothing")
        head, lines = say(N_("To be seen to"), "zh"), told
    title = f"{head} {row.on_day.month}月{row.on_day.day}日" + (f" · {group.team_name}" if group.team_name else "")
    notice = Notice(title, lines, program.settings.public_url.rstrip("/") + "/app/promises", program.clock.now())
    try:
        request = program.plugins.build_notice(group.channel, notice, {"url": group.url, "secret": group.secret})
    except PluginFailed as failed:
        raise Done("failed", f"{failed.plugin}: {failed.why} {failed.detail}") from failed
    body = json.dumps(dict(request.json), ensure_ascii=False).encode()
    reply = _post(program, row.id, request.url, body, {"Content-Type": "application/json; charset=utf-8"})
    if reply.status in BUSY:
        raise Later(f"{reply.status} from the messenger")
    raise Done(*_verdict(program, group.channel, reply))


def _verdict(program: Any, channel: str, reply: outward.Reply) -> tuple[str, str]:
    if not 200 <= reply.status < 300:
        return "failed", str(reply.status)
    try:
        answer = json.loads(reply.body)
        refusal = program.plugins.notice_refusal(channel, answer if isinstance(answer, dict) else {})
    except (ValueError, PluginFailed) as error:
        return "unsure", f"its answer could not be read: {type(error).__name__}"
    return ("failed", refusal) if refusal else ("sent", "")
