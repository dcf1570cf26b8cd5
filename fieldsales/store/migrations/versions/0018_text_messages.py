"""Text messages to debtors: what was sent, through whom, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TEXT = ("to_number", "body", "template", "lang", "delivered_effect", "state", "sender", "provider_number", "answer",
         "by_id")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "text_messages", sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False), sa.Column("action_id", sa.String(), nullable=True),
        sa.Column("debtor_id", sa.String(), nullable=True), sa.Column("places", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXT),
        sa.Column("parts", sa.Integer(), nullable=False), sa.Column("cost_minor", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_text_messages"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_text_messages_customer_id"),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_text_messages_action_id"),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name="fk_text_messages_debtor_id"))
    op.create_index("ix_text_messages_customer_id", "text_messages", ["customer_id"])
    op.create_index("ix_text_messages_action_id", "text_messages", ["action_id"])
    op.create_index("ix_text_messages_state", "text_messages", ["state", "sent_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("text_messages")
