"""Rounds through villages: only of one's own place, each door noted, a slip taken back."""

from __future__ import annotations

import pytest

from records import audit, people, sweeps
from records.people import Status
from records.staff_accounts import StaffRole
from records.sweeps import DoorState, Round
from registry import villages
from tests.console.test_people import enter
from tests.support.console import Browser, Stage

AREA = "430381"


async def _village(stage: Stage) -> str:
    """A village that is known, and somebody who lives there."""

    known = await stage.database.read(lambda s: villages.known(s, [AREA]).county(AREA).places)
    found = next(one for one in known.values() if one.level.value == "village" and not one.until)
    await enter(stage, "p1", "张小明", area=AREA, town=found.parent, village=found.id)
    return found.id


async def _round(stage: Stage, village: str) -> Round:
    found = await stage.database.read(sweeps.of_place, stage.vault, village)
    assert found is not None
    return found


async def _begun(stage: Stage) -> tuple[Browser, str]:
    village = await _village(stage)
    browser = await stage.staff("老支书", StaffRole.CADRE, village)
    assert (await browser.post(f"/households/{village}/begin")).status == 303
    return browser, village


async def test_a_round_begins_with_who_lives_there(stage: Stage) -> None:
    browser, village = await _begun(stage)
    page = await browser.get(f"/households/{village}")
    assert "张**" in page.words
    assert "还没去" in page.words
    assert "张小明" not in page.text
    rows = await stage.database.read(audit.of, village)
    assert "village.listed" in {row.act for row in rows}


async def test_what_came_of_a_door_is_noted_and_taken_back(stage: Stage) -> None:
    browser, village = await _begun(stage)
    await browser.post(f"/households/{village}/doors/1/not_home", seen="open")
    assert (await _round(stage, village)).doors[0].state is DoorState.NOT_HOME
    await browser.post(f"/households/{village}/doors/1/open")
    assert (await _round(stage, village)).doors[0].state is DoorState.OPEN


async def test_a_colleagues_note_is_not_overwritten(stage: Stage) -> None:
    browser, village = await _begun(stage)
    await browser.post(f"/households/{village}/doors/1/talked", seen="open")
    await browser.post(f"/households/{village}/doors/1/not_home", seen="open")
    assert (await _round(stage, village)).doors[0].state is DoorState.TALKED


async def test_who_died_is_marked_so_and_a_slip_mended(stage: Stage) -> None:
    browser, village = await _begun(stage)
    for state, status in (("deceased", Status.DECEASED), ("talked", Status.CONFIRMED)):
        await browser.post(f"/households/{village}/doors/1/{state}")
        found = await stage.database.read(people.by_ids, stage.vault, ["p1"])
        assert found["p1"].status is status


@pytest.mark.parametrize("path", ["", "/begin", "/doors/1/talked"])
async def test_another_village_is_not_there(stage: Stage, path: str) -> None:
    _, village = await _begun(stage)
    browser = await stage.staff("别人", StaffRole.CADRE, "371703103201")
    send = browser.post if path else browser.get
    assert (await send(f"/households/{village}{path}")).status == 404
    assert (await _round(stage, village)).doors[0].state is DoorState.OPEN


@pytest.mark.parametrize("path", ["/doors/1/x", "/doors/9/talked", "/doors/x/talked"])
async def test_a_door_that_is_none_is_not_there(stage: Stage, path: str) -> None:
    browser, village = await _begun(stage)
    assert (await browser.post(f"/households/{village}{path}")).status == 404


async def test_the_villages_of_the_county_are_listed(stage: Stage) -> None:
    village = await _village(stage)
    page = await (await stage.staff(area=AREA)).get("/households")
    assert f"/console/households/{village}" in page.text
    assert "1 人" in page.words
