"""What the privacy office keeps: retention runs, incidents, requests."""

from __future__ import annotations

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Nothing yet."""
