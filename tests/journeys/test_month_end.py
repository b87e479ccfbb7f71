"""The end of a month, whole (J9): drafted, told, opened, signed, frozen, corrected, added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.reports.versions import noting, reading, steps
from outreach.reports.versions.refusal import ReportRefusal
from outreach.reports.versions.verifying import verify
from records import people, report_versions, staff_accounts
from records.database import Session
from records.people import Person
from records.report_versions import State, Version
from records.staff_accounts import Staff
from tests.support.journey import Journey

COUNTY, TOWN, OTHER = "371703", "371703102", "371703103"
STAFF = """
@ 小刘
& staff 小刘 371703102
@ 王主任
& staff 王主任 371703
"""


def _enter(session: Session, journey: Journey, id_: str, town: str) -> None:
    entered = people.Entered({"intent": "ready"}, {"nickname": "李强"}, area=COUNTY)
    entered = replace(entered, source=people.Source.HOUSEHOLD)
    people.enter(session, journey.app.vault, id_, entered, at=journey.now, basis="文件一号")
    row = session.get(Person, id_)
    assert row is not None
    row.town = town


async def _month_is_over(journey: Journey) -> None:
    """Two people of one town, one of another, one of none; then the first of December."""
    assert await journey.play(STAFF) == []
    for id_, town in (("a", TOWN), ("b", TOWN), ("c", OTHER), ("d", "")):
        await journey.app.database.run(_enter, journey, id_, town)
    for length in ("1 minute", "10 days", "10 minutes"):
        await journey.wait(length)


def _version(session: Session, report: str, area: str) -> Version:
    return report_versions.of(session, report, area, "2026-11")[0]


def _staff(session: Session, name: str) -> Staff:
    return staff_accounts.named(session, name)


async def _signed(journey: Journey, report: str, area: str) -> Version:
    """小刘 checks where it is theirs, 王主任 signs, and the night freezes it."""

    def work(session: Session) -> int:
        vault, now = journey.app.vault, journey.now
        version, clerk = _version(session, report, area), _staff(session, "小刘")
        done = steps.check(session, vault, version, seen=version.sha, by=clerk, now=now)
        leader = _staff(session, "王主任")
        return steps.sign(session, vault, done, seen=done.sha, by=leader, now=now).number

    number = await journey.app.database.run(work)
    await journey.wait("1 day")
    found = await journey.app.database.read(report_versions.find, number)
    assert found is not None
    return found


async def _registered(journey: Journey, version: Version) -> list[object]:
    known = await journey.app.database.read(reading.opened, journey.app.vault, version)
    return [row.cells.get("registered") for row in known.table.rows]


def _written(
    session: Session, journey: Journey, version: Version, step: Callable[..., Version]
) -> Version:
    """小刘 writes 3 for the people who were registered, in one way or the other."""
    by, vault = _staff(session, "小刘"), journey.app.vault
    return step(
        session, vault, version, "3", line=0, cell="now", why="漏报", by=by, now=journey.now
    )


async def test_on_the_first_the_clerk_is_told_in_chat_and_reads_the_figures(
    tmp_path: Path,
) -> None:
    async with Journey(tmp_path) as journey:
        await _month_is_over(journey)
        told = [one.text for one in journey.channel.sent if one.chat == "小刘"]
        assert any("冉堌镇2026年11月乡镇月汇总表起草好了" in text for text in told)
        story = "@ 小刘\n> 报表\n< 号 冉堌镇2026年11月|等核对，12月5日前定稿"
        assert await journey.play(story) == []
        version = await journey.app.database.read(_version, "month_town", TOWN)
        assert await journey.play(f"> 报表 {version.number}\n< 新登记：2人") == []


async def test_a_month_goes_from_its_draft_to_the_county_s_sum(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        await _month_is_over(journey)
        read, run, vault = journey.app.database.read, journey.app.database.run, journey.app.vault
        frozen = await _signed(journey, "month_town", TOWN)
        assert frozen.state is State.FROZEN
        listed = await read(reading.open_list, vault, frozen.number, "registered", TOWN)
        assert listed is not None
        assert set(listed.listed.ids) == {"a", "b"}

        await run(_enter, journey, "late", TOWN)
        with pytest.raises(ReportRefusal, match="更正"):
            await run(_written, journey, frozen, noting.type_in)
        await run(_written, journey, frozen, noting.correct)
        kept = await read(reading.opened, vault, frozen)
        assert kept.table.rows[0].cells["now"] == 2

        await journey.wait("1 day")
        county = await read(_version, "month_county", COUNTY)
        assert await _registered(journey, county) == [3, 1, 1, 5]
        assert (await read(verify, vault, frozen)).faults == []
        said = [one.text for one in journey.channel.sent if one.chat == "王主任"]
        assert any("定稿后有一条更正" in text for text in said)
