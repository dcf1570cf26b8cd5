"""what is said at the table: asks, coaching, promotions and their quotes, phrases, what a customer was shown"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT, MONEY, NUMBER, DAY = sa.String(), sa.BigInteger(), sa.Integer(), sa.Date()
MOMENT = sa.DateTime(timezone=True)
#: table -> its columns; ``*`` after a type means that it may be empty
TABLES: dict[str, dict[str, Any]] = {
    "asks": {"customer_id": TEXT, "contact_kind": TEXT, "contact_id": TEXT, "currency": TEXT, "expected_minor": MONEY,
             "ratio_bp": NUMBER, "ask_minor": MONEY, "counters": sa.JSON(), "answer": TEXT, "close_minor*": MONEY,
             "words": TEXT, "flags": sa.JSON(), "by_id": TEXT, "occurred_at": MOMENT, "received_at": MOMENT},
    "coachings": {"customer_id": TEXT, "rep_id": TEXT, "ask_id": TEXT, "text": TEXT, "call_on*": DAY, "by_id": TEXT,
                  "at": MOMENT},
    "promotions": {"name": TEXT, "text_zh": TEXT, "text_en": TEXT, "from_on": DAY, "to_on": DAY, "approved_by": TEXT,
                   "by_id": TEXT, "at": MOMENT},
    "promotion_ends": {"promotion_id": TEXT, "reason": TEXT, "by_id": TEXT, "at": MOMENT},
    "promotion_quotes": {"promotion_id": TEXT, "customer_id": TEXT, "contact_id": TEXT, "flags": sa.JSON(),
                         "by_id": TEXT, "quoted_at": MOMENT, "received_at": MOMENT},
    "phrase_rules": {"lang": TEXT, "phrase": TEXT, "instead": TEXT, "active": sa.Boolean(), "by_id": TEXT,
                     "at": MOMENT},
    "disclosures": {"customer_id": TEXT, "shown": sa.JSON(), "open_minor": MONEY, "overdue_minor": MONEY,
                    "currency": TEXT, "by_id": TEXT, "shown_at": MOMENT, "received_at": MOMENT},
}
OWNERS = {"customer_id": "customers", "promotion_id": "promotions"}


def upgrade() -> None:
    """Make the change."""
    for table, columns in TABLES.items():
        made = [sa.Column("id", TEXT, nullable=False)]
        made += [sa.Column(name.rstrip("*"), kind, nullable=name.endswith("*")) for name, kind in columns.items()]
        rules: list[sa.schema.SchemaItem] = [sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]
        for name in OWNERS.keys() & columns.keys():
            rules.append(sa.ForeignKeyConstraint([name], [f"{OWNERS[name]}.id"], name=f"fk_{table}_{name}"))
        if table == "promotion_ends":
            rules.append(sa.UniqueConstraint("promotion_id", name="uq_promotion_ends_promotion_id"))
        op.create_table(table, *made, *rules)
    op.create_index("ix_asks_customer", "asks", ["customer_id", "occurred_at"])
    for table in ("coachings", "promotion_quotes", "disclosures"):
        op.create_index(f"ix_{table}_customer_id", table, ["customer_id"])
    op.create_index("ix_promotion_quotes_promotion_id", "promotion_quotes", ["promotion_id"])


def downgrade() -> None:
    """Take it back."""
    for table in reversed(TABLES):
        op.drop_table(table)
