"""How an answer of the staff gets to the person: at once, later, another way, or not."""

from __future__ import annotations

from datetime import datetime

from handlers.texts import table
from outreach.reach import Lines, Way, circles, ways
from records import conversations, send_budgets
from records.database import Session
from records.messages import Priority
from records.send_budgets import Reach

NO_WAY = Way("", Reach.NOT_AT_ALL)


def way_to(session: Session, conversation: str, lines: Lines, now: datetime) -> Way:
    """The account that an answer goes to: where the person asked, if it arrives there now."""
    if send_budgets.handed_to(session, conversation):
        return Way(conversation, Reach.WHEN_THEY_WRITE)  # on its way back from the servicer
    talk = conversations.load(session, [conversation]).get(conversation)
    if talk is not None and talk.is_group:
        return Way(conversation, Reach.NOT_AT_ALL if talk.unreachable else Reach.NOW)
    accounts = circles(session, [conversation])
    return ways(session, accounts, lines, now, priority=Priority.REPLY)[conversation]


def channel_of(way: Way) -> str:
    """The channel of a way, as people call it."""
    kind = way.account.partition(":")[0]
    return str(table("words")["channels"].get(kind, kind))
