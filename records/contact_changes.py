"""What may have changed in the provider's address book until it is read anew; greetings due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records import dialect
from records.types import UtcDateTime

GROUP, CUSTOMER, TAGS = "group", "customer", "tags"


class ContactChange(SQLModel, table=True):
    """One group, customer or the tags, of which only the provider knows how they are now."""

    __tablename__ = "contact_change"

    kind: str = Field(primary_key=True, max_length=10)
    id: str = Field(primary_key=True, max_length=80)
    rank: int = 0  # 0 = an event told so; 1 = a full reading
    marks: int = 1  # how often it was marked: a mark during a reading is not lost


class Greeting(SQLModel, table=True):
    """A new customer whom one message may greet by `code`, once and soon."""

    __tablename__ = "contact_greeting"

    code: str = Field(primary_key=True, max_length=256)
    state: str = Field(default="", max_length=120)  # the channel code they came by
    until: datetime = Field(sa_type=UtcDateTime)
    settled: str = Field(default="", max_length=12)  # "", greeted, late, refused


_CHANGES = ContactChange.__table__  # type: ignore[attr-defined]
_GREETINGS = Greeting.__table__  # type: ignore[attr-defined]


def mark(session: Session, kind: str, ids: Iterable[str], *, rank: int = 0) -> None:
    """These are to be read anew."""
    rows = [{"kind": kind, "id": one, "rank": rank, "marks": 1} for one in dict.fromkeys(ids)]
    if not rows:
        return
    statement = dialect.insert(session, _CHANGES)
    lower = _CHANGES.c.rank if rank else statement.excluded.rank
    again = {"marks": _CHANGES.c.marks + 1, "rank": lower}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["kind", "id"], set_=again), rows
    )


def marked(session: Session, limit: int) -> list[ContactChange]:
    """What is to be read anew: what events told of first."""
    query = select(ContactChange).order_by(_CHANGES.c.rank, _CHANGES.c.kind, _CHANGES.c.id)
    return list(session.execute(query.limit(limit)).scalars())


def settle(session: Session, change: ContactChange) -> None:
    """It was read, unless it was marked again meanwhile."""
    same = and_(
        _CHANGES.c.kind == change.kind,
        _CHANGES.c.id == change.id,
        _CHANGES.c.marks == change.marks,
    )
    session.execute(delete(_CHANGES).where(same))


def may_greet(session: Session, code: str, state: str, *, until: datetime) -> None:
    """An event brought a code; a repeat of the event changes nothing."""
    row = {"code": code, "state": state, "until": until, "settled": ""}
    statement = dialect.insert_or_ignore(session, _GREETINGS, ["code"])
    session.connection().execute(statement, [row])


def greetings(session: Session) -> Sequence[Greeting]:
    """Those not settled yet, the most urgent first."""
    query = select(Greeting).where(_GREETINGS.c.settled == "").order_by(_GREETINGS.c.until)
    return list(session.execute(query).scalars())


def greeted(session: Session, code: str, how: str) -> None:
    """The code is of no more use."""
    session.execute(update(_GREETINGS).where(_GREETINGS.c.code == code).values(settled=how))


def forget_greetings(session: Session, before: datetime) -> None:
    """Codes that ended before a moment; no event repeats them any more."""
    session.execute(delete(_GREETINGS).where(_GREETINGS.c.until < before))
