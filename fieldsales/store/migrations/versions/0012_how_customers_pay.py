"""how customers pay"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "payment_spreads", sa.Column("as_of", sa.Date(), nullable=False), sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("as_of", name="pk_payment_spreads"))


def downgrade() -> None:
    """Take it back."""
    op.drop_table("payment_spreads")
