"""Every form that was ever given out is kept: what was filled in on it is read by it, whatever the plugin became."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.collection.models import FormVersion
from fieldsales.dispatcher import Dispatcher
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import Field, Value, field_of
from fieldsales.store.base import table_of


def form_key(method: str, version: int) -> str:
    """What a form is kept under."""
    return f"{method}@{version}"


def keep_forms(dispatcher: Dispatcher, forms: Sequence[Mapping[str, Any]]) -> None:
    """Keep forms that are about to be given out. A version that is kept already stays as it was first given."""
    now, table = dispatcher.clock.now(), table_of(FormVersion)
    rows = [{"id": form_key(form["method"], form["version"]), "form": dict(form), "first_at": now,
             "sha256": hashlib.sha256(json.dumps(form, sort_keys=True, ensure_ascii=False).encode()).hexdigest()}
            for form in forms]

    def write(connection: Connection) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        for row in rows:
            connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())

    dispatcher.note(write)


def fields_of(form: Mapping[str, Any]) -> tuple[Field, ...]:
    """A kept form's fields, as the plugin declared them then."""
    return tuple(field_of(one) for one in form.get("fields", ()))


def readable_now(values: Mapping[str, Value], raw: Mapping[str, Any], present: tuple[Field, ...], currency: str
                 ) -> dict[str, Value]:
    """Of values read by an older form, those today's method can take for what they are.

    What today's form still asks must read the same by it; what it asks no more is passed on as it was.
    """
    asked = {field.name for field in present}
    today, _refusals = read_fields(present, raw, currency=currency)
    return {name: value for name, value in values.items()
            if name not in asked or (name in today and type(today[name]) is type(value))}
