"""Groups of a town: its staff see and place their own, the county all, nobody a neighbour's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from outreach.groups import placing
from outreach.groups.placing import GroupRefused, NoSuchGroup, Said
from records import group_register, groups, staff_accounts
from records.database import Database, Session
from records.group_register import Known
from records.groups import GroupKind, Joined
from records.staff_accounts import StaffRole
from records.vault import Vault

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
COUNTY, TOWN, BESIDE = "371703", "371703102", "371703103"
STAFF = {"县里": COUNTY, "镇上": TOWN, "邻镇": BESIDE, "外县": "430381"}
CITY = Said(kind=GroupKind.CITY)


def _staff(session: Session) -> None:
    for name, area in STAFF.items():
        staff_accounts.add(session, name, role=StaffRole.STAFF, area=area, at=NOW, actor="system")


def _brought(session: Session, vault: Vault, by: str) -> int:
    groups.join(session, vault, Joined("telegram", f"-{by}", "老乡群", 9, by), NOW)
    return group_register.of_chat(session, vault, f"-{by}")[0].id


def _say(session: Session, vault: Vault, number: int, who: str, said: Said) -> Known:
    by = placing.acting(session, who)
    return placing.say(
        session, vault, placing.find(session, vault, str(number), by), said, by, NOW
    )


def _seen(session: Session, vault: Vault, who: str) -> list[str]:
    by = placing.acting(session, who)
    return [one.name for one in group_register.known(session, vault) if by.sees(one)]


def _enter(session: Session, vault: Vault, name: str, who: str) -> Known:
    return placing.add(session, vault, name, CITY, placing.acting(session, who), NOW)


@pytest.fixture
async def group(database: Database, vault: Vault) -> int:
    """One that the town's staff took the bot into."""
    await database.run(_staff)
    return await database.run(_brought, vault, "镇上")


async def test_what_a_town_brought_it_places_as_its_own(
    database: Database, vault: Vault, group: int
) -> None:
    assert await database.read(_seen, vault, "镇上") == ["老乡群"]
    after = await database.run(_say, vault, group, "镇上", CITY)
    assert (after.area, after.town, after.kind) == (COUNTY, TOWN, GroupKind.CITY)
    for who, sees in (("镇上", True), ("县里", True), ("邻镇", False), ("外县", False)):
        assert bool(await database.read(_seen, vault, who)) is sees, who


async def test_a_neighbour_cannot_place_it(database: Database, vault: Vault, group: int) -> None:
    await database.run(_say, vault, group, "镇上", CITY)
    with pytest.raises(NoSuchGroup):
        await database.run(_say, vault, group, "邻镇", CITY)


async def test_what_a_town_keeps_for_the_county_it_sees_and_does_not_place(
    database: Database, vault: Vault, group: int
) -> None:
    await database.run(_say, vault, group, "县里", Said(COUNTY, steward="镇上"))
    assert await database.read(_seen, vault, "镇上") == ["老乡群"]
    with pytest.raises(GroupRefused, match="县里安排的"):
        await database.run(_say, vault, group, "镇上", CITY)


async def test_a_town_places_nothing_elsewhere(
    database: Database, vault: Vault, group: int
) -> None:
    with pytest.raises(GroupRefused, match="本镇"):
        await database.run(_say, vault, group, "镇上", Said("430381"))


async def test_a_town_enters_its_ordinary_groups(
    database: Database, vault: Vault, group: int
) -> None:
    one = await database.run(_enter, vault, "冉堌老乡", "镇上")
    assert (one.area, one.town) == (COUNTY, TOWN)
    with pytest.raises(GroupRefused, match="就是这个群"):
        await database.run(_enter, vault, "冉堌老乡", "镇上")
    other = await database.run(_enter, vault, "冉堌老乡", "邻镇")
    assert other.town == BESIDE


async def test_the_county_takes_a_group_to_itself(
    database: Database, vault: Vault, group: int
) -> None:
    await database.run(_say, vault, group, "镇上", CITY)
    after = await database.run(_say, vault, group, "县里", Said(COUNTY))
    assert after.town == ""
    assert await database.read(_seen, vault, "镇上") == []
