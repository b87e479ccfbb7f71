"""The chat page as tired eyes, thick thumbs, keyboards and screen readers meet it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.page_checks import (
    faint_texts,
    focused,
    sizes_below,
    small_targets,
    sticking_out,
    unnamed_controls,
    weigh,
)
from tests.support.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_top_of_a_long_answer_stays_in_sight(stage: Stage) -> None:
    await stage.say("长")
    await stage.see("完")
    mine = stage.page.locator(".me .bubble")
    await expect(mine).to_be_in_viewport(ratio=1)
    await stage.tap("往下看")
    await expect(mine).not_to_be_in_viewport()


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


async def test_at_twice_the_zoom_the_talk_keeps_its_room(stage: Stage) -> None:
    await stage.page.set_viewport_size({"width": 180, "height": 370})
    await stage.say("网址")
    await stage.see("https://example.gov.cn/")
    assert await sticking_out(stage.page) == []
    for name in ("人工", "发送"):
        await expect(stage.page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    assert await stage.page.locator("main").evaluate("e => e.clientHeight") >= 100


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
