"""Tables of plugins: what each remembers, its settings, whether it is on, and its last errors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class PluginRecord(Base):
    """What a plugin keeps, of a customer or (``customer_id`` None) of the whole house.

    ``id`` is made of plugin, customer, kind and key, so that two writers of one key meet in one row. A record
    forgotten has no ``body``: the row stays a while, so that its ``version`` goes on counting.
    """

    __tablename__ = "plugin_records"

    id: Mapped[str] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]

    __table_args__ = (Index("ix_plugin_records_customer", "customer_id", "plugin"),)


class PluginState(Base):
    """Whether a plugin is on; ``id`` is its name. ``state``: enabled | disabled | aside. A plugin without a row is on.

    ``methods``: what it brought when it was switched off, since a plugin that is off is not even imported. ``aside``:
    it hung at ``at``, ``hangs`` times in a row, and no process asks it ``until`` then (None: until it is resumed).
    """

    __tablename__ = "plugin_states"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    hangs: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]
    version: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[str]


class PluginSetting(Base):
    """What the administrator set for a plugin; ``id`` is its name. ``sealed``: secrets, readable with the house's key
    only."""

    __tablename__ = "plugin_settings"

    id: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[dict[str, str]] = mapped_column(JSON)
    version: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[str]


class PluginFault(Base):
    """How often calls of a plugin failed, in all processes, and what the last failure was; ``id`` is its name.

    ``why``: raised | hung | garbage | load.
    """

    __tablename__ = "plugin_faults"

    id: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    why: Mapped[str]
    detail: Mapped[str]
    process: Mapped[str]
    at: Mapped[datetime]
