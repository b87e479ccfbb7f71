"""A scripted conversation on a phone, and what a person does there."""

from __future__ import annotations

from playwright.async_api import Page, expect

from records.messages import Option
from tests.support.web_chat import Answer, ScriptedDoor

CHOICE = (Option("要，帮我登记", "register"), Option("先不用", "no"))
LONG = "要有营业执照，在区里经营，没有不良信用记录。" * 12
SCRIPT = {
    "START": [
        Answer("您好，我是归雁。", (Option("问政策", "policy"), Option("登记", "register")))
    ],
    "贷款": [
        Answer("最高10万元。原文：https://www.example.gov.cn/a?b=1。", kind="answer"),
        Answer("要登记吗？", CHOICE),
    ],
    "register": [
        Answer("您会什么手艺？", tuple(Option(f"{n} 做手艺活", str(n)) for n in range(1, 10)))
    ],
    "危险": [Answer("<img src=x onerror=alert(1)> javascript:alert(1) http://a.example/<b>")],
    "长": [Answer(LONG), Answer("完")],
    "网址": [Answer("https://example.gov.cn/" + "a" * 300)],
    "有用吗": [Answer("有用吗？", tuple(Option(w, w) for w in ("有用", "没用", "详细", "登记")))],
    "专员": [Answer("您说，我听着。", kind="staff")],
}


class Stage:
    """A page of one visitor, and the server that it talks to."""

    def __init__(self, page: Page, url: str, door: ScriptedDoor) -> None:
        self.page = page
        self.url = url
        self.door = door

    async def say(self, text: str) -> None:
        """Type and tap 发送."""
        await self.page.get_by_label("想问什么，写在这里").fill(text)
        await self.page.get_by_role("button", name="发送").click()

    async def tap(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def see(self, text: str, count: int = 1) -> None:
        """This is said in the conversation, so many times."""
        lines = self.page.get_by_role("log").get_by_role("listitem").filter(has_text=text)
        await expect(lines).to_have_count(count)

    async def lines(self) -> list[str]:
        """What is said, without who says it."""
        bubbles = self.page.locator(".bubble")
        return [text.partition("：")[2] for text in await bubbles.all_text_contents()]
