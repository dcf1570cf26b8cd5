"""Tables of targets, the plans agreed for a month, and what closes the gap."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Target(Base):
    """Both numbers of a month for the company, a team, a rep or a customer: arrears (清欠) and cash (回款任务).

    Follows the newest ``TargetVersion`` that counts; ``proposed_*``: what waits for a manager.
    """

    __tablename__ = "targets"

    id: Mapped[str] = mapped_column(primary_key=True)
    #: the month's first day
    month: Mapped[date]
    #: company, team, rep, customer
    level: Mapped[str]
    #: the team's, user's or customer's id; empty for the company
    subject_id: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="CNY")
    arrears_minor: Mapped[int] = mapped_column(BigInteger)
    cash_minor: Mapped[int] = mapped_column(BigInteger)
    proposed_arrears_minor: Mapped[int | None] = mapped_column(BigInteger)
    proposed_cash_minor: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("month", "level", "subject_id", "currency"),
        Index("ix_targets_subject", "subject_id", "month"),
    )


class TargetVersion(Base):
    """A target as it was set, proposed, approved or declined, by whom and why. Append-only."""

    __tablename__ = "target_versions"

    id: Mapped[str] = mapped_column(primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("targets.id"), index=True)
    version: Mapped[int]
    #: set, proposed, approved, declined
    state: Mapped[str]
    arrears_minor: Mapped[int] = mapped_column(BigInteger)
    cash_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(default="")
    #: lowered in the month's last days
    late_discount: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[str]
    at: Mapped[datetime]


class CollectionPlan(Base):
    """A customer's plan for a month beside our number: his number, his difficulties, what was agreed against them."""

    __tablename__ = "collection_plans"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    month: Mapped[date]
    currency: Mapped[str] = mapped_column(default="CNY")
    #: what the customer says he will pay this month; None: never asked
    theirs_minor: Mapped[int | None] = mapped_column(BigInteger)
    difficulties: Mapped[str] = mapped_column(default="")
    remedy: Mapped[str] = mapped_column(default="")
    discussed_on: Mapped[date | None]
    discussed_with: Mapped[str] = mapped_column(default="")
    #: draft, published
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("customer_id", "month"),)


class CollectionPlanVersion(Base):
    """A plan as it stood after an edit, and why. Append-only."""

    __tablename__ = "collection_plan_versions"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("collection_plans.id"), index=True)
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class PlanStep(Base):
    """A dated step of a plan: what, who, by when, and what proves it was done."""

    __tablename__ = "collection_plan_steps"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("collection_plans.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    month: Mapped[date]
    text: Mapped[str]
    due_on: Mapped[date]
    #: empty: whoever owns the customer
    owner_id: Mapped[str] = mapped_column(default="")
    done_on: Mapped[date | None]
    done_by_id: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    proof_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    dropped_at: Mapped[datetime | None]
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_collection_plan_steps_customer", "customer_id", "month"),)


class PayCalendar(Base):
    """When a customer pays his suppliers and who signs for it. The newest counts."""

    __tablename__ = "pay_calendars"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    #: ``d25``, ``w5``: see paydays
    run_days: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: days on which he has cash
    cash_days: Mapped[list[str]] = mapped_column(JSON, default=list)
    approver_name: Mapped[str] = mapped_column(default="")
    approver_role: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_pay_calendars_customer", "customer_id", "at"),)


class RivalSighting(Base):
    """Another supplier seen at the customer's, and what he took. Append-only."""

    __tablename__ = "rival_sightings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    supplier: Mapped[str]
    took_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    seen_on: Mapped[date]
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_rival_sightings_customer", "customer_id", "seen_on"),)


class MeasureKind(Base):
    """A kind of gap measure in the house's own words. The newest row of a code counts."""

    __tablename__ = "measure_kinds"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    retired: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[str]
    at: Mapped[datetime]


class GapMeasure(Base):
    """Something done to close a customer's gap of a month. ``actual_minor`` follows the newest review."""

    __tablename__ = "gap_measures"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    month: Mapped[date]
    code: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="CNY")
    cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    expected_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    owner_id: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    actual_minor: Mapped[int | None] = mapped_column(BigInteger)
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_gap_measures_customer", "customer_id", "month"),
        Index("ix_gap_measures_month", "month", "code"),
    )


class MeasureReview(Base):
    """What a measure brought, as somebody judged it. Append-only; the newest counts."""

    __tablename__ = "measure_reviews"

    id: Mapped[str] = mapped_column(primary_key=True)
    measure_id: Mapped[str] = mapped_column(ForeignKey("gap_measures.id"), index=True)
    actual_minor: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class PotentialSheet(Base):
    """What a customer has, sells and is owed, as seen or told on a day. The newest counts; None: not known."""

    __tablename__ = "potential_sheets"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    on_day: Mapped[date]
    currency: Mapped[str] = mapped_column(default="CNY")
    cash_minor: Mapped[int | None] = mapped_column(BigInteger)
    stock_minor: Mapped[int | None] = mapped_column(BigInteger)
    sales_minor: Mapped[int | None] = mapped_column(BigInteger)
    downstream_minor: Mapped[int | None] = mapped_column(BigInteger)
    downstream_on: Mapped[date | None]
    others_minor: Mapped[int | None] = mapped_column(BigInteger)
    season: Mapped[str] = mapped_column(default="normal")
    sources: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_potential_sheets_customer", "customer_id", "at"),)


class HealthCheck(Base):
    """Answers about the basic work at a customer's (health.ITEMS): good, weak or bad. The newest counts."""

    __tablename__ = "health_checks"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    on_day: Mapped[date]
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_health_checks_customer", "customer_id", "at"),)


class SupportAction(Base):
    """What we do so that a weak promise can be kept, by whom and when: only then it counts in the forecast."""

    __tablename__ = "support_actions"

    id: Mapped[str] = mapped_column(primary_key=True)
    promise_id: Mapped[str] = mapped_column(ForeignKey("promises.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    text: Mapped[str]
    owner_id: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    by_id: Mapped[str]
    at: Mapped[datetime]
