"""The daily look at the library: staff are told of what lapses, and of what has (H1)."""

from __future__ import annotations

from datetime import datetime

from outreach import alerts
from outreach.calendars import CHINA
from outreach.projects import keeping
from outreach.texts import say
from records import projects
from records.database import Session
from records.projects import ProjectRow
from records.vault import Vault

_STAFF = "staff:"
_EDITORS = ("entered", "edited", "checked", "published", "verified")


def look_after(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    """Pause what lapsed, and tell whoever last dealt with a project, once for each day it ends."""
    found = keeping.look_after(session, now)
    today = now.astimezone(CHINA).date()
    for row in found.paused:
        is_over = row.expires_on is not None and row.expires_on < today
        why = say("project.expired") if is_over else say("project.unverified")
        text = say("project.paused", number=row.number, title=row.title, why=why)
        _tell(session, vault, row, text, key=f"projects/paused/{row.number}/{today}", now=now)
    for number, last in found.soon.items():
        soon = projects.find(session, number)
        if soon is not None:
            day = f"{last.month}月{last.day}日"
            text = say("project.soon", number=number, title=soon.title, day=day)
            _tell(session, vault, soon, text, key=f"projects/soon/{number}/{last}", now=now)
    return {"paused": len(found.paused), "soon": len(found.soon)}


def _tell(
    session: Session, vault: Vault, row: ProjectRow, text: str, *, key: str, now: datetime
) -> None:
    by = projects.latest_editor(session, row, _EDITORS)
    if by.startswith(_STAFF):
        alerts.write_to(session, vault, by.removeprefix(_STAFF), text, key=key, now=now)
