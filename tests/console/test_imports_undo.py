"""An import is taken back: who came goes, what changed is set back, what moved on stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from console.imports import undoing
from console.work_kinds import WORK
from records import audit, background, people, visits
from records.database import Session
from records.people import Person
from records.visits import Told, VisitKind
from registry.taking_back import Undo
from tests.console.test_pages_imports import _people, _taken
from tests.support.console import Browser, Stage
from tests.support.handing_in import ROWS, done
from tests.support.working import work

COUNTY = "430381"
MORE = [["姓名", "手机", "县", "想法"], ["王某一", "13800000001", "湘乡市", "马上想干"]]


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of the county that the lists are of."""
    return await stage.staff("小周", area=COUNTY)


async def _looked(stage: Stage, clerk: Browser, path: str) -> str:
    return await done(stage, await clerk.post(f"{path}/undo"))


async def _undone(stage: Stage, clerk: Browser, path: str) -> str:
    looked = await _looked(stage, clerk, path)
    return await done(stage, await clerk.post(f"{looked}/go"))


def _first(session: Session) -> str:
    return session.execute(select(Person.id)).scalars().first() or ""  # type: ignore[call-overload]


async def _intent(stage: Stage) -> Any:
    person = await stage.database.read(_first)
    found = await stage.database.read(people.by_ids, stage.vault, [person])
    return found[person].answers.get("intent")


async def test_looking_at_it_changes_nothing(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    page = (await clerk.get(await _looked(stage, clerk, path))).words
    assert "删掉 2 人" in page
    assert await stage.database.read(_people) == 2


async def test_who_came_by_it_is_gone_and_may_come_again(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    page = (await clerk.get(await _undone(stage, clerk, path))).words
    assert "退回好了" in page
    assert await stage.database.read(_people) == 0
    assert "import.undone" in [r.act for r in await stage.database.read(audit.of, "import:1")]
    again = (await clerk.get(await _taken(stage, clerk, [*ROWS, ["", "", "", "", ""]]))).words
    assert "新存 2 行" in again


async def test_who_was_followed_up_stays_with_the_reason(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    person = await stage.database.read(_first)

    def visited(session: Session) -> None:
        told = Told(VisitKind.CALL, note="打过电话")
        visits.log(session, stage.vault, person, told, helper="小周", at=stage.now)

    await stage.database.run(visited)
    page = await clerk.get(await _undone(stage, clerk, path))
    assert "已经联系过他" in page.words
    assert person in page.text
    assert await stage.database.read(_people) == 1


async def test_what_was_added_to_somebody_known_is_set_back(stage: Stage, clerk: Browser) -> None:
    await _taken(stage, clerk, ROWS[:2])
    path = await _taken(stage, clerk, MORE)
    assert await _intent(stage) == "ready"
    page = (await clerk.get(await _undone(stage, clerk, path))).words
    assert "改回 1 人" in page
    assert (await _intent(stage), await stage.database.read(_people)) == (None, 1)


async def test_what_was_changed_since_is_left_as_it_is(stage: Stage, clerk: Browser) -> None:
    await _taken(stage, clerk, ROWS[:2])
    path = await _taken(stage, clerk, MORE)
    person = await stage.database.read(_first)

    def corrected(session: Session) -> None:
        entered = people.Entered(codes={"intent": "thinking"}, texts={})
        people.correct(session, stage.vault, person, entered, at=stage.now)

    await stage.database.run(corrected)
    page = (await clerk.get(await _undone(stage, clerk, path))).words
    assert "后来又改过" in page
    assert await _intent(stage) == "thinking"


async def test_who_was_gone_before_a_kill_is_counted(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    going = (await clerk.post(f"{await _looked(stage, clerk, path)}/go")).path
    number = int(going.rpartition("/")[2])
    undo = Undo(1, stage.vault, "小周", stage.now, is_trial=False)

    def died_halfway(session: Session) -> None:
        background.claim(session, number, "dead", stage.now)
        undoing.step(session, number, undo, [_first(session)], [])

    await stage.database.run(died_halfway)
    stage.clock[0] += background.LEASE
    await work(stage.means, WORK)
    assert "删掉 2 人" in (await clerk.get(going)).words


async def test_a_second_time_there_is_nothing_to_take_back(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    await _undone(stage, clerk, path)
    page = (await clerk.get(await _looked(stage, clerk, path))).words
    assert "删掉 0 人" in page


async def test_anothers_import_is_not_theirs_to_take_back(stage: Stage, clerk: Browser) -> None:
    path = await _taken(stage, clerk, ROWS)
    other = await stage.staff("小李", area=COUNTY)
    assert (await other.post(f"{path}/undo")).status == 404
    looked = await _looked(stage, clerk, path)
    assert (await other.get(looked)).status == 404
    assert (await other.post(f"{looked}/go")).status == 404
