"""Reading the same thing once: what several parts of a page ask for is asked of the database a single time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

P = ParamSpec("P")
R = TypeVar("R")
#: Set on connections that only read, and so see one state of the books from their first statement on.
READING = "fieldsales_reading"


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """``read(connection, …)`` answers the same question once on one reading connection; elsewhere always anew.

    Its other arguments must be hashable, or sequences of what is. The answer is shared: nobody may change it.
    """
    known: WeakKeyDictionary[Connection, dict[Any, R]] = WeakKeyDictionary()

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        connection: Any = args[0]
        if not connection.get_execution_options().get(READING):
            return read(*args, **kwargs)
        question = (*(tuple(one) if isinstance(one, list) else one for one in args[1:]), *sorted(kwargs.items()))
        answers = known.setdefault(connection, {})
        if question not in answers:
            answers[question] = read(*args, **kwargs)
        return answers[question]

    return ask
