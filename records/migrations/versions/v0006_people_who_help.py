"""People who help: assignments, visits, call-backs, the entity ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("help", sa.String(12), nullable=False),
        sa.Column("helper", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(12), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_helper", ["helper", "number"], unique=False)
        batch_op.create_index(
            "ix_assignment_open",
            ["person_id", "help"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "call_back",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("visit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_back_due",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.create_index("ix_call_back_once", ["person_id", "reason", "due_on"], unique=True)

    op.create_table(
        "entity",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("town", sa.String(24), nullable=False),
        sa.Column("village", sa.String(24), nullable=False),
        sa.Column("trade", sa.String(20), nullable=False),
        sa.Column("form", sa.String(12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_print", sa.String(64), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("licensed_on", sa.Date(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entity_area"), ["area"], unique=False)
        batch_op.create_index(batch_op.f("ix_entity_code_print"), ["code_print"], unique=False)
        batch_op.create_index(batch_op.f("ix_entity_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "entity_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_id", sa.String(24), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("entity_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entity_change_entity_id"), ["entity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entity_change_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "helper",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("trades", Json, nullable=False),
        sa.Column("speaks", sa.String(60), nullable=False),
        sa.Column("about", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("helper", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("light", sa.String(8), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("gifts", Json, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_helper"), ["helper"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_person_id"), ["person_id"], unique=False)
