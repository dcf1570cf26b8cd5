"""Commands of written methods."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fieldsales.kernel.operation import Command
from fieldsales.kernel.text import Line
from fieldsales.plugin_api.written.toml import MOST_SIGNS

MethodName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class WriteMethod(Command):
    """Write a method down. ``text``: its TOML; ``was``: the version it was made from, 0 when it is new."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_SIGNS)]
    was: Version
    note: Line = ""


class SwitchMethod(Command):
    """Switch a method off, or on again. ``was``: the version that is seen."""

    name: MethodName
    was: Version
    is_on: bool
    note: Line = ""
