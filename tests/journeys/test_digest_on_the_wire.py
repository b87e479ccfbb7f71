"""What was held over night leaves on Telegram as one message, and each part can be answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.lifecycle import Running
from bot.settings import load
from bot.wiring import App, build
from outreach.calendars import CHINA
from outreach.pushes import a_push
from records import consents, events, outbox, people, staff_accounts
from records.consents import CORE, PUSH, Said
from records.database import Session
from records.events import Answer
from records.messages import Option
from records.people import Entered
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.bot_api import TOKEN, BotApi, Sent
from tests.support.wecom.clock import Clock

WANG, CLERK = 11, 22
PATIENCE = 30.0
ACCOUNT = f"telegram:{WANG}"
EVENING = datetime(2026, 12, 1, 19, 0, tzinfo=CHINA)
HELD = {  # the fifth is an invitation
    "gap/1": "您问的贷款有答案了。个人最高20万",
    "fix/2": "您看过的补贴有变化。多了一条",
    "of:3:rating": "上次帮您办的事满意吗？",
    "helper.word/4": "专员托我带句话。场地看好了",
}


class House:
    """The running program, Telegram's other end, a clock that is turned."""

    def __init__(self, folder: Path, api: BotApi) -> None:
        begun = time.monotonic()
        self.clock = Clock(lambda: EVENING + timedelta(seconds=time.monotonic() - begun))
        self.api, self.settings = (
            api,
            {
                "GUIYAN_DATABASE_URL": f"sqlite:///{folder / 'digest.db'}",
                "GUIYAN_TELEGRAM_TOKEN": TOKEN,
                "GUIYAN_TELEGRAM_BASE_URL": api.url,
                "GUIYAN_AREAS": "定陶",
            },
        )
        self.app, self.running = self._built()

    def _built(self) -> tuple[App, Running]:
        app = build(load(self.settings), now=self.clock.moment)
        return app, Running(app)

    async def start(self) -> None:
        await self.running.start("127.0.0.1", 0)

    def to(self, day: int, hour: int, minute: int = 0) -> None:
        """The clock goes on to there."""
        at = datetime(2026, 12, day, hour, minute, tzinfo=CHINA)
        self.clock.advance((at - self.app.now()).total_seconds())

    def got(self, chat: int = WANG) -> list[Sent]:
        return [one for one in self.api.sent if one.chat == chat]

    async def says(self, text: str, chat: int = WANG) -> Sent:
        """The last that is answered."""
        before = len(self.got(chat))
        self.api.say(chat, text, date=int(self.app.now().timestamp()) + 1)
        await self.gets(before + 1, chat)
        await asyncio.sleep(1.5)  # some answers are several messages
        return self.got(chat)[-1]

    async def gets(self, number: int, chat: int = WANG) -> Sent:
        """The message of this number, when it is there."""
        await self.api.until(lambda: len(self.got(chat)) >= number, PATIENCE)
        return self.got(chat)[number - 1]

    async def until(self, waiting: int) -> None:
        """Until so many messages wait for another day."""
        async with asyncio.timeout(PATIENCE):
            while (await self.app.database.read(outbox.counts)).get("queued", 0) < waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def queues(self, texts: Mapping[str, str]) -> None:
        options, now = (Option("知道了", "知道了"),), self.app.now()
        for key, text in texts.items():
            new = a_push(self.app.vault, ACCOUNT, text, key=key, now=now, options=options)
            await self.app.database.run(outbox.enqueue, [new])


def _known(session: Session, vault: Vault, now: datetime) -> None:
    said = (Said(CORE, True, now, "1"), Said(PUSH, True, now, "1"))
    entered = Entered(codes={"where_now": "away"}, texts={}, area="371703", said=said)
    people.enter(session, vault, "wang", entered, at=now, account=ACCOUNT)
    consents.note(session, "wang", said, channel="telegram")
    staff_accounts.add(
        session, "小刘", role=StaffRole.STAFF, area="371703", at=now, actor="system"
    )
    staff_accounts.bind(session, "小刘", f"telegram:{CLERK}", at=now, actor="system")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """In the night five things wait for 老王, one of them an invitation."""
    async with BotApi() as api:
        house = House(tmp_path, api)
        try:
            await house.start()
            for chat in (WANG, CLERK):
                await house.says("你好", chat)
            await house.app.database.run(_known, house.app.vault, house.app.now())
            await house.says("办活动 返乡座谈会 12月20日 10点 镇政府", CLERK)
            await house.queues({"gap/0": "今天的一件"})
            await house.gets(len(house.got()) + 1)
            await house.says("请人 1 发", CLERK)
            await house.queues(HELD)
            await house.until(5)
            house.to(1, 23)
            yield house
        finally:
            await house.running.stop()


async def _morning(house: House) -> Sent:
    before = len(house.got())
    house.to(2, 8, 31)
    return await house.gets(before + 1)


def _said(session: Session) -> Answer:
    (guest,) = events.guests(session, 1)
    return guest.answer


async def test_five_of_a_night_are_one_and_each_is_opened(house: House) -> None:
    digest = await _morning(house)
    assert len(digest.labels) == 5
    before = len(house.got())
    await asyncio.sleep(1.5)
    assert len(house.got()) == before
    for number, label in enumerate(digest.labels, 1):
        shown = await house.says(f"第{number}个")
        assert shown.text.startswith(label[2:-1])
        assert shown.labels[-1] == "别的几件"
        assert (await house.says("别的几件")).labels == digest.labels


async def test_an_invitation_inside_is_answered_by_a_digit(house: House) -> None:
    digest = await _morning(house)
    (line,) = [label for label in digest.labels if "座谈会" in label]
    shown = await house.says(line[0])
    assert shown.labels[:2] == ["1 来", "2 不来"]
    await house.says("1")
    assert await house.app.database.read(_said) is Answer.YES
