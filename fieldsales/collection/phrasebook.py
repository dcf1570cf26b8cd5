"""The house's own list of phrases to avoid, and what a customer was shown: operations and reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.collection.linter import DEFAULTS, Phrase, in_force
from fieldsales.collection.promotions import may_keep_promotions
from fieldsales.collection.tablemodels import Disclosure, PhraseRule
from fieldsales.customers.guards import may_work_with
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.operation import Command, Currency, Id, Need, operation
from fieldsales.kernel.text import Line
from fieldsales.people.models import User
from fieldsales.store.base import table_of
from fieldsales.store.work import Work

_rules, _disclosures, _users = table_of(PhraseRule), table_of(Disclosure), table_of(User)
Short = Annotated[Line, Field(min_length=1, max_length=60)]


class SetPhrase(Command):
    """A phrase to avoid from now on, with what to say instead; ``active`` False takes it off the list."""

    phrase_id: Id
    lang: Literal["zh", "en"]
    phrase: Short
    instead: Annotated[Line, Field(max_length=200)] = ""
    active: bool = True


class LogDisclosure(Command):
    """A customer was shown his account on the phone: which parts, and the figures that stood there (minor units)."""

    disclosure_id: Id
    customer_id: Id
    shown: Annotated[list[Annotated[Line, Field(max_length=40)]], Field(max_length=20)]
    open_minor: Annotated[int, Field(ge=-(10**13), le=10**13)] = 0
    overdue_minor: Annotated[int, Field(ge=-(10**13), le=10**13)] = 0
    currency: Currency = "CNY"


@operation("collection.set_phrase", SetPhrase, guard=may_keep_promotions, needs=lambda c: [])
def set_phrase(work: Work, command: SetPhrase) -> None:
    """Change the list of phrases to avoid. Nothing is overwritten: the newest entry of a phrase counts."""
    if not command.phrase.strip(" *"):
        raise Invalid("collection.phrase_empty", N_("Write the phrase that is to be avoided."), field="phrase")
    work.insert(PhraseRule, id=command.phrase_id, lang=command.lang, phrase=command.phrase.strip(),
                instead=command.instead.strip(), active=command.active, by_id=work.actor.user_id, at=work.now)


@operation("collection.log_disclosure", LogDisclosure, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id)])
def log_disclosure(work: Work, command: LogDisclosure) -> None:
    """Put on record what a customer was shown, and when."""
    work.insert(
        Disclosure, id=command.disclosure_id, customer_id=command.customer_id, shown=list(command.shown),
        open_minor=command.open_minor, overdue_minor=command.overdue_minor, currency=command.currency,
        by_id=work.actor.user_id, shown_at=min(work.occurred, work.now), received_at=work.now,
    )
    work.touch(command.customer_id)


def phrases(connection: Connection) -> tuple[Phrase, ...]:
    """The phrases in force: the program's own, and what the house changed. One query."""
    return in_force(_kept(connection))


def _kept(connection: Connection) -> list[tuple[str, str, str, bool]]:
    r = _rules.c
    rows = connection.execute(select(r.lang, r.phrase, r.instead, r.active).order_by(r.at, r.id))
    return [(row.lang, row.phrase, row.instead, row.active) for row in rows]


def taken_out(connection: Connection) -> tuple[Phrase, ...]:
    """The program's own phrases that the house took off the list. One query."""
    kept = {(lang, phrase): active for lang, phrase, _, active in _kept(connection)}
    return tuple(one for one in DEFAULTS if kept.get((one.lang, one.phrase)) is False)


def shown_to(connection: Connection, customer_ids: Sequence[str]) -> list[Any]:
    """What these customers were shown, newest first. One query."""
    d = _disclosures.c
    return list(connection.execute(
        select(_disclosures, func.coalesce(_users.c.name, "").label("by_name"))
        .outerjoin(_users, _users.c.id == d.by_id).where(d.customer_id.in_(list(customer_ids)))
        .order_by(d.shown_at.desc(), d.id.desc())))
