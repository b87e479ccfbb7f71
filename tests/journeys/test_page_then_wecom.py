"""A form begun on the web page and finished in 微信, through the real program as a process."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp

from tests.support.several import the_program
from tests.support.wecom.phones import By
from tests.support.wecom.server import WeCom

BEGUN = ("登记", "1", "湘潭县易俗河镇", "1", "4", "绑定", "3")
REST = ("继续", "1", "1", "5", "老李 13911112222", "对", "3", "不用", "1", "我的信息")


class Page:
    """A visitor of the web page."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address

    async def say(self, *texts: str) -> str:
        """Some messages, each after the answer to the one before; all that was shown so far."""
        await (await self._session.get(f"{self._address}/chat")).read()
        for text in texts:
            before = len(await self._heard())
            sent = await self._session.post(
                f"{self._address}/chat/api/messages", json={"text": text}
            )
            assert sent.status == 202
            while len(await self._heard()) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return "\n".join(await self._heard())

    async def _heard(self) -> list[str]:
        answer = await self._session.get(f"{self._address}/chat/api/history")
        found = (await answer.json())["messages"]
        return [str(message["text"]) for message in found if message["from"] == "bot"]


async def _wechat(wecom: WeCom, customer: str, *texts: str) -> str:
    """The same in 微信."""

    def ours() -> list[object]:
        return [shown for shown in wecom.kf.shown(customer) if shown.by is By.US]

    for text in texts:
        before = len(ours())
        wecom.kf.says(customer, text)
        await wecom.until(lambda before=before: len(ours()) > before, seconds=30)  # type: ignore[misc]
        await asyncio.sleep(1.5)  # a second message of the same answer
    return "\n".join(str(getattr(shown, "body", "")) for shown in ours())


async def test_begun_on_the_page_and_finished_in_wechat(tmp_path: Path) -> None:
    async with WeCom(seed=7) as wecom, the_program(tmp_path, wecom.settings()) as program:
        customer = wecom.kf.customer()
        await program.start()
        await program.ready()
        await wecom.listen(program.address, "kf")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            page = Page(session, program.address)
            shown = await page.say(*BEGUN)
            code = re.search(r"绑定码 (\d{6})", shown)
            assert code, shown
            heard = await _wechat(wecom, customer, f"绑定 {code.group(1)}", *REST)
            assert "接着网页那边的来" in heard
            assert "登记好了" in heard
            shown = await page.say("我的信息")
        assert "易俗河" in shown
        assert "微信上刚有人和您这个号连上了" in shown
