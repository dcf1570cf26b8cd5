"""targets, plans and gap measures; a rep's monthly figure becomes the month's target"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.ids import uuid7

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _own(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    """Make the change."""
    _targets()
    _plans()
    _customers()
    _take_over()
    op.drop_column("users", "monthly_target_minor")


def _targets() -> None:
    op.create_table(
        "measure_kinds",
        _text("id"), _text("code"), _text("name"), _text("about"), sa.Column("retired", sa.Boolean(),
        nullable=False), _text("by_id"), _moment("at"), _own("measure_kinds"),
    )
    op.create_index(op.f("ix_measure_kinds_code"), "measure_kinds", ["code"])
    op.create_table(
        "targets",
        _text("id"), _day("month"), _text("level"), _text("subject_id"), _text("currency"),
        _whole("arrears_minor"), _whole("cash_minor"), _whole("proposed_arrears_minor", True),
        _whole("proposed_cash_minor", True), sa.Column("version", sa.Integer(), nullable=False),
        _moment("changed_at"), _own("targets"), sa.UniqueConstraint("month", "level", "subject_id", "currency",
        name=op.f("uq_targets_month_level_subject_id_currency")),
    )
    op.create_index("ix_targets_subject", "targets", ["subject_id", "month"])
    op.create_table(
        "target_versions",
        _text("id"), _text("target_id"), sa.Column("version", sa.Integer(), nullable=False), _text("state"),
        _whole("arrears_minor"), _whole("cash_minor"), _text("reason"), sa.Column("late_discount", sa.Boolean(),
        nullable=False), _text("by_id"), _moment("at"), _foreign("target_versions", "target_id", "targets"),
        _own("target_versions"),
    )
    op.create_index(op.f("ix_target_versions_target_id"), "target_versions", ["target_id"])


def _plans() -> None:
    op.create_table(
        "collection_plans",
        _text("id"), _text("customer_id"), _day("month"), _text("currency"), _whole("theirs_minor", True),
        _text("difficulties"), _text("remedy"), _day("discussed_on", True), _text("discussed_with"),
        _text("state"), sa.Column("version", sa.Integer(), nullable=False), _moment("changed_at"),
        _foreign("collection_plans", "customer_id", "customers"), _own("collection_plans"),
        sa.UniqueConstraint("customer_id", "month", name=op.f("uq_collection_plans_customer_id_month")),
    )
    op.create_table(
        "collection_plan_steps",
        _text("id"), _text("plan_id"), _text("customer_id"), _day("month"), _text("text"), _day("due_on"),
        _text("owner_id"), _day("done_on", True), _text("done_by_id"), _text("evidence"), _json("proof_sha256"),
        _moment("dropped_at", True), _text("by_id"), _moment("at"), _foreign("collection_plan_steps",
        "customer_id", "customers"), _foreign("collection_plan_steps", "plan_id", "collection_plans"),
        _own("collection_plan_steps"),
    )
    op.create_index("ix_collection_plan_steps_customer", "collection_plan_steps", ["customer_id", "month"])
    op.create_table(
        "collection_plan_versions",
        _text("id"), _text("plan_id"), sa.Column("version", sa.Integer(), nullable=False), _json("body"),
        _text("reason"), _text("by_id"), _moment("at"), _foreign("collection_plan_versions", "plan_id",
        "collection_plans"), _own("collection_plan_versions"),
    )
    op.create_index(op.f("ix_collection_plan_versions_plan_id"), "collection_plan_versions", ["plan_id"])
    op.create_table(
        "gap_measures",
        _text("id"), _text("customer_id"), _day("month"), _text("code"), _text("text"), _text("currency"),
        _whole("cost_minor"), _whole("expected_minor"), _text("owner_id"), _day("due_on"),
        _whole("actual_minor", True), _text("by_id"), _moment("at"), _foreign("gap_measures", "customer_id",
        "customers"), _own("gap_measures"),
    )
    op.create_index("ix_gap_measures_customer", "gap_measures", ["customer_id", "month"])
    op.create_index("ix_gap_measures_month", "gap_measures", ["month", "code"])
    op.create_table(
        "measure_reviews",
        _text("id"), _text("measure_id"), _whole("actual_minor"), _text("note"), _text("by_id"), _moment("at"),
        _foreign("measure_reviews", "measure_id", "gap_measures"), _own("measure_reviews"),
    )
    op.create_index(op.f("ix_measure_reviews_measure_id"), "measure_reviews", ["measure_id"])


def _customers() -> None:
    op.create_table(
        "health_checks",
        _text("id"), _text("customer_id"), _day("on_day"), _json("answers"), _text("note"), _text("by_id"),
        _moment("at"), _foreign("health_checks", "customer_id", "customers"), _own("health_checks"),
    )
    op.create_index("ix_health_checks_customer", "health_checks", ["customer_id", "at"])
    op.create_table(
        "pay_calendars",
        _text("id"), _text("customer_id"), _json("run_days"), _json("cash_days"), _text("approver_name"),
        _text("approver_role"), _text("note"), _text("by_id"), _moment("at"), _foreign("pay_calendars",
        "customer_id", "customers"), _own("pay_calendars"),
    )
    op.create_index("ix_pay_calendars_customer", "pay_calendars", ["customer_id", "at"])
    op.create_table(
        "potential_sheets",
        _text("id"), _text("customer_id"), _day("on_day"), _text("currency"), _whole("cash_minor", True),
        _whole("stock_minor", True), _whole("sales_minor", True), _whole("downstream_minor", True),
        _day("downstream_on", True), _whole("others_minor", True), _text("season"), _text("sources"),
        _text("by_id"), _moment("at"), _foreign("potential_sheets", "customer_id", "customers"),
        _own("potential_sheets"),
    )
    op.create_index("ix_potential_sheets_customer", "potential_sheets", ["customer_id", "at"])
    op.create_table(
        "rival_sightings",
        _text("id"), _text("customer_id"), _text("supplier"), _whole("took_minor", True), _text("currency"),
        _day("seen_on"), _text("words"), _text("by_id"), _moment("at"), _foreign("rival_sightings",
        "customer_id", "customers"), _own("rival_sightings"),
    )
    op.create_index("ix_rival_sightings_customer", "rival_sightings", ["customer_id", "seen_on"])
    op.create_table(
        "support_actions",
        _text("id"), _text("promise_id"), _text("customer_id"), _text("text"), _text("owner_id"),
        _day("due_on"), _day("done_on", True), _text("by_id"), _moment("at"), _foreign("support_actions",
        "customer_id", "customers"), _foreign("support_actions", "promise_id", "promises"),
        _own("support_actions"),
    )
    op.create_index(op.f("ix_support_actions_customer_id"), "support_actions", ["customer_id"])
    op.create_index(op.f("ix_support_actions_promise_id"), "support_actions", ["promise_id"])


def _take_over() -> None:
    """What stood at each rep as his monthly figure is the cash target of the present month."""
    connection, now = op.get_bind(), datetime.now(UTC)
    month = on_date(now, DEFAULT_ZONE).replace(day=1)
    users = sa.table("users", sa.column("id"), sa.column("monthly_target_minor"))
    targets = sa.table("targets", *map(sa.column, (
        "id", "level", "subject_id", "currency", "arrears_minor", "cash_minor", "version")),
        sa.column("month", sa.Date()), sa.column("changed_at", sa.DateTime(timezone=True)))
    versions = sa.table("target_versions", *map(sa.column, (
        "id", "target_id", "version", "state", "arrears_minor", "cash_minor", "reason", "by_id")),
        sa.column("late_discount", sa.Boolean()), sa.column("at", sa.DateTime(timezone=True)))
    for user_id, minor in connection.execute(sa.select(users).where(users.c.monthly_target_minor > 0)).all():
        target_id, figures = uuid7(), {"arrears_minor": 0, "cash_minor": minor, "version": 1}
        connection.execute(sa.insert(targets).values(id=target_id, month=month, level="rep", subject_id=user_id,
                                                     currency="CNY", changed_at=now, **figures))
        connection.execute(sa.insert(versions).values(id=uuid7(), target_id=target_id, state="set", reason="",
                                                      late_discount=False, by_id="", at=now, **figures))


def downgrade() -> None:
    """Take it back. The newest cash target of each rep is his monthly figure again."""
    op.add_column("users", _whole("monthly_target_minor", True))
    connection = op.get_bind()
    users = sa.table("users", sa.column("id"), sa.column("monthly_target_minor"))
    targets = sa.table("targets", sa.column("level"), sa.column("subject_id"), sa.column("cash_minor"),
                       sa.column("month", sa.Date()))
    for user_id, minor in connection.execute(
        sa.select(targets.c.subject_id, targets.c.cash_minor).where(targets.c.level == "rep").order_by(targets.c.month)
    ).all():
        connection.execute(sa.update(users).where(users.c.id == user_id).values(monthly_target_minor=minor))
    for table in (
        "support_actions", "measure_reviews", "collection_plan_versions", "collection_plan_steps",
        "rival_sightings", "potential_sheets", "pay_calendars", "health_checks", "gap_measures",
        "collection_plans", "target_versions", "targets", "measure_kinds",
    ):
        op.drop_table(table)
