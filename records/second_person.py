"""Two people are two: nobody agrees through an account that they have just opened themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from records import audit
from records.audit import AuditRow

SINCE = timedelta(days=3)
_LET_IN = (  # whoever did one of these may hold the account
    *("staff.added", "staff.changed", "staff.bound", "staff.code_given"),
    "console.link_given",
)
_TRAIL = AuditRow.__table__  # type: ignore[attr-defined]


def was_let_in(session: Session, second: str, first: str, now: datetime) -> bool:
    """Whether `first` has lately opened the account of `second`, or given a way into it."""
    query = select(_TRAIL.c.id).where(
        _TRAIL.c.subject == second,
        _TRAIL.c.actor == audit.actor_of(first),
        _TRAIL.c.act.in_(_LET_IN),
        _TRAIL.c.at > now - SINCE,
    )
    return session.execute(query.limit(1)).first() is not None
