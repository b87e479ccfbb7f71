"""What a figure was counted from: a page of it, masked, and only what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from console.look import masked_name, masked_phone
from console.reports import making
from console.reports.making import Wanted
from outreach.reports.rules import Rules
from outreach.reports.table import Row, Subject
from records import entities, people, rights
from records.database import Session
from records.entities import Entity
from records.people import Person
from records.staff_accounts import Staff
from records.vault import Vault
from registry.differences import said

_PAGE = 50
_PEOPLE, _ENTITIES = Person.__table__, Entity.__table__  # type: ignore[attr-defined]
_TITLES = {
    Subject.PEOPLE: "人员",
    Subject.ENTITIES: "经营主体",
    Subject.TICKETS: "诉求",
    Subject.PROJECTS: "项目",
    Subject.EVENTS: "活动",
    Subject.COURSES: "培训班",
    Subject.CASES: "案例",
    Subject.SIGNINGS: "签约",
    Subject.VISITS: "回访",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of a list: what it is called, where its page is, a few words."""

    name: str
    path: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Some:
    """A page of a list; `count` is of all, `people` who was shown, `next` where to go on."""

    title: str
    count: int
    lines: Sequence[Line]
    people: list[str]
    next: str = ""


def listed(
    session: Session,
    vault: Vault,
    staff: Staff,
    of: tuple[Wanted, Row, str, str],
    rules: Rules,
    now: datetime,
) -> Some:
    """The page after an id of what a cell opens."""
    wanted, row, column, after = of
    asked = making.asked_of(session, vault, replace(wanted, area=row.area), rules, now)
    found = wanted.report.lists[row.opens[column]](session, asked)
    title = _TITLES[found.subject]
    if found.subject not in (Subject.PEOPLE, Subject.ENTITIES):
        ids = [one for one in found.ids if one > after or not after][:_PAGE]
        return Some(title, len(found.ids), [Line(f"{title} {one}") for one in ids], [])
    ids = [one for one in sorted(found.ids) if one > after]
    some = _people if found.subject is Subject.PEOPLE else _businesses
    lines, shown = some(session, vault, staff, ids[:_PAGE], now)
    return Some(title, len(found.ids), lines, shown, ids[_PAGE - 1] if len(ids) > _PAGE else "")


def _people(
    session: Session, vault: Vault, staff: Staff, ids: Sequence[str], now: datetime
) -> tuple[list[Line], list[str]]:
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), rights.reach(session, staff, now))
    seen = sorted(session.execute(query).scalars())
    profiles = people.by_ids(session, vault, seen)
    lines = [
        Line(
            masked_name(profiles[one].nickname) or "没留称呼",
            f"/people/{one}",
            "，".join(
                filter(
                    None,
                    (
                        masked_phone(profiles[one].phone),
                        said("where_now", profiles[one].answers.get("where_now") or ""),
                        said("intent", profiles[one].answers.get("intent") or ""),
                    ),
                )
            ),
        )
        for one in seen
    ]
    return lines, seen


def _businesses(
    session: Session, vault: Vault, staff: Staff, ids: Sequence[str], now: datetime
) -> tuple[list[Line], list[str]]:
    query = (
        select(Entity)
        .join(_PEOPLE, _PEOPLE.c.id == _ENTITIES.c.person_id)
        .where(_ENTITIES.c.id.in_(ids), rights.reach(session, staff, now))
        .order_by(_ENTITIES.c.id)
    )
    rows = list(session.execute(query).scalars())
    lines = []
    for row in rows:
        business = entities.business_of(row, vault)
        words = [said("biz_kind", row.trade) if row.trade else "", _since(row)]
        name = masked_name(business.name) or "没有招牌"
        lines.append(Line(name, f"/people/{row.person_id}", "，".join(filter(None, words))))
    return lines, sorted({row.person_id for row in rows})


def _since(row: Entity) -> str:
    return f"{row.began_on:%Y-%m}开张" if row.began_on else ""
