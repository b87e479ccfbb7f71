"""What somebody saw last: the options of our answers, and those that came unasked since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from records.database import Session
from records.merged import of_replies
from records.messages import Option, Priority
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault, VaultError

CROSSING = timedelta(seconds=3)  # nobody reads and answers sooner: the two may have crossed
_LATELY = 60  # messages that are looked at: what waited for the morning is older than its arrival
_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
_LAST = (
    select(_TABLE.c.id, _TABLE.c.settled_at, _TABLE.c.priority)
    .where(
        _TABLE.c.conversation == bindparam("b_conversation"),
        _TABLE.c.state == OutboxState.SENT.value,
    )
    .order_by(_TABLE.c.id.desc())
    .limit(_LATELY)
)


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
    session: Session, vault: Vault, moments: Mapping[str, datetime]
) -> dict[str, tuple[Shown, ...]]:
    """What reached these conversations, the last first, down to the answer seen at the moment.

    What is held has not been seen.
    """
    return {key: _since_answer(session, vault, key, at) for key, at in moments.items()}


def _since_answer(
    session: Session, vault: Vault, conversation: str, moment: datetime
) -> tuple[Shown, ...]:
    shown: list[Shown] = []
    last = session.connection().execute(_LAST, {"b_conversation": conversation}).all()
    for row in sorted(last, key=lambda row: (row.settled_at, row.id), reverse=True):
        payload = session.execute(select(_TABLE.c.payload).where(_TABLE.c.id == row.id)).scalar()
        if payload is None:  # erased just now
            continue
        try:
            content = vault.open(payload)
        except VaultError:  # of a lost key: nothing is known of it
            continue
        shown.append(_shown(row.settled_at, row.priority, content))
        if shown[-1].answered is not None and row.settled_at <= moment + CROSSING:
            break
    return tuple(shown)


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


def numbered(session: Session, vault: Vault, conversation: str) -> Offer | None:
    """The options with numbers that somebody saw last, whatever was said since."""
    last = session.connection().execute(_LAST, {"b_conversation": conversation}).all()
    for row in sorted(last, key=lambda row: (row.settled_at, row.id), reverse=True):
        payload = session.execute(select(_TABLE.c.payload).where(_TABLE.c.id == row.id)).scalar()
        try:
            options = _options(vault.open(payload)) if payload is not None else ()
        except VaultError:  # of a lost key: nothing is known of it
            continue
        if any(option.label[:1].isdigit() for option in options):
            return Offer(options, row.settled_at)
    return None
