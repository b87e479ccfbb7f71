"""What people wish of the messages that they did not ask for: which, how often, when, until when.

A row is one wish of an account or of a person. What an account's people and its linked accounts
wish holds together: the stricter wish counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlmodel import Field, Session, SQLModel

from records import account_links, people
from records.account_links import AccountLink
from records.campaigns import Campaign
from records.dialect import insert
from records.people import Person
from records.types import UtcDateTime

_TOPIC = "topic:"


class Topic(StrEnum):
    """What a message is about; the key of every message maps to one (outreach/wishes.py)."""

    POLICY = "policy"
    PROJECTS = "projects"
    TRAINING = "training"
    EVENTS = "events"
    JOBS = "jobs"
    STORIES = "stories"
    GREETINGS = "greetings"
    SURVEYS = "surveys"
    OWN = "own"  # of what they set going themselves: refused by 停 alone


REFUSABLE = tuple(topic for topic in Topic if topic is not Topic.OWN)


class Name(StrEnum):
    """The wishes of which somebody has one at a time; the others are named by their topic."""

    RATE = "rate"  # "1/3": so many in seven days, so many in thirty
    HOURS = "hours"  # "08:30-12:00,14:00-20:30"
    DAYS = "days"  # "12345": the days of the week that suit, Monday is 1
    PAUSE = "pause"  # nothing until a day


class WishRow(SQLModel, table=True):
    """One wish; `until` None is for good."""

    __tablename__ = "wish"

    who: str = Field(primary_key=True, max_length=200)  # an account or the id of a person
    name: str = Field(primary_key=True, max_length=24)
    value: str = Field(default="", max_length=120)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    said_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One wish by its name; `value` is as the row holds it."""

    name: str
    value: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """All that holds for somebody; None: nothing was said of it.

    `hours` are the spans of the day, `days` the days of the week (Monday is 1) that suit them;
    `wanted` is what it is made of, to be shown.
    """

    refused: frozenset[Topic] = frozenset()
    rate: tuple[int, int] | None = None
    hours: tuple[tuple[time, time], ...] | None = None
    days: frozenset[int] | None = None
    pause: datetime | None = None
    wanted: tuple[Wanted, ...] = ()


NONE = Wish()
_TABLE = WishRow.__table__  # type: ignore[attr-defined]
_CAMPAIGNS = Campaign.__table__  # type: ignore[attr-defined]
_PEOPLE, _LINKS = Person.__table__, AccountLink.__table__  # type: ignore[attr-defined]


def topic_name(topic: Topic) -> str:
    """The name of the wish to be sent nothing of a topic."""
    return f"{_TOPIC}{topic.value}"


def topic_of(name: str) -> Topic | None:
    """The topic that a wish refuses; None where it is another kind of wish."""
    return Topic(name.removeprefix(_TOPIC)) if name.startswith(_TOPIC) else None


def say(
    session: Session, account: str, wanted: Sequence[Wanted], dropped: Sequence[str], now: datetime
) -> None:
    """From now on these hold for who writes from an account, and those others no longer."""
    names = [*dropped, *(one.name for one in wanted)]
    gone = (_TABLE.c.who.in_(_names(session, account)), _TABLE.c.name.in_(names))
    session.execute(delete(_TABLE).where(*gone))
    for who in _own(session, account):
        _write(session, who, wanted, now)


def of(session: Session, circles: Mapping[str, Iterable[str]], now: datetime) -> dict[str, Wish]:
    """What holds for each, who is known by all these names."""
    names = sorted({name for circle in circles.values() for name in circle})
    holds = or_(_TABLE.c.until.is_(None), _TABLE.c.until > now)
    query = select(WishRow).where(_TABLE.c.who.in_(names), holds)
    found: dict[str, list[WishRow]] = {}
    for row in session.execute(query).scalars() if names else ():
        found.setdefault(row.who, []).append(row)
    return {
        key: together([row for name in dict.fromkeys(circle) for row in found.get(name, ())])
        for key, circle in circles.items()
    }


def here(session: Session, account: str, now: datetime) -> Wish:
    """What holds for who writes from an account."""
    return of(session, {account: _names(session, account)}, now)[account]


def together(rows: Sequence[WishRow]) -> Wish:
    """Several wishes as one: the stricter of each kind; where hours never meet, the last said."""
    wish = NONE
    for row in sorted(rows, key=lambda row: row.said_at):
        wish = _with(wish, Wanted(row.name, row.value, row.until))
    return wish


def both(one: Wanted, other: Wanted) -> Wanted:
    """Two wishes of a kind as one: the stricter, and hours and days that suit both."""
    return _with(_with(NONE, one), other).wanted[-1]


def refusing(topic: str, now: datetime | None = None) -> ColumnElement[bool]:
    """True for people who want nothing of a topic, on whatever account they said so.

    Without `now` what was said until a day counts as long as it is kept.
    """
    mine = and_(_TABLE.c.name == f"{_TOPIC}{topic}", _still(now))
    direct = [
        and_(column != "", exists().where(_TABLE.c.who == column, mine))
        for column in (_PEOPLE.c.id, _PEOPLE.c.account)
    ]
    linked = exists(
        select(_TABLE.c.who)
        .join(_LINKS, _LINKS.c.account == _TABLE.c.who)
        .where(_LINKS.c.person_id == _PEOPLE.c.id, mine)
    )
    return or_(*direct, linked)


def of_campaigns(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """What these campaigns are about, as their rows hold it."""
    query = select(_CAMPAIGNS.c.id, _CAMPAIGNS.c.topic).where(_CAMPAIGNS.c.id.in_(numbers))
    return {row[0]: row[1] for row in session.execute(query)} if numbers else {}


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records were one person's: the stricter of what either wishes holds."""
    both = _TABLE.c.who.in_([gone, kept])
    rows = list(session.execute(select(WishRow).where(both)).scalars())
    if not any(row.who == gone for row in rows):
        return
    whole, said_at = together(rows), max(row.said_at for row in rows)
    session.execute(delete(_TABLE).where(both))
    _write(session, kept, whole.wanted, said_at)


def erase(session: Session, who: str) -> None:
    """Nothing is known of what somebody wished who is forgotten."""
    session.execute(delete(_TABLE).where(_TABLE.c.who == who))


def prune(session: Session, now: datetime) -> int:
    """Drop what was wished until a day that is over; how many."""
    return int(session.connection().execute(delete(_TABLE).where(_TABLE.c.until <= now)).rowcount)


def spans(value: str) -> tuple[tuple[time, time], ...]:
    """The hours of a wish."""
    pairs = (one.split("-") for one in value.split(",") if one)
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in pairs)


def written(hours: Iterable[tuple[time, time]]) -> str:
    """Hours as a row holds them."""
    return ",".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in hours)


def meeting(
    one: Sequence[tuple[time, time]], other: Sequence[tuple[time, time]]
) -> tuple[tuple[time, time], ...]:
    """The hours that lie in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((begin, end) for begin, end in pairs if begin < end))


def _write(session: Session, who: str, wanted: Sequence[Wanted], at: datetime) -> None:
    rows = [
        {"who": who, "name": one.name, "value": one.value, "until": one.until, "said_at": at}
        for one in wanted
    ]
    if rows:
        session.connection().execute(insert(session, _TABLE), rows)


def _still(now: datetime | None) -> ColumnElement[bool]:
    return or_(_TABLE.c.until.is_(None), _TABLE.c.until > now) if now else _TABLE.c.who != ""


def _names(session: Session, account: str) -> list[str]:
    """All names by which who writes from an account is known."""
    accounts = [account, *account_links.connected(session, account)]
    ids = people.on_accounts(session, accounts)
    return [*accounts, *sorted(frozenset[str]().union(*ids.values()))]


def _own(session: Session, account: str) -> list[str]:
    """The account, and who alone is registered there: what they wish goes with them."""
    ids = people.on_accounts(session, [account])[account]
    return [account, *ids] if len(ids) == 1 else [account]


def _with(wish: Wish, more: Wanted) -> Wish:
    if more.name == Name.RATE:
        return _rated(wish, more)
    if more.name == Name.HOURS:
        return _timed(wish, more)
    if more.name == Name.DAYS:
        return _dayed(wish, more)
    if more.name == Name.PAUSE:
        latest = max(filter(None, (wish.pause, more.until)), default=None)
        return replace(_put(wish, replace(more, until=latest)), pause=latest)
    topic = Topic(more.name.removeprefix(_TOPIC))
    known = next((one for one in wish.wanted if one.name == more.name), more)
    if known.until is None or (more.until is not None and more.until < known.until):
        more = known  # it lasts longer
    return replace(_put(wish, more), refused=wish.refused | {topic})


def _rated(wish: Wish, more: Wanted) -> Wish:
    week, month = (int(number) for number in more.value.split("/"))
    if wish.rate is not None:
        week, month = min(week, wish.rate[0]), min(month, wish.rate[1])
    whole = replace(more, value=f"{week}/{month}")
    return replace(_put(wish, whole), rate=(week, month))


def _timed(wish: Wish, more: Wanted) -> Wish:
    hours = spans(more.value)
    if wish.hours is not None:
        hours = meeting(wish.hours, hours) or hours
    return replace(_put(wish, replace(more, value=written(hours))), hours=hours)


def _dayed(wish: Wish, more: Wanted) -> Wish:
    days = frozenset(int(day) for day in more.value)
    if wish.days is not None:
        days = (wish.days & days) or days
    value = "".join(str(day) for day in sorted(days))
    return replace(_put(wish, replace(more, value=value)), days=days)


def _put(wish: Wish, more: Wanted) -> Wish:
    return replace(wish, wanted=(*(w for w in wish.wanted if w.name != more.name), more))
