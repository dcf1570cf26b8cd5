"""Links by which outside counsel reads a case, and what was looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "counsel_links",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("firm", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("bundle_ids", sa.JSON(), nullable=False),
        sa.Column("with_code", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counsel_links"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_counsel_links_customer_id"),
    )
    op.create_index("ix_counsel_links_customer_id", "counsel_links", ["customer_id"])
    op.create_table(
        "counsel_visits",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("bundle_id", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counsel_visits"),
        sa.ForeignKeyConstraint(["link_id"], ["counsel_links.id"], name="fk_counsel_visits_link_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_counsel_visits_customer_id"),
    )
    op.create_index("ix_counsel_visits_link_id", "counsel_visits", ["link_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("counsel_visits")
    op.drop_table("counsel_links")
