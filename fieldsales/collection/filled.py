"""What was filled in on a method's form: read by the form it was given on, kept as asked, its files expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldsales.collection.formversions import fields_of, form_key, readable_now
from fieldsales.collection.messages import TakeAction
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import Invalid, Stale
from fieldsales.kernel.text import clean
from fieldsales.plugin_api.answers import only_asked, read_fields
from fieldsales.plugin_api.fields import Field, Recording, Value
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.store.work import Work


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in. ``values``: what the method is shown. ``fields``: the form's own questions."""

    fields: tuple[Field, ...] = ()
    values: Mapping[str, Value] | None = None

    @property
    def read(self) -> frozenset[str]:
        """The answers the method's form knows."""
        return frozenset(self.values or ())


#: No form: the method was asked after an event.
NOTHING = Filled()


def read_form(work: Work, method: CollectionMethod, command: TakeAction, currency: str) -> Filled:
    """The answers of a command, read by the version of the form it was filled in on.

    What breaks a field's constraint is refused at a desk (Invalid, the field named) and held when it was made on a
    phone (Stale): what somebody wrote down on the road is never lost for a sign too many.
    """
    kept = None
    if command.form_version != method.version:
        kept = work.fact("form", form_key(command.method, command.form_version))
    fields = fields_of(kept) if kept is not None else method.fields
    values, refusals = read_fields(fields, command.fields, currency=currency, locale=work.actor.locale)
    # A form nobody gave out may hold answers today's form does not offer: they stay in the record, unread.
    if refusals and (kept is not None or command.form_version == method.version):
        first = refusals[0]
        kind = Stale if work.envelope.raw is not None else Invalid
        raise kind(f"collection.field_{first.code}", first.message, field=first.field, **first.params)
    if kept is not None:
        values = readable_now(values, command.fields, method.fields, currency)
    return Filled(fields, values)


def kept_answers(filled: Filled, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they go on record: what was not asked is left out, what nobody could read is cleaned."""
    asked = only_asked(filled.fields, given) if filled.values is not None else dict(given)
    return {name: value if name in filled.read else _cleaned(value) for name, value in asked.items()}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {name: _cleaned(one) for name, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def expect_files(work: Work, customer_id: str, action_id: str, filled: Filled) -> None:
    """Photos, a signature and a recording belong to the action; their bytes follow by their SHA-256."""
    for field in filled.fields:
        value = (filled.values or {}).get(field.name)
        if isinstance(value, Recording):
            expect_photo(work, customer_id, "action", action_id, field.name, value.sha256, None, value.mime, value.size)
        elif field.type == "signature" and isinstance(value, str):
            expect_photo(work, customer_id, "action", action_id, field.name, value, None, "image/png")
        elif field.type == "photo" and isinstance(value, tuple):
            for sha256 in value:
                expect_photo(work, customer_id, "action", action_id, field.name, str(sha256))
