"""What comes back from debtors: messages, addresses that failed, acts that never reached anybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "received_messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("raw_sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_received_messages"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_received_messages_customer_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_received_messages_mail_id"),
    )
    op.create_index("ix_received_messages_customer", "received_messages", ["customer_id", "received_at"])
    op.create_index("ix_received_messages_state", "received_messages", ["state", "received_at"])
    op.create_table(
        "failed_addresses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("mail_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_addresses"),
        sa.UniqueConstraint("customer_id", "address", name="uq_failed_addresses_customer_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_failed_addresses_customer_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_failed_addresses_mail_id"),
    )
    op.create_table(
        "interruption_reversals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interruption_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proof_kind", sa.String(), nullable=False),
        sa.Column("proof_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interruption_reversals"),
        sa.ForeignKeyConstraint(["interruption_id"], ["interruptions.id"],
                                name="fk_interruption_reversals_interruption_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_interruption_reversals_customer_id"),
    )
    op.create_index("ix_interruption_reversals_interruption_id", "interruption_reversals", ["interruption_id"])
    with op.batch_alter_table("mails") as batch:
        batch.add_column(sa.Column("fate", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("fate_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index("ix_mails_customer_at", ["customer_id", "queued_at"])


def downgrade() -> None:
    """Take it back."""
    # One by one, not by a table made anew: other tables point at it.
    op.drop_index("ix_mails_customer_at", "mails")
    op.drop_column("mails", "fate_at")
    op.drop_column("mails", "fate")
    op.drop_table("interruption_reversals")
    op.drop_table("failed_addresses")
    op.drop_table("received_messages")
