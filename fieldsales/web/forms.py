"""An office form becomes one command: sent once by its hidden id, refused in words at the field."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request
from flask_babel import gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from fieldsales.kernel.errors import N_, NotAllowed, NotFound, TradeError
from fieldsales.kernel.ids import is_uuid7, uuid7
from fieldsales.kernel.money import Money, MoneyError
from fieldsales.web.access import safe_next
from fieldsales.web.errors import say
from fieldsales.web.here import actor, here

NOT_AN_AMOUNT = N_("Write an amount such as 12,500.00.")
NOT_A_DATE = N_("Choose a date.")

Errors = dict[str, str]
"""What is wrong, by field; under the empty key what belongs to no field."""


def field_text(name: str) -> str:
    """What was typed into a field, without outer space."""
    return request.form.get(name, "").strip()


def command_id() -> str:
    """The id the form was drawn with; a form without one gets its own, and is then not protected from doubling."""
    sent = field_text("command_id")
    return sent if is_uuid7(sent) else uuid7()


def amount_minor(name: str, errors: Errors, currency: str = "CNY") -> int:
    """An amount typed in major units, in minor units; 0 and a sentence in ``errors`` when it is none."""
    typed = field_text(name).replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").replace(" ", "")
    try:
        return Money.of(typed, currency).minor
    except MoneyError:
        errors[name] = gettext(NOT_AN_AMOUNT)
        return 0


def chosen_date(name: str, errors: Errors, default: date | None = None) -> date:
    """A date chosen in a field; a sentence in ``errors`` when it is none."""
    typed = field_text(name)
    if not typed and default is not None:
        return default
    try:
        return date.fromisoformat(typed)
    except ValueError:
        errors[name] = gettext(NOT_A_DATE)
        return here().today


def submit(operation: str, values: dict[str, Any], renamed: dict[str, str] | None = None) -> Errors:
    """Perform one operation as the person logged in; empty when it was done.

    Nothing is done and nothing lost on a refusal: its sentence comes back under its field (``renamed``
    maps a command's field to the form's). What a person may not see or do is raised on.
    """
    try:
        here().dispatcher.perform(actor(), operation, values, command_id=command_id())
    except (NotAllowed, NotFound):
        raise
    except TradeError as error:
        # A method's own fields come as fields.<name>; of any other path the first part is the form's field.
        first, _, rest = (error.field or "").partition(".")
        parts = rest.split(".")
        # Of a list of one (payments.0.amount_minor) what stands after the number.
        field = parts[0] if first == "fields" and rest else parts[1] if len(parts) > 1 and parts[0] == "0" else first
        return {(renamed or {}).get(field, field): say(error)}
    return {}


def done(message: str, target: str) -> Response:
    """Say what was done, and go on: to ``next`` when the form named a page of ours, else to ``target``."""
    flash(message, "done")
    return redirect(safe_next(request.form.get("next"), target), 303)


def refused(errors: Errors, target: str) -> Response:
    """Say what is wrong above the page one came from, for forms of a single button."""
    flash(" ".join(errors.values()), "error")
    return redirect(safe_next(request.form.get("next"), target), 303)
