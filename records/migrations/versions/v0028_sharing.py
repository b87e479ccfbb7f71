"""What one partner may see of one person; bodies, pointers, kinds of places, experts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, Json, UtcDateTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    _bodies_and_pointers()
    _sent_back()
    _import_touches()
    _lent()
    _course_moved()
    op.create_index("ix_person_placed", "person", ["area", "village", "town", "status"])
    op.create_table(
        "sharing",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("ticket", sa.String(12), nullable=False),
        sa.Column("partner", sa.String(40), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("consent", BigId, nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("person_id", "partner"):
        op.create_index(f"ix_sharing_{name}", "sharing", [name])


def _sent_back() -> None:
    """Why a colleague wants a version of an entry written otherwise."""
    why = sa.Column("sent_back", sa.String(200), nullable=False, server_default="")
    with op.batch_alter_table("policy_page", schema=None) as batch_op:
        batch_op.add_column(why)


def _bodies_and_pointers() -> None:
    venue: sa.Column[str] = sa.Column("venue", sa.String(12), nullable=False, server_default="")
    expert: sa.Column[bool] = sa.Column(
        "is_expert", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    for table, column in (("event", venue), ("helper", expert)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(column)
    op.create_table(
        "pointer",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("city", sa.String(20), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("way", sa.String(60), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_pointer_area", "pointer", ["area"])
    op.create_table(
        "body",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("duty", sa.String(200), nullable=False),
        sa.Column("matters", Json, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_body_area", "body", ["area"])
    op.create_table(
        "body_member",
        sa.Column("id", BigId, nullable=False),
        sa.Column("body_id", BigId, nullable=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("title", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_body_member_body_id", "body_member", ["body_id"])
    op.create_index("ix_body_member_once", "body_member", ["body_id", "staff"], unique=True)


def _lent() -> None:
    """The request that an application comes from, and what was lent."""
    text = sa.String(12)
    request: sa.Column[str]
    request = sa.Column("request", text, nullable=False, server_default="")
    for column in (request, sa.Column("lent", sa.LargeBinary(), nullable=True)):
        with op.batch_alter_table("application", schema=None) as batch_op:
            batch_op.add_column(column)


def _course_moved() -> None:
    """Whether those in a course are still to hear of another day, hour or place."""
    moved: sa.Column[bool] = sa.Column(
        "is_moved", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(moved)


def _import_touches() -> None:
    op.create_table(
        "import_part",
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("prefix", sa.String(24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "prefix"),
    )
    op.create_table(
        "import_touch",
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "person_id"),
    )
    op.create_index("ix_import_touch_person_id", "import_touch", ["person_id"])
