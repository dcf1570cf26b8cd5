"""One-time codes to a signatory's own phone or mailbox: ordered, tried, and what a signing may say of them.

A code confirms exactly one text. It proves that whoever signed could read what was sent to that address, nothing more;
whether the address is the signatory's own is shown by its having stood in the customer's file before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, literal, or_, select, union_all

from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.customers.models import Contact, Debtor
from fieldsales.documents.messages import Confirmation, Lang, Signing
from fieldsales.documents.models import SigningCode
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.operation import Command, Id, Need, Sha256, operation
from fieldsales.kernel.text import Line
from fieldsales.people.models import User
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

CODE_TOPIC = "documents.send_code"
#: How long a code holds, and how often it may be got wrong.
LIFETIME, MOST_TRIES = timedelta(minutes=10), 5
#: How many codes one address gets in an hour, and one customer in a day, whoever asks.
PER_ADDRESS_AN_HOUR, PER_CUSTOMER_A_DAY = 4, 20
_codes, _contacts, _debtors = table_of(SigningCode), table_of(Contact), table_of(Debtor)
_users = table_of(User)
#: A mailbox by a host's name (RFC 5321 4.1.2, without quotes, routes and bare numbers), and a phone (E.164).
_SIGNS = r"[a-z0-9&'*+/=?^_{}~$#-]+"
_MAIL = re.compile(rf"(?=[^@]{{1,64}}@.{{1,253}}$){_SIGNS}(\.{_SIGNS})*@"
                   r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_PHONE = re.compile(r"\+?[0-9]{7,15}")
#: A number as papers print it: free text would let anybody write the subject of our mail.
_NUMBER = r"^[A-Z]{2}[0-9]{6}-[0-9A-HJKMNP-TV-Z]{8}$"
_ways: list[str] = []
Channel = Literal["email", "sms"]


class AskCode(Command):
    """Have a code sent that confirms the text with this hash. ``number``: the paper's, printed beside the code."""

    code_id: Id
    customer_id: Id
    channel: Channel
    to: Annotated[Line, Field(min_length=5)]
    number: Annotated[str, Field(pattern=_NUMBER)]
    text_sha256: Sha256
    lang: Lang = "zh"


class TryCode(Command):
    """What somebody typed was compared with the code (by the web process, who alone can make it)."""

    code_id: Id
    customer_id: Id
    right: bool


class RecordCode(Command):
    """What became of sending a code (by the worker)."""

    code_id: Id
    customer_id: Id
    state: Literal["sent", "failed"]
    answer: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class CodeFact:
    """A code as an operation sees it."""

    id: str
    customer_id: str
    channel: str
    to_address: str
    masked: str
    on_file: bool
    text_sha256: str
    state: str
    tries: int
    ends_at: datetime
    confirmed_at: datetime | None


def plain_address(channel: str, to: str) -> str:
    """An address as it is compared: mail in small letters, a phone's digits alone (of China without its prefix)."""
    if channel == "email":
        return to.strip().lower()
    return re.sub(r"^(\+?86|0086)(?=1[0-9]{10}$)", "", re.sub(r"[\s()./\u2010-\u2015-]", "", to))


def own_form(plain: str) -> str:
    """A plain address as it is compared with our own people's: ``name+anything@host`` is read by ``name@host``."""
    name, at, host = plain.partition("@")
    return f"{name.partition('+')[0]}@{host}" if at else plain


def check_address(channel: str, plain: str) -> None:
    """Raise Invalid for what nothing can be sent to."""
    if channel == "email" and not plain.isascii():
        # Most mail servers take no such address (RFC 6531), and ours would try again and again.
        raise Invalid("documents.code_ascii", N_("Codes can only be mailed to an address of plain letters, digits and "
                                                 "signs. Give another one, or sign without a code."), field="to")
    if not (_MAIL if channel == "email" else _PHONE).fullmatch(plain):
        raise Invalid("documents.code_address", N_("Write a whole e-mail address or phone number."), field="to")


def masked_address(channel: str, plain: str) -> str:
    """138****2233, z***@example.com: enough to know one's own by, too little to write to."""
    if channel == "sms":
        return plain[:3] + "*" * max(len(plain) - 7, 1) + plain[-4:]
    name, _, host = plain.partition("@")
    return f"{name[:1]}***@{host}"


def instant_of(at: datetime) -> str:
    """A moment as it stands in a manifest."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@fact("signing_code")
def load_codes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Codes by id."""
    c = _codes.c
    columns: list[Any] = [c.id, c.customer_id, c.channel, c.to_address, c.masked, c.on_file, c.text_sha256, c.state,
                          c.tries, c.ends_at, c.confirmed_at]  # fmt: skip
    return {row.id: CodeFact(*row) for row in connection.execute(select(*columns).where(c.id.in_(keys)))}


@fact("codes_asked")
def load_asked(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """When codes were last asked for, by customer id or by plain address, newest first; a day's worth is enough."""
    c, found = _codes.c, dict[str, list[datetime]]()
    rows = connection.execute(
        select(c.customer_id, c.to_address, c.asked_at)
        .where(or_(c.customer_id.in_(keys), c.to_address.in_(keys))).order_by(c.asked_at.desc()).limit(500))
    for row in rows:
        for key in {row.customer_id, row.to_address} & set(keys):
            found.setdefault(key, []).append(row.asked_at)
    return {key: tuple(times) for key, times in found.items()}


@fact("own_address")
def load_own(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Addresses that belong to somebody of this house."""
    u = _users.c
    own = {own_form(plain) for row in connection.execute(select(u.email, u.phone).where(u.active))
           for plain in (plain_address("email", row.email), plain_address("sms", row.phone)) if plain}
    return {key: True for key in keys if own_form(key) in own}


@fact("filed_addresses")
def load_filed(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The mail addresses and phones in a customer's file, as they are compared."""
    c, d = _contacts.c, _debtors.c
    rows = connection.execute(union_all(
        select(c.customer_id, c.email, c.phone).where(c.customer_id.in_(keys), c.ended_at.is_(None)),
        select(d.customer_id, d.email, literal("")).where(d.customer_id.in_(keys))))
    found: dict[str, set[str]] = {}
    for customer_id, email, phone in rows:
        found.setdefault(customer_id, set()).update((plain_address("email", email), plain_address("sms", phone)))
    return {key: frozenset(one - {""}) for key, one in found.items()}


def _ask_needs(command: AskCode) -> list[Need]:
    plain = plain_address(command.channel, command.to)
    return [Need("customer", command.customer_id), Need("signing_code", command.code_id), Need("own_address", plain),
            Need("filed_addresses", command.customer_id), Need("codes_asked", command.customer_id),
            Need("codes_asked", plain)]  # fmt: skip


def channels_of(settings: Any, plugins: Any) -> tuple[str, ...]:
    """By what ways a code can be sent from here: email with a mail server, sms with a plugin that sends them."""
    mail = ("email",) if settings.smtp_url and settings.mail_from else ()
    sender = plugins.declared("message_senders").get(settings.sms_sender)
    return (*mail, *(("sms",) if sender is not None and "code" in sender.sends else ()))


def send_by(ways: tuple[str, ...]) -> None:
    """Say once, at the start, by what ways codes are sent from here: operations are handed no settings."""
    _ways[:] = ways


def check_channel(channel: str) -> None:
    """Refuse a way by which nothing can be sent from here."""
    if channel not in _ways:
        raise RuleBroken("documents.code_no_way", N_("This house cannot send codes this way. Sign without one."))


def _check_rate(work: Work, key: str, most: int, within: timedelta) -> None:
    asked = [at for at in work.fact("codes_asked", key) or () if at > work.now - within]
    if len(asked) >= most:
        raise RuleBroken("documents.code_often",
                         N_("Too many codes were asked for. Wait an hour, or sign without one."))
    work.facts.put("codes_asked", key, (work.now, *(work.fact("codes_asked", key) or ())))


@operation("documents.ask_code", AskCode, needs=_ask_needs, guard=may_work_with)
def ask_code(work: Work, command: AskCode) -> None:
    """Have a one-time code sent to the signatory's own phone or mailbox. The same question twice is asked once.

    Refused: an address of somebody of this house, and more codes than an honest signing needs. Answers ``masked``
    and ``on_file``.
    """
    known: CodeFact | None = work.fact("signing_code", command.code_id)
    if known is not None:
        work.answer(masked=known.masked, on_file=known.on_file)
        return
    check_channel(command.channel)
    plain = plain_address(command.channel, command.to)
    check_address(command.channel, plain)
    if work.fact("own_address", plain):
        raise RuleBroken("documents.code_own", N_("This address belongs to one of our own people. The code must go to "
                                                  "the signatory."), field="to")
    _check_rate(work, plain, PER_ADDRESS_AN_HOUR, timedelta(hours=1))
    _check_rate(work, command.customer_id, PER_CUSTOMER_A_DAY, timedelta(days=1))
    masked = masked_address(command.channel, plain)
    on_file = plain in (work.fact("filed_addresses", command.customer_id) or ())
    work.insert(
        SigningCode, id=command.code_id, customer_id=command.customer_id, channel=command.channel, to_address=plain,
        masked=masked, on_file=on_file, number=command.number, text_sha256=command.text_sha256, lang=command.lang,
        state="queued", answer="", tries=0, by_id=work.actor.user_id, asked_at=work.now, ends_at=work.now + LIFETIME,
    )  # fmt: skip
    work.after(CODE_TOPIC, {"code_id": command.code_id})
    work.touch(command.customer_id)
    work.answer(masked=masked, on_file=on_file)


@operation("documents.record_code", RecordCode, guard=system_only,
           needs=lambda c: [Need("customer", c.customer_id), Need("signing_code", c.code_id)])  # fmt: skip
def record_code(work: Work, command: RecordCode) -> None:
    """Note whether a code was handed over to whoever carries it. One that is confirmed already stays so."""
    code: CodeFact = work.require("signing_code", command.code_id)
    state = code.state if code.state == "confirmed" else command.state
    work.update(SigningCode, code.id, state=state, answer=command.answer,
                sent_at=work.now if command.state == "sent" else None)


@operation("documents.try_code", TryCode, guard=system_only,
           needs=lambda c: [Need("customer", c.customer_id), Need("signing_code", c.code_id)])  # fmt: skip
def try_code(work: Work, command: TryCode) -> None:
    """Count one try. Answers ``confirmation`` when it was right, else ``left``: how many tries are left.

    A code is confirmed once and stays confirmed for its text; after its time or five wrong tries it is worth nothing.
    """
    code: CodeFact = work.require("signing_code", command.code_id)
    if code.customer_id != command.customer_id:
        raise RuleBroken("documents.code_unknown", N_("This code does not belong to this paper."))
    if code.state != "confirmed":
        if code.tries >= MOST_TRIES:
            raise _spent()
        if work.now > code.ends_at:
            raise RuleBroken("documents.code_over", N_("The code has run out. Ask for a new one."), field="code")
        changes: dict[str, Any] = {"tries": code.tries + 1}
        if command.right:
            changes |= {"state": "confirmed", "confirmed_at": work.now}
        work.update(SigningCode, code.id, **changes)
        work.touch(code.customer_id)
        code = replace(code, **changes)
        work.facts.put("signing_code", code.id, code)
    elif not command.right:
        raise Invalid("documents.code_wrong", N_("This code is not right."), field="code")
    if code.state == "confirmed":
        work.answer(confirmation=confirmation_of(code).model_dump(mode="json"))
    else:
        work.answer(left=MOST_TRIES - code.tries)


def _spent() -> RuleBroken:
    return RuleBroken("documents.code_spent", N_("The code was wrong five times. Ask for a new one."), field="code")


def confirmation_of(code: CodeFact) -> Confirmation:
    """What a signing carries of a confirmed code."""
    assert code.confirmed_at is not None  # state says so
    return Confirmation.model_validate({
        "code_id": code.id, "channel": code.channel, "masked": code.masked, "on_file": code.on_file,
        "confirmed_at": instant_of(code.confirmed_at), "text_sha256": code.text_sha256})


def check_confirmation(work: Work, customer_id: str, signing: Signing) -> None:
    """Refuse a signing that claims a code this house did not find right, for this customer and this very text."""
    given = signing.confirmation
    if given is None:
        return
    code: CodeFact | None = work.fact("signing_code", given.code_id)
    if (code is None or code.state != "confirmed" or code.customer_id != customer_id
            or given != confirmation_of(code) or given.text_sha256 != signing.text_sha256):
        raise RuleBroken("documents.code_unknown", N_("This code does not belong to this paper."))
