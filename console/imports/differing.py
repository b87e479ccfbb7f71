"""Differences between lists and the register, of people in reach: shown, decided one or many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from console.look import masked_name, masked_phone
from console.work import Task, WorkRefusal
from records import audit, imports, listed_people, rights, staff_accounts
from records.imports import WHO, Difference, DifferenceState, ImportDifference
from records.people import NICKNAME, PHONE, Person
from records.staff_accounts import Staff
from records.vault import Vault
from registry import differences
from registry.differences import DecisionRefused

DECIDE = "differences"
TAKE, KEEP = "take", "keep"
PAGE = 30
MOST = 1_000  # are counted: what is more is «1000+»
_TOGETHER = 20  # decided in one transaction
_TABLE = ImportDifference.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference in words; phones are masked."""

    number: int
    person_id: str
    name: str  # masked; "" where the difference is about who it is
    heading: str
    old: str
    new: str
    run_id: int
    line: int
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Which:
    """Which differences: of a field, of an import; "" and 0 for any."""

    field: str | None = None
    run_id: int = 0


def counted(session: Session, staff: Staff, now: datetime) -> list[tuple[str, str, int]]:
    """The fields that differ, each with its heading and how many are open, MOST at most."""
    is_open = _TABLE.c.state == DifferenceState.OPEN.value
    fields = session.execute(select(_TABLE.c.field).where(is_open).distinct()).scalars()
    found = [(one, _some(session, staff, Which(one), now)) for one in sorted(fields)]
    return [(name, differences.called(name), count) for name, count in found if count]


def total(session: Session, staff: Staff, now: datetime) -> int:
    """How many wait for this one's word, MOST at most."""
    return _some(session, staff, Which(), now)


def _some(session: Session, staff: Staff, which: Which, now: datetime) -> int:
    ids = _query(session, staff, which, now).limit(MOST).subquery()
    return int(session.execute(select(func.count()).select_from(ids)).scalar_one())


def page(
    session: Session, vault: Vault, staff: Staff, which: Which, after: int, now: datetime
) -> list[Shown]:
    """Some of them, the oldest first; that they were read is in the trail (`note_read`)."""
    ids = _ids(session, staff, which, after, now, PAGE)
    found = (imports.difference(session, vault, number) for number in ids)
    return [_shown(session, vault, one) for one in found if one is not None]


def note_read(session: Session, shown: Sequence[Shown], by: str, at: datetime) -> None:
    """Names stand in differences: who read whose is kept."""
    ids = list(dict.fromkeys(one.person_id for one in shown))
    audit.write_all(session, "difference.read", ids, at=at, actor=f"staff:{by}")


def decide(
    session: Session, vault: Vault, staff: Staff, number: int, word: str, now: datetime
) -> None:
    """One of them. DecisionRefused where it is not theirs, or was decided before."""
    mine = _query(session, staff, Which(), now).where(_TABLE.c.id == number)
    if session.execute(mine).first() is None:
        raise DecisionRefused("这一条已经定过了，或者不归您定")
    act = differences.take if word == TAKE else differences.keep
    act(session, vault, number, by=staff.name, at=now)


async def decide_all(task: Task) -> Mapping[str, Any]:
    """All of a kind that were there when it was asked for, some at a time."""
    staff = await task.read(staff_accounts.active, task.row.by)
    if staff is None or not rights.may(staff, rights.Right.IMPORT):
        raise WorkRefusal("您没有处理名单的权限。")
    asked = task.asked
    which = Which(asked["field"], int(asked["run"]))
    after, decided, left = 0, 0, 0
    while True:
        now = task.means.now()
        ids = await task.read(_ids, staff, which, after, now, _TOGETHER)
        ids = [number for number in ids if number <= int(asked["upto"])]
        if not ids:
            return {"decided": decided, "left": left}
        done = await task.write(_decide_some, task.means.vault, staff, ids, asked["word"], now)
        decided, left, after = decided + done, left + len(ids) - done, ids[-1]
        await task.tell(decided + left, int(asked["rows"]))


def _decide_some(
    session: Session, vault: Vault, staff: Staff, ids: Sequence[int], word: str, now: datetime
) -> int:
    done = 0
    for number in ids:
        try:
            decide(session, vault, staff, number, word, now)
            done += 1
        except DecisionRefused:
            continue  # somebody was faster, or the person has left
    return done


def newest(session: Session, staff: Staff, which: Which, now: datetime) -> tuple[int, int]:
    """The last of them, and how many they are."""
    query = (
        select(func.max(_TABLE.c.id), func.count())
        .join(_PEOPLE, _PEOPLE.c.id == _TABLE.c.person_id)
        .where(_open(session, staff, which, now))
    )
    last, count = session.execute(query).one()
    return int(last or 0), int(count)


def _ids(
    session: Session, staff: Staff, which: Which, after: int, now: datetime, most: int
) -> list[int]:
    query = _query(session, staff, which, now).where(_TABLE.c.id > after)
    return list(session.execute(query.order_by(_TABLE.c.id).limit(most)).scalars())


def _query(session: Session, staff: Staff, which: Which, now: datetime) -> Any:
    joined = select(_TABLE.c.id).join(_PEOPLE, _PEOPLE.c.id == _TABLE.c.person_id)
    return joined.where(_open(session, staff, which, now))


def _open(session: Session, staff: Staff, which: Which, now: datetime) -> ColumnElement[bool]:
    where = and_(_TABLE.c.state == DifferenceState.OPEN.value, rights.reach(session, staff, now))
    if which.field is not None:
        where = and_(where, _TABLE.c.field == which.field)
    if which.run_id:
        where = and_(where, _TABLE.c.run_id == which.run_id)
    return where


def _shown(session: Session, vault: Vault, one: Difference) -> Shown:
    old, new = _side(one.field, one.old), _side(one.field, one.new)
    heading = differences.called(one.field)
    name = "" if one.field == WHO else _called(session, vault, one.person_id)
    return Shown(
        *(one.id, one.person_id, name, heading, old, new), one.run_id, one.line, one.found_at
    )


def _called(session: Session, vault: Vault, person_id: str) -> str:
    entry = listed_people.one(session, vault, person_id)
    return masked_name(str(entry.texts.get(NICKNAME) or "")) if entry else ""


def _side(field: str, value: Any) -> str:
    """What one of the two says; of who somebody is, the ends of the phone tell them apart."""
    said = differences.said(field, value)
    if field == PHONE:
        return masked_phone(said)
    if field == WHO and isinstance(value, Mapping):
        phone = str(value["texts"].get(PHONE) or "")
        return f"{said} {masked_phone(phone) if phone else '没写手机'}"
    return said
