"""What only one process may do at a time: held by leases that end where nobody renews them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.store_clock import moment
from records.types import UtcDateTime


class Lease(SQLModel, table=True):
    """One thing to do, and who does it until when."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=40)
    owner: str = Field(max_length=40)
    until: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Held:
    """A lease of ours. `rested`: when it is new, for how long nobody had had it."""

    name: str
    rested: timedelta | None = None


NEVER = timedelta(days=36_500)  # nobody had it before
_NONE = timedelta(0)
_TABLE = Lease.__table__  # type: ignore[attr-defined]


def hold(
    session: Session,
    names: Sequence[str],
    owner: str,
    lasts: timedelta,
    now: datetime,
    is_dead: Callable[[str], bool] = lambda owner: False,
) -> list[Held]:
    """Renew what is `owner`'s of these, and take what is nobody's, or a provably dead owner's.

    Those who share a database go by its clock: theirs may differ.
    """
    now = _shared(session, now)
    before = _held(session, names)
    for other in {row.owner for row in before.values() if row.until > now} - {owner, ""}:
        if is_dead(other):
            _end(session, other, now)
    statement = insert(session, _TABLE)
    new = statement.excluded
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": new.owner, "until": new.until},
            where=or_(_TABLE.c.owner == owner, _TABLE.c.until <= now),
        ),
        [{"name": name, "owner": owner, "until": now + lasts} for name in sorted(names)],
    )
    ours = [name for name, row in _held(session, names).items() if row.owner == owner]
    return [Held(name, _rested(before.get(name), owner, now)) for name in ours]


def let_go(session: Session, owner: str, now: datetime) -> None:
    """Another may have at once what was `owner`'s."""
    _end(session, owner, _shared(session, now))


def _end(session: Session, owner: str, now: datetime) -> None:
    theirs = (_TABLE.c.owner == owner, _TABLE.c.until > now)
    in_order = select(_TABLE.c.name).where(*theirs).order_by(_TABLE.c.name)
    session.execute(in_order.with_for_update())  # as whoever renews or takes them
    session.connection().execute(update(_TABLE).where(*theirs).values(owner="", until=now))


def _held(session: Session, names: Sequence[str]) -> dict[str, Lease]:
    found = session.execute(select(_TABLE).where(_TABLE.c.name.in_(names)))
    return {row.name: Lease(name=row.name, owner=row.owner, until=row.until) for row in found}


def _rested(before: Lease | None, owner: str, now: datetime) -> timedelta | None:
    if before is None:
        return NEVER
    return None if before.owner == owner and before.until > now else max(now - before.until, _NONE)


def _shared(session: Session, now: datetime) -> datetime:
    if session.connection().dialect.name == "sqlite":
        return now
    return moment(session)
