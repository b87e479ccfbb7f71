"""Where a live page cannot be used, what it had replaced serves; never what was withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.packs import Knowledge, usable_pages
from knowledge.library import our_shelf
from records.database import Database, Session
from records.policies import KnowledgeRevision, PageVersion, Stage

PATH = "dingtao/policies/dingtao-loan-caps.toml"
ID = "dingtao-loan-caps"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOOD = (our_shelf().shipped(PATH) or "").replace("干个体的", "单干的")
BAD = "id = ]"


def _stored(session: Session, *versions: tuple[Stage, str]) -> None:
    for number, (stage, text) in enumerate(versions, 1):
        session.add(PageVersion(path=PATH, number=number, stage=stage, text=text, made_at=NOW))
    session.merge(KnowledgeRevision(id=1, number=len(versions)))


OLD, LIVE, GONE = Stage.REPLACED, Stage.LIVE, Stage.WITHDRAWN


@pytest.mark.parametrize(
    ("versions", "served"),
    [
        ([(LIVE, BAD)], ()),
        ([(OLD, GOOD), (LIVE, BAD)], ((PATH, GOOD),)),
        ([(OLD, GOOD), (OLD, BAD), (LIVE, BAD)], ((PATH, GOOD),)),
        ([(GONE, GOOD), (LIVE, BAD)], ((PATH, None),)),
        ([(OLD, GOOD), (GONE, GOOD), (OLD, BAD), (LIVE, BAD)], ((PATH, None),)),
        ([(GONE, GOOD), (LIVE, GOOD)], ((PATH, GOOD),)),
        ([(LIVE, GOOD), (GONE, GOOD)], ((PATH, None),)),
    ],
)
async def test_the_version_before_serves(
    database: Database,
    versions: list[tuple[Stage, str]],
    served: tuple[tuple[str, str | None], ...],
) -> None:
    await database.run(_stored, *versions)
    assert await usable_pages(database) == served


async def test_a_revision_is_read_once_and_the_next_one_again(database: Database) -> None:
    knowledge = Knowledge(database, ("定陶",))
    first = await knowledge.now()
    assert await knowledge.now() is first
    await database.run(_stored, (LIVE, GOOD))
    second = await knowledge.now()
    assert second.library.entries[ID].answer.startswith("单干的")
    assert await knowledge.at(0) is second  # a batch read before the release gets the newer one
