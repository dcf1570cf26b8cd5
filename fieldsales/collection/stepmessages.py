"""Commands about a suggested next step."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Prose

MethodName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class DeclineStep(Command):
    """A rep does not take a suggested step, and says why; the same kind is not suggested again for a while."""

    answer_id: Id
    customer_id: Id
    step: Literal["check_money", "verify", "plan", "contact", "approval", "thank", "manager"]
    method: MethodName | Literal[""] = ""
    """Of a contact or an approval, else empty."""
    reason: Literal["done_otherwise", "not_now", "no_use", "other"]
    words: Prose = ""


class AskStep(Command):
    """A rep asks the manager whether a method above a first notice may be used here."""

    answer_id: Id
    customer_id: Id
    method: MethodName
    words: Prose = ""


class DecideStep(Command):
    """A manager's yes or no to a method for a customer. A yes stands for a while, a no keeps it back as long."""

    answer_id: Id
    customer_id: Id
    method: MethodName
    yes: bool
    reason: Annotated[Line, Field(min_length=1)]
