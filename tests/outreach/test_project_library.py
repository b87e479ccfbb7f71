"""The library kept in memory is never older than the last commit, whoever made it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from matching.aspects import View
from matching.ranking import same_for_all
from outreach.projects import keeping, library, stocking
from outreach.projects.library import Library
from records import people, project_people, projects
from records.consents import CORE, Said
from records.database import Database, Session
from records.erasure import erase
from records.people import Entered
from records.project_people import Showing, Way
from records.vault import Vault
from tests.support.library import stock
from tests.support.program import clean_environment

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY, DINGTAO, YICHANG = timedelta(days=1), "371703", "420506"
PAUSE = """
import asyncio, sys
from datetime import UTC, datetime
from outreach.projects import keeping
from records.database import Database

async def main():
    database = Database(sys.argv[1])
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    await database.run(
        lambda s: keeping.pause(s, int(sys.argv[2]), by="staff:x", now=now, note="x")
    )
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
async def stocked(database: Database, vault: Vault) -> Database:
    """Projects in every county of the packs, of which a talk has read some before."""
    await database.run(stock, vault, NOW - DAY)
    await database.read(_offered)
    return database


def _offered(session: Session, now: datetime = NOW) -> list[str]:
    """What everybody of the county may be shown, as a talk finds it."""
    goods = library.of_counties(session, {DINGTAO})
    view = stocking.view(session, goods.where, now, people=("nobody",))
    return [one.project.id for one in same_for_all(DINGTAO, goods.stock, view, count=99)]


def _first(session: Session) -> int:
    return int(_offered(session)[0])


def _paused(session: Session, number: int) -> None:
    keeping.pause(session, number, by="staff:甲", now=NOW, note="x")


def _closed(session: Session, number: int) -> None:
    keeping.close(session, number, by="staff:甲", now=NOW, note="x")


def _edited(session: Session, number: int) -> None:
    keeping.edit(session, number, {"title": "另一个"}, by="staff:甲", now=NOW)


def _moved(session: Session, number: int) -> None:
    row = keeping.get(session, number)
    projects.change(session, row, {"county": YICHANG}, act="edited", by="staff:甲", at=NOW)


@pytest.mark.parametrize("act", [_paused, _closed, _edited, _moved])
async def test_what_staff_changed_is_gone_from_the_next_answer(
    stocked: Database, act: Callable[[Session, int], None]
) -> None:
    number = await stocked.read(_first)
    await stocked.run(act, number)
    assert str(number) not in await stocked.read(_offered)


async def test_what_another_process_paused_is_gone_from_the_next_answer(
    stocked: Database,
) -> None:
    number = await stocked.read(_first)
    url = stocked.url.render_as_string(hide_password=False)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PAUSE, url, str(number), env=clean_environment()
    )
    assert await other.wait() == 0
    assert str(number) not in await stocked.read(_offered)


async def test_what_expired_is_gone_on_the_day_after_its_last(stocked: Database) -> None:
    number = await stocked.read(_first)
    last = await stocked.read(lambda s: keeping.last_day(keeping.get(s, number)))
    ends = datetime.combine(last, NOW.time(), UTC)
    assert str(number) in await stocked.read(_offered, ends)
    assert str(number) not in await stocked.read(_offered, ends + DAY)


async def test_what_is_full_is_gone_with_the_showing_that_filled_it(stocked: Database) -> None:
    number = await stocked.read(_first)
    slots = await stocked.read(lambda s: keeping.get(s, number).slots)
    cap = max(20, 3 * slots)
    seen = [Showing(f"p{n}", number) for n in range(cap)]
    await stocked.run(project_people.note_shown, seen[1:], Way.CHAT, NOW - DAY)
    await stocked.run(project_people.note_shown, seen[1:3], Way.PUSH, NOW - DAY)  # once more
    view = await stocked.read(_view)
    assert view.around.shown[str(number)] == cap - 1
    await stocked.run(project_people.note_shown, seen[:1], Way.CHAT, NOW - DAY)
    assert (await stocked.read(_view)).around.shown[str(number)] == cap


def _view(session: Session) -> View:
    return stocking.view(session, library.of_counties(session, {DINGTAO}).where, NOW)


async def test_what_somebody_brought_goes_with_them(stocked: Database, vault: Vault) -> None:
    number = await stocked.read(_first)

    def own(session: Session) -> None:
        entered = Entered(codes={}, texts={}, said=(Said(CORE, True, NOW, "1"),))
        people.enter(session, vault, "李", entered, at=NOW, account="x:1")
        keeping.get(session, number).person_id = "李"

    await stocked.run(own)
    await stocked.run(lambda s: erase(s, "李", counted=(), at=NOW))
    assert str(number) not in await stocked.read(_offered)


async def test_what_was_rolled_back_is_never_seen(stocked: Database) -> None:
    number = await stocked.read(_first)
    before = await stocked.read(_goods)

    def fails(session: Session) -> None:
        _paused(session, number)
        assert str(number) not in _offered(session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await stocked.run(fails)
    assert str(number) in await stocked.read(_offered)
    assert (await stocked.read(_goods)).stock.projects == before.stock.projects


def _goods(session: Session) -> Library:
    return library.of_counties(session, {DINGTAO})


async def test_nothing_is_read_again_while_nothing_changed(stocked: Database) -> None:
    assert await stocked.read(_goods) is await stocked.read(_goods)


async def test_only_what_changed_is_made_anew(stocked: Database) -> None:
    before = {one.id: one for one in (await stocked.read(_goods)).stock.projects}
    number = await stocked.read(_first)
    await stocked.run(_paused, number)
    after = {one.id: one for one in (await stocked.read(_goods)).stock.projects}
    assert {one for one, value in after.items() if value is not before[one]} == {str(number)}


async def test_a_county_without_projects_has_none(stocked: Database) -> None:
    goods = await stocked.read(lambda s: library.of_counties(s, {"110101"}))
    assert (goods.stock.projects, goods.offers) == ((), ())
