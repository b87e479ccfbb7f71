"""Tags that staff put on people: words of the office's own, none about what is sensitive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from records import audit, tags
from records.database import Session
from registry.tag_rules import TagRefused as TagRefused
from registry.tag_rules import checked as checked


def put(session: Session, ids: Sequence[str], tag: str, *, by: str, now: datetime) -> None:
    """These people have the tag from now on; TagRefused."""
    tags.put(session, ids, checked(tag), by=by, at=now)
    audit.write_all(session, "person.tagged", ids, at=now, actor=f"staff:{by}"[:60])


def take(session: Session, ids: Sequence[str], tag: str, *, by: str, now: datetime) -> int:
    """They no longer have it; how many had it."""
    had = tags.take(session, ids, re.sub(r"\s+", "", tag))
    audit.write_all(session, "person.untagged", ids, at=now, actor=f"staff:{by}"[:60])
    return had
