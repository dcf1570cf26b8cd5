"""securities, charges, set-offs, commission, solvency watch, credit limits, conditions of supply"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = ("credit_limits", "watch_closings", "sightings", "commission_policies", "set_off_steps", "set_offs",
       "debtor_profiles", "charges", "securities")  # fmt: skip


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _minor(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _make(table: str, *parts: object, own: str = "id") -> None:
    op.create_table(table, *parts, sa.PrimaryKeyConstraint(own, name=op.f(f"pk_{table}")))  # type: ignore[arg-type]


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Make the change."""
    _receivables()
    _collection()


def _receivables() -> None:
    _make("securities", _text("id"), _text("customer_id"), _text("debtor_id", True), _text("invoice_id", True),
          _text("kind"), _text("giver"), _minor("covers_minor", True), _text("currency"), _text("source"),
          _text("by_id"), _moment("at"), _moment("ended_at", True), _text("ended_by_id"),
          _foreign("securities", "customer_id", "customers"), _foreign("securities", "debtor_id", "debtors"),
          _foreign("securities", "invoice_id", "invoices"))
    _index("securities", "customer_id")
    _make("charges", _text("invoice_id"), _text("customer_id"), _text("for_invoice_id"), _text("kind"),
          _text("source"), _text("by_id"), _moment("at"), _foreign("charges", "invoice_id", "invoices"),
          _foreign("charges", "customer_id", "customers"), _foreign("charges", "for_invoice_id", "invoices"),
          own="invoice_id")
    _index("charges", "customer_id")
    _index("charges", "for_invoice_id")
    _make("debtor_profiles", _text("id"), _text("customer_id"), _text("debtor_id"), _text("size"), _text("market"),
          _text("source"), _text("by_id"), _moment("at"), _foreign("debtor_profiles", "customer_id", "customers"),
          _foreign("debtor_profiles", "debtor_id", "debtors"))
    _index("debtor_profiles", "customer_id")
    _make("set_offs", _text("id"), _text("customer_id"), _text("debtor_id", True), _text("kind"),
          _minor("amount_minor"), _text("currency"), _text("words"), _text("source_kind"), _text("source_id"),
          _text("state"), _text("by_id"), _moment("at"), _foreign("set_offs", "customer_id", "customers"),
          _foreign("set_offs", "debtor_id", "debtors"))
    _index("set_offs", "customer_id")
    _index("set_offs", "state")
    _make("set_off_steps", _text("id"), _text("set_off_id"), _text("kind"), _minor("amount_minor"),
          _text("credit_id", True), _text("reason"), _text("by_id"), _moment("at"),
          _foreign("set_off_steps", "set_off_id", "set_offs"), _foreign("set_off_steps", "credit_id", "invoices"))
    _index("set_off_steps", "set_off_id")
    _make("commission_policies", _text("id"), sa.Column("from_on", sa.Date(), nullable=False), _json("steps"),
          _text("source"), _text("by_id"), _moment("at"))


def _collection() -> None:
    _make("sightings", _text("id"), _text("customer_id"), _text("visit_id", True), _json("signs"), _text("words"),
          _text("by_id"), _moment("occurred_at"), _moment("received_at"),
          _foreign("sightings", "customer_id", "customers"))
    op.create_index("ix_sightings_customer", "sightings", ["customer_id", "occurred_at"])
    _make("watch_closings", _text("id"), _text("customer_id"), _text("reason"), _text("by_id"), _moment("at"),
          _foreign("watch_closings", "customer_id", "customers"))
    _index("watch_closings", "customer_id")
    _make("credit_limits", _text("id"), _text("customer_id"), _minor("limit_minor", True), _text("currency"),
          _text("reason"), _text("by_id"), _moment("at"), _foreign("credit_limits", "customer_id", "customers"))
    _index("credit_limits", "customer_id")
    with op.batch_alter_table("supply_decisions") as table:
        table.add_column(sa.Column("cash_first", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("release_kind", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("release_minor", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("currency", sa.String(), nullable=False, server_default="CNY"))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("supply_decisions") as table:
        for name in ("currency", "release_minor", "release_kind", "cash_first"):
            table.drop_column(name)
    for name in NEW:
        op.drop_table(name)
