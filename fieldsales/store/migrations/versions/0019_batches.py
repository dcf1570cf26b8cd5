"""A method used for many customers at once; actions that go on from an earlier one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("actions", sa.Column("follows_id", sa.String(), server_default="", nullable=False))
    op.create_index("ix_actions_follows", "actions", ["follows_id"])
    op.create_table(
        "batches",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("print_sha256", sa.String(), nullable=False),
        sa.Column("print_pages", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_table(
        "batch_items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("action_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why_zh", sa.String(), nullable=False),
        sa.Column("why_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_batch_items_batch_id_batches"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_batch_items_customer_id_customers"),
        sa.PrimaryKeyConstraint("id", name="pk_batch_items"),
        sa.UniqueConstraint("batch_id", "n", name="uq_batch_items_n"),
    )
    op.create_index("ix_batch_items_action_id", "batch_items", ["action_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("batch_items")
    op.drop_table("batches")
    op.drop_index("ix_actions_follows", "actions")
    op.drop_column("actions", "follows_id")
