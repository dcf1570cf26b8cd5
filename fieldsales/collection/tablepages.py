"""Office pages of talking at the table: askings and hard contacts, policies that may be quoted, phrases to avoid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.collection import asks
from fieldsales.collection.asking import ANSWERS, asks_of_the_house, house_ratio
from fieldsales.collection.linter import Phrase
from fieldsales.collection.phrasebook import phrases, taken_out
from fieldsales.collection.promotions import quotes, registered
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.forms import Errors, chosen_date, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

table_pages = Blueprint("table", __name__)
MANAGERS = ("manager", "admin")
nav(NavItem("table.asked", N_("Asks"), "ask", 44, MANAGERS, group=N_("Collecting")))
nav(NavItem("table.promotions", N_("Promotions"), "tag", 48, EVERYONE, group=N_("Collecting")))
nav(NavItem("table.phrases_kept", N_("Phrases"), "book", 86, MANAGERS, group=N_("Administration")))
#: How far back the page of askings looks.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RepAsks:
    """One rep's askings. ``ratio``: ask to close as it is said (``1.8``); empty without a close."""

    name: str
    asked: int
    closed: int
    refused: int
    ratio: str


@dataclass(frozen=True, slots=True)
class AsksPage:
    """Askings of the last days, by rep; those after which a manager's word is wanted, first."""

    house: str
    reps: tuple[RepAsks, ...]
    hard: tuple[Any, ...]
    rows: tuple[Any, ...]
    answers: dict[str, str]


@table_pages.get("/asks")
@access(*MANAGERS)
def asked() -> str:
    """What was asked for and answered, and the hard contacts a manager has said nothing of yet."""
    with reading() as connection:
        rows = asks_of_the_house(connection, scope_of(actor()), here().clock.now() - LOOK_BACK)
        house = house_ratio(connection)
    by_rep: defaultdict[str, list[Any]] = defaultdict(list)
    by_customer: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_rep[row.by_name].append(row)
        by_customer[row.customer_id].append(row)
    hard = tuple(row for row in rows if not row.words_said and asks.is_hard(
        row.answer, [one.close_minor for one in by_customer[row.customer_id] if one.occurred_at < row.occurred_at]))
    return page("collection/asks.html", AsksPage(
        _times(house), tuple(_of_rep(name, made) for name, made in sorted(by_rep.items())), hard[:30], tuple(rows),
        {code: gettext(words) for code, words in ANSWERS.items()}))


def _times(ratio_bp: int) -> str:
    return f"{ratio_bp / asks.UNIT_BP:.2f}"


def _of_rep(name: str, made: list[Any]) -> RepAsks:
    ratios = [ratio for one in made if (ratio := asks.habit_of(one.ask_minor, one.close_minor or 0)) is not None]
    return RepAsks(name, len(made), len(ratios), sum(one.answer == "refused" for one in made),
                   _times(sum(ratios) // len(ratios)) if ratios else "")


@table_pages.post("/customers/<customer_id>/coach")
@access(*MANAGERS)
def coach(customer_id: str) -> Response:
    """A manager's word to the rep, and the day he calls back."""
    errors = submit("collection.coach", {
        "coaching_id": uuid7(), "customer_id": customer_id, "rep_id": field_text("rep_id"),
        "ask_id": field_text("ask_id"), "text": field_text("text"), "call_on": field_text("call_on") or None})
    target = url_for("table.asked")
    return refused(errors, target) if errors else done(gettext("The rep reads it with the customer."), target)


@dataclass(frozen=True, slots=True)
class PromotionsPage:
    """Policies, and who quoted which to whom."""

    rows: tuple[Any, ...]
    quotes: tuple[Any, ...]
    today: Any
    may_keep: bool
    values: dict[str, str]
    errors: Errors


def _promotions(values: dict[str, str], errors: Errors) -> str:
    with reading() as connection:
        rows, said = registered(connection), quotes(connection, scope_of(actor()))
    return page("collection/promotions.html", PromotionsPage(
        tuple(rows), tuple(said), here().today, may_manage(actor()), values, errors))


@table_pages.get("/promotions")
@access(*EVERYONE)
def promotions() -> str:
    """The registry: only what stands here and is in force may be quoted."""
    return _promotions({}, {})


@table_pages.post("/promotions")
@access(*MANAGERS)
def register() -> Any:
    """Enter an approved policy."""
    names = ("name", "text_zh", "text_en", "from_on", "to_on", "approved_by")
    values = {name: field_text(name) for name in names}
    errors: Errors = {}
    days = {name: chosen_date(name, errors).isoformat() for name in ("from_on", "to_on")}
    errors = errors or submit("collection.register_promotion", {"promotion_id": uuid7(), **values, **days})
    if errors:
        return _promotions(values, errors), 422
    return done(gettext("Registered. Phones show it from its first day."), url_for("table.promotions"))


@table_pages.post("/promotions/<promotion_id>/end")
@access(*MANAGERS)
def end(promotion_id: str) -> Response:
    """Take a policy back before its last day."""
    errors = submit("collection.end_promotion", {"promotion_id": promotion_id, "reason": field_text("reason")})
    target = url_for("table.promotions")
    return refused(errors, target) if errors else done(gettext("Taken back. Nobody may quote it any more."), target)


@dataclass(frozen=True, slots=True)
class PhrasesPage:
    """Phrases in force by language, and those of the program's own that the house took off."""

    kept: tuple[Phrase, ...]
    taken_out: tuple[Phrase, ...]
    values: dict[str, str]
    errors: Errors


def _phrases(values: dict[str, str], errors: Errors) -> str:
    with reading() as connection:
        return page("collection/phrases.html",
                    PhrasesPage(phrases(connection), taken_out(connection), values, errors))


@table_pages.get("/phrases")
@access(*MANAGERS)
def phrases_kept() -> str:
    """Phrases of pity, and what to say instead."""
    return _phrases({}, {})


@table_pages.post("/phrases")
@access(*MANAGERS)
def set_phrase() -> Any:
    """Put a phrase on the list, change its alternative, or take it off."""
    values = {name: field_text(name) for name in ("lang", "phrase", "instead")}
    active = field_text("active") != "0"
    errors = submit("collection.set_phrase", {"phrase_id": uuid7(), "active": active, **values})
    if errors:
        return _phrases(values, errors), 422
    return done(gettext("On the list.") if active else gettext("Off the list."), url_for("table.phrases_kept"))


@table_pages.get("/phrases.json")
@access(*EVERYONE)
def phrases_json() -> Response:
    """The phrases for the desk's forms: ``[{phrase, instead}]``."""
    with reading() as connection:
        found = phrases(connection)
    return jsonify([{"phrase": one.phrase, "instead": one.instead} for one in found])
