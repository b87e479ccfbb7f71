"""The register side: places, households, projects, helpers, courses, events, what is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _people()
    _reminders()
    _runs()
    _push_days()
    _imports()
    _differences()
    _leavers()
    _places()


def _people() -> None:
    # Not in a batch: on SQLite that would build the table anew.
    for name, length in (("town", 24), ("village", 24), ("external_id", 64)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("person", column)
        op.create_index(f"ix_person_{name}", "person", [name], unique=False)
    op.add_column("person", sa.Column("home_print", sa.String(64), nullable=True))
    op.create_index("ix_person_home_print", "person", ["home_print"], unique=False)
    # As long as records/prints.py makes them.
    op.execute("UPDATE person SET proof_print = substr(proof_print, 1, 32)")


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("whom", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outbox_key", sa.String(length=120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    for name in ("whom", "outbox_key", "settled_at"):
        op.create_index(f"ix_reminder_{name}", "reminder", [name], unique=False)
    waits = sa.text("state = 'waiting'")
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due", "key"],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _imports() -> None:
    op.create_table(
        "import_run",
        _number(),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_print", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("staff", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("file_print", "ended_at"):
        op.create_index(f"ix_import_run_{name}", "import_run", [name], unique=False)


def _differences() -> None:
    op.create_table(
        "import_difference",
        _number(),
        _number("run_id"),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=24), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value_print", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("held_source", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "field", "value_print"),
        sqlite_autoincrement=True,
    )
    for name in ("run_id", "person_id", "state"):
        op.create_index(f"ix_import_difference_{name}", "import_difference", [name], unique=False)


def _leavers() -> None:
    op.create_table(
        "leaver",
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("print"),
    )
    op.create_index("ix_leaver_left_at", "leaver", ["left_at"], unique=False)


def _number(name: str = "id") -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, number, nullable=False)


def _runs() -> None:
    # Not in a batch: on SQLite that would build the table anew.
    text = sa.String
    for column in (
        sa.Column("state", text(10), nullable=False, server_default="done"),
        sa.Column("owner", text(40), nullable=False, server_default=""),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    ):
        op.add_column("job_run", column)
    runs = sa.text("state = 'running'")
    op.create_index(
        "ix_job_run_running",
        "job_run",
        ["job"],
        unique=True,
        sqlite_where=runs,
        postgresql_where=runs,
    )


def _push_days() -> None:
    op.create_table(
        "push_day",
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("is_batch", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", "day"),
    )


def _places() -> None:
    text = sa.String
    op.create_table(
        "place",
        sa.Column("id", text(24), nullable=False),
        sa.Column("county", text(12), nullable=False),
        sa.Column("level", text(8), nullable=False),
        sa.Column("parent", text(24), nullable=False),
        sa.Column("name", text(40), nullable=False),
        sa.Column("called", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("beside", text(12), nullable=False),
        sa.Column("since", text(10), nullable=False),
        sa.Column("until", text(10), nullable=False),
        sa.Column("merged_into", text(24), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_place_county", "place", ["county"], unique=False)
