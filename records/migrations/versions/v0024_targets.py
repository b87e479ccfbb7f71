"""Targets, figures that staff type, days that people were at home, tables as they left us."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, Json, UtcDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(4), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("as_printed", sa.String(60), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_target_area", "target", ["area", "measure"])
    op.create_table(
        "home_stay",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_home_stay_person_id", "home_stay", ["person_id", "since"])
    _add_exports()
    op.execute(_KNOWN[op.get_bind().dialect.name])


def _add_exports() -> None:
    op.create_table(
        "report_export",
        sa.Column("id", BigId, nullable=False),
        sa.Column("report", sa.String(40), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("cells", Json, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_report_export_of", "report_export", ["report", "area", "period"])


# Who said before that they are at home: since the day on which they last told us anything.
_KNOWN = {
    "sqlite": "INSERT INTO home_stay (person_id, since) SELECT id, date(updated_at, '+8 hours')"
    " FROM person WHERE json_extract(codes, '$.where_now') = 'returned'",
    "postgresql": "INSERT INTO home_stay (person_id, since)"
    " SELECT id, CAST(updated_at AT TIME ZONE 'Asia/Shanghai' AS date)"
    " FROM person WHERE codes ->> 'where_now' = 'returned'",
}
