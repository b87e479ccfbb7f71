"""What pictures of people are drawn from, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from outreach.reports.pictured import people as pictured
from outreach.reports.pictured.people import Home, Origin
from outreach.reports.pictured.picture import Picture, Shape
from records import consents, people
from records.assignments import Assignment, Help, Why
from records.consents import CORE, Said
from records.conversations import Conversation
from records.database import Database, Session
from records.entities import Entity
from records.people import Entered, Source
from records.project_people import ProjectShown, Way
from records.vault import Vault
from tests.support.builders import a_conversation

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COUNTY, OTHER, CITY = "371703", "371721", "371700"
ANSWERED = {
    "where_now": "away",
    "away_half_year": "half_year",
    "hukou": "rural",
    "intent": "ready",
}


def enter(session: Session, vault: Vault, id_: str, codes: Mapping[str, Any], **more: Any) -> None:
    """One registered person."""
    said = (Said(CORE, True, NOW, "1"),)
    entered = Entered(
        codes=codes,
        texts={},
        area=more.pop("area", COUNTY),
        said=said,
        source=more.pop("source", Source.CHAT),
    )
    people.enter(session, vault, id_, entered, at=NOW, account=f"fake:{id_}", **more)
    consents.note(session, id_, said, channel="fake")


def ladder(session: Session, vault: Vault) -> None:
    """Somebody on each step: talked, agreed, answered, helped, shown, in business."""
    session.add(_talk("stranger"))
    enter(session, vault, "agreed", {"intent": "ready"})
    for number, id_ in enumerate(("answered", "helped", "shown", "business")):
        enter(session, vault, id_, ANSWERED)
        session.add(_talk(id_))
        if number > 0:
            session.add(_help(id_, number))
        if number > 1:
            session.add(ProjectShown(person_id=id_, project_id=1, way=Way.CHAT.value, at=NOW))
        if number > 2:
            session.add(_business(id_, vault))
    session.flush()


def _talk(chat: str) -> Conversation:
    talk = a_conversation(NOW, channel="fake", chat=chat)
    talk.area = COUNTY
    return talk


def _help(id_: str, number: int) -> Assignment:
    help_, why = Help.COMMISSIONER.value, Why.REGISTERED.value
    return Assignment(person_id=id_, help=help_, helper="小周", number=number, why=why, since=NOW)


def _business(id_: str, vault: Vault) -> Entity:
    return Entity(
        id="e1", person_id=id_, area=COUNTY, sealed=vault.seal({}), source="chat",
        began_on=date(2026, 3, 1), created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def values(found: Picture, series: int = 0) -> list[object]:
    return list(found.series[series].values)


async def test_each_step_holds_those_of_the_next(database: Database, vault: Vault) -> None:
    await database.run(ladder, vault)
    found = await database.read(pictured.funnel, COUNTY)
    assert values(found) == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(("area", "talked"), [("", 6), (CITY, 6), (OTHER, 0), ("371703101", 0)])
async def test_a_funnel_is_of_the_area(
    database: Database, vault: Vault, area: str, talked: int
) -> None:
    await database.run(ladder, vault)
    assert values(await database.read(pictured.funnel, area))[0] == talked


async def test_a_helper_who_left_does_not_help(database: Database, vault: Vault) -> None:
    await database.run(ladder, vault)
    await database.run(_end, "helped")
    assert values(await database.read(pictured.funnel, COUNTY))[3] == 2


def _end(session: Session, id_: str) -> None:
    table = Assignment.__table__  # type: ignore[attr-defined]
    session.execute(table.update().where(table.c.person_id == id_).values(until=NOW))


async def test_who_is_entered_by_others_has_not_agreed(database: Database, vault: Vault) -> None:
    await database.run(
        lambda session: enter(session, vault, "proxy", ANSWERED, source=Source.PROXY)
    )
    assert values(await database.read(pictured.funnel, COUNTY))[:2] == [1, 0]


async def test_who_left_is_in_no_step(database: Database, vault: Vault) -> None:
    await database.run(ladder, vault)
    await database.run(_withdraw, "business")
    assert values(await database.read(pictured.funnel, COUNTY))[-1] == 0


def _withdraw(session: Session, id_: str) -> None:
    people.set_aside(session, id_, at=NOW + timedelta(1))


async def test_a_city_is_told_apart_by_county(database: Database, vault: Vault) -> None:
    def some(session: Session) -> None:
        enter(session, vault, "p1", {"intent": "ready"})
        enter(session, vault, "p2", {"intent": "job"})
        enter(session, vault, "p3", {}, area=OTHER)

    await database.run(some)
    found = await database.read(pictured.homes, CITY)
    assert found == [Home(COUNTY, 2, 1), Home(OTHER, 1, 0)]


async def test_a_county_is_told_apart_by_town(database: Database, vault: Vault) -> None:
    await database.run(lambda session: enter(session, vault, "p1", {}))
    assert await database.read(pictured.homes, COUNTY) == [Home("", 1, 0)]


def test_whose_place_nobody_knows_comes_last() -> None:
    found = pictured.map_of(
        [Home("", 3, 1), Home(COUNTY, 2, 1)], {COUNTY: "定陶区", "": ""}.__getitem__
    )
    assert (found.shape, list(found.labels)) == (Shape.TILES, ["定陶区", "没说哪里"])


async def test_origins_are_cities_with_who_is_back(database: Database, vault: Vault) -> None:
    def some(session: Session) -> None:
        enter(session, vault, "p1", {"where_area": "441900", "where_now": "returned"})
        enter(session, vault, "p2", {"where_area": "441900", "where_now": "away"})
        enter(session, vault, "p3", {"where_area": "310000", "where_now": "away"})
        enter(session, vault, "p4", {"where_area": "", "where_now": "away"})

    await database.run(some)
    found = await database.read(pictured.origins, COUNTY)
    assert found == [Origin("441900", 1, 1), Origin("310000", 0, 1)]


def test_the_cities_beyond_the_twelfth_come_together() -> None:
    found = pictured.whence([Origin(str(n), 1, 2) for n in range(15)], str)
    assert (found.labels[-1], found.series[0].values[-1], found.series[1].values[-1]) == (
        "别的地方",
        3,
        6,
    )


async def test_each_thing_that_somebody_lacks_counts(database: Database, vault: Vault) -> None:
    def some(session: Session) -> None:
        enter(session, vault, "p1", {"intent": "ready", "lacks": ["capital", "site"]})
        enter(session, vault, "p2", {"intent": "running", "lacks": ["capital"]})
        enter(session, vault, "p3", {"intent": "job", "lacks": ["capital"]})

    await database.run(some)
    found = await database.read(pictured.lacks, COUNTY)
    counted = dict(zip(found.labels, values(found), strict=True))
    assert (counted["本钱"], counted["场地"], counted["技术"]) == (2, 1, 0)
