"""The stand-in's app and robots: who gets what, what is dropped, cards, menus, lengths."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.wecom.caller import Caller, Receiver, receiver
from tests.support.wecom.clock import HOUR
from tests.support.wecom.envelope import query, xml
from tests.support.wecom.server import WeCom

_AGENT = 1_000_002
_CARD: dict[str, Any] = {
    "card_type": "button_interaction",
    "task_id": "request-7",
    "main_title": {"title": "有人找人工"},
    "button_list": [{"text": "我来", "key": "take"}, {"text": "转交", "key": "pass"}],
}
_VOTE: dict[str, Any] = {
    "card_type": "vote_interaction",
    "task_id": "vote-1",
    "main_title": {"title": "哪天有空"},
    "checkbox": {"question_key": "day", "option_list": [{"id": "mon", "text": "周一"}]},
    "submit_button": {"text": "提交", "key": "send"},
}
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(9)


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        for userid in ("ZhangSan", "LiSi"):
            wecom.corp.member(userid)
        wecom.tokens.lifetime = 200 * HOUR
        yield wecom


@pytest.fixture
async def caller(wecom: WeCom) -> AsyncIterator[Caller]:
    async with Caller(wecom, "app") as caller:
        yield caller


@pytest.fixture
async def ours(wecom: WeCom) -> AsyncIterator[Receiver]:
    ours = receiver(wecom, wecom.tokens.apps["app"])
    await ours.start()
    assert await wecom.listen(ours.address, "app") == ["app"]
    yield ours
    await ours.stop()


async def _send(caller: Caller, to: str = "zhangsan", **more: Any) -> dict[str, Any]:
    body = {"touser": to, "agentid": _AGENT, "msgtype": "text", "text": {"content": "好"}}
    return await caller.call("message/send", **{**body, **more})


async def _send_card(caller: Caller, card: dict[str, Any]) -> dict[str, Any]:
    return await _send(caller, msgtype="template_card", template_card=card)


@pytest.mark.parametrize(
    ("to", "code", "invalid", "reached"),
    [
        ("ZhangSan|Nobody", 0, "nobody", 1),
        ("Nobody|Noone", 81013, "nobody|noone", 0),
        ("@all", 0, "", 2),
        ("", 82001, None, 0),
        ("|".join(f"u{n}" for n in range(1001)), 40032, None, 0),
    ],
)
async def test_invalid_receivers_are_named_in_lower_case(
    wecom: WeCom, caller: Caller, to: str, code: int, invalid: str | None, reached: int
) -> None:
    answer = await _send(caller, to)
    assert (answer["errcode"], answer.get("invaliduser")) == (code, invalid)
    assert len(list(wecom.phones.everything())) == reached


async def test_what_is_over_thirty_a_minute_is_dropped_in_silence(
    wecom: WeCom, caller: Caller
) -> None:
    codes = {(await _send(caller))["errcode"] for _ in range(33)}
    assert codes == {0}
    assert (len(wecom.app.shown("ZhangSan")), len(wecom.app.dropped)) == (30, 3)
    wecom.clock.advance(60)
    await _send(caller)
    assert len(wecom.app.shown("ZhangSan")) == 31


async def test_the_same_body_is_delivered_once_an_interval(wecom: WeCom, caller: Caller) -> None:
    check: dict[str, Any] = {"enable_duplicate_check": 1, "duplicate_check_interval": 100}
    for _ in range(2):
        assert (await _send(caller, **check))["errcode"] == 0
    await _send(caller, text={"content": "坏"}, **check)
    assert len(wecom.app.shown("ZhangSan")) == 2
    wecom.clock.advance(100)
    await _send(caller, **check)
    assert len(wecom.app.shown("ZhangSan")) == 3


async def test_a_message_can_be_taken_back_for_a_day(wecom: WeCom, caller: Caller) -> None:
    first, second = [(await _send(caller))["msgid"] for _ in range(2)]
    assert await caller.code("message/recall", msgid=first) == 0
    wecom.clock.advance(24 * HOUR)
    assert await caller.code("message/recall", msgid=second) == 40058
    assert [shown.recalled for shown in wecom.app.shown("ZhangSan")] == [True, False]


async def test_a_tap_tells_its_card_and_gives_a_code(
    wecom: WeCom, caller: Caller, ours: Receiver
) -> None:
    await _send_card(caller, _CARD)
    code = wecom.app.taps("ZhangSan", "我来")
    await wecom.callbacks.settled()
    event = ours.got[-1]
    told = (event["Event"], event["EventKey"], event["TaskId"], event["ResponseCode"])
    assert told == ("template_card_event", "take", "request-7", code)
    update = {"agentid": _AGENT, "response_code": code, "button": {"replace_name": "已接"}}
    answer = await caller.call("message/update_template_card", userids=["ZhangSan", "X"], **update)
    assert answer["invaliduser"] == ["x"]
    assert wecom.app.shown("ZhangSan")[0].replaced == "已接"


async def test_a_response_code_works_once_and_for_72_hours(
    wecom: WeCom, caller: Caller, ours: Receiver
) -> None:
    codes = [
        (await _send_card(caller, {**_CARD, "task_id": f"t{n}"}))["response_code"] for n in "ab"
    ]
    update = {"agentid": _AGENT, "atall": 1, "button": {"replace_name": "已接"}}
    path = "message/update_template_card"
    assert await caller.code(path, response_code=codes[0], **update) == 0
    assert await caller.code(path, response_code=codes[0], **update) == 60140
    wecom.clock.advance(72 * HOUR)
    assert await caller.code(path, response_code=codes[1], **update) == 60140


async def test_a_card_can_be_replaced_whole(wecom: WeCom, caller: Caller, ours: Receiver) -> None:
    code = (await _send_card(caller, _CARD))["response_code"]
    after = {
        "card_type": "text_notice",
        "main_title": {"title": "办好了"},
        "card_action": {"type": 1},
    }
    body = {"userids": ["LiSi"], "agentid": _AGENT, "response_code": code}
    assert await caller.code("message/update_template_card", template_card=after, **body) == 0
    assert wecom.app.shown("ZhangSan")[0].text == "有人找人工"
    code = wecom.app.taps("ZhangSan", "我来")
    body = {"userids": ["zhangsan"], "agentid": _AGENT, "response_code": code}
    assert await caller.code("message/update_template_card", template_card=after, **body) == 0
    assert wecom.app.shown("ZhangSan")[0].text == "办好了"


async def test_both_spellings_of_chosen_options_come(
    wecom: WeCom, caller: Caller, ours: Receiver
) -> None:
    await _send_card(caller, _VOTE)
    for _ in range(2):
        wecom.app.taps("ZhangSan", "提交", chosen={"day": ["mon"]})
        await wecom.callbacks.settled()
    items = [event["SelectedItems"]["SelectedItem"] for event in ours.got]
    assert items[0] == {"QuestionKey": "day", "OptionIds": {"OptionId": "mon"}}
    assert items[1] == {"QuestionKey": "day", "OpitonIds": {"OpitonId": "mon"}}


@pytest.mark.parametrize(
    "card",
    [
        {**_CARD, "task_id": ""},
        {**_CARD, "task_id": "号"},
        {**_CARD, "card_type": "poster"},
        {**_CARD, "main_title": {}},
        {**_CARD, "button_list": _CARD["button_list"] * 4},
        {**_CARD, "button_list": [{"text": "一", "key": "k"}, {"text": "二", "key": "k"}]},
        {**_VOTE, "checkbox": {"question_key": "d", "option_list": []}},
    ],
)
async def test_bad_cards_are_refused(
    wecom: WeCom, caller: Caller, ours: Receiver, card: dict[str, Any]
) -> None:
    assert (await _send_card(caller, card))["errcode"] in {40058, 40063}
    assert not list(wecom.phones.everything())


async def test_a_card_needs_a_callback_address_and_a_fresh_task(
    wecom: WeCom, caller: Caller
) -> None:
    assert (await _send_card(caller, _CARD))["errcode"] == 40058
    wecom.tokens.apps["app"].url = "http://127.0.0.1:1/wecom/app"
    assert [(await _send_card(caller, _CARD))["errcode"] for _ in range(2)] == [0, 40058]


async def test_passive_replies_reach_the_phone(
    wecom: WeCom, caller: Caller, ours: Receiver
) -> None:
    await _send_card(caller, _CARD)
    reply = {"MsgType": "update_button", "Button": {"ReplaceName": "已接"}}
    sealed = ours.seal.close(xml(reply))
    outer = query(ours.seal, sealed, at=wecom.clock.now(), rng=wecom.corp.rng)
    fields = {"MsgSignature": outer["msg_signature"], "TimeStamp": int(outer["timestamp"])}
    ours.reply = xml({"Encrypt": sealed, "Nonce": outer["nonce"], **fields})
    wecom.app.taps("ZhangSan", "我来")
    await wecom.callbacks.settled()
    assert wecom.app.shown("ZhangSan")[0].replaced == "已接"


async def test_the_menu_sends_its_keys(wecom: WeCom, caller: Caller, ours: Receiver) -> None:
    click = {"type": "click", "name": "待办", "key": "todo"}
    menu = {"button": [{"name": "工作", "sub_button": [click]}]}
    assert await caller.code(f"menu/create?agentid={_AGENT}", **menu) == 0
    wecom.app.clicks("ZhangSan", "待办")
    await wecom.callbacks.settled()
    assert (ours.got[0]["Event"], ours.got[0]["EventKey"]) == ("click", "todo")


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40017),
        ([{"type": "click", "name": "一二三四五六", "key": "k"}], 40018),
        ([{"type": "sing", "name": "一", "key": "k"}], 40016),
        ([{"type": "click", "name": "一", "key": ""}], 40019),
        ([{"name": "一", "sub_button": []}], 40023),
    ],
)
async def test_bad_menus_are_refused(
    caller: Caller, buttons: list[dict[str, Any]], code: int
) -> None:
    assert await caller.code("menu/create", agentid=_AGENT, button=buttons) == code


async def test_a_robot_takes_twenty_a_minute(wecom: WeCom, caller: Caller) -> None:
    key = wecom.robots.add("值班群")
    text = {"msgtype": "text", "text": {"content": "警报"}}
    codes = [await caller.robot(key, **text) for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    assert await caller.robot("no-such-key", **text) == 93000
    wecom.robots.disable(key)
    assert await caller.robot(key, **text) == 93004
    assert len(wecom.robots.shown(key)) == 20


@pytest.mark.parametrize(
    ("msgtype", "content", "code"),
    [
        ("text", {"content": "长" * 682}, 0),
        ("text", {"content": "长" * 683}, 40058),
        ("markdown", {"content": "长" * 1365}, 0),
        ("markdown", {"content": "长" * 1366}, 40058),
        ("text", {"content": ""}, 44004),
        ("song", {"content": "x"}, 40008),
        ("image", {"base64": b64encode(_PNG).decode(), "md5": hashlib.md5(_PNG).hexdigest()}, 0),
        ("image", {"base64": b64encode(_PNG).decode(), "md5": "0" * 32}, 301019),
    ],
)
async def test_a_robots_lengths_are_bytes(
    wecom: WeCom, caller: Caller, msgtype: str, content: dict[str, Any], code: int
) -> None:
    key = wecom.robots.add()
    assert await caller.robot(key, msgtype=msgtype, **{msgtype: content}) == code
