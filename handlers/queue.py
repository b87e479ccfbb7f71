"""How many wait for a human before the writer: told while all ask at once (domain S0-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import commands
from handlers.commands import Command
from outreach.season import is_surge
from records import tickets
from records.database import Session


@dataclass(frozen=True, slots=True)
class Queue:
    """`ahead`: the talks of the same area that nobody has taken yet; 0 where nobody asked."""

    ahead: int = 0


NONE = Queue()


def of_talk(session: Session, texts: Sequence[str], area: str, now: datetime) -> Queue:
    """Who waits already, for who asks for a human in the weeks of the festival."""
    if not is_surge(now) or not any(commands.of(text) is Command.HUMAN for text in texts):
        return NONE
    return Queue(tickets.waiting_talks(session, area))
