"""How staff sign in to the console, and their sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import BigId, UtcDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "console_login",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "console_session",
        sa.Column("token_print", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("code_print", sa.String(64), nullable=False),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began", UtcDateTime(), nullable=False),
        sa.Column("seen", UtcDateTime(), nullable=False),
        sa.Column("proved", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_print"),
    )
    op.create_index("ix_console_session_name", "console_session", ["name"])
    op.create_table(
        "console_link",
        sa.Column("code_print", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code_print"),
    )
    op.create_index("ix_console_link_name", "console_link", ["name"])
    op.create_table(
        "sign_in_try",
        sa.Column("id", BigId, nullable=False),
        sa.Column("source_print", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_try_source_print", "sign_in_try", ["source_print"])
    op.create_index("ix_sign_in_try_at", "sign_in_try", ["at"])
