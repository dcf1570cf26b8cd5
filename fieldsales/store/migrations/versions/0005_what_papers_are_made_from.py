"""what papers are made from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _own(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "interest_rates", _text("id"), _text("kind"), _text("customer_id", True),
        sa.Column("from_on", sa.Date(), nullable=False), sa.Column("rate_bp100", sa.Integer(), nullable=True),
        _text("source"), _text("by_id"), _moment("at"), _foreign("interest_rates", "customer_id", "customers"),
        _own("interest_rates"),
    )
    op.create_index(op.f("ix_interest_rates_customer_id"), "interest_rates", ["customer_id"])
    op.create_table(
        "clause_editions", _text("id"), sa.Column("version", sa.Integer(), nullable=False), _text("name"),
        _json("body"), _text("sha256"), _text("state"), _text("made_by"), _moment("made_at"), _text("lawyer_name"),
        sa.Column("signed_off_on", sa.Date(), nullable=True), _text("published_by"), _moment("published_at", True),
        _own("clause_editions"), sa.UniqueConstraint("version", name=op.f("uq_clause_editions_version")),
    )
    op.create_table(
        "paper_styles", _text("id"), _json("style"), _text("logo_sha256", True), _text("by_id"), _moment("at"),
        _own("paper_styles"),
    )
    op.create_table(
        "blank_plans", _text("id"), _text("number"), _text("pack_id"), _text("customer_id"), _text("debtor_id"),
        _text("seller_id"), _text("lang"), _json("payload"), _text("by_id"), _moment("at"),
        _foreign("blank_plans", "customer_id", "customers"), _foreign("blank_plans", "debtor_id", "debtors"),
        _foreign("blank_plans", "seller_id", "sellers"), _own("blank_plans"),
        sa.UniqueConstraint("number", name=op.f("uq_blank_plans_number")),
    )
    op.create_index(op.f("ix_blank_plans_customer_id"), "blank_plans", ["customer_id"])
    op.create_index(op.f("ix_blank_plans_pack_id"), "blank_plans", ["pack_id"])
    op.create_table(
        "print_packs", _text("id"), _text("state"), _text("lang"), sa.Column("count", sa.Integer(), nullable=False),
        _text("sha256", True), _text("by_id"), _moment("at"), _foreign("print_packs", "by_id", "users"),
        _own("print_packs"),
    )
    op.create_index(op.f("ix_print_packs_by_id"), "print_packs", ["by_id"])


def downgrade() -> None:
    """Take it back."""
    for table in ("print_packs", "blank_plans", "paper_styles", "clause_editions", "interest_rates"):
        op.drop_table(table)
