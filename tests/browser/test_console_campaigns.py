"""A campaign from a kit to its report, as two members of staff click it, on a phone and a PC."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Page
from sqlalchemy import update

from console.guard import COOKIE
from console.work_kinds import WORK
from records import campaign_drafts, feeding
from records.database import Database, Session
from records.outbox import OutboxRow, OutboxState
from records.vault import Vault
from tests.support import campaign_stage as people_and_staff
from tests.support.browser import running_browser
from tests.support.campaign_stage import DINGTAO, NOW, SECOND, WRITER
from tests.support.console import Stage, served
from tests.support.working import work

SIZES = {"phone": (360, 740), "pc": (1366, 768)}
SHOTS = os.environ.get("CONSOLE_SHOTS", "")  # a folder to look at the pictures in


@dataclass
class Desk:
    """Somebody at a browser."""

    page: Page
    root: str
    size: str

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.root}/console{path}")

    async def press(self, *names: str) -> None:
        """One button after the other; the second is the question that the first unfolds."""
        for name in names:
            button = self.page.locator("button, a.button, summary.button").get_by_text(
                name, exact=True
            )
            await button.locator("visible=true").first.click()
        await self.page.wait_for_load_state()

    async def shot(self, name: str) -> None:
        wide = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide}"
        if SHOTS:
            await self.page.screenshot(
                path=Path(SHOTS) / f"{self.size}-{name}.png", full_page=True
            )


@pytest.fixture
async def stage(database: Database, vault: Vault) -> AsyncIterator[Stage]:
    await database.run(_people, vault)
    await database.run(people_and_staff.staff_of)
    async with served(database, vault, NOW) as stage:
        yield stage


@pytest.fixture
def kind() -> str:
    return "sqlite"


def _people(session: Session, vault: Vault) -> None:
    people_and_staff.people_of(session, vault, 60, channel="telegram")


@pytest.mark.parametrize("size", SIZES)
async def test_a_campaign_is_clicked_from_a_kit_to_its_report(stage: Stage, size: str) -> None:
    async with running_browser() as browser:
        width, height = SIZES[size]

        async def desk_of(name: str) -> Desk:
            token = (await stage.staff(name, area=DINGTAO)).token
            root = str(stage.client.make_url("")).rstrip("/")
            context = await browser.new_context(viewport={"width": width, "height": height})
            await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{root}/console"}])
            return Desk(await context.new_page(), root, size)

        writer, second = await desk_of(WRITER), await desk_of(SECOND)
        await _drafts(writer)
        await _submits(writer)
        await work(stage.means, WORK)
        await _agrees(second)
        stage.clock[0] = await stage.database.run(_leave, 1)
        await _reads(await desk_of("小李"))


async def _drafts(writer: Desk) -> None:
    await writer.go("/campaigns")
    await writer.shot("1-list")
    await writer.press("起草一个")
    await writer.page.select_option("#f-kit", "温暖回家路")
    await writer.page.fill("#f-title", "温暖回家路 2027")
    await writer.shot("2-new")
    await writer.press("起草")
    await writer.page.fill("#f-audience", "在外地")
    await writer.press("听一听、算一算")
    await writer.shot("3-draft")
    assert "听成：在外地" in await writer.page.inner_text("main")


async def _submits(writer: Desk) -> None:
    await writer.press("先发给我自己看看")
    assert "试发了" in await writer.page.inner_text(".said")
    await writer.press("提交", "确定提交")
    await writer.shot("4-submitted")


async def _agrees(second: Desk) -> None:
    await second.go("/")
    await second.page.get_by_text("推送等您同意").click()
    await second.page.get_by_text("温暖回家路 2027").click()
    await second.press("看一遍，再决定同不同意")
    await second.shot("5-look")
    await second.press("同意", "确定同意")
    assert "同意了" in await second.page.inner_text(".said")
    await second.press("暂停", "确定暂停")
    await second.shot("6-paused")
    await second.press("撤销")
    await second.shot("7-going-on")


async def _reads(reader: Desk) -> None:
    await reader.go("/campaigns/1/report")
    await reader.shot("8-report")
    assert "没有留出对照" not in await reader.page.inner_text("main")
    await reader.page.locator("tr", has_text="已发").get_by_role("link").click()
    await reader.shot("9-people")
    assert await reader.page.locator("tbody tr").count() > 0


def _leave(session: Session, number: int) -> datetime:
    """All that is due leaves."""
    last = campaign_drafts.waves(session, number)[-1].at
    feeding.feed(session, number, "telegram", 99, last)
    session.execute(update(OutboxRow).values(state=OutboxState.SENT.value))
    return last
