"""The chat page in a real Chromium the size of a phone: seen, tapped, typed, cut off, reloaded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from channels.webchat.channel import WebChat
from records import schema
from records.database import Database
from records.messages import Option
from records.vault import Vault
from tests.support.browser import running_browser
from tests.support.page_checks import (
    PHONE,
    faint_texts,
    focused,
    sizes_below,
    small_targets,
    sticking_out,
    unnamed_controls,
    weigh,
)
from tests.support.web_chat import Answer, ScriptedDoor, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests here."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, tmp_path: Path, vault: Vault) -> AsyncIterator[Stage]:
    """A new visitor's phone, who has opened the page and been greeted."""
    database = Database(f"sqlite:///{tmp_path}/guiyan.db")
    await schema.migrate(database)
    chat = WebChat(database, vault, secret="for tests only")
    door = ScriptedDoor(database, vault, chat, SCRIPT)
    door.delay = 0.03
    async with serving(chat, door) as url:
        context = await browser.new_context(**PHONE)
        page = await context.new_page()
        faults: list[str] = []
        page.on("console", lambda note: faults.append(note.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(url + "/chat")
        stage = Stage(page, url, door)
        await stage.see("您好，我是归雁。")
        yield stage
        await context.close()
    await database.close()
    assert [fault for fault in faults if not fault.startswith("Failed to load resource")] == []


async def test_a_question_is_answered(stage: Stage) -> None:
    await stage.say("贷款")
    await stage.see("要登记吗")
    assert (await stage.lines())[1:] == [
        "贷款",
        "最高10万元。原文：https://www.example.gov.cn/a?b=1。",
        "要登记吗？",
    ]


async def test_an_option_is_tapped_once_and_reads_as_my_words(stage: Stage) -> None:
    await stage.say("贷款")
    await stage.tap("先不用")
    await stage.see("您说的是“no”。")
    assert stage.door.heard == ["", "贷款", "no"]
    assert "先不用" in await stage.lines()
    for name in ("先不用", "要，帮我登记"):
        await expect(stage.page.get_by_role("button", name=name)).to_be_disabled()


async def test_only_the_newest_options_can_be_tapped(stage: Stage) -> None:
    await expect(stage.page.get_by_role("button", name="问政策")).to_be_enabled()
    await stage.say("贷款")
    await stage.see("要登记吗")
    await expect(stage.page.get_by_role("button", name="问政策")).to_be_disabled()


@pytest.mark.parametrize("word", ["首页", "我的信息", "人工"])
async def test_the_usual_words_are_always_at_hand(stage: Stage, word: str) -> None:
    await stage.say("长")
    await stage.see("完")
    await stage.tap(word)
    await stage.see(f"您说的是“{word}”。")


async def test_a_reload_keeps_the_conversation_and_its_options(stage: Stage) -> None:
    await stage.say("贷款")
    await stage.see("要登记吗")
    before = await stage.lines()
    await stage.page.reload()
    await stage.see("要登记吗")
    assert await stage.lines() == before
    await stage.tap("要，帮我登记")
    await stage.see("您会什么手艺")
    assert stage.door.heard.count("") == 1


async def test_words_written_without_a_network_arrive_once_and_in_order(stage: Stage) -> None:
    await stage.page.context.set_offline(True)
    await expect(stage.page.get_by_role("status")).to_contain_text("网络断了，正在重连")
    for word in ("一", "二", "三"):
        await stage.say(word)
    await stage.see("还没发出", 3)
    await stage.page.context.set_offline(False)
    await stage.see("您说的是“三”。")
    assert stage.door.heard[1:] == ["一", "二", "三"]
    await expect(stage.page.get_by_role("status")).to_be_empty()
    await stage.see("还没发出", 0)


async def test_unsent_words_outlive_a_reload(stage: Stage) -> None:
    await stage.page.route("**/api/messages", lambda route: route.abort())
    await stage.say("留着")
    await stage.see("还没发出")
    await stage.page.unroute("**/api/messages")
    await stage.page.reload()
    await stage.see("您说的是“留着”。")
    assert stage.door.heard.count("留着") == 1


async def test_an_answer_lost_on_the_way_back_does_not_double_the_words(stage: Stage) -> None:
    async def lose_the_answer(route: Any) -> None:
        await route.fetch()
        await route.abort()

    await stage.page.route("**/api/messages", lose_the_answer, times=1)
    await stage.say("登记")
    await stage.see("您说的是“登记”。")
    await expect(stage.page.get_by_role("status")).to_be_empty()
    assert (stage.door.heard.count("登记"), (await stage.lines()).count("登记")) == (1, 1)


async def test_a_stream_that_breaks_is_taken_up_again(stage: Stage) -> None:
    await stage.page.context.set_offline(True)
    await expect(stage.page.get_by_role("status")).not_to_be_empty()
    visitor = (await stage.page.context.cookies())[0]["value"].partition(".")[0]
    await stage.door.say(visitor, Answer("断网时来的"), key="meanwhile")
    await stage.page.context.set_offline(False)
    await stage.see("断网时来的")


async def test_without_event_streams_it_asks_from_time_to_time(stage: Stage) -> None:
    await stage.page.add_init_script("delete window.EventSource")
    await stage.page.reload()
    await stage.say("贷款")
    await stage.see("要登记吗")


async def test_a_lost_name_is_renewed(stage: Stage) -> None:
    await stage.page.context.clear_cookies()
    await stage.say("贷款")
    await stage.see("要登记吗")


async def test_what_is_refused_is_said_and_given_back(stage: Stage) -> None:
    await stage.say("长" * 8001)
    await stage.see("没发出去：这句话太长了")
    assert len(await stage.page.get_by_label("想问什么").input_value()) == 8001


async def test_markup_is_text_and_only_web_addresses_are_links(stage: Stage) -> None:
    await stage.say("危险")
    await stage.see("onerror=alert(1)")
    links = stage.page.get_by_role("log").get_by_role("link")
    assert await links.evaluate_all("all => all.map(a => [a.href, a.rel])") == [
        ["http://a.example/", "noopener noreferrer"]
    ]
    assert await stage.page.locator("#lines img").count() == 0


async def test_a_link_ends_where_the_sentence_goes_on(stage: Stage) -> None:
    await stage.say("贷款")
    link = stage.page.get_by_role("log").get_by_role("link")
    await expect(link).to_have_attribute("href", "https://www.example.gov.cn/a?b=1")


async def test_the_top_of_a_long_answer_stays_in_sight(stage: Stage) -> None:
    await stage.say("长")
    await stage.see("完")
    mine = stage.page.locator(".me .bubble")
    await expect(mine).to_be_in_viewport(ratio=1)
    await stage.tap("往下看")
    await expect(mine).not_to_be_in_viewport()


async def test_staff_are_named(stage: Stage) -> None:
    await stage.say("专员")
    await stage.see("工作人员")


async def test_dots_show_until_the_answer_comes(stage: Stage) -> None:
    stage.door.delay = 0.5
    await stage.say("贷款")
    await expect(stage.page.locator("#typing")).to_be_visible()
    await stage.see("要登记吗")
    await expect(stage.page.locator("#typing")).to_be_hidden()


@pytest.mark.parametrize(
    ("width", "height"), [(360, 640), (320, 568), (640, 360), (360, 320), (1280, 800)]
)
async def test_nothing_sticks_out_at_any_size_of_letters(
    stage: Stage, width: int, height: int
) -> None:
    await stage.page.set_viewport_size({"width": width, "height": height})
    await stage.say("网址")
    await stage.see("https://example.gov.cn/")
    for _ in ("标准", "大字", "特大字"):
        assert await sticking_out(stage.page) == []
        await expect(stage.page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
        assert await stage.page.locator("main").evaluate("e => e.clientHeight") >= 100
        await stage.page.locator("#size").click()


@pytest.mark.parametrize(("taps", "main"), [(0, 20), (1, 25), (2, 30)])
async def test_letters_are_large_and_the_choice_is_kept(
    stage: Stage, taps: int, main: int
) -> None:
    for _ in range(taps):
        await stage.page.locator("#size").click()
    await stage.page.reload()
    await stage.see("您好，我是归雁。")
    bubble = stage.page.locator(".bubble").first
    style = await bubble.evaluate("e => getComputedStyle(e)")
    size, line = (float(style[name].removesuffix("px")) for name in ("fontSize", "lineHeight"))
    assert (size, line / size >= 1.5) == (main, True)
    assert await sizes_below(stage.page, 18) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read(stage: Stage, scheme: Any) -> None:
    await stage.page.emulate_media(color_scheme=scheme)
    await stage.say("贷款")
    await stage.see("要登记吗")
    await stage.page.context.set_offline(True)
    await stage.say("好")
    await stage.see("还没发出")
    assert await faint_texts(stage.page, 4.5) == []


async def test_everything_can_be_hit(stage: Stage) -> None:
    await stage.say("register")
    await stage.see("您会什么手艺")
    options = stage.page.locator(".options:not(.past) button")
    boxes = await options.evaluate_all("all => all.map(e => [e.offsetWidth, e.offsetHeight])")
    assert len(boxes) == 9
    assert all(width >= 300 and height >= 60 for width, height in boxes)
    assert await small_targets(stage.page, 44) == []


async def test_a_few_brief_words_stand_two_in_a_row(stage: Stage) -> None:
    await stage.say("有用吗")
    await stage.see("有用吗？")
    options = stage.page.locator(".options.brief button")
    boxes = await options.evaluate_all("all => all.map(e => [e.offsetTop, e.offsetWidth])")
    tops, widths = zip(*boxes, strict=True)
    assert (tops[0], tops[2]) == (tops[1], tops[3])
    assert min(widths) >= 150
    assert await small_targets(stage.page, 44) == []


async def test_the_keyboard_reaches_everything_in_order(stage: Stage) -> None:
    names = []
    await stage.page.reload()
    await stage.see("您好")
    for _ in range(10):
        await stage.page.keyboard.press("Tab")
        names.append(await focused(stage.page))
    assert names == [
        "跳到输入框", "大字", "对话，可以上下翻", "问政策", "登记",
        "首页", "我的信息", "人工", "say", "发送",
    ]  # fmt: skip


async def test_the_whole_talk_works_by_keyboard(stage: Stage) -> None:
    keyboard = stage.page.keyboard
    await stage.page.get_by_label("想问什么").focus()
    await keyboard.type("第一行")
    await keyboard.press("Shift+Enter")
    await keyboard.type("第二行")
    await keyboard.press("Enter")
    await stage.see("您说的是“第一行\n第二行”。")
    await keyboard.type("贷款")
    await keyboard.press("Enter")
    await stage.see("要登记吗")
    await stage.page.get_by_role("button", name="要，帮我登记").focus()
    await keyboard.press("Enter")
    await stage.see("您会什么手艺")
    await keyboard.press("Tab")
    await expect(stage.page.get_by_role("button", name="1 做手艺活")).to_be_focused()


async def test_enter_that_ends_a_pinyin_word_does_not_send(stage: Stage) -> None:
    box = stage.page.get_by_label("想问什么")
    await box.fill("dai")
    await box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(box).to_have_value("dai")


async def test_the_skip_link_leads_to_the_words(stage: Stage) -> None:
    await stage.page.reload()
    await stage.page.keyboard.press("Tab")
    await expect(stage.page.get_by_role("link", name="跳到输入框")).to_be_in_viewport()
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.get_by_label("想问什么")).to_be_focused()


async def test_a_screen_reader_finds_its_way(stage: Stage) -> None:
    page = stage.page
    log = page.get_by_role("log", name="和归雁的对话")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).not_to_have_attribute("aria-busy", "true")
    assert await page.evaluate("document.documentElement.lang") == "zh-CN"
    for role in ("banner", "main", "navigation", "contentinfo", "status"):
        await expect(page.get_by_role(role)).to_have_count(1)
    await expect(page.get_by_role("heading", level=1, name="归雁")).to_be_visible()
    await expect(page.get_by_role("group", name="可以点的选项")).to_be_visible()
    assert await unnamed_controls(page) == []


async def test_a_page_may_be_enlarged_by_pinching(stage: Stage) -> None:
    content = await stage.page.locator("meta[name=viewport]").get_attribute("content")
    assert content
    assert "scalable" not in content
    assert "maximum" not in content


async def test_the_page_weighs_little_on_the_wire(browser: Browser, stage: Stage) -> None:
    assert await weigh(browser, stage.url + "/chat") < 60_000


async def test_without_scripts_the_talk_goes_on(browser: Browser, stage: Stage) -> None:
    context = await browser.new_context(**PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(stage.url)
    await expect(page).to_have_url(stage.url + "/chat?nojs=1")
    await page.get_by_label("想问什么").fill("贷款")
    await page.get_by_role("button", name="发送").click()
    await page.get_by_role("button", name="要，帮我登记").click()
    await expect(page.get_by_text("您会什么手艺")).to_be_visible()
    await context.close()


async def test_many_words_at_once_keep_their_order(stage: Stage) -> None:
    words = [f"第{number}句" for number in range(1, 9)]
    for word in words:
        await stage.say(word)
    await stage.see("您说的是“第8句”。")
    assert stage.door.heard[1:] == words
    await asyncio.sleep(0)
    assert [line for line in await stage.lines() if line in words] == words
