"""bundles of evidence"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "bundles", sa.Column("id", sa.String(), nullable=False), sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False), sa.Column("state", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True), sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_bundles_plan_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_bundles_customer_id"))
    op.create_index("ix_bundles_plan_id", "bundles", ["plan_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("bundles")
