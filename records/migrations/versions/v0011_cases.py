"""Cases and ambassadors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _cases()
    _steps()
    _prints()
    _ambassadors()


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _indexes(table: str, *names: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.create_index(f"ix_{table}_{name}", [name], unique=False)


def _cases() -> None:
    op.create_table(
        "typical_case",
        sa.Column("id", _number(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("trade", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(8), nullable=False),
        sa.Column("proposed_by", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.String(40), nullable=False),
        sa.Column("reviewed_by", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("typical_case", "area", "person_id")


def _steps() -> None:
    op.create_table(
        "case_step",
        sa.Column("id", _number(), nullable=False),
        sa.Column("case_id", _number(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("tier", sa.String(8), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("case_step", "case_id", "person_id")


def _prints() -> None:
    op.create_table(
        "case_print",
        sa.Column("id", _number(), nullable=False),
        sa.Column("case_id", _number(), nullable=False),
        sa.Column("keeper", sa.String(40), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("case_print", "case_id")


def _ambassadors() -> None:
    op.create_table(
        "ambassador",
        sa.Column("id", _number(), nullable=False),
        sa.Column("case_id", _number(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexes("ambassador", "case_id", "person_id")
