"""Questions of one meaning become one gap; the entry that is released for it closes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from knowledge.answer import Answerer
from outreach import gaps as queue
from records import gaps, policies, questions
from records.database import Database
from records.gaps import GapState
from records.questions import Asked
from tests.support.editors import answerer_of, release_care
from tests.support.shipped import shipped

CARE = "湘潭返乡创业的托育补贴有没有"
MINUTE = timedelta(minutes=1)


async def _ask(
    database: Database, now: datetime, texts: Sequence[str], area: str = "430300"
) -> None:
    for number, text in enumerate(texts):
        asked = Asked(text, area, "unknown", 0.1, now, conversation=f"fake:{number}")
        await database.run(questions.note, asked)


async def _group(database: Database, now: datetime, answerer: Answerer | None = None) -> None:
    answerer = answerer or shipped()
    found = await database.read(queue.queue, answerer)
    await database.run(queue.keep, queue.grouped(found, answerer, now))


async def _asked(database: Database) -> list[int]:
    return [gap.asked for gap in await database.read(gaps.listed, GapState.OPEN)]


async def _close(database: Database, answerer: Answerer, now: datetime) -> dict[str, int]:
    revision = await database.read(policies.revision)
    untried = await database.read(queue.untried, revision)
    tried = [queue.tried(gap, answerer, now) for gap in untried]
    return await database.run(queue.settle, tried, revision, now)


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        ([CARE, "湘潭这边托育有补贴没得"], [2]),
        ([CARE, CARE], [2]),
        (["湘潭县有几个孵化基地能免租金", "湘乡有几个孵化基地能免租金"], [1, 1]),
        (["创业担保贷款利息多少", "创业担保贷款要带什么材料"], [1, 1]),
        (["养鸽子有没有保险补贴", "创业导师多久下来一次"], [1, 1]),
    ],
)
async def test_questions_come_together_by_meaning(
    database: Database, now: datetime, texts: list[str], asked: list[int]
) -> None:
    await _ask(database, now, texts)
    await _group(database, now)
    assert await _asked(database) == asked


async def test_a_later_question_joins_the_gap_that_is_there(
    database: Database, now: datetime
) -> None:
    for text in (CARE, "湘潭这边托育有补贴没得"):
        await _ask(database, now, [text])
        await _group(database, now)
    assert await _asked(database) == [2]


async def test_areas_have_gaps_of_their_own_and_counties_share_their_city_s(
    database: Database, now: datetime
) -> None:
    for area in ("430381", "430300", "371703"):
        await _ask(database, now, ["返乡创业的托育补贴有没有"], area)
    await _group(database, now)
    found = await database.read(gaps.listed, GapState.OPEN)
    assert [(gap.area, gap.asked) for gap in found] == [("430300", 2), ("371703", 1)]


async def test_a_closed_gap_takes_no_more_questions(database: Database, now: datetime) -> None:
    await _ask(database, now, [CARE])
    found = await database.read(queue.queue, shipped())
    groups = queue.grouped(found, shipped(), now)
    await database.run(queue.keep, groups)
    [gap] = await database.read(gaps.listed, GapState.OPEN)
    closing = gaps.Closing(GapState.ANSWERED, by="小刘", at=now, entry="x")
    await database.run(gaps.close, gap.id, closing)
    await _ask(database, now, [CARE])
    await _group(database, now)
    assert await _asked(database) == [1]


async def test_a_released_entry_closes_the_gap_that_it_answers(
    database: Database, now: datetime
) -> None:
    others = ["养鸽子有没有保险补贴"]
    await _ask(database, now, [CARE, "湘潭这边托育有补贴没得", *others])
    await _group(database, now)
    await release_care(database, now + MINUTE)
    answerer = await answerer_of(database)
    assert await _close(database, answerer, now + 2 * MINUTE) == {"closed": 1}
    [closed] = await database.read(gaps.listed, GapState.ANSWERED)
    assert (closed.entry, closed.closed_by) == ("xiangtan-care", "system")
    assert await _asked(database) == [1]


async def test_a_wording_that_the_entry_does_not_answer_waits_once_more(
    database: Database, now: datetime
) -> None:
    await _ask(database, now, [CARE, "托育有补贴没得", "养鸽子有没有保险补贴"])
    first, *rest = await database.read(gaps.ungrouped, 9)
    number = await database.run(gaps.open_new, first, "430300")
    for wording in rest:
        await database.run(gaps.join, number, wording)
    await release_care(database, now + MINUTE)
    answerer = await answerer_of(database)
    await _close(database, answerer, now + 2 * MINUTE)
    assert [w.text for w in await database.read(gaps.ungrouped, 9)] == ["养鸽子有没有保险补贴"]
    assert len(await database.read(gaps.askers, 9)) == 2


async def test_an_entry_that_was_there_before_closes_nothing(
    database: Database, now: datetime
) -> None:
    await release_care(database, now - MINUTE)
    await _ask(database, now, [CARE])
    answerer = await answerer_of(database)
    await _group(database, now, answerer)
    assert await _close(database, answerer, now) == {"closed": 0}
    revision = await database.read(policies.revision)
    assert await database.read(queue.untried, revision) == []
