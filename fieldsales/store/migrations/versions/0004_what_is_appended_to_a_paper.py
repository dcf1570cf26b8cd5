"""what is appended to a paper"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=False)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Make the change: every paper sealed so far has one revision, its sealed bytes."""
    op.create_table(
        "document_revisions", _text("id"), _text("document_id"), _number("n"), _text("kind"), _text("level"),
        _text("sha256"), _number("size"), _moment("at", True), _text("authority"), _moment("checkable_until", True),
        _moment("recorded_at"), _text("by_id"), sa.PrimaryKeyConstraint("id", name="pk_document_revisions"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_revisions_document_id"),
        sa.UniqueConstraint("document_id", "n", name="uq_document_revisions_n"))
    op.create_index("ix_document_revisions_sha256", "document_revisions", ["sha256"])
    op.create_table(
        "audit_anchors", _number("seq"), _text("link_sha256"), _text("token_sha256"), _moment("at"), _text("authority"),
        _moment("recorded_at"), sa.PrimaryKeyConstraint("seq", name="pk_audit_anchors"))
    op.add_column("documents", _moment("time_wanted_at", True))
    op.execute(
        "INSERT INTO document_revisions (id, document_id, n, kind, level, sha256, size, at, authority, checkable_until,"
        " recorded_at, by_id) SELECT id, id, 1, 'sealed', level, sha256, COALESCE(size, 0), NULL, '', NULL,"
        " COALESCE(sealed_at, made_at), '' FROM documents WHERE state = 'sealed' AND sha256 IS NOT NULL")


def downgrade() -> None:
    """Take it back: the sealed bytes stay, what was appended to them is forgotten."""
    op.drop_column("documents", "time_wanted_at")
    op.drop_table("audit_anchors")
    op.drop_table("document_revisions")
