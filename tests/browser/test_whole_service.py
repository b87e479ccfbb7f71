"""The installed program and a phone: what the service exists for, in real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import running_browser
from tests.support.page_checks import PHONE
from tests.support.several import the_program


async def say(page: Page, text: str) -> None:
    """Type and tap 发送."""
    await page.get_by_label("想问什么").fill(text)
    await page.get_by_role("button", name="发送").click()


@pytest.mark.parametrize("signal", ["stop", "kill"])
async def test_a_question_a_form_a_restart_and_a_reload(tmp_path: Path, signal: str) -> None:
    database = {"GUIYAN_DATABASE_URL": f"sqlite:///{tmp_path}/guiyan.db"}
    async with running_browser() as browser, the_program(tmp_path, database) as program:
        page = await (await browser.new_context(**PHONE)).new_page()
        await page.goto(await program.start() + "/chat")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("不收钱", timeout=30_000)
        await say(page, "定陶区个体户创业担保贷款最高多少")
        await expect(log).to_contain_text("最高10万元", timeout=30_000)
        await expect(log).to_contain_text("菏定政办发〔2017〕38号")
        await say(page, "登记")
        await page.get_by_role("button", name="同意").click()
        await expect(log).to_contain_text("第1题", timeout=30_000)
        port = program.address.rpartition(":")[2]
        await getattr(program, signal)()
        await say(page, "定陶")
        await expect(log).to_contain_text("还没发出")
        await program.start("--port", port)
        await expect(page.get_by_role("status")).to_be_empty(timeout=30_000)
        await expect(page.locator(".line").last).to_contain_text("归雁：", timeout=30_000)
        before = await page.locator(".bubble").all_text_contents()
        await page.reload()
        await expect(page.locator(".bubble")).to_have_count(len(before))
        assert await page.locator(".bubble").all_text_contents() == before
