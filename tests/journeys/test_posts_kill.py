"""kill -9 while posts leave and are taken back: no group gets one twice, all adds up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from handlers.posting import effects
from outreach.calendars import CHINA
from outreach.groups import registry
from outreach.posting import sending, standing
from outreach.posting.sending import Draft
from records import group_posts, groups, pictures, staff_accounts
from records.database import Database, Session
from records.group_posts import Post, TargetState
from records.groups import Joined
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from tests.campaign_kill.nursery import Nursery
from tests.support.bot_api import TOKEN, BotApi
from tests.support.database import fresh_file
from tests.support.pictures import JPEG

SECRET = "a key for tests only"
VAULT = Vault(SECRET)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
WRITER = Staff("王姐", StaffRole.STEWARD, "371703")
GROUPS = 60
IN_DOUBT = 8  # of one sender at a kill
PATIENCE = 60.0
T = TargetState


@dataclass
class Stage:
    """A post with a picture for many groups, and the program that sends it."""

    api: BotApi
    database: Database
    nursery: Nursery
    settings: dict[str, str]

    async def dies_when(self, method: str, count: int) -> None:
        """It runs until Telegram has had so many calls, and is killed."""
        await self.nursery.start(self.settings)
        await self.api.until(lambda: self.api.calls[method] >= count, PATIENCE)
        await self.nursery.end()
        await self.check()

    async def finishes(self, *open_states: TargetState) -> Post:
        """It runs until no group is in these states any more."""
        await self.nursery.start(self.settings)
        async with asyncio.timeout(PATIENCE):
            while any(one.state in open_states for one in (await self.post()).targets):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        await self.nursery.end()
        return await self.post()

    async def post(self) -> Post:
        await self.database.run(standing.settle, VAULT, 1, None, NOW)
        post = await self.database.read(group_posts.find, VAULT, 1)
        assert post is not None
        return post

    async def check(self) -> None:
        """The program is dead: what is written fits what has arrived."""
        ever = (*self.api.sent, *self.api.deleted)
        arrived = Counter(sent.chat for sent in ever if sent.chat < 0)
        post = await self.post()
        assert len(post.targets) == GROUPS
        assert set(arrived.values()) <= {1}
        for one in post.targets:
            assert arrived[int(one.chat)] in _MAY[one.state], one


_MAY = {
    T.POSTED: (1,),
    T.RECALLING: (1,),
    T.RECALLED: (1,),
    T.LEAVING: (0, 1),  # in the hands of who died
    T.UNCERTAIN: (0, 1),
}


def _fill(session: Session) -> None:
    staff_accounts.add(
        session, WRITER.name, role=WRITER.role, area=WRITER.area, at=NOW, actor="system"
    )
    staff_accounts.bind(session, WRITER.name, "telegram:7", at=NOW, actor="system")
    for number in range(1, GROUPS + 1):
        groups.join(session, VAULT, Joined("telegram", str(-number), f"群{number}", 9), NOW)
        groups.change(session, number, kind="city", area="371703", steward=WRITER.name)
    mine = registry.of_steward(session, VAULT, WRITER)
    picture = pictures.keep(session, VAULT, "telegram:1", JPEG, NOW)
    draft = Draft(1, "周六招聘会", tuple(enumerate(mine, 1)), picture)
    assert sending.ask(session, VAULT, draft, WRITER, NOW)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    url = await fresh_file(tmp_path / "kill.db")
    database = Database(url)
    async with BotApi() as api, Nursery(tmp_path) as nursery:
        api.behaviour.latency = (0.02, 0.06)
        api.behaviour.knows_everybody = True
        settings = {
            "GUIYAN_DATABASE_URL": url,
            "GUIYAN_SECRET_KEY": SECRET,
            "GUIYAN_AREAS": "定陶",
            "GUIYAN_TELEGRAM_TOKEN": TOKEN,
            "GUIYAN_TELEGRAM_BASE_URL": api.url,
            "GUIYAN_NOW": NOW.isoformat(),
        }
        await database.run(_fill)
        yield Stage(api, database, nursery, settings)
        await database.close()


async def test_posts_add_up_through_kills(stage: Stage) -> None:
    for count in (1, 15, 35):
        await stage.dies_when("sendphoto", count)
    post = await stage.finishes(T.LEAVING)
    await stage.check()
    stands = Counter(one.state for one in post.targets)
    assert stands[T.POSTED] + stands[T.UNCERTAIN] == GROUPS
    assert stands[T.UNCERTAIN] <= 3 * IN_DOUBT
    await stage.database.run(effects.withdraw, VAULT, 1, WRITER.name, NOW)
    for count in (1, 20):
        await stage.dies_when("deletemessage", count)
    after = Counter(one.state for one in (await stage.finishes(T.RECALLING)).targets)
    await stage.check()
    assert after == {T.RECALLED: stands[T.POSTED], T.UNCERTAIN: stands[T.UNCERTAIN]}
    left = {sent.chat for sent in stage.api.sent if sent.chat < 0}
    assert len(left) <= stands[T.UNCERTAIN]
