"""Edit entries in service, close gaps, tell askers, keep the facts that policies look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "gap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(120), nullable=False),
        sa.Column("closed_by", sa.String(60), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_gap_state"), ["state"], unique=False)

    op.create_table(
        "knowledge_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "person_facts",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("is_returnee", sa.Boolean(), nullable=True),
        sa.Column("first_registration", sa.Boolean(), nullable=True),
        sa.Column("entity_type", sa.String(12), nullable=True),
        sa.Column("registered_first", sa.Date(), nullable=True),
        sa.Column("registered_last", sa.Date(), nullable=True),
        sa.Column("headcount_incl_founder", sa.Integer(), nullable=True),
        sa.Column("contracts_1y", sa.Integer(), nullable=True),
        sa.Column("contracts_signed", sa.Boolean(), nullable=True),
        sa.Column("social_insurance", sa.String(12), nullable=True),
        sa.Column("loan_kind", sa.String(12), nullable=True),
        sa.Column("titles", sa.String(300), nullable=False),
        sa.Column("no_titles", sa.String(300), nullable=False),
        sa.Column("unsure", sa.String(200), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "policy_page",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("withdraws", sa.Boolean(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("reviewer", sa.String(60), nullable=False),
        sa.Column("owner", sa.String(60), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("live_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("rechecked_at", UtcDateTime(), nullable=True),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path", "number"),
    )
    with op.batch_alter_table("policy_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_page_stage"), ["stage"], unique=False)

    op.create_table(
        "shipped_page",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("shipped_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipped_page_path"), ["path"], unique=False)

    op.create_table(
        "told_entry",
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("entry", sa.String(120), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "entry"),
    )
    with op.batch_alter_table("told_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_entry_entry"), ["entry"], unique=False)
        batch_op.create_index(batch_op.f("ix_told_entry_told_at"), ["told_at"], unique=False)

    with op.batch_alter_table("open_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gap", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("reason", sa.String(12), nullable=False, server_default="unanswered")
        )
        batch_op.add_column(
            sa.Column("entries", sa.String(500), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("conversation", sa.String(200), nullable=False, server_default="")
        )
        batch_op.create_index(
            batch_op.f("ix_open_question_conversation"), ["conversation"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_open_question_gap"), ["gap"], unique=False)
