"""what plugins keep, how they are set, whether they are on, and how they fare"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "plugin_records", _text("id"), _text("plugin"), _text("kind"), _text("key"), _text("customer_id", True),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True), _number("version"), _moment("changed_at"),
        _text("changed_by"), sa.PrimaryKeyConstraint("id", name="pk_plugin_records"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_plugin_records_customer_id"))
    op.create_index("ix_plugin_records_customer", "plugin_records", ["customer_id", "plugin"])
    op.create_table(
        "plugin_states", _text("id"), _text("state"), _text("reason"),
        sa.Column("methods", sa.JSON(), nullable=False), _number("version"), _moment("at"), _text("by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plugin_states"))
    op.create_table(
        "plugin_settings", _text("id"), sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.JSON(), nullable=False), _number("version"), _moment("at"), _text("by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plugin_settings"))
    op.create_table(
        "plugin_faults", _text("id"), _number("count"), _text("why"), _text("detail"), _text("process"),
        _moment("at"), _moment("away_until", True), sa.PrimaryKeyConstraint("id", name="pk_plugin_faults"))


def downgrade() -> None:
    """Take it back."""
    for table in ("plugin_faults", "plugin_settings", "plugin_states"):
        op.drop_table(table)
    op.drop_index("ix_plugin_records_customer", "plugin_records")
    op.drop_table("plugin_records")
