"""what a rep declined, what a manager allowed, and what each method brings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "step_answers", sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False), sa.Column("answer", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False), sa.Column("method", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False), sa.Column("words", sa.String(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True), sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_step_answers"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_step_answers_customer_id_customers"))
    op.create_index("ix_step_answers_customer", "step_answers", ["customer_id", "at"])
    op.create_index("ix_step_answers_at", "step_answers", ["at"])
    op.create_table(
        "method_effects", sa.Column("id", sa.String(), nullable=False), sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("method", sa.String(), nullable=False), sa.Column("faith", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False), sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False), sa.Column("brought_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_method_effects"))
    op.create_index("ix_method_effects_as_of", "method_effects", ["as_of"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("method_effects")
    op.drop_table("step_answers")
