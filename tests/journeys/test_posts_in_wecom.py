"""J7 in WeCom: a mentor posts from the app to customer groups and a robot's, with a picture."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.lifecycle import Running
from bot.settings import load
from bot.wiring import App, build
from outreach.calendars import CHINA
from outreach.groups import placing
from outreach.groups.placing import By, Said
from records import group_register, staff_accounts
from records.database import Session
from records.groups import GroupKind
from records.staff_accounts import StaffRole
from records.vault import Vault
from scheduler.jobs import JOBS
from tests.support.pictures import GIF, JPEG
from tests.support.wecom.clock import Clock
from tests.support.wecom.group_send import Task
from tests.support.wecom.phones import Shown
from tests.support.wecom.server import WeCom

WRITER, SECOND = "WangJie", "ZhouMin"
TEXT = "周六上午九点县里有招聘会，带身份证，不收钱。"
PATIENCE = 40.0
_START = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)


class Office:
    """The program, the stand-in, and the phones of two members."""

    def __init__(self, app: App, wecom: WeCom, robot: str, groups: tuple[str, str]) -> None:
        self.app, self.wecom, self.robot, self.groups = app, wecom, robot, groups

    async def says(self, text: str, member: str = WRITER) -> str:
        """A member writes; all that they read in answer."""
        return await self._answer(member, lambda: self.wecom.app.says(member, text))

    async def shows(self, content: bytes) -> str:
        """The writer sends a picture."""
        return await self._answer(
            WRITER, lambda: self.wecom.app.sends_file(WRITER, "image", content)
        )

    async def reads(self, words: str, member: str = WRITER) -> None:
        await self.wecom.until(lambda: words in "\n".join(self.texts(member)), PATIENCE)

    def texts(self, member: str) -> list[str]:
        return [one.text for one in self.wecom.app.shown(member)]

    def pictures(self, phone: str) -> list[bytes]:
        """What pictures a member, a customer group or a robot's group sees of us."""
        shown = [one for one in self.wecom.phones.from_us(phone) if one.msgtype == "image"]
        return [self._content(one) for one in shown]

    async def task(self) -> Task:
        """The task that waits for the writer, who owns the groups."""
        sends = self.wecom.contacts.sends
        await self.wecom.until(lambda: sends.of_member(WRITER), PATIENCE)
        return sends.of_member(WRITER)[-1]

    async def later(self, minutes: int = 2) -> None:
        """Time passes, and posts are looked after."""
        self.wecom.clock.advance(minutes * 60)
        await self.app.runner.by_hand(next(job for job in JOBS if job.name == "look_after_posts"))
        self.app.sender.wake()

    async def becomes(self, words: str) -> None:
        """Until the last post stands so."""
        async with asyncio.timeout(PATIENCE):
            while words not in await self.says("群发情况"):
                await self.later()

    async def _answer(self, member: str, do: Callable[[], object]) -> str:
        before = len(self.wecom.phones.from_us(member))
        do()
        seen = self.wecom.phones.from_us
        await self.wecom.until(lambda: len(seen(member)) > before, PATIENCE)
        await self.app.door.settled()
        await self.app.sender.settled()
        self.wecom.clock.advance(20)  # nobody's phone gets more than thirty a minute
        return "\n".join(one.text for one in seen(member)[before:])

    def _content(self, shown: Shown) -> bytes:
        if "base64" in shown.body:
            return base64.b64decode(shown.body["base64"])
        return self.wecom.media.find(shown.body["media_id"]).content


def _hire(session: Session, now: datetime) -> None:
    people = (("王姐", StaffRole.STEWARD, WRITER), ("老张", StaffRole.STAFF, SECOND))
    for name, role, member in people:
        staff_accounts.add(session, name, role=role, area="371703", at=now, actor="system")
        account = staff_accounts.wecom_account(member.lower())
        staff_accounts.bind(session, name, account, at=now, actor="system")


def _place(session: Session, vault: Vault, now: datetime) -> None:
    for one in group_register.known(session, vault):
        placing.say(session, vault, one, Said("371703", GroupKind.CITY, "广州"), By(), now)
    said = Said("371703", GroupKind.HEADS, steward="王姐", size=12)
    placing.add(session, vault, "站长工作群", said, By(), now, robot="站长")


def _settings(folder: Path, wecom: WeCom) -> dict[str, str]:
    database = f"sqlite:///{folder / 'posts.db'}"
    return {**wecom.settings(), "GUIYAN_DATABASE_URL": database, "GUIYAN_AREAS": "定陶"}


def _clock() -> Clock:
    begun = time.monotonic()
    return Clock(lambda: _START + timedelta(seconds=time.monotonic() - begun))


def _groups(wecom: WeCom) -> tuple[str, str]:
    for member in (WRITER, SECOND):
        wecom.corp.member(member)
    wecom.contacts.steward(WRITER)
    people = [wecom.contacts.customer() for _ in range(3)]
    return (
        wecom.contacts.group(WRITER, "广州老乡群", *people[:2]),
        wecom.contacts.group(WRITER, "广州务工群", *people[2:]),
    )


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with WeCom(seed=3, clock=_clock()) as wecom:
        robot, groups = wecom.robots.add("站长"), _groups(wecom)
        app = build(load(_settings(tmp_path, wecom)), now=wecom.clock.moment)
        running = Running(app)
        try:
            await running.start("127.0.0.1", 0)
            await wecom.listen(running.address)
            await app.database.run(_hire, app.now())
            await _known(app)
            await app.database.run(_place, app.vault, app.now())
            yield Office(app, wecom, robot, groups)
        finally:
            await running.stop()


async def _known(app: App) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(await app.database.read(group_register.known, app.vault)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _written(office: Office, groups: str) -> str:
    """To the preview, with a picture; what the writer read on the way."""
    listed = await office.says("群发")
    asked = await office.says(groups)
    refused = await office.shows(GIF)
    kept = await office.shows(JPEG)
    return "\n".join([listed, asked, refused, kept, await office.says(TEXT)])


async def test_a_post_with_a_picture_reaches_customer_groups_and_a_robot_s(
    office: Office,
) -> None:
    told = await _written(office, "全部")
    for words in (
        "站长工作群（站长群，企业微信群机器人自动发，12人）",
        "广州老乡群（城市群，企业微信，您在群发助手里点发送，2人）",
        "发到3个群（15人）",
        "只收JPG、PNG",
        "图收到了。再把文字写来。",
        "带图",
        "图里的字要人看一眼",
        TEXT,
    ):
        assert words in told
    assert office.pictures(WRITER) == [JPEG]
    assert TEXT in await office.says("先发给我")
    assert office.pictures(WRITER) == [JPEG, JPEG]
    assert "交给县里同事看" in await office.says("确认")
    await office.reads("王姐写了群发1，要发3个群", SECOND)
    assert office.wecom.robots.shown(office.robot) == []
    assert TEXT in await office.says("群发审核 1", SECOND)
    assert office.pictures(SECOND) == [JPEG]
    assert "群发1过了" in await office.says("过 1", SECOND)
    await _arrives(office)
    assert "企业微信群已经确认发出的，我们收不回" in await office.says("撤回 1")


async def _arrives(office: Office) -> None:
    """In the robot's group at once, in the others when their owner confirms; once each."""
    await office.wecom.until(lambda: len(office.wecom.robots.shown(office.robot)) == 2, PATIENCE)
    await office.later()
    task = await office.task()
    assert office.wecom.contacts.confirms(task.msgid, WRITER) == sorted(
        office.groups, key=list(task.work[WRITER]).index
    )
    await office.becomes("3个已发（共15人）")
    for phone in (office.robot, *office.groups):
        assert office.pictures(phone) == [JPEG]
        assert TEXT in "\n".join(office.wecom.phones.texts(phone))
    await office.reads("群发1：3个群：1个已发")


async def test_a_task_that_nobody_confirmed_is_taken_back(office: Office) -> None:
    await _written(office, "广州")
    await office.says("确认")
    await office.says("过 1", SECOND)
    await office.later()
    task = await office.task()
    assert "撤回了" in await office.says("撤回 1")
    await office.wecom.until(lambda: task.is_cancelled, PATIENCE)
    await office.becomes("2个没发")
    assert all(office.wecom.phones.texts(group) == [] for group in office.groups)
