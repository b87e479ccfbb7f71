"""Which browser a session of the console is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    browser: sa.Column[str]
    browser = sa.Column("browser", sa.String(40), nullable=False, server_default="")
    with op.batch_alter_table("console_session", schema=None) as batch_op:
        batch_op.add_column(browser)
