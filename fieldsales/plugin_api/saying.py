"""Answers and facts as words, for summaries and mails: what a method would else format by hand, language by language.

::

    zh = spoken(FIELDS, fields, facts, "zh")
    line("见证送达", part("，", zh.answer["signed_by"], "签收"))      # 见证送达，王会计签收  /  见证送达
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Location, Recording, Value

#: How many invoices ``{lines}`` names before it says how many more there are.
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words in one language. ``answer``: every field of the form, "" where nothing was answered; ``case``: the facts.

    ``case`` holds customer, debtor, contact, phone, email, address, balance, overdue, disputed, days, oldest, today,
    seller, account, me and lines; each is "" where there is nothing to say.
    """

    answer: Mapping[str, str]
    case: Mapping[str, str]


def spoken(fields: tuple[Field, ...], values: Mapping[str, Value], facts: CaseFacts, lang: str, most: int = 80
           ) -> Spoken:
    """The answers and the case in a language. ``most``: signs of one answer, the rest is cut."""
    answers = {one.name: cut(_answer(one, values.get(one.name), lang), most) for one in fields}
    return Spoken(answers, _case(facts, lang))


def _answer(field: Field, value: Value | None, lang: str) -> str:
    zh = lang == "zh"
    if value is None:
        return ""
    if field.type == "choice":
        return next((one.labels[lang] for one in field.choices if one.value == value), "")
    if field.type == "signature":
        return "已签名" if zh else "signed"
    if isinstance(value, bool):
        return ("是" if zh else "yes") if value else ("否" if zh else "no")
    if isinstance(value, tuple):
        count = len(value)
        return f"{count} 张照片" if zh else f"{count} photo{'' if count == 1 else 's'}"
    if isinstance(value, Recording):
        return "有录音" if zh else "recorded"
    if field.type == "duration":
        return f"{value} 分钟" if zh else f"{value} min"
    return _plain(value, lang)


def _plain(value: Value, lang: str) -> str:
    if isinstance(value, date):
        return day_in_words(value, lang)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Location):
        return value.address or (f"{value.lat:.5f}, {value.lon:.5f}" if value.lat is not None else "")
    return " ".join(str(value).split()) if isinstance(value, str) else str(value)


def _case(facts: CaseFacts, lang: str) -> Mapping[str, str]:
    debtor, customer = facts.debtor, facts.customer
    contact = facts.contacts[0] if facts.contacts else None
    return {
        "customer": customer.name, "debtor": debtor.name if debtor else customer.name,
        "contact": contact.name if contact else "",
        "phone": (contact.phone if contact else "") or customer.phone,
        "email": next((one.email for one in facts.contacts if one.email), ""),
        "address": (debtor.address if debtor else "") or customer.address,
        "balance": str(facts.balance) if facts.balance else "", "overdue": str(facts.overdue) if facts.overdue else "",
        "disputed": str(facts.disputed) if facts.disputed else "",
        "days": str(facts.days_past_due) if facts.days_past_due > 0 else "",
        "oldest": day_in_words(facts.oldest_due_on, lang) if facts.oldest_due_on else "",
        "today": day_in_words(facts.today, lang), "seller": facts.seller_name, "account": facts.seller_account,
        "me": facts.actor_name, "lines": _lines(facts, lang),
    }  # fmt: skip


def _lines(facts: CaseFacts, lang: str) -> str:
    rows, more = facts.invoices[:MOST_LINES], max(0, len(facts.invoices) - MOST_LINES)
    if lang == "zh":
        said = [f"- {one.number}，到期日 {one.due_on}，未付 {one.open}" for one in rows]
        return "\n".join([*said, *([f"- 另有 {more} 笔"] if more else [])])
    said = [f"- {one.number}, due {one.due_on}, open {one.open}" for one in rows]
    return "\n".join([*said, *([f"- and {more} more"] if more else [])])


def day_in_words(day: date, lang: str) -> str:
    """2026年3月12日, or 2026-03-12."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()


def part(*pieces: str) -> str:
    """The pieces as one, or nothing at all when one of them is empty."""
    return "".join(pieces) if all(pieces) else ""


def line(*pieces: str, most: int = 500) -> str:
    """The pieces as one text of at most ``most`` signs."""
    return cut("".join(pieces), most)


def cut(text: str, most: int) -> str:
    """At most ``most`` signs; what is cut off ends in ``…``."""
    return text if len(text) <= most else text[: most - 1] + "…"


def day_of(values: Mapping[str, Value], name: str) -> date | None:
    """The date answered, or None."""
    given = values.get(name)
    return given if isinstance(given, date) else None


def day_from(values: Mapping[str, Value], facts: CaseFacts, name: str) -> date:
    """The date answered, when it is today or lies ahead (ten years at most); else today: what days are counted from."""
    given = day_of(values, name)
    far = facts.today + timedelta(days=3000)
    return given if given is not None and facts.today <= given <= far else facts.today


def size_of(values: Mapping[str, Value], name: str) -> int | None:
    """The number, the minutes, or the amount in minor units answered, or None."""
    given = values.get(name)
    if isinstance(given, Money):
        return given.minor
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def uses_within(facts: CaseFacts, method: str, days: int) -> int:
    """How often ``method`` was used on this customer in the last ``days`` days, today included."""
    since = facts.today - timedelta(days=days - 1)
    return sum(one.method == method and one.on >= since for one in facts.actions)


def workday(day: date) -> date:
    """That day, or the Monday after when it is a Saturday or Sunday."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
