"""The table of text messages to debtors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class TextMessage(Base):
    """A text message (短信) through the house's provider.

    ``state``: queued, sending, sent (the provider has it), delivered, failed, unsure (cut off while it was handed
    over: perhaps sent, never sent again).
    """

    __tablename__ = "text_messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    action_id: Mapped[str | None] = mapped_column(ForeignKey("actions.id"), index=True)
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    to_number: Mapped[str]
    body: Mapped[str]
    template: Mapped[str] = mapped_column(default="")
    places: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    lang: Mapped[str] = mapped_column(default="zh")
    #: the ground of interruption it gives once it is reported as delivered; empty: none
    delivered_effect: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="queued")
    sender: Mapped[str] = mapped_column(default="")
    provider_number: Mapped[str] = mapped_column(default="")
    #: the provider's own words
    answer: Mapped[str] = mapped_column(default="")
    parts: Mapped[int] = mapped_column(default=0)
    #: of all parts, minor units of the house currency; 0 until it is sent
    cost_minor: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[str]
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_text_messages_state", "state", "sent_at"),)
