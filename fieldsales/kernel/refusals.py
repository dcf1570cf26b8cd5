"""Refusals in the trade's words: pydantic's verdicts, and errors as answers and back."""

from __future__ import annotations

from pydantic import ValidationError

from fieldsales.kernel import errors
from fieldsales.kernel.errors import N_, Invalid, TradeError
from fieldsales.kernel.operation import Answer, Envelope

_SENTENCES = {
    "missing": N_("This is needed."),
    "string_too_long": N_("At most %(max_length)s characters."),
    "string_too_short": N_("This must not be empty."),
    "string_pattern_mismatch": N_("This is not in the expected form."),
    "string_type": N_("This must be text."),
    "literal_error": N_("This is not one of the choices."),
    "greater_than": N_("This must be more than %(gt)s."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "less_than": N_("This must be less than %(lt)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "too_long": N_("At most %(max_length)s entries."),
    "too_short": N_("At least %(min_length)s entries."),
    "int_parsing": N_("This must be a whole number."),
    "int_type": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "date_from_datetime_parsing": N_("There is no such date."),
    "date_parsing": N_("There is no such date."),
    "datetime_parsing": N_("There is no such time."),
    "datetime_from_date_parsing": N_("There is no such time."),
    "extra_forbidden": N_("This field is not known."),
    "forbidden_sign": N_("There is a hidden character here (%(sign)s). Type the text again."),
    "not_nfc": N_("The text is not in Unicode form NFC."),
    "one_line": N_("This must be one line."),
}
_OTHER = N_("This cannot be used.")


def from_validation(error: ValidationError) -> Invalid:
    """The first thing wrong, as an Invalid with the field's path (``payload.instalments.0.due_on``)."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    message = _SENTENCES.get(first["type"], _OTHER)
    context = {name: str(value) for name, value in (first.get("ctx") or {}).items() if f"%({name})s" in message}
    return Invalid(f"invalid.{first['type']}", message, field=path or None, **context)


def answer_of(envelope: Envelope, status: str, error: TradeError) -> Answer:
    """A refusal as the answer to a command."""
    return Answer(envelope.command_id, status, error.code, error.message, error.params or None, error.field,
                  kind=error.kind)


def held_by_fault(envelope: Envelope) -> Answer:
    """The answer to a command that failed by a fault of ours: it is kept."""
    return Answer(envelope.command_id, "held", "fault",
                  N_("Something went wrong here. The record is kept, and someone will look at it."))


def as_error(answer: Answer) -> Exception:
    """What to raise where a person waits for the answer."""
    if answer.status == "retry":
        return errors.Stale(answer.code, answer.message)
    kinds: dict[str, type[TradeError]] = {
        kind.kind: kind
        for kind in (errors.NotAllowed, errors.NotFound, errors.Invalid, errors.RuleBroken, errors.Stale)
    }
    if answer.status == "held" and not answer.kind:  # a fault or a constraint: nothing is kept of a form
        return RuntimeError("an operation failed unforeseen")
    return kinds.get(answer.kind, errors.Invalid)(answer.code, answer.message, field=answer.field,
                                                  **(answer.params or {}))
