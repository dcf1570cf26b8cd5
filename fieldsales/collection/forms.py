"""A method's declared fields as an office form: drawn with what the case knows, read back as the phone sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.models import Contact, Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.kernel.money import Money, MoneyError
from fieldsales.people.rules import Scope
from fieldsales.plugin_api.fields import Field
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_customers, _contacts, _debtors = table_of(Customer), table_of(Contact), table_of(Debtor)
_money = table_of(CustomerMoney)


@dataclass(frozen=True, slots=True)
class CaseHead:
    """Who the form is about, and what its fields may be filled with."""

    id: str
    name: str
    currency: str
    debtors: tuple[tuple[str, str], ...]
    prefills: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A field as it is drawn. ``kind`` is the field's own type; ``value`` what stands in it."""

    name: str
    kind: str
    label: str
    hint: str
    value: str
    choices: tuple[tuple[str, str], ...]
    wanted: bool
    opens: str
    #: the field and answers it depends on: ``stage=posted,arrived`` or empty
    when: str


def case_head(connection: Connection, scope: Scope, customer_id: str, today: date, currency: str) -> CaseHead | None:
    """The customer and what is known of it, or None outside the scope. Four small queries."""
    row = connection.execute(
        select(_customers.c.id, _customers.c.name, _customers.c.phone, _customers.c.address)
        .where(_customers.c.id == customer_id, visible(scope))
    ).first()
    if row is None:
        return None
    contact = connection.execute(
        select(_contacts.c.phone, _contacts.c.email)
        .where(_contacts.c.customer_id == customer_id, _contacts.c.ended_at.is_(None)).order_by(_contacts.c.id)
    ).first()
    debtors = connection.execute(
        select(_debtors.c.id, _debtors.c.name, _debtors.c.address, _debtors.c.email)
        .where(_debtors.c.customer_id == customer_id).order_by(_debtors.c.id)
    ).all()
    money = connection.execute(
        select(_money).where(_money.c.customer_id == customer_id).order_by(_money.c.overdue_minor.desc())
    ).first()
    own = str(money.currency) if money else currency
    prefills = {
        "today": today.isoformat(), "customer.phone": row.phone,
        "contact.phone": contact.phone if contact else row.phone,
        "contact.email": contact.email if contact else "",
        "debtor.address": debtors[0].address or row.address if debtors else row.address,
        "balance": Money(money.open_minor, own).plain() if money else "",
        "overdue": Money(money.overdue_minor, own).plain() if money else "",
    }
    return CaseHead(row.id, row.name, own, tuple((debtor.id, debtor.name) for debtor in debtors), prefills)


def draw(method: CollectionMethod, head: CaseHead, lang: str, typed: Mapping[str, str] | None) -> tuple[Drawn, ...]:
    """The fields in order: with what was typed before, else with what the case knows."""
    def said(labels: Mapping[str, str] | None) -> str:
        return str(labels.get(lang) or labels.get("en") or "") if labels else ""

    return tuple(
        Drawn(
            field.name, field.type, said(field.labels), said(field.hint),
            typed.get(field.name, "") if typed is not None else head.prefills.get(field.prefill, ""),
            tuple((choice.value, said(choice.labels)) for choice in field.choices), field.required_hint, field.opens,
            f"{field.when[0]}={','.join(field.when[1])}" if field.when else "",
        )
        for field in method.fields
    )


def read_answers(method: CollectionMethod, typed: Mapping[str, str], currency: str,
                 photos: Callable[[Field], list[str]]) -> dict[str, Any]:
    """What was typed, as a phone would send it: money in minor units, yes or no, photos by SHA-256.

    What cannot be read is passed on as it is, so that the field's own check refuses it in words.
    """
    raw: dict[str, Any] = {}
    for field in method.fields:
        text = typed.get(field.name, "").strip()
        if field.type == "photo":
            raw[field.name] = photos(field)
        elif field.type == "bool":
            raw[field.name] = bool(text)
        elif field.type == "money" and text:
            raw[field.name] = _minor(text, currency)
        elif field.type == "number" and text.lstrip("-").isascii() and text.lstrip("-").isdigit():
            raw[field.name] = int(text)
        elif text:
            raw[field.name] = text.replace("\r\n", "\n")
    return {name: value for name, value in raw.items() if value not in ("", [], None)}


def _minor(text: str, currency: str) -> int | str:
    try:
        return Money.of(text.replace(",", "").replace("¥", ""), currency).minor
    except MoneyError:
        return text
