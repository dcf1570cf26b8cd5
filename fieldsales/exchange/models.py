"""Tables of imports and the column mappings people saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Import(Base):
    """One file taken in: what was read, how, and what came of it."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    date_order: Mapped[str] = mapped_column(default="")
    #: draft, running, done, undone, failed
    state: Mapped[str] = mapped_column(default="draft")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sums: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str] = mapped_column(default="")


class Mapping(Base):
    """A saved column mapping, found again by the signature of a header."""

    __tablename__ = "mappings"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    signature: Mapped[str]
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    date_order: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class PrintPack(Base):
    """Commitments to be signed by hand, printed as one file. ``state``: asked, made, failed."""

    __tablename__ = "print_packs"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="asked")
    lang: Mapped[str] = mapped_column(default="zh")
    count: Mapped[int]
    sha256: Mapped[str | None]
    by_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]


class Bundle(Base):
    """An evidence bundle of a plan: who ordered it when, and the bytes it was given. ``state``: ordered, ready."""

    __tablename__ = "bundles"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    state: Mapped[str] = mapped_column(default="ordered")
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    by_id: Mapped[str]
    ordered_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
