"""The first sign-in as somebody does it: link, password, telephone app, out, and in again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from records import console_access
from records.database import Database, Session
from records.vault import Vault
from tests.support.console import Stage, served
from tests.support.database import fresh_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSWORD = "大雁三月往北飞 day"


async def _offer(stage: Stage) -> None:
    await stage.staff()
    print_ = console_access.link_print(stage.vault, "first")

    def keep(session: Session) -> None:
        console_access.offer_link(session, print_, "小周", at=stage.now, actor="system")

    await stage.database.run(keep)


async def _set_up(page: Page, stage: Stage, root: str) -> str:
    """Through the link, a password and the app; the secret that the app was shown."""
    await page.goto(f"{root}/console/enter?code=first")
    await page.get_by_role("button", name="登录工作台").click()
    await page.get_by_label("新密码").fill(PASSWORD)
    await page.get_by_label("再输一次").fill(PASSWORD)
    await page.get_by_role("button", name="设密码").click()
    await page.get_by_role("link", name="用手机应用的验证码").click()
    secret = (await page.locator("code").inner_text()).replace(" ", "")
    await page.get_by_label("6 位验证码").fill(pyotp.TOTP(secret).at(stage.now))
    await page.get_by_role("button", name="设好").click()
    await expect(page.get_by_role("status")).to_contain_text("设好了")
    return secret


@pytest.mark.parametrize("width", [360, 1366])
async def test_link_password_app_out_and_in(
    browser: Browser, tmp_path: Path, vault: Vault, now: datetime, width: int
) -> None:
    database = Database(await fresh_file(tmp_path / "guiyan.db"))
    async with served(database, vault, now) as stage:
        await _offer(stage)
        root = str(stage.client.make_url("")).rstrip("/")
        page = await browser.new_page(viewport={"width": width, "height": 800})
        secret = await _set_up(page, stage, root)
        await page.get_by_role("button", name="退出登录").click()
        await page.get_by_label("姓名").fill("小周")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="下一步").click()
        stage.clock[0] += timedelta(minutes=1)
        await page.get_by_label("6 位验证码").fill(pyotp.TOTP(secret).at(stage.now))
        await page.get_by_role("button", name="登录", exact=True).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("今天")
        await page.close()
    await database.close()
