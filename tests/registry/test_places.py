"""Lists of towns and villages: names, mergers, and the people who live there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

import pytest

from knowledge.exchange.cells import Cell, Made
from knowledge.library import load_library
from records import people, places, scope, staff_accounts
from records.database import Database, Session
from records.people import Entered
from records.scope import Spot
from records.staff_accounts import StaffRole
from records.vault import Vault
from registry import villages
from registry.lists import Origin, Outcome, Refused, Stored, Terms
from registry.places_kind import PlacesReader
from registry.places_store import Listed, store_all
from registry.tables import Line

AREA, TOWN = "371703", "冉堌镇"
TOWN_ID, VILLAGE = "371703102", "371703102230"
MERGED = Listed(AREA, TOWN, "赵庄村", into="孙楼村", on="2024-03-01")


def _store(session: Session, vault: Vault, now: datetime, rows: Sequence[Listed]) -> list[Stored]:
    return store_all(session, rows, Origin(vault, "小刘", now))


def _enter(session: Session, vault: Vault, now: datetime, home: str, area: str = AREA) -> None:
    entered = Entered({}, {"nickname": "老王", "home_village": home}, area=area)
    people.enter(session, vault, "p1", entered, at=now, basis="文件一号")
    villages.lodge(session, vault, "p1")


def _spot(session: Session) -> Spot:
    return scope.spots(session, ["p1"])["p1"]


def _read(vault: Vault, now: datetime, **cells: str) -> Listed | Refused:
    terms = Terms(Origin(vault, "小刘", now), load_library().areas, "t")
    made = {key: Cell(text, Made.TEXT) for key, text in cells.items()}
    return PlacesReader(terms)(Line("", 2, made))


def test_a_row_is_read(vault: Vault, now: datetime) -> None:
    row = _read(
        vault, now, county="定陶县", town="冉堌镇", village="赵庄村", called="老赵庄、赵家庄"
    )
    assert row == Listed(AREA, TOWN, "赵庄村", called=("老赵庄", "赵家庄"))


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"county": "火星", "town": "冉堌镇"}, "看不出是哪个县"),
        ({"county": "定陶"}, "没写是哪个乡镇"),
        ({"county": "定陶", "town": "冉堌镇", "village": "123"}, "不像地名"),
        ({"county": "定陶", "town": "冉堌镇", "date": "去年"}, "看不出是哪天"),
        ({"county": "定陶", "town": "冉堌镇", "code": "3717"}, "代码是9位"),
        ({"county": "定陶", "town": "冉堌镇", "village": "赵庄村", "code": TOWN_ID}, "代码是9位"),
    ],
)
def test_a_faulty_row_says_what_is_wrong(
    vault: Vault, now: datetime, cells: dict[str, str], why: str
) -> None:
    row = _read(vault, now, **cells)
    assert isinstance(row, Refused)
    assert why in str(row.faults[0])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([Listed(AREA, TOWN, "赵庄村", called=("老赵庄",))], "冉堌镇老赵庄"),
        ([Listed(AREA, "冉固", "赵庄", called=("老赵庄",))], "冉堌老赵庄"),
        ([Listed(AREA, TOWN, "新庄村", former=("赵庄村",))], "冉堌镇新庄"),
        ([Listed(AREA, TOWN, "新庄村", code=VILLAGE)], "冉堌镇新庄"),
        ([Listed(AREA, TOWN, "新庄村", into="赵庄村")], "冉堌镇新庄"),
    ],
)
async def test_a_name_of_a_list_is_found(
    database: Database, vault: Vault, now: datetime, rows: list[Listed], words: str
) -> None:
    await database.run(_store, vault, now, rows)
    here = await database.read(villages.known)
    assert here.dwelling(AREA, words).village == VILLAGE
    assert here.dwelling(AREA, "冉堌镇赵庄村").village == VILLAGE


async def test_a_county_without_a_list_gets_one(
    database: Database, vault: Vault, now: datetime
) -> None:
    rows = [Listed("440113", "石楼镇", "大岭村"), Listed("440113", "石楼镇", code="440113102")]
    stored = await database.run(_store, vault, now, rows)
    found = (await database.read(villages.known)).dwelling("440113", "石楼大岭村")
    assert [one.outcome for one in stored] == [Outcome.NEW, Outcome.SAME]
    assert found.village == stored[0].subject
    assert [scope.is_local(one) for one in (found.town, found.village)] == [True, True]


async def test_people_of_a_merged_village_are_found_under_the_new(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now, "冉堌镇赵庄村")
    (stored,) = await database.run(_store, vault, now, [MERGED])
    here = await database.read(villages.known)
    new = here.dwelling(AREA, "冉堌镇孙楼村").village
    assert await database.read(_spot) == Spot(AREA, TOWN_ID, new)
    assert here.dwelling(AREA, "冉堌镇赵庄村").village == new
    assert "原来的1人改记在孙楼村" in stored.remarks


@pytest.mark.parametrize("into", ["黄店镇孙楼村", "黄店镇新孙楼村"])
async def test_a_village_can_become_part_of_one_of_another_town(
    database: Database, vault: Vault, now: datetime, into: str
) -> None:
    await database.run(_enter, vault, now, "冉堌镇赵庄村")
    await database.run(_store, vault, now, [Listed(AREA, TOWN, "赵庄村", into=into)])
    assert (await database.read(_spot)).town == "371703104"


async def test_people_of_a_merged_town_keep_their_village(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now, "冉堌镇赵庄村")
    await database.run(_store, vault, now, [Listed(AREA, TOWN, into="黄店镇", on="2025-01-01")])
    here = await database.read(villages.known)
    assert await database.read(_spot) == Spot(AREA, "371703104", VILLAGE)
    assert here.dwelling(AREA, "黄店镇赵庄村").others
    assert here.dwelling(AREA, "冉堌镇").town == "371703104"


async def test_a_list_finds_those_whose_village_was_not_known(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_enter, vault, now, "冉堌镇老屋湾村")
    await database.run(_store, vault, now, [Listed(AREA, TOWN, "老屋湾村")])
    assert await database.run(villages.lodge_again, vault, "") == (1, "")
    assert (await database.read(_spot)).village.startswith("p")


@pytest.mark.parametrize("into", ["赵庄村", "赵庄"])
async def test_nothing_becomes_part_of_itself(
    database: Database, vault: Vault, now: datetime, into: str
) -> None:
    (stored,) = await database.run(_store, vault, now, [Listed(AREA, TOWN, "赵庄村", into=into)])
    assert stored.outcome is Outcome.REFUSED
    assert await database.read(places.of_counties, None) == []


async def test_two_villages_do_not_become_part_of_each_other(
    database: Database, vault: Vault, now: datetime
) -> None:
    back = Listed(AREA, TOWN, "孙楼村", into="赵庄村")
    stored = await database.run(_store, vault, now, [MERGED, back])
    assert [one.outcome for one in stored] == [Outcome.MERGED, Outcome.REFUSED]


ROWS = [
    Listed(AREA, TOWN, "新庄村", called=("小新庄",)),
    Listed(AREA, "新镇", "一村"),
    Listed(AREA, TOWN, "老庄村", into="新庄村", on="2020-01-01"),
    MERGED,
]


@pytest.mark.parametrize("rows", list(permutations(ROWS))[::5])
async def test_one_after_the_other_comes_to_the_same_as_all_at_once(
    database: Database, vault: Vault, now: datetime, rows: list[Listed]
) -> None:
    once = await database.run(_store, vault, now, rows)
    again = [(await database.run(_store, vault, now, [row]))[0] for row in rows]
    assert [one.subject for one in again] == [one.subject for one in once]
    assert {one.outcome for one in again} == {Outcome.SAME}


async def test_staff_of_a_merged_village_are_named(
    database: Database, vault: Vault, now: datetime
) -> None:
    def cadre(session: Session) -> None:
        role = StaffRole.CADRE
        staff_accounts.add(session, "老孙", role=role, area=VILLAGE, at=now, actor="system")

    await database.run(cadre)
    (stored,) = await database.run(_store, vault, now, [MERGED])
    assert any("有1名工作人员管的还是赵庄村" in remark for remark in stored.remarks)
