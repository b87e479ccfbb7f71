"""What was signed, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    with op.batch_alter_table("signing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("party", sa.String(60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("by", sa.String(40), nullable=False, server_default=""))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "signing_payment",
        sa.Column("id", number, nullable=False),
        sa.Column("signing_id", number, nullable=False),
        sa.Column("amount", number, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_signing_payment_signing_id", "signing_payment", ["signing_id"])
