"""The list of people in reach who are registered, in words that an import reads again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from console.exports.kinds import Asked, ExportRefusal, Listing, Some
from outreach.calendars import CHINA
from records import people, rights, scope
from records.database import Session
from records.people import Person, Profile, Status
from records.vault import Vault
from registry import differences, people_columns, villages
from registry.villages import Villages

_PAGE = 500
_WORDS = ("where_now", "state", "intent", "biz_kind", "want_kind", "skills")
_HEADINGS = people_columns.headings()
_TABLE = Person.__table__  # type: ignore[attr-defined]


def _wanted(session: Session, asked: Asked) -> ColumnElement[bool]:
    """Who is confirmed, in reach, and of the place that is asked for."""
    reached = rights.reach(session, asked.staff, asked.now)
    wanted = and_(reached, _TABLE.c.status == Status.CONFIRMED.value)
    place = asked.values.get("place", "")
    if place:
        if not (place.isascii() and place.isalnum()):
            raise ExportRefusal("没有这个地方，请重新选。")
        wanted = and_(wanted, scope.visible(place, _TABLE.c))
    return wanted


def count(session: Session, asked: Asked) -> int:
    """How many they are."""
    query = select(func.count()).select_from(_TABLE).where(_wanted(session, asked))
    return int(session.execute(query).scalar_one())


def some(session: Session, vault: Vault, asked: Asked, after: str) -> Some:
    """A page of them, by their ids."""
    where = and_(_wanted(session, asked), _TABLE.c.id > after)
    columns = tuple(
        _TABLE.c[name] for name in ("id", "town", "village", "created_at", "external_id")
    )
    found = session.execute(select(*columns).where(where).order_by(_TABLE.c.id).limit(_PAGE)).all()
    profiles = people.by_ids(session, vault, [row.id for row in found])
    here = villages.of_ids(session, {code for row in found for code in (row.town, row.village)})
    rows = [_row(profiles[row.id], row, here) for row in found]
    return Some(rows, found[-1].id if len(found) == _PAGE else "")


def _row(profile: Profile, row: Any, here: Villages) -> tuple[str, ...]:
    answers = ((name, profile.answers.get(name)) for name in _WORDS)
    said = (differences.said(name, answer) if answer else "" for name, answer in answers)
    day = row.created_at.astimezone(CHINA).date().isoformat()
    return (
        profile.nickname,
        profile.phone,
        _name(row.town, here),
        _name(row.village, here),
        *said,
        day,
        row.external_id,
    )


def _name(code: str, here: Villages) -> str:
    place = here.place(code) if code else None
    return place.name if place else ""


PEOPLE = Listing(
    key="people",
    title="人员名单",
    columns={
        **{name: _HEADINGS[name] for name in ("nickname", "phone", "town", "village", *_WORDS)},
        "created_at": "登记日期",
        "external_id": _HEADINGS["external_id"],
    },
    count=count,
    some=some,
    filters={"place": "地方"},
)
