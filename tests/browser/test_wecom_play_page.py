"""The page of the WeCom stand-in: one is a customer, a member of staff, a steward on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.support.wecom.caller import Caller
from tests.support.wecom.cast import STAFF, STEWARD, people
from tests.support.wecom.server import WeCom

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MENU = {
    "head_content": "想问什么?",
    "list": [{"type": "click", "click": {"content": "创业补贴"}}],
}
_CARD = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "有人找人工"},
    "button_list": [{"text": "我来", "key": "take"}],
}


@dataclass
class Play:
    """The page and the server behind it."""

    page: Page
    wecom: WeCom

    async def call(self, app: str, path: str, **body: Any) -> dict[str, Any]:
        async with Caller(self.wecom, app) as caller:
            answer = await caller.call(path, **body)
        assert answer["errcode"] == 0, answer
        return answer


@pytest_asyncio.fixture(loop_scope="module")
async def play(browser: Browser) -> AsyncIterator[Play]:
    async with WeCom() as wecom:
        people(wecom)
        page = await browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(wecom.url)
        await expect(page.locator("#budget")).to_contain_text("还可以给这位发 0 条")
        yield Play(page, wecom)
        await page.close()
    assert not faults


async def test_a_customer_writes_taps_and_sees_the_budget(play: Play) -> None:
    await play.page.fill("#customer-text", "在吗")
    await play.page.press("#customer-text", "Enter")
    await expect(play.page.locator("#budget")).to_contain_text("还可以给这位发 5 条")
    account, customer = next(iter(play.wecom.kf.accounts)), next(iter(play.wecom.kf.customers))
    body = {"touser": customer, "open_kfid": account, "msgtype": "msgmenu", "msgmenu": _MENU}
    await play.call("kf", "kf/send_msg", **body)
    await play.page.click("#customer-talk button:text('创业补贴')")
    await expect(play.page.locator("#customer-talk .person").nth(1)).to_contain_text("创业补贴")


async def test_a_member_of_staff_taps_a_card(play: Play) -> None:
    play.wecom.tokens.apps["app"].url = "http://127.0.0.1:1/"
    body = {"agentid": 1_000_002, "msgtype": "template_card", "template_card": _CARD}
    code = (await play.call("app", "message/send", touser=STAFF, **body))["response_code"]
    await play.page.click("#member-talk button:text('我来')")
    update = {"userids": [STAFF], "agentid": 1_000_002, "button": {"replace_name": "已接"}}
    await play.call("app", "message/update_template_card", response_code=code, **update)
    await expect(play.page.locator("#member-talk")).to_contain_text("已接")
    assert await play.page.locator("#member-talk button").count() == 0


async def test_a_steward_confirms_a_task(play: Play) -> None:
    customers = list(play.wecom.kf.customers)
    body = {"external_userid": customers, "text": {"content": "周六招工"}}
    await play.call("contact", "externalcontact/add_msg_template", **body)
    await expect(play.page.locator("#tasks")).to_contain_text(f"{STEWARD} 待确认，发给 2 个")
    await play.page.click("#tasks button:text('确认群发')")
    await expect(play.page.locator("#tasks")).to_contain_text("已确认 1 个")
    await expect(play.page.locator("#customer-talk")).to_contain_text("周六招工")


async def test_what_cannot_be_done_is_said(play: Play) -> None:
    await play.page.evaluate("play('tap', {customer: $('customer').value, label: '没有'})")
    await expect(play.page.locator("#fault")).to_contain_text("做不到")
