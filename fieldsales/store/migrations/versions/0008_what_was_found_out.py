"""what was found out: verdicts on claims, who settles a dispute, the way to follow up"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _customer(table: str) -> list[Any]:
    return [sa.Column("customer_id", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=f"fk_{table}_customer_id")]


def _made(*more: Any) -> list[Any]:
    return [sa.Column("id", sa.String(), nullable=False), *more, sa.Column("by_id", sa.String(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), nullable=False)]


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "claim_verdicts",
        *_made(sa.Column("claim_id", sa.String(), nullable=False), sa.Column("n", sa.Integer(), nullable=False),
               sa.Column("state", sa.String(), nullable=False), sa.Column("note", sa.String(), nullable=False),
               sa.Column("product", sa.String(), nullable=False), sa.Column("facts", sa.JSON(), nullable=False),
               sa.Column("evidence_sha256", sa.JSON(), nullable=False)),
        *_customer("claim_verdicts"),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name="fk_claim_verdicts_claim_id"),
        sa.UniqueConstraint("claim_id", "n", name="uq_claim_verdicts_claim_id"))
    op.create_table(
        "faith_signals",
        *_made(sa.Column("kind", sa.String(), nullable=False), sa.Column("words", sa.String(), nullable=False),
               sa.Column("seen_on", sa.Date(), nullable=False), sa.Column("visit_id", sa.String(), nullable=True),
               sa.Column("evidence_sha256", sa.JSON(), nullable=False)),
        *_customer("faith_signals"))
    op.create_table(
        "faith_proposals",
        *_made(sa.Column("klass", sa.String(), nullable=False), sa.Column("hits", sa.JSON(), nullable=False),
               sa.Column("note", sa.String(), nullable=False)),
        *_customer("faith_proposals"))
    op.create_table(
        "faith_decisions",
        *_made(sa.Column("proposal_id", sa.String(), nullable=True), sa.Column("decision", sa.String(), nullable=False),
               sa.Column("klass", sa.String(), nullable=False), sa.Column("note", sa.String(), nullable=False),
               sa.Column("review_on", sa.Date(), nullable=True),
               sa.Column("evidence_sha256", sa.JSON(), nullable=False)),
        *_customer("faith_decisions"),
        sa.ForeignKeyConstraint(["proposal_id"], ["faith_proposals.id"], name="fk_faith_decisions_proposal_id"))
    for table in ("claim_verdicts", "faith_signals", "faith_proposals", "faith_decisions"):
        op.create_index(f"ix_{table}_customer_id", table, ["customer_id"])
    _disputes()


def _disputes() -> None:
    op.create_table(
        "dispute_assignments",
        *_made(sa.Column("dispute_id", sa.String(), nullable=False), sa.Column("n", sa.Integer(), nullable=False),
               sa.Column("desk", sa.String(), nullable=False), sa.Column("owner_id", sa.String(), nullable=False),
               sa.Column("due_on", sa.Date(), nullable=False), sa.Column("reason", sa.String(), nullable=False)),
        sa.PrimaryKeyConstraint("id", name="pk_dispute_assignments"),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name="fk_dispute_assignments_dispute_id"),
        sa.UniqueConstraint("dispute_id", "n", name="uq_dispute_assignments_dispute_id"))
    op.create_table(
        "dispute_findings",
        *_made(sa.Column("dispute_id", sa.String(), nullable=False), sa.Column("finding", sa.String(), nullable=False),
               sa.Column("words", sa.String(), nullable=False), sa.Column("proof_sha256", sa.JSON(), nullable=False)),
        sa.PrimaryKeyConstraint("id", name="pk_dispute_findings"),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name="fk_dispute_findings_dispute_id"))
    op.create_index("ix_dispute_findings_dispute_id", "dispute_findings", ["dispute_id"])
    op.add_column("disputes", sa.Column("claim_id", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("disputes", "claim_id")
    for table in ("dispute_findings", "dispute_assignments", "faith_decisions", "faith_proposals", "faith_signals",
                  "claim_verdicts"):
        op.drop_table(table)
