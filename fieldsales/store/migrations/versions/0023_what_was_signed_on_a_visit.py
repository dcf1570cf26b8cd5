"""What was signed on a visit stands with the visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Papers signed on the spot, as the phone named them."""
    with op.batch_alter_table("visits") as table:
        table.add_column(sa.Column("papers", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Without them."""
    with op.batch_alter_table("visits") as table:
        table.drop_column("papers")
