"""How long posts and their pictures are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import group_posts, pictures
from records.database import Database, Session
from records.group_posts import Post, PostState, Target, TargetState
from records.vault import Vault
from scheduler.jobs import prune_outbox, prune_voices
from tests.support.pictures import JPEG

T = TargetState
_OLD, _NEW = timedelta(days=181), timedelta(days=179)


def _add(session: Session, vault: Vault, number: int, at: datetime, *states: TargetState) -> None:
    targets = tuple(
        Target(number, group, group, "telegram", "-1", 12, state, at)
        for group, state in enumerate(states, 1)
    )
    picture = pictures.keep(session, vault, str(number), JPEG, at)
    post = Post(number, "王姐", "", "招聘会", PostState.PASSED, at, picture, targets=targets)
    assert group_posts.add(session, vault, post)


def _fill(session: Session, vault: Vault, now: datetime, age: timedelta, state: T) -> None:
    _add(session, vault, 1, now - age, T.POSTED, state)
    _add(session, vault, 2, now, T.POSTED)


def _left(session: Session, vault: Vault) -> list[int]:
    return [post.number for post in group_posts.listed(session, vault, "")]


@pytest.mark.parametrize(
    ("age", "state", "left"),
    [
        (_OLD, T.POSTED, [2]),
        (_OLD, T.UNCERTAIN, [2]),
        (_OLD, T.WAITING, [2]),
        (_NEW, T.POSTED, [2, 1]),
        (_OLD, T.TASK, [2, 1]),
        (_OLD, T.PASTE, [2, 1]),
    ],
)
async def test_what_is_over_is_dropped_after_half_a_year(
    database: Database, vault: Vault, now: datetime, age: timedelta, state: T, left: list[int]
) -> None:
    await database.run(_fill, vault, now, age, state)
    done = await database.run(prune_outbox.run, now)
    assert (await database.read(_left, vault), done["posts"]) == (left, 2 - len(left))


async def test_no_number_is_given_twice(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_add, vault, 7, now - _OLD, T.POSTED)
    await database.run(prune_outbox.run, now)
    assert await database.read(group_posts.next_number) == 8


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [(T.POSTED, False), (T.FAILED, False), (T.DROPPED, False)]
    + [(state, True) for state in (T.WAITING, T.LEAVING, T.TASK, T.PASTE)],
)
async def test_a_picture_stays_while_a_group_waits_for_it(
    database: Database, vault: Vault, now: datetime, state: T, is_kept: bool
) -> None:
    await database.run(_add, vault, 1, now - timedelta(days=4), state)
    await database.run(prune_voices.run, now)
    (post,) = await database.read(group_posts.listed, vault, "")
    assert (await database.read(pictures.find, vault, post.picture) is not None) is is_kept


async def test_a_picture_of_no_post_is_dropped_after_three_days(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(pictures.keep, vault, "webchat:1", JPEG, now)
    for days, is_kept in ((2, True), (4, False)):
        await database.run(prune_voices.run, now + timedelta(days=days))
        found = await database.read(pictures.find, vault, number)
        assert (found is not None) is is_kept


async def test_a_picture_is_sealed_and_kept_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    first = await database.run(pictures.keep, vault, "webchat:1", JPEG, now)
    assert await database.run(pictures.keep, vault, "webchat:1", JPEG, now) == first
    assert await database.read(pictures.find, vault, first) == JPEG
    assert await database.read(pictures.find, vault, "gone") is None
