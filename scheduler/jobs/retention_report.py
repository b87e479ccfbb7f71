"""Counts what is held for each purpose, and keeps the day's retention report (domain P-16)."""

from __future__ import annotations

from datetime import datetime

from handlers import consent
from outreach.privacy import retention
from records import privacy_retention, privacy_wordings
from records.database import Session
from scheduler.means import Means

PURPOSE = "counts what is held for each purpose and why, for the office to read and sign"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Look at everything, beside the turns; how many rows were looked at, how many go next."""
    await means.database.run(_keep_wording, now)
    lines = await means.database.read(retention.look, now)
    await means.database.run(lambda session: privacy_retention.keep(session, lines, at=now))
    return {
        "looked_at": sum(line.looked_at for line in lines),
        "coming": sum(line.coming for line in lines),
    }


def _keep_wording(session: Session, now: datetime) -> None:
    """The notice that is served, so that the ledger of consents can show what was agreed to."""
    privacy_wordings.keep(session, consent.version(), consent.wording(), at=now)
