"""Tables of batches: what was chosen, and what became of each piece."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Batch(Base):
    """A method used for many customers at once (批量). ``state``: running, made, printed.

    ``fields``: the answers given once for all; ``chosen``: by what the customers were chosen.
    """

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[str]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="running")
    #: the one file to print, kept as bytes; empty while there is none
    print_sha256: Mapped[str] = mapped_column(default="")
    print_pages: Mapped[int] = mapped_column(default=0)
    printed_at: Mapped[datetime | None]


class BatchItem(Base):
    """One customer of a batch. ``state``: waiting, made, left_out (with why, in both languages).

    ``action_id`` is minted with the item, so that made twice it is made once.
    """

    __tablename__ = "batch_items"

    id: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"))
    n: Mapped[int]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    action_id: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="waiting")
    why_zh: Mapped[str] = mapped_column(default="")
    why_en: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("batch_id", "n", name="uq_batch_items_n"),)
