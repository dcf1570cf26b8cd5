"""Batches: what is ordered, and what becomes of each piece."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from fieldsales.kernel.operation import Command, Id, Sha256
from fieldsales.kernel.text import Line, Name

#: Customers of one batch: what one person looks through, and the press prints in a few minutes.
MOST_PIECES = 500


class StartBatch(Command):
    """Use a method for many customers at once. ``fields``: the answers given once, for all of them.

    ``chosen``: by what the customers were chosen, for the record.
    """

    batch_id: Id
    method: Name
    fields: dict[str, Any] = {}
    chosen: dict[str, str | int] = {}
    customer_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_PIECES)]


class LeaveOut(Command):
    """A customer of a batch was left out after all (by the worker), with the reason."""

    batch_id: Id
    item_id: Id
    why_zh: Line
    why_en: Line


class RecordMade(Command):
    """Every piece of a batch is made or left out (by the worker)."""

    batch_id: Id


class RecordPrint(Command):
    """The one file to print is there (by the worker)."""

    batch_id: Id
    sha256: Sha256
    pages: Annotated[int, Field(ge=1)]
