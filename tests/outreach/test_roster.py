"""Who answers what: the tree of an area's places, who serves and who stands in, its units."""

from __future__ import annotations

from datetime import datetime

from outreach import roster
from outreach.roster import Roster
from records import staff_accounts, unit_tasks
from records.database import Database, Session
from records.staff_accounts import StaffRole
from records.tickets import Level
from records.unit_tasks import NewTask

CITY, COUNTY, TOWN, VILLAGE = "430300", "430381", "430381104", "430381104203"
WHO = (
    ("市里的", StaffRole.STAFF, CITY),
    ("县里的", StaffRole.STAFF, COUNTY),
    ("导师", StaffRole.MENTOR, COUNTY),
    ("镇里的", StaffRole.STAFF, TOWN),
    ("村里的", StaffRole.CADRE, VILLAGE),
    ("外县的", StaffRole.STAFF, "430321"),
)


async def _roster(database: Database, now: datetime, area: str) -> Roster:
    def work(session: Session) -> Roster:
        for name, role, place in WHO:
            staff_accounts.add(session, name, role=role, area=place, at=now, actor="system")
        told = NewTask("摸底", COUNTY, now.date(), "市农业农村局牵头", staff="县里的")
        unit_tasks.add(session, told, now)
        return roster.of_area(session, area)

    return await database.run(work)


async def test_the_places_stand_as_a_tree_with_their_people(
    database: Database, now: datetime
) -> None:
    found = await _roster(database, now, CITY)
    assert [(one.place.code, one.depth, one.serving) for one in found.desks] == [
        (CITY, 0, ()),
        ("430321", 1, ("外县的",)),
        (COUNTY, 1, ("县里的",)),
        (TOWN, 2, ("镇里的",)),
        (VILLAGE, 3, ("村里的",)),
    ]
    assert [one.name for one in found.desks[2].others] == ["导师"]


async def test_each_level_has_who_stands_in(database: Database, now: datetime) -> None:
    found = await _roster(database, now, COUNTY)
    stand_in = {one.place.code: one.stand_in for one in found.desks}
    assert stand_in == {COUNTY: ("镇里的",), TOWN: ("县里的",), VILLAGE: ("镇里的",)}


async def test_where_nobody_serves_it_says_so(database: Database, now: datetime) -> None:
    found = await _roster(database, now, "430302")
    assert [(one.place.code, one.is_empty) for one in found.desks] == [("430302", True)]


async def test_subjects_stand_by_level_and_units_with_who_does_their_tasks(
    database: Database, now: datetime
) -> None:
    found = await _roster(database, now, COUNTY)
    assert "土地流转" in [one.name for one in found.matters[Level.VILLAGE]]
    [unit] = found.units
    assert (unit.name, unit.tasks, unit.staff) == ("市农业农村局牵头", 1, ("县里的",))
