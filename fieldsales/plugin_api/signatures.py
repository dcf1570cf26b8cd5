"""Whether the functions in a record can be called as the core calls them: found out at the start, not on the road.

How many arguments a function is given stands in the record's own annotation: ``Callable[[Fields, CaseFacts], …]``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from fieldsales.plugin_api import validate


@cache
def _called_with(kind: type) -> tuple[tuple[str, int], ...]:
    """(attribute, number of arguments) of every function a record of this class carries."""
    try:
        hints = get_type_hints(kind)
    except NameError:  # an annotation names what is there for type checkers only
        return ()
    return tuple((one.name, count) for one in fields(kind) for count in _counts(hints.get(one.name)))


def _counts(hint: Any) -> Iterator[int]:
    if get_origin(hint) is Callable:
        given = get_args(hint)[0]
        if isinstance(given, list):
            yield len(given)
    else:
        for part in get_args(hint):
            yield from _counts(part)


def callable_as_asked(record: object, what: str) -> None:
    """Raise Garbage when a function of a declared record cannot take what it will be given."""
    if not is_dataclass(record):
        return
    kind: type = type(record)
    for name, count in _called_with(kind):
        function = getattr(record, name)
        if function is None:
            continue
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):  # written in C: nothing is known of it
            continue
        try:
            signature.bind(*range(count))
        except TypeError:
            takes = f"{getattr(function, '__name__', name)}{signature}"
            raise validate.Garbage(f"{what}: {name} is called with {count} arguments, but is {takes}") from None
