"""where reminders go"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _own(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "reminders", _text("id"), _text("kind"), _text("target_id"), sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False), _text("state"), _text("answer"), _moment("at", False),
        _own("reminders"),
    )
    op.create_index("ix_reminders_target", "reminders", ["target_id", "at"])
    op.create_table(
        "notice_groups", _text("id"), _text("team_id", True), _text("name"), _text("channel"), _text("url"),
        _text("secret"), _text("by_id"), _moment("made_at", False), _moment("ended_at"),
        _foreign("notice_groups", "team_id", "teams"), _own("notice_groups"),
    )
    op.create_table(
        "calendar_feeds", _text("id"), _text("user_id"), _text("token_sha256"), _moment("made_at", False),
        _moment("read_at"), _moment("revoked_at"), _foreign("calendar_feeds", "user_id", "users"),
        _own("calendar_feeds"), sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feeds_token_sha256")),
    )
    op.create_index(op.f("ix_calendar_feeds_user_id"), "calendar_feeds", ["user_id"])
    op.create_table(
        "mail_choices", _text("id"), sa.Column("wanted", sa.Boolean(), nullable=False),
        _foreign("mail_choices", "id", "users"), _own("mail_choices"),
    )
    op.create_table(
        "push_subscriptions", _text("id"), _text("user_id"), _text("device_id"), _text("session_id", True),
        _text("endpoint"), _text("p256dh"), _text("auth"), _moment("made_at", False), _moment("ended_at"),
        _foreign("push_subscriptions", "device_id", "devices"),
        _foreign("push_subscriptions", "session_id", "login_sessions"),
        _foreign("push_subscriptions", "user_id", "users"), _own("push_subscriptions"),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscriptions_endpoint")),
    )
    op.create_index(op.f("ix_push_subscriptions_device_id"), "push_subscriptions", ["device_id"])
    op.create_index(op.f("ix_push_subscriptions_user_id"), "push_subscriptions", ["user_id"])


def downgrade() -> None:
    """Take it back."""
    for table in ("push_subscriptions", "mail_choices", "calendar_feeds", "notice_groups", "reminders"):
        op.drop_table(table)
