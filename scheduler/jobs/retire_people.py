"""Erases people whose record has served its purpose, an anonymous count stays (domain P-16)."""

from __future__ import annotations

import asyncio
from datetime import datetime

from handlers import forgetting
from handlers.forms.form import REGISTRATION, load_forms
from records import audit, privacy_retention, retention
from records.database import Session
from records.privacy_retention import Purpose
from records.vault import Vault
from scheduler.means import Means

PURPOSE = "erases who means not to return a year, and whom we helped three years, after contact"
_TOGETHER = 50  # people in one transaction, so that nobody's turn waits for all of them
_OVER = {Purpose.NO_INTENT: retention.without_intent, Purpose.SUPPORTED: retention.founders}


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Erase whose time is over; how many of each purpose."""
    forms = await asyncio.to_thread(load_forms, None)
    counted = forms[REGISTRATION].counted
    counts = {"no_intent": 0, "founders": 0}
    for name, purpose in (("no_intent", Purpose.NO_INTENT), ("founders", Purpose.SUPPORTED)):
        while done := await means.database.run(_retire, means.vault, purpose, counted, now):
            counts[name] += done
    return counts


def _retire(
    session: Session,
    vault: Vault,
    purpose: Purpose,
    counted: tuple[str, ...],
    now: datetime,
) -> int:
    found = _OVER[purpose](session, now, _TOGETHER)
    for each in found:
        forgetting.erase(session, vault, each, here="", counted=counted, at=now, is_wish=False)
    audit.write_all(session, "person.retired", found, at=now, actor="system")
    privacy_retention.note(session, purpose, len(found), at=now)
    return len(found)
