"""cases, and the gate before every contact"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_on IS NULL")
#: What was done before contacts were counted by themselves: each pressed for money, by the channel of its method.
_BEFORE = sa.text("""
    INSERT INTO contacts_made
        (id, customer_id, debtor_id, channel, effective, demand, at, by_id, source_kind, source_id)
    SELECT id, customer_id, debtor_id,
           CASE method WHEN 'phone' THEN 'call' WHEN 'visit' THEN 'visit' ELSE 'letter' END,
           :yes, :yes, occurred_at, by_id, 'action', id
    FROM actions WHERE effect IN ('demand', 'agreement')
""")
_MAILS = sa.text("""
    INSERT INTO contacts_made
        (id, customer_id, debtor_id, channel, effective, demand, at, by_id, source_kind, source_id)
    SELECT id, customer_id, debtor_id, 'mail', :yes, :yes, sent_at, '', 'mail', id
    FROM mails WHERE state = 'sent' AND sent_at IS NOT NULL AND accepted_effect IN ('demand', 'agreement')
""")


def upgrade() -> None:
    """Make the change."""
    _make_case()
    _make_gate()
    for statement in (_BEFORE, _MAILS):
        op.execute(statement.bindparams(yes=True))


def _make_case() -> None:
    op.create_table(
        "collection_cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("debtor_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("overdue_minor", sa.BigInteger(), nullable=False),
        sa.Column("contested_minor", sa.BigInteger(), nullable=False),
        sa.Column("collectable_minor", sa.BigInteger(), nullable=False),
        sa.Column("oldest_on", sa.Date(), nullable=True),
        sa.Column("covered_until", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("decided_stage", sa.String(), nullable=False),
        sa.Column("decided_until", sa.Date(), nullable=True),
        sa.Column("decided_owner", sa.String(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_collection_cases"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_collection_cases_customer_id"),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name="fk_collection_cases_debtor_id"),
    )
    op.create_index("ix_collection_cases_customer_id", "collection_cases", ["customer_id"])
    op.create_index("ix_collection_cases_list", "collection_cases", ["closed_on", "collectable_minor", "id"])
    op.create_index("ix_collection_cases_next", "collection_cases", ["next_on"])
    op.create_index("uq_collection_cases_open", "collection_cases", ["debtor_id"], unique=True, sqlite_where=_OPEN,
                    postgresql_where=_OPEN)
    op.create_table(
        "case_events",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
        sa.ForeignKeyConstraint(["case_id"], ["collection_cases.id"], name="fk_case_events_case_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_case_events_customer_id"),
        sa.UniqueConstraint("case_id", "n", name="uq_case_events_case_id_n"),
    )
    op.create_index("ix_case_events_customer_id", "case_events", ["customer_id"])


def _make_gate() -> None:
    _make_contacts()
    _make_decisions()


def _make_contacts() -> None:
    op.create_table(
        "contacts_made",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("debtor_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("effective", sa.Boolean(), nullable=False),
        sa.Column("demand", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts_made"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contacts_made_customer_id"),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name="fk_contacts_made_debtor_id"),
    )
    op.create_index("ix_contacts_made_customer", "contacts_made", ["customer_id", "at"])
    op.create_table(
        "contact_stops",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_stops"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_stops_customer_id"),
    )
    op.create_index("ix_contact_stops_customer_id", "contact_stops", ["customer_id"])
    op.create_table(
        "contact_stop_lifts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stop_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_stop_lifts"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_stop_lifts_customer_id"),
        sa.ForeignKeyConstraint(["stop_id"], ["contact_stops.id"], name="fk_contact_stop_lifts_stop_id"),
        sa.UniqueConstraint("stop_id", name="uq_contact_stop_lifts_stop_id"),
    )
    op.create_index("ix_contact_stop_lifts_customer_id", "contact_stop_lifts", ["customer_id"])


def _make_decisions() -> None:
    op.create_table(
        "contact_standings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_standings"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_contact_standings_contact_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_standings_customer_id"),
    )
    op.create_index("ix_contact_standings_customer_id", "contact_standings", ["customer_id"])
    op.create_table(
        "contact_terms",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_terms"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_terms_customer_id"),
    )
    op.create_index("ix_contact_terms_customer_id", "contact_terms", ["customer_id"])
    op.create_table(
        "contact_waivers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_waivers"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contact_waivers_customer_id"),
    )
    op.create_index("ix_contact_waivers_customer_id", "contact_waivers", ["customer_id"])
    op.create_table(
        "gate_log",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("meant_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gate_log"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_gate_log_customer_id"),
    )
    op.create_index("ix_gate_log_at", "gate_log", ["at"])
    op.create_index("ix_gate_log_customer", "gate_log", ["customer_id", "at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("gate_log")
    op.drop_table("contact_waivers")
    op.drop_table("contact_terms")
    op.drop_table("contact_standings")
    op.drop_table("contact_stop_lifts")
    op.drop_table("contact_stops")
    op.drop_table("contacts_made")
    op.drop_table("case_events")
    op.drop_table("collection_cases")
