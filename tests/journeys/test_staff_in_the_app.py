"""A request in 微信客服 is answered from the WeCom app: the whole program and the stand-in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.program import Program
from tests.support.several import the_program
from tests.support.wecom.clock import Clock
from tests.support.wecom.phones import Shown
from tests.support.wecom.server import WeCom

_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
STAFF, COLLEAGUE = "LiuYang", "ZhouMin"


@dataclass
class House:
    """The program, a worker in 微信客服 and staff in the app."""

    wecom: WeCom
    program: Program
    worker: str
    group: str  # the robot's key
    folder: Path
    settings: dict[str, str]

    async def restart(self) -> None:
        """Killed, and started again at the time that it is now."""
        await self.program.kill()
        now = {"GUIYAN_NOW": self.wecom.clock.moment().isoformat()}
        self.program = the_program(self.folder, self.settings | now)
        await self.wecom.listen(await self.program.start())

    async def worker_hears(self, words: str) -> None:
        phones = self.wecom.phones
        await self.wecom.until(lambda: words in "\n".join(phones.texts(self.worker)), 20)

    async def staff_sees(self, words: str, member: str = STAFF) -> Shown:
        """The newest message to them with these words."""
        shown = self.wecom.app.shown
        await self.wecom.until(lambda: any(words in s.text for s in shown(member)), 20)
        return next(s for s in reversed(shown(member)) if words in s.text)

    async def number(self) -> str:
        card = await self.staff_sees("新求助")
        found = re.search(r"[2-9A-Y]{6}", card.text)
        assert found is not None
        return found[0]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    began = datetime.now(UTC)
    clock = Clock(lambda: _NOON + (datetime.now(UTC) - began))
    async with WeCom(clock=clock) as wecom:
        group = wecom.robots.add("alerts")
        for member in (STAFF, COLLEAGUE):
            wecom.corp.member(member)
        settings = wecom.settings() | {
            "GUIYAN_AREAS": "定陶",
            "GUIYAN_NOW": clock.moment().isoformat(),
        }
        program = the_program(tmp_path, settings)
        await program.command("staff", "add", "小刘", "--wecom", STAFF.lower())
        await wecom.listen(await program.start())
        house = House(wecom, program, wecom.kf.customer(), group, tmp_path, settings)
        yield house
        await house.program.kill()


async def test_a_worker_is_helped_by_staff_in_the_app(house: House) -> None:
    house.wecom.kf.says(house.worker, "人工")
    await house.worker_hears("已请工作人员")
    number = await house.number()
    house.wecom.app.taps(STAFF, "接")
    await house.staff_sees("由您来办了")
    house.wecom.app.says(STAFF, f"回 {number} 您好，是哪个村的？")
    await house.worker_hears("工作人员小刘：您好，是哪个村的？")
    house.wecom.kf.says(house.worker, "陈集镇的")
    await house.staff_sees("对方说：\n陈集镇的")
    house.wecom.app.taps(STAFF, "完")
    await house.worker_hears("办完了")


async def test_the_group_hears_of_it_and_a_stranger_does_not(house: House) -> None:
    house.wecom.kf.says(house.worker, "人工")
    number = await house.number()
    await house.wecom.until(lambda: house.wecom.robots.shown(house.group), 20)
    assert number in house.wecom.robots.shown(house.group)[-1].text
    house.wecom.app.says(COLLEAGUE, "待办")
    seen = await house.staff_sees("绑定码", COLLEAGUE)
    assert number not in seen.text


async def test_a_kill_in_the_middle_neither_loses_nor_doubles(house: House) -> None:
    house.wecom.kf.says(house.worker, "人工")
    number = await house.number()
    house.wecom.app.says(STAFF, f"回 {number} 马上看")
    await house.wecom.callbacks.settled()
    await house.restart()
    await house.worker_hears("马上看")
    cards = [s for s in house.wecom.app.shown(STAFF) if "新求助" in s.text]
    assert len(cards) == 1


async def test_what_a_worker_takes_back_is_gone_from_the_desk(house: House) -> None:
    house.wecom.kf.says(house.worker, "人工")
    number = await house.number()
    house.wecom.app.says(STAFF, f"回 {number} 是哪个村的？")
    await house.worker_hears("是哪个村的？")
    msgid = house.wecom.kf.says(house.worker, "花桥村的老王")
    await house.staff_sees("花桥村的老王")
    await house.restart()
    house.wecom.kf.recalls(house.worker, msgid)
    await house.staff_sees("撤回了，请别再用")
    house.wecom.app.says(STAFF, f"看 {number}")
    page = await house.staff_sees("对方：（已撤回）")
    assert "花桥村" not in page.text
