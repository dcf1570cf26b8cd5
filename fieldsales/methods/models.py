"""The table of written methods: every version stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class WrittenMethod(Base):
    """One version of a method written on the page. ``id``: ``name@n``; the highest ``n`` is what stands.

    ``text``: its TOML; ``form_version``: the version of its form, raised when a question changes; ``is_on``: switched
    off, it is in no list, and what phones made by it waits.
    """

    __tablename__ = "written_methods"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    n: Mapped[int]
    text: Mapped[str]
    form_version: Mapped[int]
    is_on: Mapped[bool]
    note: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_written_methods_name", "name", "n", unique=True),)
