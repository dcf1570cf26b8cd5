"""what came late, twice or from two"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _columns() -> tuple[tuple[str, sa.Column[object]], ...]:
    """(table, column), the same both ways; rows that are there already get the default."""
    return (
        ("actions", sa.Column("flags", sa.JSON(), nullable=False, server_default="[]")),
        ("actions", sa.Column("form_version", sa.Integer(), nullable=True)),
        ("command_receipts", sa.Column("skew_ms", sa.BigInteger(), nullable=True)),
        ("command_receipts", sa.Column("flags", sa.JSON(), nullable=False, server_default="[]")),
        ("command_receipts", sa.Column("vouched_by", sa.String(), nullable=True)),
        ("devices", sa.Column("pending_blobs", sa.Integer(), nullable=False, server_default="0")),
        ("tasks", sa.Column("outcome", sa.String(), nullable=False, server_default="")),
    )


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "command_marks", _text("id"), _text("of_id"), _text("kind"), _text("by_id"), _moment("at"),
        _text("to_id", True), _text("new_command_id", True), _text("reason"),
        sa.PrimaryKeyConstraint("id", name="pk_command_marks"))
    op.create_index("ix_command_marks_of_id", "command_marks", ["of_id"])
    op.create_table(
        "form_versions", _text("id"), sa.Column("form", sa.JSON(), nullable=False), _text("sha256"),
        _moment("first_at"), sa.PrimaryKeyConstraint("id", name="pk_form_versions"))
    op.create_table(
        "reused_ids", _text("id"), _text("command_id"), _text("actor_id"), _text("device_id", True),
        _text("delivered_by", True), _text("operation"), _text("digest"), sa.Column("raw", sa.JSON(), nullable=True),
        _moment("made_at", True), _moment("received_at"), sa.PrimaryKeyConstraint("id", name="pk_reused_ids"),
        sa.UniqueConstraint("command_id", "actor_id", "digest", name="uq_reused_ids_same"))
    op.create_index("ix_reused_ids_command_id", "reused_ids", ["command_id"])
    op.create_table(
        "contact_clashes", _text("id"), _text("customer_id"), _text("contact_id"), _text("command_id"), _text("kind"),
        sa.Column("fields", sa.JSON(), nullable=False), _text("by_id"), _moment("at"), _moment("decided_at", True),
        _text("decided_by_id"), _text("decision"), sa.PrimaryKeyConstraint("id", name="pk_contact_clashes"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_clashes_customer_id"))
    op.create_index("ix_contact_clashes_command_id", "contact_clashes", ["command_id"])
    op.create_index("ix_contact_clashes_customer_id", "contact_clashes", ["customer_id"])
    op.create_table(
        "leads", _text("id"), _text("customer_id", True), _text("user_id"), _text("name"), _text("phone"),
        _text("address"), _text("text"), _moment("occurred_at"), _moment("received_at"),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_leads_customer_id_customers"))
    op.create_index("ix_leads_user", "leads", ["user_id", "occurred_at"])
    op.create_table(
        "lead_photos", _text("lead_id"), sa.Column("n", sa.Integer(), nullable=False), _text("slot"), _text("sha256"),
        _text("original_sha256", True), _text("mime"), sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "n", name="pk_lead_photos"),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="fk_lead_photos_lead_id_leads"))
    op.create_index("ix_lead_photos_sha256", "lead_photos", ["sha256"])
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    """Take it back."""
    # One by one, not by a table made anew: other tables point at these.
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
    for name in ("lead_photos", "leads", "contact_clashes", "reused_ids", "form_versions", "command_marks"):
        op.drop_table(name)
