"""What is read for a talk about wishes: for most talks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import commands, hearing
from handlers.commands import Command
from handlers.texts import table
from handlers.wishes.clauses import heard
from records import account_links, stops, wishes
from records.database import Session
from records.wishes import Wish

FLOW = "wishes"
_READING = (Command.MINE, Command.EXPORT, Command.ALLOW)


@dataclass(frozen=True, slots=True)
class Wishing:
    """What holds for who writes, and whether they said stop."""

    wish: Wish = wishes.NONE
    is_stopped: bool = False


NONE = Wishing()


def asks(text: str) -> bool:
    """Whether somebody wants to see what holds."""
    return hearing.core(text) in table("words")["wishes"]["mine"]


def of_talk(
    session: Session, account: str, texts: Sequence[str], *, is_open: bool, now: datetime
) -> Wishing:
    """What holds, where it may be spoken of. `is_open`: it is looked at just now."""
    if not (is_open or any(_matters(text, now) for text in texts)):
        return NONE
    accounts = [account, *account_links.connected(session, account)]
    is_stopped = bool(stops.stopped(session, accounts, now))
    return Wishing(wishes.here(session, account, now), is_stopped)


def _matters(text: str, now: datetime) -> bool:
    said = hearing.clean(text)
    return asks(said) or commands.of(said) in _READING or heard(said, now) is not None
