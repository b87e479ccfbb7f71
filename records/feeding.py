"""Campaigns on their way into the outbox: a portion at a time, in the order of their due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlmodel import Session

from records.campaigns import (
    Campaign,
    CampaignCursor,
    CampaignRecipient,
    CampaignState,
    RecipientState,
)
from records.dialect import insert_of
from records.messages import Priority
from records.outbox import Claimed, OutboxRow, OutboxState
from records.types import UtcDateTime
from records.waits import OF_THE_GATE

PREFIX = "camp/"  # begins the key of every message of a campaign
HELD_IN_VAIN = "never_wrote_again"  # as the failure of what waited half a year for a word
STOPPED = "campaign"  # as the failure of what is stopped with its campaign

_NOT_OVER = (
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.HELD,
    OutboxState.PAUSED,
)
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_RECIPIENTS = CampaignRecipient.__table__  # type: ignore[attr-defined]
_CURSORS = CampaignCursor.__table__  # type: ignore[attr-defined]
_OUTBOX = OutboxRow.__table__  # type: ignore[attr-defined]
_BEFORE_ALL = (datetime.min.replace(tzinfo=UTC), "")  # the place in the order of turns


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign under way, and what its share of a channel is measured by."""

    id: int
    weight: int


def key_of(campaign: int, person_id: str) -> str:
    """The outbox key of a recipient."""
    return f"{PREFIX}{campaign}/{person_id}"


def whose(key: str) -> tuple[int, str] | None:
    """The campaign and the person of an outbox key, None where it is no campaign's."""
    if not key.startswith(PREFIX):
        return None
    campaign, _, person_id = key.removeprefix(PREFIX).partition("/")
    return int(campaign), person_id


def running(session: Session) -> list[Running]:
    """The campaigns under way, kept from being paused or stopped until this transaction ends."""
    query = (
        select(_CAMPAIGNS.c.id, _CAMPAIGNS.c.weight)
        .where(_CAMPAIGNS.c.state == CampaignState.RUNNING.value)
        .order_by(_CAMPAIGNS.c.id)
        .with_for_update()
    )
    return [Running(*row) for row in session.execute(query)]


def over_lately(session: Session, now: datetime) -> list[int]:
    """The campaigns that ended within the last day: what was under way then has ended as well."""
    query = select(_CAMPAIGNS.c.id).where(_CAMPAIGNS.c.finished_at > now - timedelta(days=1))
    return list(session.execute(query.order_by(_CAMPAIGNS.c.id)).scalars())


def waiting(session: Session, channel: str, now: datetime) -> int:
    """How many pushes of a channel could leave now."""
    query = select(func.count()).where(
        _OUTBOX.c.channel == channel,
        _OUTBOX.c.state == OutboxState.QUEUED.value,
        _OUTBOX.c.priority == Priority.BULK.value,
        _OUTBOX.c.due <= now,
    )
    return int(session.execute(query).scalar_one())


def first_due(session: Session, campaign: int) -> datetime | None:
    """When the first of those planned is due; None where nobody is planned."""
    query = select(func.min(_RECIPIENTS.c.due)).where(_planned(campaign))
    at: datetime | None = session.execute(query).scalar_one()
    return at


def is_through(session: Session, campaign: int) -> bool:
    """Whether everybody was fed, and nothing of it waits in the outbox."""
    channels = select(_RECIPIENTS.c.channel).where(_planned(campaign)).distinct()
    for channel in list(session.execute(channels).scalars()):
        ahead = _behind_cursor(session, campaign, channel)
        if session.execute(_any_left(), ahead).first() is not None:
            return False
    waits = (text(f"state = '{state.value}'") for state in _NOT_OVER)
    left = (select(_OUTBOX.c.id).where(_mine(campaign), one).limit(1) for one in waits)
    return all(session.execute(query).first() is None for query in left)


def feed(session: Session, campaign: int, channel: str, most: int, now: datetime) -> int:
    """Queue the next recipients whose turn it is on a channel; how many there were."""
    ahead = _behind_cursor(session, campaign, channel)
    last = _last(session, {**ahead, "now": now}, most)
    if last is None:
        return 0
    due, person_id = last
    head = {"key": f"{PREFIX}{campaign}/", "chat_from": len(channel) + 2}
    portion = {**ahead, **head, "until_due": due, "until": person_id}
    queueing = _queueing(session.connection().dialect.name)
    number = session.connection().execute(queueing, portion).rowcount
    _move(session, campaign, channel, due, person_id)
    return number


def _planned(campaign: Any) -> ColumnElement[bool]:
    # The state is spelled out: the index of those planned is used.
    is_so = text(f"campaign_recipient.state = '{RecipientState.PLANNED.value}'")
    return and_(_RECIPIENTS.c.campaign_id == campaign, is_so)


def _mine(campaign: int) -> ColumnElement[bool]:
    begins: ColumnElement[bool] = _OUTBOX.c.dedupe_key.startswith(
        f"{PREFIX}{campaign}/", autoescape=True
    )
    return begins


def _behind_cursor(session: Session, campaign: int, channel: str) -> dict[str, Any]:
    """What the statements below are filled with: those planned on a channel behind its cursor."""
    whose = {"campaign": campaign, "channel": channel}
    due, last = session.connection().execute(_cursor(), whose).one_or_none() or _BEFORE_ALL
    return {**whose, "after_due": due, "after": last}


# These are built once: to build one each time would cost more than half of what it does.


@cache
def _cursor() -> Select[Any]:
    c = _CURSORS.c
    mine = (c.campaign_id == bindparam("campaign"), c.channel == bindparam("channel"))
    return select(c.due, c.last).where(*mine)


@cache
def _waits() -> ColumnElement[bool]:
    mine = and_(_planned(bindparam("campaign")), _RECIPIENTS.c.channel == bindparam("channel"))
    return and_(mine, _turn() > _place("after"))


def _turn() -> Any:
    """Compared as one: an index serves it."""
    return tuple_(_RECIPIENTS.c.due, _RECIPIENTS.c.person_id)


def _place(name: str) -> Any:
    return tuple_(bindparam(f"{name}_due", type_=UtcDateTime), bindparam(name, type_=String))


@cache
def _any_left() -> Select[Any]:
    return select(_RECIPIENTS.c.person_id).where(_waits()).limit(1)


@cache
def _places() -> Select[Any]:
    r = _RECIPIENTS.c
    is_due = r.due <= bindparam("now", type_=UtcDateTime)
    return select(r.due, r.person_id).where(_waits(), is_due)


@cache
def _full() -> Select[Any]:
    """The last of a portion that is full."""
    r = _RECIPIENTS.c
    return _places().order_by(r.due, r.person_id).offset(bindparam("others")).limit(1)


@cache
def _rest() -> Select[Any]:
    """The last of all whose turn it is."""
    r = _RECIPIENTS.c
    return _places().order_by(r.due.desc(), r.person_id.desc()).limit(1)


def _last(session: Session, filling: Mapping[str, Any], most: int) -> tuple[datetime, str] | None:
    """The last of the next portion; None where nobody's turn has come."""
    connection = session.connection()
    found = connection.execute(_full(), {**filling, "others": most - 1}).one_or_none()
    found = found or connection.execute(_rest(), filling).one_or_none()
    return (found.due, found.person_id) if found else None


@cache
def _queueing(dialect: str) -> Any:
    """A portion put into the outbox; who is in it stays as they are."""
    rows = _portion().where(_waits(), _turn() <= _place("until"))
    into = insert_of(dialect, _OUTBOX).from_select([c.name for c in rows.selected_columns], rows)
    return into.on_conflict_do_nothing()


def _portion() -> Select[Any]:
    r = _RECIPIENTS.c
    return select(
        r.channel.label("channel"),
        func.substr(r.account, bindparam("chat_from", type_=Integer)).label("chat"),
        r.account.label("conversation"),
        (bindparam("key", type_=String) + r.person_id).label("dedupe_key"),
        literal(b"", LargeBinary).label("payload"),
        literal(Priority.BULK.value).label("priority"),
        literal(OutboxState.QUEUED.value).label("state"),
        r.due.label("due"),
        literal(0).label("attempts"),
        literal("").label("claimed_by"),
        literal("").label("failure"),
        literal("").label("outer_id"),
        r.due.label("created_at"),
        literal(0).label("counted"),
    )


def _move(session: Session, campaign: int, channel: str, due: datetime, person_id: str) -> None:
    place = {"campaign_id": campaign, "channel": channel, "due": due, "last": person_id}
    session.connection().execute(_moving(session.connection().dialect.name), place)


@cache
def _moving(dialect: str) -> Any:
    statement = insert_of(dialect, _CURSORS)
    new = {name: statement.excluded[name] for name in ("due", "last")}
    return statement.on_conflict_do_update(index_elements=["campaign_id", "channel"], set_=new)


def under_way(session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """The claimed messages without those whose campaign is paused or over: these are put aside."""
    mine = {row.id: found[0] for row in rows if (found := whose(row.dedupe_key))}
    if not mine:
        return list(rows)
    # One whose end came while nobody looked is over, though its row does not say so yet.
    is_late = (_CAMPAIGNS.c.state == CampaignState.RUNNING.value) & (_CAMPAIGNS.c.ends_at <= now)
    state_now = case((is_late, CampaignState.STOPPED.value), else_=_CAMPAIGNS.c.state)
    query = select(_CAMPAIGNS.c.id, state_now).where(_CAMPAIGNS.c.id.in_(set(mine.values())))
    states = {row[0]: row[1] for row in session.execute(query)}
    for row_id, campaign in mine.items():
        state = states.get(campaign, CampaignState.STOPPED.value)
        if state != CampaignState.RUNNING.value:
            _put_aside(session, row_id, CampaignState(state), now)
    running = {one for one, state in states.items() if state == CampaignState.RUNNING.value}
    return [row for row in rows if row.id not in mine or mine[row.id] in running]


def _put_aside(session: Session, row_id: int, state: CampaignState, now: datetime) -> None:
    over = {"state": OutboxState.STOPPED.value, "failure": STOPPED, "settled_at": now}
    waits = {"state": OutboxState.PAUSED.value}
    values = waits if state is CampaignState.PAUSED else over
    session.execute(update(_OUTBOX).where(_OUTBOX.c.id == row_id).values(claimed_by="", **values))


def pause(session: Session, campaign: int) -> None:
    """What waits of it in the outbox leaves nowhere until it is resumed."""
    _change(session, campaign, OutboxState.QUEUED, {"state": OutboxState.PAUSED.value})


def resume(session: Session, campaign: int) -> None:
    """What was put by may leave again."""
    _change(session, campaign, OutboxState.PAUSED, {"state": OutboxState.QUEUED.value})


def give_up(session: Session, before: datetime, now: datetime) -> None:
    """What was held in vain since before then stops: the outbox does not keep it any longer."""
    values = {"state": OutboxState.STOPPED.value, "failure": HELD_IN_VAIN, "settled_at": now}
    is_held = text(f"state = '{OutboxState.HELD.value}'")
    is_of_one = _OUTBOX.c.dedupe_key.startswith(PREFIX, autoescape=True)
    old = (is_held, is_of_one, _OUTBOX.c.created_at < before)
    session.execute(update(_OUTBOX).where(*old).values(**values))


def unkept(session: Session) -> list[int]:
    """The campaigns of which the ledger does not have every end itself."""
    is_so = text(f"campaign_recipient.state = '{RecipientState.PLANNED.value}'")
    any_left = exists().where(_RECIPIENTS.c.campaign_id == _CAMPAIGNS.c.id, is_so)
    return list(session.execute(select(_CAMPAIGNS.c.id).where(any_left)).scalars())


def stop(session: Session, campaign: int, now: datetime, *, keeps_why: bool = False) -> None:
    """What waits of it, in whatever way, is not sent any more.

    `keeps_why`: what the gate put aside keeps the reason for which it had not left.
    """
    failure: object = STOPPED
    if keeps_why:
        was = _OUTBOX.c.failure
        failure = case((was.in_(OF_THE_GATE), was), else_=STOPPED)
    values = {"state": OutboxState.STOPPED.value, "failure": failure, "settled_at": now}
    for waits in (OutboxState.QUEUED, OutboxState.PAUSED, OutboxState.HELD):
        _change(session, campaign, waits, values)


def _change(
    session: Session, campaign: int, state: OutboxState, values: Mapping[str, Any]
) -> None:
    is_so = text(f"state = '{state.value}'")  # spelled out: the index of what waits is used
    session.execute(update(_OUTBOX).where(_mine(campaign), is_so).values(**values))
