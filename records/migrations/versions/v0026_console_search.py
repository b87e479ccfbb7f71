"""What pages and the search look up at 100,000 people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index("ix_person_updated", "person", ["updated_at", "id"])
    op.create_index("ix_ticket_person_id", "ticket", ["person_id"])
    op.create_table(
        "name_part",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("part_print", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "part_print"),
    )
    op.create_index("ix_name_part_part_print", "name_part", ["part_print"])
    op.execute("DELETE FROM known_name")  # made anew, with their parts, by the job keep_names
