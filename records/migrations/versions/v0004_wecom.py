"""WeCom: shared tokens, cursors, send budgets, customers and their groups, linked accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.types import Json, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "access_token",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "account_link",
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("home", sa.String(200), nullable=False),
        sa.Column("proof", sa.String(12), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "person_id"),
    )
    with op.batch_alter_table("account_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_link_home"), ["home"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "contact_change",
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_table(
        "contact_greeting",
        sa.Column("code", sa.String(256), nullable=False),
        sa.Column("state", sa.String(120), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("settled", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "customer",
        sa.Column("external_id", sa.String(80), nullable=False),
        sa.Column("steward", sa.String(80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(120), nullable=False),
        sa.Column("tags", Json, nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("external_id", "steward"),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index("ix_customer_steward", ["steward"], unique=False)

    op.create_table(
        "customer_group",
        sa.Column("chat_id", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("member_version", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("synced_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id"),
    )
    with op.batch_alter_table("customer_group", schema=None) as batch_op:
        batch_op.create_index("ix_customer_group_owner", ["owner"], unique=False)

    op.create_table(
        "customer_tag",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("group_name", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "customer_tag_wish",
        sa.Column("group_name", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("group_name", "name"),
    )
    op.create_table(
        "group_member",
        sa.Column("chat_id", sa.String(80), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id", "member"),
    )
    op.create_table(
        "group_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("broadcast", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("steward", sa.String(80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("outer_id", sa.String(80), nullable=False),
        sa.Column("failure", sa.String(40), nullable=False),
        sa.Column("reminded", Json, nullable=False),
        sa.Column("is_reminder_asked", sa.Boolean(), nullable=False),
        sa.Column("is_cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("wanted_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("group_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_task_broadcast"), ["broadcast"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_task_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_task_steward"), ["steward"], unique=False)

    op.create_table(
        "group_task_target",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("task_id", "target"),
    )
    with op.batch_alter_table("group_task_target", schema=None) as batch_op:
        batch_op.create_index("ix_group_task_target_target", ["target", "sent_at"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("code_print", sa.String(64), nullable=False),
        sa.Column("home", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code_print"),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_home"), ["home"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "link_try",
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("who"),
    )
    op.create_table(
        "pull_cursor",
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("cursor", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    op.create_table(
        "send_budget",
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("closed", sa.String(20), nullable=False),
        sa.Column("servicer", sa.String(80), nullable=False),
        sa.Column("code", sa.String(256), nullable=False),
        sa.Column("code_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("conversation"),
    )
    op.create_table(
        "staff_account",
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )
    with op.batch_alter_table("staff_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_account_name"), ["name"], unique=False)

    op.create_table(
        "staff_code",
        sa.Column("code_print", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code_print"),
    )
    with op.batch_alter_table("staff_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_code_name"), ["name"], unique=False)

    op.create_table(
        "staff_member",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )

    # Not in a batch: on SQLite that would build the table anew and lose its AUTOINCREMENT.
    op.add_column("inbound", sa.Column("file", sa.LargeBinary(), nullable=True))
    op.add_column(
        "outbox",
        sa.Column("counted", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("ticket_line", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_ticket_line_message_id", "ticket_line", ["message_id"], unique=False)
    # Empty for who is stored already: a job fills it in, for a migration has no key.
    op.add_column("person", sa.Column("proof_print", sa.String(64), nullable=True))
    op.create_index("ix_person_proof_print", "person", ["proof_print"], unique=False)
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["conversation", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
