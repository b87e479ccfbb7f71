"""The self-built app against the stand-in: taps, cards and texts, nothing lost or doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.wecom_app import menu
from records.database import Database
from records.messages import InboundKind, Option
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.server import WeCom
from tests.support.wecom_member_line import MemberLine, a_member_line

MEMBER = "LiSi"
YES_NO = (Option("同意", "consent:1"), Option("不同意", "不同意"))


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.callbacks.habits.gap = 0.0
        wecom.corp.member(MEMBER)
        yield wecom


@pytest.fixture
async def line(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[MemberLine]:
    async with a_member_line(wecom, database, vault) as line:
        yield line


def _options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"{n} 选项", f"skills:{n}") for n in range(1, count + 1))


def _last(line: MemberLine) -> dict[str, Any]:
    return line.wecom.phones.from_us(MEMBER)[-1].body


async def test_what_a_member_writes_comes_in_once(line: MemberLine) -> None:
    line.wecom.callbacks.habits.repeat_rate = 1.0
    for number in range(10):
        line.wecom.app.says(MEMBER, f"第{number}句")
    assert sorted(await line.hears(10)) == [f"第{number}句" for number in range(10)]
    assert len(line.heard) == 10
    assert {message.chat for message in line.heard} == {MEMBER}


async def test_files_and_places_come_in_as_what_they_are(line: MemberLine) -> None:
    line.wecom.app.sends_file(MEMBER, "voice", b"#!AMR\n" + bytes(20))
    await line.hears(1)
    line.wecom.app.sends_file(MEMBER, "image", b"\xff\xd8\xff" + bytes(20))
    await line.hears(2)
    line.wecom.app.sends(MEMBER, "location", {"Location_X": "35", "Label": "定陶区陈集镇"})
    await line.hears(3)
    kinds = [message.kind for message in line.heard]
    assert kinds == [InboundKind.VOICE, InboundKind.PICTURE, InboundKind.TEXT]
    assert [bool(m.extra.get("file_id")) for m in line.heard] == [True, True, False]


async def test_the_app_greets_once_a_day(line: MemberLine) -> None:
    for _ in range(3):
        line.wecom.app.enters(MEMBER)
        line.wecom.clock.advance(60)
    await line.hears(1)
    line.wecom.clock.advance(86_400)
    line.wecom.app.enters(MEMBER)
    await line.hears(2)
    assert [message.kind for message in line.heard] == [InboundKind.START] * 2


async def test_who_loses_the_app_is_not_written_to(line: MemberLine) -> None:
    line.wecom.app.subscribes(MEMBER, leaves=True)
    await line.hears(1)
    assert line.heard[0].kind is InboundKind.BLOCKED


async def test_the_menu_is_made_and_its_words_come_in(line: MemberLine) -> None:
    await line.wecom.until(lambda: line.wecom.app.menu.buttons)
    line.wecom.app.clicks(MEMBER, "待办")
    assert await line.hears(1) == ["待办"]
    assert line.heard[0].kind is InboundKind.TEXT


async def test_a_menu_that_is_ours_is_left_alone(line: MemberLine) -> None:
    await line.wecom.until(lambda: line.wecom.app.menu.buttons)
    await line.channel._make_menu()
    assert line.wecom.answers["menu/create", 0] == 1
    line.wecom.app.menu.buttons = [{"type": "click", "name": "旧", "key": "旧"}]
    await line.channel._make_menu()
    assert line.wecom.app.menu.buttons == menu.BUTTONS


async def test_options_are_buttons_and_a_tap_greys_them(line: MemberLine) -> None:
    await line.says(MEMBER, "要登记吗？", *YES_NO)
    assert _last(line)["card_type"] == "button_interaction"
    line.wecom.app.taps(MEMBER, "同意")
    assert await line.hears(1) == ["consent:1"]
    assert line.heard[0].kind is InboundKind.OPTION
    assert line.wecom.phones.from_us(MEMBER)[-1].replaced == "同意"


async def test_a_tap_whose_answer_was_lost_is_greyed_by_a_call(line: MemberLine) -> None:
    await line.says(MEMBER, "要登记吗？", *YES_NO)
    line.wecom.callbacks.habits.repeat_rate = 1.0
    line.wecom.callbacks.on_reply = lambda delivery: None
    line.wecom.app.taps(MEMBER, "不同意")
    shown = line.wecom.phones.from_us(MEMBER)[-1]
    await line.wecom.until(lambda: shown.replaced)
    assert (shown.replaced, len(line.heard)) == ("不同意", 1)


@pytest.mark.parametrize("spelling", ["OpitonId", "OptionId"])
async def test_several_ticks_are_one_answer(line: MemberLine, spelling: str) -> None:
    line.wecom.app.rules.spelling = spelling
    await line.says(MEMBER, "您会啥？", *_options(4), Option("跳过", "跳过"), extra={"most": "3"})
    listed = _last(line)["checkbox"]
    ids = [option["id"] for option in listed["option_list"]]
    line.wecom.app.taps(MEMBER, "选好了", chosen={listed["question_key"]: [ids[0], ids[2]]})
    assert await line.hears(1) == ["skills:1 3"]
    assert line.wecom.phones.from_us(MEMBER)[-1].replaced == "1 选项、3 选项"


async def test_what_leads_away_stands_in_the_corner_of_a_card_with_ticks(
    line: MemberLine,
) -> None:
    options = (*_options(3), Option("跳过", "跳过"), Option("0 返回", "skills:0"))
    await line.says(MEMBER, "您会啥？", *options, extra={"most": "3"})
    line.wecom.app.taps(MEMBER, "0 返回")
    assert await line.hears(1) == ["skills:0"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (6, "button_interaction"),
        (7, "vote_interaction"),
        (20, "vote_interaction"),
        (21, None),
    ],
)
async def test_more_options_take_another_form(
    line: MemberLine, count: int, shown: str | None
) -> None:
    await line.says(MEMBER, "选哪个？", *_options(count))
    assert _last(line).get("card_type") == shown
    assert shown or "21. 21 选项" in line.wecom.phones.texts(MEMBER)[-1]


async def test_long_labels_are_numbered_lines(line: MemberLine) -> None:
    await line.says(MEMBER, "选哪个？", Option("很" * 18, "a:1"), Option("短", "a:2"))
    assert line.wecom.phones.texts(MEMBER) == [f"选哪个？\n1. {'很' * 18}\n2. 短"]


async def test_long_texts_arrive_whole_and_in_bytes(line: MemberLine) -> None:
    text = "".join(f"第{n}条，材料带齐。" for n in range(300))
    await line.says(MEMBER, text, *YES_NO)
    told = line.wecom.phones.texts(MEMBER)
    assert "".join(told[:-1]) == text
    assert told[-1] == "请选一项"


async def test_what_people_write_becomes_no_link(line: MemberLine) -> None:
    await line.says(MEMBER, '对方说：<a href="http://x.example">点这里</a> a<b')
    told = line.wecom.phones.texts(MEMBER)
    assert told == ['对方说：＜a href="http://x.example">点这里＜/a> a<b']


async def test_equal_answers_both_arrive(line: MemberLine) -> None:
    await line.says(MEMBER, "最高10万元。")
    await line.says(MEMBER, "最高10万元。")
    assert line.wecom.phones.texts(MEMBER) == ["最高10万元。"] * 2


async def test_a_send_whose_answer_was_lost_is_not_seen_twice(line: MemberLine) -> None:
    line.wecom.faults.next("message/send", faults.CLOSED_AFTER, times=4)
    await line.says(MEMBER, "要登记吗？", *YES_NO)
    for _ in range(4):
        line.wecom.clock.advance(60)
        await line.sender.settled()
    assert len(line.wecom.phones.from_us(MEMBER)) == 1
    assert await line.states() == {"sent": 1}


async def test_nothing_is_dropped_in_silence(line: MemberLine) -> None:
    for number in range(45):
        await line.says(MEMBER, f"第{number}条")
    for _ in range(60):
        line.wecom.clock.advance(3)
        await line.sender.settled()
    told = line.wecom.phones.texts(MEMBER)
    assert (told, line.wecom.app.dropped) == ([f"第{n}条" for n in range(45)], [])


async def test_a_message_of_many_parts_gets_through_at_the_member_s_pace(
    line: MemberLine,
) -> None:
    text = "".join(f"第{n}条，材料带齐。" for n in range(900))
    await line.says(MEMBER, text)
    for _ in range(30):
        line.wecom.clock.advance(5)
        await line.sender.settled()
    told = line.wecom.phones.texts(MEMBER)
    assert ("".join(told), len(told) > 8) == (text, True)


async def test_a_refused_card_arrives_as_text(line: MemberLine) -> None:
    line.wecom.faults.next("message/send", faults.code(40058))
    await line.says(MEMBER, "要登记吗？", *YES_NO)
    assert line.wecom.phones.texts(MEMBER) == ["要登记吗？\n1. 同意\n2. 不同意"]


async def test_who_is_not_in_the_corp_has_no_address(line: MemberLine) -> None:
    await line.says("nobody", "在吗")
    assert await line.states() == {"failed": 1}


async def test_markdown_is_shown_where_it_is_wanted(line: MemberLine) -> None:
    await line.says(MEMBER, "**要紧**", extra={"markdown": "1"})
    assert line.wecom.phones.from_us(MEMBER)[-1].msgtype == "markdown"


async def test_the_check_tells_a_wrong_agent_id(line: MemberLine) -> None:
    assert await line.channel.check() == ""
    line.channel._agent_id += 1
    assert "GUIYAN_WECOM_APP_AGENT_ID" in await line.channel.check()
