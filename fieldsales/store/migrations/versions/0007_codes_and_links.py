"""One-time codes that confirm a signing, and links to sign a plan from afar."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "signing_codes", _text("id"), _text("customer_id"), _text("channel"), _text("to_address"), _text("masked"),
        sa.Column("on_file", sa.Boolean(), nullable=False), _text("number"), _text("text_sha256"), _text("lang"),
        _text("state"), _text("answer"), sa.Column("tries", sa.Integer(), nullable=False), _text("by_id"),
        _moment("asked_at", False), _moment("ends_at", False), _moment("sent_at"), _moment("confirmed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_codes"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_signing_codes_customer_id"))
    op.create_index("ix_signing_codes_customer", "signing_codes", ["customer_id", "asked_at"])
    op.create_index("ix_signing_codes_to", "signing_codes", ["to_address", "asked_at"])
    op.create_table(
        "signing_links", _text("id"), _text("customer_id"), _text("plan_id"), _text("number"),
        sa.Column("payload", sa.JSON(), nullable=False), sa.Column("signatory", sa.JSON(), nullable=False),
        _text("lang"), sa.Column("clause_version", sa.Integer(), nullable=False), _text("text_sha256"),
        _text("code_channel"), _text("code_to"), _text("state"), _text("by_id"), _moment("made_at", False),
        _moment("ends_at", False), _moment("opened_at"), _moment("ended_at"), _text("ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_links"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_signing_links_customer_id"))
    op.create_index("ix_signing_links_customer_id", "signing_links", ["customer_id"])
    op.create_index("ix_signing_links_plan_id", "signing_links", ["plan_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("signing_links")
    op.drop_table("signing_codes")
