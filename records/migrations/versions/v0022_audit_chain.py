"""The trail can be shown to be whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0022"
down_revision = "0021"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BY_HAND = sa.text("actor <> 'person'")


def upgrade() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(24), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_index("ix_audit_act", "audit", ["act", "id"])
    op.create_index(
        "ix_audit_actor",
        "audit",
        ["actor", "id"],
        sqlite_where=_BY_HAND,
        postgresql_where=_BY_HAND,
    )
    op.create_table(
        "audit_block",
        sa.Column("number", _BIG, autoincrement=False, nullable=False),
        sa.Column("first_id", _BIG, nullable=False),
        sa.Column("last_id", _BIG, nullable=False),
        sa.Column("prints", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
