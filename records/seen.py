"""What somebody saw last: the options of our answers, and those that came unasked since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from records.database import Session
from records.merged import of_replies
from records.messages import Option, Priority
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault

CROSSING = timedelta(seconds=3)  # nobody reads and answers sooner: the two may have crossed
_LATELY = 12  # messages of a conversation that are looked at
_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that reached somebody: what it asked in answer to them, what it offered unasked.

    `answered` is None where nothing in it was an answer.
    """

    at: datetime
    answered: tuple[Option, ...] | None
    offered: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Options that came unasked, at a moment, since an answer of ours that had options, too."""

    options: tuple[Option, ...]
    at: datetime
    asked: tuple[Option, ...] = ()


def lately(
    session: Session, vault: Vault, conversations: Sequence[str]
) -> dict[str, tuple[Shown, ...]]:
    """What reached these conversations, the last first; what is held has not been seen."""
    if not conversations:
        return {}
    newest = (_TABLE.c.settled_at.desc(), _TABLE.c.id.desc())
    place = func.row_number().over(partition_by=_TABLE.c.conversation, order_by=newest)
    sent = select(_TABLE.c.id, place.label("place")).where(
        _TABLE.c.conversation.in_(conversations), _TABLE.c.state == OutboxState.SENT.value
    )
    last = sent.subquery()
    query = (
        select(_TABLE.c.conversation, _TABLE.c.settled_at, _TABLE.c.priority, _TABLE.c.payload)
        .join(last, last.c.id == _TABLE.c.id)
        .where(last.c.place <= _LATELY)
        .order_by(_TABLE.c.conversation, last.c.place)
    )
    found: dict[str, tuple[Shown, ...]] = {}
    for key, at, priority, payload in session.execute(query):
        found[key] = (*found.get(key, ()), _shown(at, priority, vault.open(payload)))
    return found


def offer_at(shown: Sequence[Shown], moment: datetime) -> Offer | None:
    """What was offered unasked since our last answer, as somebody saw it who wrote then."""
    offered: Shown | None = None
    for one in shown:
        if one.at > moment + CROSSING:
            continue
        offered = offered or (one if one.offered else None)
        if one.answered is not None:
            return Offer(offered.offered, offered.at, one.answered) if offered else None
    return Offer(offered.offered, offered.at) if offered else None


def _shown(at: datetime, priority: int, content: dict[str, Any]) -> Shown:
    replies = of_replies(content)
    if replies is not None:
        options = _options(content)
        answered = _options(replies)
        return Shown(at, answered, () if options == answered else options)
    if priority <= Priority.REPLY:
        return Shown(at, _options(content), ())
    return Shown(at, None, _options(content))


def _options(content: dict[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(label, value) for label, value in content["options"])
