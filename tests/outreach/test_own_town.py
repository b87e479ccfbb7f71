"""Staff of a town see and do what is their town's; those above see it as well, nobody beside."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.courses import seen as courses_seen
from handlers.events import seen as events_seen
from outreach.calendars import CHINA
from outreach.campaigns import rights
from outreach.reach import ALL
from records import courses, events, people, unit_tasks
from records.campaigns import Campaign
from records.consents import CORE, Said
from records.courses import Level, NewCourse, Seat, Topic
from records.database import Database, Session
from records.events import EventKind, NewEvent
from records.people import Entered, Person
from records.scope import Spot, is_local, may_see, stem
from records.staff_accounts import Staff, StaffRole
from records.unit_tasks import NewTask
from records.vault import Vault
from registry.villages import county_of

NOW = datetime(2026, 11, 24, 12, tzinfo=CHINA)
CITY, COUNTY, NEXT = "371700", "371703", "371702"
TOWN, BESIDE, ROUND = "371703102", "371703103", "371703100"  # the last ends like a city's code
FOREIGN = "371771101"  # a town of COUNTY with the code of another district
PLACES = {TOWN: COUNTY, BESIDE: COUNTY, ROUND: COUNTY, FOREIGN: COUNTY}
AREAS = [COUNTY, NEXT, *PLACES]
SCOPES = ["", "370000", CITY, *AREAS]


def _staff(area: str) -> Staff:
    return Staff("小刘", StaffRole.STAFF, area)


def _told(area: str) -> NewEvent:
    at = NOW + timedelta(days=9)
    return NewEvent(EventKind.TALK, area, area, at, "小刘", county=PLACES.get(area, ""))


def _is_theirs(scope: str, area: str) -> bool:
    """The rule itself: their own place, or, above the towns, what lies in their area."""
    home = PLACES.get(area, area)
    return area == scope if is_local(scope) else home.startswith(stem(scope))


async def _seen(database: Database, scope: str) -> set[str]:
    found = await database.read(events.of_area, scope, NOW, NOW + timedelta(days=30))
    return {event.told.area for event in found}


async def test_each_scope_sees_the_events_that_lie_in_it(database: Database) -> None:
    for area in AREAS:
        await database.run(events.add, _told(area), NOW)
    for scope in SCOPES:
        assert await _seen(database, scope) == {a for a in AREAS if _is_theirs(scope, a)}, scope


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("area", AREAS)
def test_only_who_looks_after_a_place_invites_to_its_events(scope: str, area: str) -> None:
    county = PLACES.get(area, "")
    town = area if county else ""
    invites = Campaign(
        event_id=1, title="", area=county or area, town=town, drafted_by="", created_at=NOW
    )
    assert rights.is_theirs(_staff(scope), invites) is _is_theirs(scope, area)


@given(st.sampled_from("0123456789"), st.sampled_from("0123456789"))
def test_the_id_of_a_town_is_never_taken_for_a_wider_area(first: str, second: str) -> None:
    town = f"3717031{first}{second}"
    assert stem(town) == town
    assert stem(f"{town}200") == f"{town}200"


async def test_units_tasks_of_a_town_are_not_the_city_s(database: Database) -> None:
    for area in (CITY, COUNTY, ROUND):
        await database.run(unit_tasks.add, NewTask(title=area, area=area, since=NOW.date()), NOW)
    for scope, count in ((CITY, 3), (COUNTY, 2), (ROUND, 1), (TOWN, 0)):
        assert len(await database.read(unit_tasks.of_area, scope)) == count


def _class(session: Session, vault: Vault) -> int:
    """A course of the county with somebody of each of two towns, and of no town."""
    day = NOW.date() + timedelta(days=5)
    told = NewCourse("养殖班", Topic.FARMING, Level.NOTHING, COUNTY, day, day, 20)
    number = courses.add(session, told, NOW)
    for name, town in (("甲", TOWN), ("乙", BESIDE), ("丙", "")):
        said = (Said(CORE, True, NOW, "1"),)
        entered = Entered(codes={}, texts={"nickname": name}, area=COUNTY, said=said)
        people.enter(session, vault, name, entered, at=NOW, account=f"fake:{name}")
        person = session.get(Person, name)
        assert person is not None
        person.town = town
        courses.put(session, number, name, Seat.SIGNED, NOW)
    return number


@pytest.mark.parametrize(
    ("area", "names"),
    [(COUNTY, ["甲", "乙", "丙"]), (TOWN, ["甲"]), (BESIDE, ["乙"]), (ROUND, None), (NEXT, None)],
)
async def test_a_town_has_its_own_people_of_a_course_alone(
    database: Database, vault: Vault, area: str, names: list[str] | None
) -> None:
    number = await database.run(_class, vault)
    found = await database.read(
        courses_seen.of_staff, vault, _staff(area), [f"课程 {number}"], NOW
    )
    roster = found.rosters.get(number)
    assert (roster and [one.name for one in roster]) == (names or (roster and []))
    assert (roster is None) is (names is None)


async def test_an_event_that_a_town_plans_knows_its_county(
    database: Database, vault: Vault
) -> None:
    texts = ["办活动 座谈会 12月20日 镇政府"]
    found = await database.read(
        lambda s: events_seen.of_staff(s, vault, _staff(TOWN), texts, now=NOW, lines=ALL)
    )
    assert found.county == COUNTY


@pytest.mark.parametrize(
    ("place", "county"), [(TOWN, COUNTY), (COUNTY, COUNTY), ("", ""), ("371703999", "")]
)
async def test_a_place_lies_in_a_county(database: Database, place: str, county: str) -> None:
    assert await database.read(county_of, place) == county


def test_the_rule_here_is_the_rule_of_people() -> None:
    for scope in SCOPES:
        for area in PLACES:
            spot = Spot(PLACES[area], area)
            assert may_see(scope, spot) is _is_theirs(scope, area)
