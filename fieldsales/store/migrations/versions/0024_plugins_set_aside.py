"""Plugins set aside for the whole house, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A state knows how often the plugin hung and until when it is left alone; a fault only tells."""
    with op.batch_alter_table("plugin_states") as table:
        table.add_column(sa.Column("hangs", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("plugin_faults") as table:
        table.drop_column("away_until")


def downgrade() -> None:
    """Each process for itself again."""
    with op.batch_alter_table("plugin_faults") as table:
        table.add_column(sa.Column("away_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("plugin_states") as table:
        table.drop_column("until")
        table.drop_column("hangs")
