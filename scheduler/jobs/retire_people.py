"""Erases people whose record has served its purpose, an anonymous count stays (domain P-16)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from handlers import forgetting
from handlers.forms.form import REGISTRATION, load_forms
from records import audit, retention
from records.database import Session
from records.vault import Vault
from scheduler.means import Means

PURPOSE = "erases who means not to return a year, and whom we helped three years, after contact"
_TOGETHER = 50  # people in one transaction, so that nobody's turn waits for all of them


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Erase whose time is over; how many of each purpose."""
    forms = await asyncio.to_thread(load_forms, None)
    counted = forms[REGISTRATION].counted
    counts = {"no_intent": 0, "founders": 0}
    for purpose, of in (("no_intent", retention.without_intent), ("founders", retention.founders)):
        while done := await means.database.run(_retire, means.vault, of, counted, now):
            counts[purpose] += done
    return counts


def _retire(
    session: Session,
    vault: Vault,
    of: Callable[[Session, datetime, int], Sequence[str]],
    counted: tuple[str, ...],
    now: datetime,
) -> int:
    found = of(session, now, _TOGETHER)
    for each in found:
        forgetting.erase(session, vault, each, here="", counted=counted, at=now, is_wish=False)
    audit.write_all(session, "person.retired", found, at=now, actor="system")
    return len(found)
