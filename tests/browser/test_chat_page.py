"""The chat page in a real Chromium the size of a phone: said, tapped, cut off, reloaded."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.support.page_checks import PHONE
from tests.support.stage import Stage
from tests.support.web_chat import Answer

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_staff_are_named(stage: Stage) -> None:
    await stage.say("专员")
    await stage.see("工作人员")


async def test_dots_show_until_the_answer_comes(stage: Stage) -> None:
    stage.door.delay = 0.5
    await stage.say("贷款")
    await expect(stage.page.locator("#typing")).to_be_visible()
    await stage.see("要登记吗")
    await expect(stage.page.locator("#typing")).to_be_hidden()


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
    assert [line for line in await stage.lines() if line in words] == words
