"""What may still be sent to a chat whose provider counts: so many within so long of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.messages import Priority
from records.types import UtcDateTime


class SendBudget(SQLModel, table=True):
    """One chat: since when it is open, how much of it is used, and what closed it."""

    __tablename__ = "send_budget"

    conversation: str = Field(primary_key=True, max_length=200)
    opened_at: datetime = Field(sa_type=UtcDateTime)  # the person's last message
    used: int = 0
    closed: str = Field(default="", max_length=20)  # a Closing; "" = open
    servicer: str = Field(default="", max_length=80)  # who of the staff has the talk
    code: str = Field(default="", max_length=256)  # lets one message through, until `code_until`
    code_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Closing(StrEnum):
    """Why nothing may be sent although the person wrote not long ago."""

    MOVING = "moving"  # being handed over; what a crash leaves so is tried again
    HANDED_OVER = "handed_over"  # staff have the talk
    ENDED = "ended"
    REFUSED = "refused"  # the person wants no messages here


class Hold(StrEnum):
    """Why a message waits until the person writes."""

    NEVER_WROTE = "never_wrote"
    EXPIRED = "expired"
    USED_UP = "used_up"
    CLOSED = "closed"


class Reach(StrEnum):
    """How somebody can be reached by us, unasked."""

    NOW = "now"
    WHEN_THEY_WRITE = "when_they_write"
    OTHER_CHANNEL = "other_channel"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class Allowance:
    """`messages` within `lasts` of the person's last one; of them `reserve` only for replies."""

    messages: int
    lasts: timedelta
    reserve: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chat's budget stands."""

    opened_at: datetime
    used: int
    closed: str
    code_until: datetime | None = None

    def hold(
        self, allowance: Allowance, priority: int, now: datetime, wanted: int = 1
    ) -> Hold | None:
        """Why so many messages of this priority must wait; None where all of them may go.

        `wanted` 0: its share is taken, and it only matters whether the chat is open.
        """
        if self.has_code(priority, now) and wanted <= 1:
            return None
        if self.closed:
            return Hold.CLOSED
        if now - self.opened_at >= allowance.lasts:
            return Hold.EXPIRED
        return None if wanted <= self.left(allowance, priority) else Hold.USED_UP

    def has_code(self, priority: int, now: datetime) -> bool:
        """Whether a code lets a message through: one that the person waits for."""
        is_fresh = self.code_until is not None and now < self.code_until
        return is_fresh and priority <= Priority.REPLY

    def left(self, allowance: Allowance, priority: int) -> int:
        """How many messages of this priority may still go."""
        reserve = 0 if priority <= Priority.REPLY else allowance.reserve
        return allowance.messages - reserve - self.used


_TABLE = SendBudget.__table__  # type: ignore[attr-defined]
_NEW = {"closed": "", "servicer": "", "code": "", "code_until": None}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OF_STAFF = (Closing.MOVING.value, Closing.HANDED_OVER.value)  # stay so whoever writes


def standings(session: Session, conversations: Sequence[str]) -> dict[str, Standing]:
    """The budgets of those that ever wrote; kept as they are until this transaction ends."""
    query = (
        select(_TABLE.c.conversation, *(_TABLE.c[field.name] for field in fields(Standing)))
        .where(_TABLE.c.conversation.in_(conversations))
        .order_by(_TABLE.c.conversation)
        .with_for_update()
    )
    return {row[0]: Standing(*row[1:]) for row in session.connection().execute(query)}


def reopen(session: Session, heard: Mapping[str, datetime], used: Mapping[str, int]) -> list[str]:
    """The person wrote at this moment: the count begins anew. The conversations that are open now.

    `used` is what was sent since, or may still arrive: there the new count begins. An older
    message than the last changes nothing; a talk that staff have stays theirs.
    """
    statement = insert(session, _TABLE)
    new = statement.excluded
    stays = _TABLE.c.closed.in_(_OF_STAFF)
    statement = statement.on_conflict_do_update(
        index_elements=["conversation"],
        set_={"opened_at": new.opened_at, "used": new.used},
        where=_TABLE.c.opened_at < new.opened_at,
    )
    rows = [
        {"conversation": key, "opened_at": at, "used": used.get(key, 0), **_NEW}
        for key, at in sorted(heard.items())
    ]
    if not rows:
        return []
    session.connection().execute(statement, rows)
    ours = _TABLE.c.conversation.in_(list(heard))
    # A code that was not used is of the state which has just ended.
    session.execute(update(_TABLE).where(ours, ~stays).values(closed="", code="", code_until=None))
    return list(session.execute(select(_TABLE.c.conversation).where(ours, ~stays)).scalars())


def let_through(session: Session, conversation: str, code: str, *, until: datetime) -> None:
    """The provider gave a code by which one message passes, whatever the count says."""
    statement = insert(session, _TABLE)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["conversation"],
        set_={"code": new.code, "code_until": new.code_until},
    )
    # Who never wrote has nothing to spend but the code.
    row = {"conversation": conversation, "opened_at": _LONG_AGO, "used": 0, **_NEW}
    session.connection().execute(statement, [{**row, "code": code, "code_until": until}])


def has_code(session: Session, conversation: str, now: datetime) -> bool:
    """Whether a code lets the next message through."""
    query = select(_TABLE.c.code_until).where(_TABLE.c.conversation == conversation)
    until = session.execute(query).scalar()
    return until is not None and now < until


def spend_code(session: Session, conversation: str, now: datetime) -> str:
    """The code that lets the next message through, taken; "" if there is none that still does."""
    row = session.get(SendBudget, conversation, with_for_update=True)
    if row is None or not row.code:
        return ""
    code = row.code if row.code_until and now < row.code_until else ""
    row.code, row.code_until = "", None
    session.flush()
    return code


def closings(session: Session, channel: str) -> dict[str, Closing]:
    """The conversations of a channel that are closed, and why."""
    query = select(_TABLE.c.conversation, _TABLE.c.closed).where(
        _TABLE.c.conversation.startswith(f"{channel}:"), _TABLE.c.closed != ""
    )
    return {key: Closing(closed) for key, closed in session.execute(query)}


def handed_to(session: Session, conversation: str) -> str:
    """Who has the talk on the provider's own side; "?" where that is not known, "" if nobody."""
    row = session.get(SendBudget, conversation)
    if row is None or row.closed not in _OF_STAFF:
        return ""
    return row.servicer or "?"


def take(session: Session, conversation: str, messages: int) -> None:
    """So many messages of the budget are used now."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == conversation)
        .values(used=_TABLE.c.used + messages)
    )


def use_up(session: Session, conversation: str, allowance: Allowance) -> None:
    """The provider says that nothing is left."""
    session.execute(
        update(_TABLE).where(_TABLE.c.conversation == conversation).values(used=allowance.messages)
    )


def close(session: Session, conversation: str, why: Closing, *, servicer: str = "") -> None:
    """Nothing may be sent from now on; held until the chat is open again."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == conversation)
        .values(closed=why.value, servicer=servicer)
    )


def stay(session: Session, conversation: str) -> None:
    """The talk could not be handed over: it is ours as before."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == conversation, _TABLE.c.closed == Closing.MOVING.value)
        .values(closed="", servicer="")
    )


def hand_back(session: Session, conversation: str) -> None:
    """Staff are done with the talk; whether anything may be sent, the count says."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == conversation, _TABLE.c.closed == Closing.HANDED_OVER.value)
        .values(closed="", servicer="")
    )


def heard_at(session: Session, conversations: Sequence[str]) -> dict[str, datetime]:
    """When the people of these conversations last wrote."""
    query = select(_TABLE.c.conversation, _TABLE.c.opened_at).where(
        _TABLE.c.conversation.in_(conversations)
    )
    return {row.conversation: row.opened_at for row in session.execute(query)}


def erase(session: Session, conversation: str) -> None:
    """Nothing is kept of a chat that is forgotten."""
    session.execute(delete(_TABLE).where(_TABLE.c.conversation == conversation))


def reach(
    session: Session,
    conversations: Sequence[str],
    allowance: Allowance,
    now: datetime,
    *,
    priority: Priority = Priority.BULK,
) -> dict[str, Reach]:
    """Which of these chats may be written to now (unasked), and which only when they write."""
    found = standings(session, conversations)
    return {key: _reach(found.get(key), allowance, priority, now) for key in conversations}


def _reach(
    standing: Standing | None, allowance: Allowance, priority: Priority, now: datetime
) -> Reach:
    if standing is not None and standing.closed == Closing.REFUSED.value:
        return Reach.NOT_AT_ALL
    if standing is None or standing.hold(allowance, priority, now):
        return Reach.WHEN_THEY_WRITE
    return Reach.NOW
