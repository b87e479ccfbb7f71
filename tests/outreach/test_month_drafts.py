"""The figures of a month against records counted by hand; a draft is never overwritten."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.calendars import CHINA
from outreach.helping.survival import Survival
from outreach.reports import drafting
from outreach.reports.counting import areas
from outreach.reports.month import (
    FIGURES,
    Business,
    Facts,
    Happening,
    Month,
    Person,
    Request,
    counted,
    month_of,
)
from records import month_drafts, staff_accounts
from records.courses import CourseRow, Enrolment
from records.database import Database, Session
from records.entities import Entity
from records.events import EventRow, Invitation
from records.people import Person as PersonRow
from records.project_people import ProjectShown
from records.reminders import ReminderRow
from records.staff_accounts import StaffRole
from records.stations import DutyReport, Station
from records.tickets import Ticket
from records.vault import Vault
from scheduler.jobs import month_drafts as job
from scheduler.means import Means
from tests.support.shipped import shipped

OCTOBER = Month(2026, 10)
COUNTY, NEXT = "371703", "371702"


def _at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


NOW = _at(11, 1, 8)
FACTS = Facts(
    people=[
        Person("a", _at(10, 1, 0), "ready"),
        Person("b", _at(10, 31, 23), "job"),
        Person("c", _at(9, 30, 23), "ready"),
        Person("d", _at(11, 1, 0), "ready"),
    ],
    businesses=[
        Business("a", date(2026, 10, 5)),
        Business("a", date(2026, 10, 6)),
        Business("c", date(2026, 1, 1), date(2026, 10, 31)),
    ],
    pushed=[("a", 7, _at(10, 2)), ("b", 7, _at(10, 2)), ("b", 8, _at(11, 2))],
    requests=[
        Request(_at(10, 1), _at(10, 9), 2),
        Request(_at(10, 1), _at(10, 20), 9, late=True),
        Request(_at(9, 1), _at(10, 2), 5),
        Request(_at(10, 30), None, None),
    ],
    courses=[Happening(date(2026, 10, 31), 3), Happening(date(2026, 11, 1), 9)],
    events=[Happening(date(2026, 10, 10), 2, 5)],
    year_old=Survival(2, 1, 4),
    duty_reports=1,
)
BY_HAND = {
    "registered": 2,
    "with_intent": 1,
    "founded": 2,
    "founders": 1,
    "closed": 1,
    "projects": 1,
    "told": 2,
    "requests": 3,
    "done": 3,
    "late": 1,
    "took": 5,
    "courses": 1,
    "learnt": 3,
    "events": 1,
    "guests": 7,
    "year_old": 7,
    "survived": 2,
    "failed": 1,
    "unheard": 4,
    "duty_reports": 1,
}


def test_the_figures_are_those_counted_by_hand() -> None:
    assert counted(FACTS, OCTOBER) == BY_HAND


def test_a_month_without_anything_says_nothing_of_time() -> None:
    found = counted(Facts(), OCTOBER)
    assert {name for name, value in found.items() if value is None} == {"took"}
    assert {value for value in found.values() if value is not None} == {0}


def test_each_figure_has_a_name_a_unit_and_a_definition_of_its_own() -> None:
    assert len({one.name for one in FIGURES}) == len({one.title for one in FIGURES})
    assert len({one.means for one in FIGURES}) == len(FIGURES) == len(BY_HAND)


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2027-02", date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_a_month_knows_its_ends(month: str, first: date, last: date) -> None:
    found = month_of(month)
    assert (found.first, found.last, str(found)) == (first, last, month)
    assert found.holds(datetime.combine(last, datetime.max.time(), CHINA))
    assert not found.holds(datetime.combine(last, datetime.max.time(), CHINA) + timedelta(1))


@pytest.mark.parametrize(
    ("now", "month"), [(_at(1, 1, 0), "2025-12"), (_at(11, 30, 23), "2026-10")]
)
def test_last_month_is_china_s(now: datetime, month: str) -> None:
    assert str(drafting.last_month(now)) == month


def _person(session: Session, name: str, area: str, at: datetime, **more: str) -> None:
    row: dict[str, Any] = {"status": "confirmed", "source": "self", "sealed": b"", **more}
    codes: dict[str, Any] = {"intent": "ready"}
    session.add(PersonRow(id=name, area=area, codes=codes, created_at=at, updated_at=at, **row))


def _some(session: Session) -> None:
    """Two people of October, of whom one only with a document, and what happened to them."""
    _person(session, "a", COUNTY, _at(10, 1, 0))
    _person(session, "b", COUNTY, _at(10, 31, 23), status="pending", basis="定政发1号")
    _person(session, "c", COUNTY, _at(10, 5), status="pending")
    _person(session, "d", NEXT, _at(10, 5))
    _person(session, "e", COUNTY, _at(11, 1, 0))
    times: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    for n, began in enumerate((date(2026, 10, 1), date(2025, 10, 31))):
        row: dict[str, Any] = {
            "person_id": "a",
            "area": COUNTY,
            "sealed": b"",
            "source": "self",
            **times,
        }
        session.add(Entity(id=f"e{n}", began_on=began, **row))
    for project, way in ((7, "push"), (8, "chat")):
        session.add(ProjectShown(person_id="a", project_id=project, way=way, at=_at(10, 8)))
    session.add(
        Ticket(
            number="T1",
            area=COUNTY,
            kind="talk",
            subject=b"",
            state="closed",
            opened_at=_at(10, 9),
            closed_at=_at(10, 13),
        )
    )
    _meetings(session)


def _meetings(session: Session) -> None:
    course: dict[str, Any] = {
        "title": "班",
        "topic": "farming",
        "level": "nothing",
        "seats": 9,
        "created_at": NOW,
    }
    days: dict[str, Any] = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    session.add(CourseRow(id=1, area=f"{COUNTY}102000", **course, **days))
    session.add(CourseRow(id=2, area=COUNTY, is_off=True, **course, **days))
    for name, state in (("a", "came"), ("b", "absent")):
        session.add(Enrolment(course_id=1, person_id=name, state=state, since=NOW))
    event: dict[str, Any] = {"kind": "座谈会", "title": "会", "staff": "小刘", "created_at": NOW}
    session.add(EventRow(id=1, area=COUNTY, starts_at=_at(10, 31, 23), walk_ins=4, **event))
    session.add(EventRow(id=2, area=NEXT, starts_at=_at(10, 31, 23), **event))
    session.add(Invitation(event_id=1, person_id="a", came=True, at=NOW))
    session.add(Station(name="站", area=COUNTY, head="丁会长", updated_at=NOW))
    session.add(DutyReport(staff="丁会长", half="2026H2", sealed=b"", at=_at(10, 31, 23)))


async def test_what_the_records_hold_is_counted_for_its_county(database: Database) -> None:
    await database.run(_some)
    found = await database.run(drafting.draft, COUNTY, OCTOBER, NOW)
    assert found.figures == {
        **dict.fromkeys(BY_HAND, 0),
        "registered": 2,
        "with_intent": 2,
        "founded": 1,
        "founders": 1,
        "projects": 1,
        "told": 1,
        "requests": 1,
        "done": 1,
        "took": 3,  # from the 9th, a Friday: the 10th is worked, a make-up day
        "late": 1,
        "courses": 1,
        "learnt": 1,
        "events": 1,
        "guests": 5,
        "year_old": 1,
        "unheard": 1,
        "duty_reports": 1,
    }


async def test_each_area_is_counted_once_and_no_person_in_two(database: Database) -> None:
    await database.run(_some)
    found = [
        await database.run(drafting.draft, area, OCTOBER, NOW)
        for area in await database.read(areas)
    ]
    assert [(one.area, one.figures["registered"]) for one in found] == [(NEXT, 1), (COUNTY, 2)]


async def test_a_county_with_staff_has_its_draft_though_nothing_happened(
    database: Database,
) -> None:
    for name, area in (("小刘", COUNTY), ("老张", "371700"), ("小王", f"{COUNTY}102")):
        await database.run(_staff, name, area)
    assert await database.read(areas) == [COUNTY]


async def test_a_draft_stays_as_it_was_counted(database: Database) -> None:
    await database.run(_some)
    first = await database.run(drafting.draft, COUNTY, OCTOBER, NOW)
    again = await database.run(drafting.draft, COUNTY, OCTOBER, NOW + timedelta(1))
    await database.run(_person, "f", COUNTY, _at(10, 20))
    later = await database.run(drafting.draft, COUNTY, OCTOBER, NOW + timedelta(2))
    kept = await database.read(month_drafts.of_month, "2026-10", COUNTY)
    assert again == first
    assert [one.figures["registered"] for one in kept] == [3, 2]
    assert (kept[0].number, kept[1].number) == (later.number, first.number)


async def test_the_job_counts_last_month_and_tells_the_county_s_staff(database: Database) -> None:
    await database.run(_some)
    for name, area in (("小刘", COUNTY), ("老张", "371700")):
        await database.run(_staff, name, area)
    counts = await job.run(Means(database, Vault("for tests"), shipped), NOW)
    assert counts == {"areas": 2, "told": 1}
    assert [row.whom for row in await database.read(_reminders)] == ["staff:小刘"]
    assert (await job.run(Means(database, Vault("for tests"), shipped), NOW))["areas"] == 2
    assert len(await database.read(month_drafts.of_month, "2026-10")) == 2


def _staff(session: Session, name: str, area: str) -> None:
    staff_accounts.add(session, name, role=StaffRole.STAFF, area=area, at=NOW, actor="system")


def _reminders(session: Session) -> list[ReminderRow]:
    return list(session.execute(select(ReminderRow)).scalars())
