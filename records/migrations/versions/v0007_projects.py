"""Projects, sites, and who is interested."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _projects()
    _people()
    _sites()


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _projects() -> None:
    op.create_table(
        "project",
        sa.Column("id", _id(), nullable=False),
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("county", sa.String(12), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("provenance", sa.String(12), nullable=False),
        sa.Column("source_dept", sa.String(40), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("entered_by", sa.String(60), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(16), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("county", "key", "person_id"):
        op.create_index(f"ix_project_{name}", "project", [name])
    op.create_index("ix_project_state", "project", ["state", "county"])
    op.create_table(
        "project_mark",
        sa.Column("county", sa.String(12), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("county"),
    )
    op.create_table(
        "project_change",
        sa.Column("id", _id(), nullable=False),
        sa.Column("project_id", _id(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("person_id", "project_id"):
        op.create_index(f"ix_project_change_{name}", "project_change", [name])
    op.create_table(
        "project_review",
        sa.Column("id", _id(), nullable=False),
        sa.Column("project_id", _id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(60), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("marks", Json, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_project_review_project_id", "project_review", ["project_id"])


def _people() -> None:
    op.create_table(
        "project_answer",
        sa.Column("id", _id(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("project_id", _id(), nullable=False),
        sa.Column("answer", sa.String(12), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("owner_agrees", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    once = ["person_id", "project_id", "answer"]
    op.create_index("ix_project_answer_once", "project_answer", once, unique=True)
    op.create_index("ix_project_answer_project_id", "project_answer", ["project_id"])
    op.create_table(
        "project_shown",
        sa.Column("id", _id(), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("project_id", _id(), nullable=False),
        sa.Column("way", sa.String(6), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    lately = ["project_id", "at", "person_id"]
    op.create_index("ix_project_shown_lately", "project_shown", lately)
    op.create_index("ix_project_shown_person_id", "project_shown", ["person_id"])


def _sites() -> None:
    op.create_table(
        "site",
        sa.Column("id", _id(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("fits", sa.String(10), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("county", sa.String(12), nullable=False),
        sa.Column("town", sa.String(24), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("area_m2", sa.Integer(), nullable=True),
        sa.Column("vacancy", sa.Integer(), nullable=True),
        sa.Column("rent", sa.String(30), nullable=False),
        sa.Column("contact", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("source_dept", sa.String(40), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(60), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("county", "key"):
        op.create_index(f"ix_site_{name}", "site", [name])
    op.create_table(
        "line_rule",
        sa.Column("place", sa.String(24), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(120), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("place", "category"),
    )
