"""An entry edited, reviewed, live and asked, by two of the staff and a visitor, without a restart;
and a request answered while its talk goes on.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browser import running_browser
from tests.support.program import Program, clean_environment
from tests.support.several import the_program

SIZES = {"phone": (360, 740), "pc": (1366, 768)}
SHOTS = os.environ.get("CONSOLE_SHOTS", "")  # a folder to look at the pictures in
QUESTION = "定陶区个体户创业担保贷款最高多少"
ENTRY = "/policies/dingtao-loan-individual-cap"


@dataclass
class Office:
    """The running program, and the browser that everybody uses in a window of their own."""

    program: Program
    browser: Browser
    folder: Path
    settings: dict[str, str]
    size: str

    async def window(self) -> Page:
        width, height = SIZES[self.size]
        context = await self.browser.new_context(viewport={"width": width, "height": height})
        return await context.new_page()

    async def staff(self, name: str) -> Page:
        """Somebody who joins, and comes in by a link."""
        await self._printed("staff", "add", name, "--role", "staff", "--area", "定陶")
        link = await self._printed("staff", "link", name, "--console")
        page = await self.window()
        await page.goto(self.program.address + link.strip().splitlines()[-1].split("8080")[-1])
        await page.get_by_role("button").last.click()
        return page

    async def _printed(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words,
            cwd=self.folder,
            env=clean_environment() | self.settings,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode()

    async def shot(self, page: Page, name: str) -> None:
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide}"
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{self.size}-{name}.png", full_page=True)


@pytest.fixture(params=SIZES)
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    settings = {
        "GUIYAN_DATABASE_URL": f"sqlite:///{tmp_path}/guiyan.db",
        "GUIYAN_PUBLIC_URL": "http://127.0.0.1:8080",
    }
    async with running_browser() as browser, the_program(tmp_path, settings) as program:
        await program.start()
        yield Office(program, browser, tmp_path, program.settings, str(request.param))


async def _say(page: Page, text: str) -> None:
    await page.get_by_label("想问什么").fill(text)
    await page.get_by_role("button", name="发送").click()


async def _sure(page: Page, name: str) -> None:
    """The button, and the question that it unfolds."""
    await page.locator("summary").get_by_text(name, exact=True).click()
    await page.get_by_role("button", name=f"确定{name}").click()


async def test_policy_edited_reviewed_live_asked(office: Office) -> None:
    author, other, visitor = (
        await office.staff("小周"),
        await office.staff("老王"),
        await office.window(),
    )
    root = office.program.address
    await visitor.goto(root + "/chat")
    log = visitor.get_by_role("log")
    await expect(log).to_contain_text("不收钱", timeout=30_000)
    await _say(visitor, QUESTION)
    await expect(log).to_contain_text("最高10万元", timeout=30_000)

    await author.goto(root + "/console" + ENTRY)
    await author.get_by_role("link", name="改这一条").click()
    await author.locator("[name=figure-0-value]").fill("很多")
    await author.get_by_role("button", name="存成草稿").click()
    await expect(author.locator(".fault")).to_contain_text("不是数值")
    await office.shot(author, "fault")
    await author.locator("[name=figure-0-value]").fill("80万")
    await author.locator("[name=figure-0-printed]").fill("最高80万元")
    await author.locator("[name=question]").fill(QUESTION)
    await author.get_by_role("button", name="看看怎么说").click()
    both = author.locator("#look .cards .saying")
    await expect(both.nth(0)).to_contain_text("最高10万元", timeout=30_000)
    await expect(both.nth(1)).to_contain_text("最高80万元")
    await office.shot(author, "look")
    await author.get_by_role("button", name="存成草稿").click()
    await expect(author.get_by_role("status")).to_contain_text("请换一位同事")

    await other.goto(author.url)
    await office.shot(other, "review")
    await _sure(other, "审过了")
    await _sure(other, "上线")
    await expect(other.get_by_role("status")).to_contain_text("上线了")
    await office.shot(other, "live")
    await _say(visitor, QUESTION)
    await expect(log).to_contain_text("最高80万元", timeout=30_000)


async def test_a_talk_goes_on_while_staff_write(office: Office) -> None:
    one, other, visitor = (
        await office.staff("小周"),
        await office.staff("老王"),
        await office.window(),
    )
    root = office.program.address
    await visitor.goto(root + "/chat")
    log = visitor.get_by_role("log")
    await expect(log).to_contain_text("不收钱", timeout=30_000)
    await _say(visitor, "人工")
    await expect(log).to_contain_text("编号", timeout=30_000)

    await one.goto(root + "/console/inbox")
    await office.shot(one, "inbox")
    await one.locator("tbody th a").first.click()
    await one.locator("[name=text]").fill("您慢慢说")
    await _say(visitor, "我想养鹅")
    await expect(one.locator("#talk")).to_contain_text("我想养鹅", timeout=30_000)
    await expect(one.locator("[name=text]")).to_have_value("您慢慢说")
    await office.shot(one, "talk")

    await other.goto(one.url)
    await other.get_by_role("button", name="我来接").click()
    await expect(one.locator("#standing")).to_contain_text("老王", timeout=30_000)
    await one.get_by_role("button", name="发给对方").click()
    await expect(one.locator(".fault")).to_contain_text("老王刚刚接了这件事")
    await one.get_by_role("button", name="发给对方").click()
    await expect(log).to_contain_text("您慢慢说", timeout=30_000)
