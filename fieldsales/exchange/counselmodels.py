"""Tables of the links by which outside counsel reads one case, and of every look at it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class CounselLink(Base):
    """One case opened to a law firm for a while. Its tail and code are kept nowhere. ``ended_at``: taken back."""

    __tablename__ = "counsel_links"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    firm: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    bundle_ids: Mapped[list[str]] = mapped_column(JSON)
    with_code: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[str]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")


class CounselVisit(Base):
    """Somebody opened a link. ``what``: opened, bundle, wrong_code."""

    __tablename__ = "counsel_visits"

    id: Mapped[str] = mapped_column(primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("counsel_links.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    what: Mapped[str]
    bundle_id: Mapped[str] = mapped_column(default="")
    ip: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
