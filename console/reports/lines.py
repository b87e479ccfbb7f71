"""Lines of what a figure was counted from: masked, linked, only what is in reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from console.look import masked_name, masked_phone
from outreach.reports.table import Subject
from records import entities, people, rights
from records.database import Session
from records.entities import Entity
from records.people import Person, Profile
from records.prints import VILLAGE
from records.staff_accounts import Staff
from records.vault import Vault
from registry.differences import said

_PEOPLE, _ENTITIES = Person.__table__, Entity.__table__  # type: ignore[attr-defined]
TITLES = {
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
_PAGES = {  # where a thing has a page of its own
    Subject.TICKETS: "/inbox/",
    Subject.PROJECTS: "/projects/",
    Subject.EVENTS: "/events/",
    Subject.COURSES: "/courses/",
    Subject.CASES: "/cases/",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of a list: what it is called, where its page is, a few words."""

    name: str
    path: str = ""
    words: str = ""


def unit_of(subject: Subject) -> str:
    """What such a list counts: people are 人, nothing else is."""
    if subject is Subject.PEOPLE:
        return "人"
    return "件" if subject is Subject.TICKETS else "个"


def lines_of(
    session: Session,
    vault: Vault,
    staff: Staff,
    subject: Subject,
    ids: Sequence[str],
    now: datetime,
) -> tuple[list[Line], list[str]]:
    """These of a list as far as they are in reach, and the people who are shown by it."""
    if subject is Subject.PEOPLE:
        return _people(session, vault, staff, ids, now)
    if subject is Subject.ENTITIES:
        return _businesses(session, vault, staff, ids, now)
    page = _PAGES.get(subject, "")
    return [Line(f"{TITLES[subject]} {one}", f"{page}{one}" if page else "") for one in ids], []


def _people(
    session: Session, vault: Vault, staff: Staff, ids: Sequence[str], now: datetime
) -> tuple[list[Line], list[str]]:
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(ids), rights.reach(session, staff, now))
    seen = sorted(session.execute(query).scalars())
    profiles = people.by_ids(session, vault, seen)
    return [_person(one, profiles[one]) for one in seen], seen


def _person(number: str, one: Profile) -> Line:
    answers = one.answers
    words = (
        masked_phone(one.phone),
        str(answers.get(VILLAGE) or ""),
        *(said(name, answers[name]) for name in ("where_now", "intent") if answers.get(name)),
    )
    name = masked_name(one.nickname) or "没留称呼"
    return Line(name, f"/people/{number}", "，".join(filter(None, words)))


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
