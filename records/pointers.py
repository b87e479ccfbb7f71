"""Where else to look or to ask: associations, banks, channels of publicity; checked by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, select, update
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.scope import stem
from records.types import BigId, UtcDateTime

HOLDS = timedelta(days=180)  # after a check; then people are not sent there any more


class PointerKind(StrEnum):
    """What it is; the value is what it is called. The last of each row is for staff only."""

    COLUMN = "专栏"  # of an app or a page
    ACCOUNT = "公众号"
    VIDEO = "视频"
    LIVE = "直播"
    CARTOON = "动画"
    OPERA = "戏曲"
    AUDIO = "音频"
    TELEVISION = "电视"
    PAPER = "报纸"
    CHAMBER = "商会"
    ASSOCIATION = "协会"
    SCHOOL = "高校"
    BANK = "银行"


PUBLICITY = tuple(PointerKind)[:9]  # what people are told of
PARTNERS = tuple(PointerKind)[9:]  # whom staff turn to


class PointerRow(SQLModel, table=True):
    """One of them; who is to be asked there is an office, never a private person."""

    __tablename__ = "pointer"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=4)
    name: str = Field(max_length=40)
    area: str = Field(max_length=12, index=True)  # whose people it is for
    city: str = Field(default="", max_length=20)  # "": at home
    link: str = Field(default="", max_length=300)
    way: str = Field(default="", max_length=60)  # how to get there without a link
    phone: str = Field(default="", max_length=20)  # the office's
    checked_on: date
    by: str = Field(max_length=40)
    is_off: bool = False
    updated_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Pointer:
    """One of them as it is told to us, and as it is read."""

    kind: PointerKind
    name: str
    area: str
    city: str = ""
    link: str = ""
    way: str = ""
    phone: str = ""
    checked_on: date = date.min
    number: int = 0

    def is_stale(self, today: date) -> bool:
        """Whether nobody has looked for too long whether it still holds."""
        return today - self.checked_on > HOLDS


_TABLE = PointerRow.__table__  # type: ignore[attr-defined]
_NAMES = ("name", "area", "city", "link", "way", "phone", "checked_on")


def put(session: Session, told: Pointer, *, by: str, at: datetime) -> int:
    """Store it; the one of this kind, name and area is brought up to date. Its number."""
    values = {name: getattr(told, name) for name in _NAMES}
    same = (_TABLE.c.kind == told.kind.value) & (_TABLE.c.name == told.name)
    query = select(PointerRow).where(same, _TABLE.c.area == told.area)
    row = session.execute(query).scalar()
    row = row or PointerRow(kind=told.kind.value, by=by[:40], updated_at=at, **values)
    for name, value in values.items():
        setattr(row, name, value)
    row.is_off, row.by, row.updated_at = False, by[:40], at
    session.add(row)
    session.flush()
    _note(session, "pointer.put", row.id or 0, by, at)
    return row.id or 0


def check(session: Session, number: int, today: date, *, by: str, at: datetime) -> None:
    """Somebody looked, and it still holds."""
    _change(session, number, checked_on=today, by=by[:40], updated_at=at)
    _note(session, "pointer.checked", number, by, at)


def drop(session: Session, number: int, *, by: str, at: datetime, back: bool = False) -> None:
    """It is not shown any more; or is again."""
    _change(session, number, is_off=not back, updated_at=at)
    _note(session, "pointer.back" if back else "pointer.dropped", number, by, at)


def of_area(session: Session, area: str, kinds: Sequence[PointerKind]) -> list[Pointer]:
    """Those of an area and of all within it, by kind and name."""
    mine = _TABLE.c.area.startswith(stem(area), autoescape=True)
    return _read(session, kinds, mine)


def for_home(session: Session, home: str, kinds: Sequence[PointerKind]) -> list[Pointer]:
    """Those for the people of a county: its own, its city's and its province's."""
    above = {home, f"{home[:4]}00", f"{home[:2]}0000"}
    return _read(session, kinds, _TABLE.c.area.in_(above))


def find(session: Session, number: int) -> Pointer | None:
    """One of them, dropped or not."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == number)).first()
    return _pointer(row) if row else None


def _read(session: Session, kinds: Sequence[PointerKind], mine: Any) -> list[Pointer]:
    query = select(_TABLE).where(mine, _TABLE.c.is_off.is_(False))
    query = query.where(_TABLE.c.kind.in_([kind.value for kind in kinds]))
    rows = session.execute(query.order_by(_TABLE.c.kind, _TABLE.c.name, _TABLE.c.id))
    return [_pointer(row) for row in rows]


def _pointer(row: Any) -> Pointer:
    values = {name: getattr(row, name) for name in _NAMES}
    return Pointer(PointerKind(row.kind), number=row.id, **values)


def _change(session: Session, number: int, **values: Any) -> None:
    session.execute(update(_TABLE).where(_TABLE.c.id == number).values(values))


def _note(session: Session, act: str, number: int, by: str, at: datetime) -> None:
    subject = f"pointer:{number}"
    audit.write(session, act, at=at, actor=f"staff:{by}"[:60], subject=subject)
