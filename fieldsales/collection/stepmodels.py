"""Tables of the next step: what people answered to a suggestion, and what each way of asking has brought."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class StepAnswer(Base):
    """What somebody answered to a suggested step. ``answer``: declined, asked (of the manager), approved, refused.

    Append-only; of what was asked, approved or refused for a method the newest counts.
    """

    __tablename__ = "step_answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    answer: Mapped[str]
    #: the kind of step (``collection.nextstep.KINDS``), and the method where it has one
    step: Mapped[str]
    method: Mapped[str] = mapped_column(default="")
    #: a code of ``steprules.REASONS``, and a person's own words
    reason: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    #: declined: not suggested again before this day; approved: may be used until this day
    until_on: Mapped[date | None]
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_step_answers_customer", "customer_id", "at"), Index("ix_step_answers_at", "at"))


class MethodEffect(Base):
    """What a method brought by a night's reckoning: uses, those with money within 14 days, and the money.

    A summary: reckoned anew every night from actions and payments (``effectiveness.reckon``), never corrected by hand.
    """

    __tablename__ = "method_effects"

    id: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[date] = mapped_column(index=True)
    method: Mapped[str]
    #: approved class and credit grade of the customer when it was reckoned
    faith: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(default="")
    uses: Mapped[int]
    worked: Mapped[int]
    #: in minor units of the house currency
    brought_minor: Mapped[int] = mapped_column(BigInteger)
