"""Groups, and what is posted to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _groups()
    _posts()


def _groups() -> None:
    op.create_table(
        "contact_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("chat", sa.String(180), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("town", sa.String(24), nullable=False),
        sa.Column("city", sa.String(20), nullable=False),
        sa.Column("steward", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("last_post_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("brought_by", sa.String(40), nullable=False),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("learnt_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("contact_group", schema=None) as batch_op:
        batch_op.create_index("ix_contact_group_chat", ["channel", "chat"], unique=True)
        batch_op.create_index(batch_op.f("ix_contact_group_steward"), ["steward"], unique=False)
    _link_customer_groups()
    _link_chats()


def _link_customer_groups() -> None:
    """Customer groups that were read before stand in the register too."""
    op.execute(
        "INSERT INTO contact_group (channel, chat, kind, area, town, city, steward, source, "
        "brought_by, external_id, learnt_at) "
        "SELECT 'wecom_contact', chat_id, '', '', '', '', '', 'synced', '', '', created_at "
        "FROM customer_group"
    )


def _link_chats() -> None:
    """Groups in which the bot was spoken to before; what they are called is asked for daily."""
    op.execute(
        "INSERT INTO contact_group (channel, chat, kind, area, town, city, steward, source, "
        "brought_by, external_id, learnt_at, left_at) "
        "SELECT channel, chat, '', '', '', '', '', 'joined', '', '', created_at, "
        "CASE WHEN unreachable <> '' THEN updated_at END "
        "FROM conversation WHERE is_group AND channel = 'telegram'"
    )


def _posts() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "group_post",
        sa.Column("id", big, nullable=False, autoincrement=False),
        sa.Column("staff", sa.String(40), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("picture", sa.String(32), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(40), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_by", sa.String(40), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_group_post_staff"), "group_post", ["staff"])
    op.create_index(op.f("ix_group_post_state"), "group_post", ["state"])
    op.create_table(
        "group_post_target",
        sa.Column("post_id", big, nullable=False, autoincrement=False),
        sa.Column("group_id", big, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("chat", sa.String(180), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("failure", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", "group_id"),
    )
    op.create_index("ix_group_post_target_group", "group_post_target", ["group_id", "at"])
    op.create_index(op.f("ix_group_post_target_state"), "group_post_target", ["state"])
    op.create_table(
        "picture",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_picture_at"), "picture", ["at"])
    op.create_table(
        "known_name",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("name_print", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index(op.f("ix_known_name_name_print"), "known_name", ["name_print"])
