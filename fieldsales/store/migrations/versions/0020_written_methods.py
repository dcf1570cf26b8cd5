"""collection methods written without programming, every version of them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "written_methods",
        sa.Column("id", sa.String(), nullable=False), sa.Column("name", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False), sa.Column("text", sa.String(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False), sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False), sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_written_methods"))
    op.create_index("ix_written_methods_name", "written_methods", ["name", "n"], unique=True)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_written_methods_name", "written_methods")
    op.drop_table("written_methods")
