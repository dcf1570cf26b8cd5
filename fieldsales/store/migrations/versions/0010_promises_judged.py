"""what a promise rests on, what it was judged to be, and where none was given"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False, server_default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable, server_default=server_default)


def _columns() -> tuple[sa.Column[object], ...]:
    """What ``promises`` gains; a promise of before was of a named day, and nobody had asked the rest."""
    said: list[sa.Column[object]] = [_text(name, server_default="") for name in (
        "witness_name", "decides", "funding", "others_promised", "klass")]
    seen: list[sa.Column[object]] = [
        sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        for name in ("funding_proven", "confirmed")]
    return (
        sa.Column("day_named", sa.Boolean(), nullable=False, server_default=sa.true()),
        *said, *seen,
        sa.Column("put_off", sa.Integer(), nullable=False, server_default="0"),
        _text("plan_id", True),
        sa.Column("probability_bp", sa.Integer(), nullable=True),
        sa.Column("judged", sa.JSON(), nullable=False, server_default="{}"),
    )


def upgrade() -> None:
    """Make the change."""
    for column in _columns():
        op.add_column("promises", column)
    op.create_table(
        "promise_evidence", _text("id"), _text("promise_id"), _text("customer_id"), _text("kind"), _text("words"),
        sa.Column("proof_sha256", sa.JSON(), nullable=False), _text("by_id"),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise_evidence"),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name="fk_promise_evidence_promise_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_promise_evidence_customer_id"))
    op.create_index("ix_promise_evidence_promise_id", "promise_evidence", ["promise_id"])
    op.create_index("ix_promise_evidence_customer_id", "promise_evidence", ["customer_id"])
    op.create_table(
        "no_promises", _text("id"), _text("customer_id"), _text("debtor_id", True), _text("reason"), _text("words"),
        _text("person_name"), _text("person_role"), _text("channel"), _text("visit_id", True), _text("by_id"),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_no_promises"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_no_promises_customer_id"),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name="fk_no_promises_debtor_id"))
    op.create_index("ix_no_promises_customer", "no_promises", ["customer_id", "made_on"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("no_promises")
    op.drop_table("promise_evidence")
    # One by one, not by a table made anew: other tables point at these.
    for column in reversed(_columns()):
        op.drop_column("promises", column.name)
