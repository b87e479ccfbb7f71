"""The stand-in's 微信客服 keeps the platform's states, budget, log and codes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.wecom.caller import Caller, Receiver, receiver
from tests.support.wecom.clock import DAY, HOUR
from tests.support.wecom.kf_session import State
from tests.support.wecom.server import WeCom

_MENU: dict[str, Any] = {
    "head_content": "您想问什么?",
    "list": [
        {"type": "click", "click": {"id": "v1_1", "content": "创业补贴"}},
        {"type": "text", "text": {"content": "——"}},
        {"type": "click", "click": {"id": "v1_2", "content": "找人工"}},
    ],
}


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.tokens.lifetime = 30 * DAY
        yield wecom


@pytest.fixture
async def caller(wecom: WeCom) -> AsyncIterator[Caller]:
    async with Caller(wecom, "kf") as caller:
        yield caller


@pytest.fixture
async def ours(wecom: WeCom) -> AsyncIterator[Receiver]:
    ours = receiver(wecom, wecom.tokens.apps["kf"])
    await ours.start()
    assert await wecom.listen(ours.address, "kf") == ["kf"]
    yield ours
    await ours.stop()


@pytest.fixture
def customer(wecom: WeCom) -> str:
    return wecom.kf.customer("小李")


def _to(wecom: WeCom, customer: str, **more: Any) -> dict[str, Any]:
    account = next(iter(wecom.kf.accounts))
    body = {"touser": customer, "open_kfid": account, "msgtype": "text", "text": {"content": "好"}}
    return {**body, **more}


def _about(wecom: WeCom, customer: str) -> dict[str, Any]:
    return {"open_kfid": next(iter(wecom.kf.accounts)), "external_userid": customer}


async def _send(wecom: WeCom, caller: Caller, customer: str, **more: Any) -> int:
    return await caller.code("kf/send_msg", **_to(wecom, customer, **more))


async def test_five_messages_may_follow_one_and_five_the_next(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    assert await _send(wecom, caller, customer) == 95031
    wecom.kf.says(customer, "在吗")
    assert [await _send(wecom, caller, customer) for _ in range(6)] == [0] * 5 + [95001]
    wecom.kf.says(customer, "在吗")
    assert wecom.kf.left(customer) == 5
    assert await _send(wecom, caller, customer) == 0
    assert len(wecom.phones.from_us(customer)) == 6
    assert wecom.kf.overdrawn == 2


async def test_after_two_days_nothing_may_follow(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.says(customer, "在吗")
    wecom.clock.advance(48 * HOUR - 5)
    assert await _send(wecom, caller, customer) == 0
    wecom.clock.advance(5)
    assert await _send(wecom, caller, customer) == 95002
    wecom.kf.rules.late_code = 95018
    assert await _send(wecom, caller, customer) == 95018


async def test_the_budget_may_be_told_by_an_event(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.rules.refuses_by_event = True
    wecom.kf.says(customer, "在吗")
    codes = [await _send(wecom, caller, customer, msgid=f"g{n}") for n in range(6)]
    assert codes == [0] * 6
    event = (await caller.pull())[-1]["event"]
    assert (event["event_type"], event["fail_msgid"], event["fail_type"]) == (
        "msg_send_fail",
        "g5",
        6,
    )
    assert len(wecom.phones.from_us(customer)) == 5


async def test_an_accepted_message_may_fail(wecom: WeCom, caller: Caller, customer: str) -> None:
    wecom.kf.says(customer, "在吗")
    wecom.kf.blocks(customer)
    wecom.kf.fails_next(customer, 11)
    assert [await _send(wecom, caller, customer) for _ in range(2)] == [0, 0]
    events = [item["event"] for item in (await caller.pull())[1:]]
    assert [event["fail_type"] for event in events] == [11, 10]
    assert not wecom.phones.from_us(customer)


async def test_a_msgid_counts_once_in_an_account(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.says(customer, "在吗")
    wecom.kf.rules.twice_code = 95999
    codes = [await _send(wecom, caller, customer, msgid="g7") for _ in range(2)]
    assert codes == [0, 95999]
    assert await _send(wecom, caller, customer, msgid="a b") == 40058
    assert len(wecom.phones.from_us(customer)) == 1


@pytest.mark.parametrize(
    ("before", "to", "code"),
    [
        (State.NEW, 1, 0),
        (State.NEW, 2, 0),
        (State.ASSISTANT, 4, 0),
        (State.ASSISTANT, 0, 95016),
        (State.QUEUED, 1, 95016),
        (State.QUEUED, 4, 95016),
        (State.SERVICER, 4, 0),
        (State.SERVICER, 2, 95016),
        (State.OVER, 1, 95016),
        (State.NEW, 9, 40058),
        (State.NEW, 3, 40058),
    ],
)
async def test_only_some_changes_of_state_are_legal(
    wecom: WeCom, caller: Caller, customer: str, before: State, to: int, code: int
) -> None:
    wecom.kf.session(customer).state = before
    about = _about(wecom, customer)
    assert await caller.code("kf/service_state/trans", **about, service_state=to) == code


async def test_the_queue_may_be_left_where_the_platform_allows(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.rules.queue_may_end = True
    wecom.kf.session(customer).state = State.QUEUED
    about = _about(wecom, customer)
    assert await caller.code("kf/service_state/trans", **about, service_state=4) == 0


@pytest.mark.parametrize(
    ("servicer", "code"), [("LiSi", 0), ("WangWu", 95019), ("ZhaoLiu", 60253)]
)
async def test_only_who_receives_can_be_given_a_talk(
    wecom: WeCom, caller: Caller, customer: str, servicer: str, code: int
) -> None:
    wecom.kf.servicer("LiSi")
    wecom.kf.servicer("WangWu", receives=False)
    wecom.kf.says(customer, "找人工")
    body = {**_about(wecom, customer), "service_state": 3, "servicer_userid": servicer}
    assert await caller.code("kf/service_state/trans", **body) == code


async def test_a_talk_goes_to_a_servicer_and_back(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.servicer("LiSi")
    about = _about(wecom, customer)
    wecom.kf.says(customer, "找人工")
    queued = await caller.call("kf/service_state/trans", **about, service_state=2)
    assert await _send(wecom, caller, customer) == 95018
    note = {"msgtype": "text", "text": {"content": "请稍等"}}
    assert await caller.code("kf/send_msg_on_event", code=queued["msg_code"], **note) == 0
    wecom.kf.takes("LiSi", customer)
    assert (await caller.call("kf/service_state/get", **about))["servicer_userid"] == "LiSi"
    wecom.kf.servicer_says("LiSi", customer, "我来帮您")
    code = wecom.kf.ends(customer)
    assert (
        await caller.code("kf/send_msg_on_event", code=code, msgtype="msgmenu", msgmenu=_MENU) == 0
    )
    assert await _send(wecom, caller, customer) == 95018
    wecom.kf.says(customer, "谢谢")
    assert await _send(wecom, caller, customer) == 0


async def test_servicers_come_back_and_our_own_do_not(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.says(customer, "在吗")
    await _send(wecom, caller, customer)
    with pytest.raises(LookupError):
        wecom.kf.servicer_says("LiSi", customer, "在")
    wecom.kf.session(customer).state = State.SERVICER
    msgid = wecom.kf.servicer_says("LiSi", customer, "在")
    wecom.kf.servicer_recalls("LiSi", customer, msgid)
    items = await caller.pull()
    assert [item["origin"] for item in items] == [3, 5, 4]
    assert items[1]["servicer_userid"] == "LiSi"
    assert items[2]["event"]["recall_msgid"] == msgid


@pytest.mark.parametrize(
    ("seconds", "msgtype", "codes"),
    [(19, "text", [0, 41050]), (20, "text", [41050, 41050]), (1, "image", [40007, 40007])],
)
async def test_a_welcome_code_works_once_within_20_seconds(
    wecom: WeCom, caller: Caller, customer: str, seconds: int, msgtype: str, codes: list[int]
) -> None:
    code = wecom.kf.enters(customer, scene="village", scene_param="石泉 1村")
    wecom.clock.advance(seconds)
    body = {
        "code": code,
        "msgtype": msgtype,
        "text": {"content": "您好"},
        "image": {"media_id": "x"},
    }
    assert [await caller.code("kf/send_msg_on_event", **body) for _ in range(2)] == codes
    assert len(wecom.phones.from_us(customer)) == codes.count(0)


async def test_a_welcome_code_comes_under_three_conditions_only(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    first = wecom.kf.enters(customer)
    assert first
    body = {"msgtype": "text", "text": {"content": "您好"}}
    await caller.call("kf/send_msg_on_event", code=first, **body)
    assert not wecom.kf.enters(customer)
    wecom.clock.advance(48 * HOUR)
    wecom.kf.accounts[wecom.kf.session(customer).account].has_native_welcome = True
    assert not wecom.kf.enters(customer)
    wecom.kf.accounts[wecom.kf.session(customer).account].has_native_welcome = False
    assert wecom.kf.enters(customer)
    wecom.kf.says(customer, "在吗")
    assert not wecom.kf.enters(customer)


async def test_a_code_on_a_poster_names_its_scene(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    account = next(iter(wecom.kf.accounts))
    way = (await caller.call("kf/add_contact_way", open_kfid=account, scene="village"))["url"]
    assert wecom.kf.scans(customer, f"{way}&scene_param=%E7%9F%B3%E6%B3%89")
    assert not wecom.kf.scans(customer, f"{way}x&scene_param=1")
    (item,) = await caller.pull()
    assert (item["event"]["scene"], item["event"]["scene_param"]) == ("village", "石泉")
    found = await caller.call(
        "kf/customer/batchget",
        external_userid_list=[customer, "wm0"],
        need_enter_session_context=1,
    )
    assert found["customer_list"][0]["enter_session_context"]["scene_param"] == "石泉"
    assert found["invalid_external_userid"] == ["wm0"]


async def test_a_tap_is_a_text_with_the_menus_id(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.says(customer, "在吗")
    assert await _send(wecom, caller, customer, msgtype="msgmenu", msgmenu=_MENU) == 0
    wecom.kf.taps(customer, "创业补贴")
    assert (await caller.pull())[-1]["text"] == {"content": "创业补贴", "menu_id": "v1_1"}
    with pytest.raises(LookupError):
        wecom.kf.taps(customer, "——")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "markdown", "markdown": {"content": "x"}}, 40008),
        ({"msgtype": "image", "image": {"media_id": "x"}}, 40007),
        ({"touser": "wm0"}, 40096),
        ({"open_kfid": "wk0"}, 95004),
        ({"msgtype": "msgmenu", "msgmenu": {"list": _MENU["list"] * 6}}, 95008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "sing", "sing": {}}]}}, 95009),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "长" * 342}}, 40058),
        (
            {
                "msgtype": "msgmenu",
                "msgmenu": {"list": [{"type": "click", "click": {"content": "长" * 43}}]},
            },
            40058,
        ),
    ],
)
async def test_bad_messages_are_refused_and_cost_nothing(
    wecom: WeCom, caller: Caller, customer: str, more: dict[str, Any], code: int
) -> None:
    wecom.kf.says(customer, "在吗")
    assert await _send(wecom, caller, customer, **more) == code
    assert wecom.kf.left(customer) == 5


async def test_a_long_text_is_cut_by_bytes(wecom: WeCom, caller: Caller, customer: str) -> None:
    wecom.kf.says(customer, "在吗")
    assert await _send(wecom, caller, customer, text={"content": "长" * 700}) == 0
    assert wecom.phones.texts(customer) == ["长" * 682 + "�"]


async def test_pages_come_small_empty_and_overlapping_and_lose_nothing(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    wecom.kf.paging.most, wecom.kf.paging.empty_rate, wecom.kf.paging.repeat_rate = 7, 0.4, 0.4
    said = [wecom.kf.says(customer, str(n)) for n in range(60)]
    wecom.kf.rules.tokenless = (1000, 60)
    account = next(iter(wecom.kf.accounts.values()))
    account.pulls.most = 1000
    got = [item["msgid"] for item in await caller.pull()]
    assert len(got) > len(said)
    assert list(dict.fromkeys(got)) == said


async def test_the_log_goes_back_three_days(wecom: WeCom, caller: Caller, customer: str) -> None:
    wecom.kf.says(customer, "早")
    wecom.clock.advance(2 * DAY)
    kept = wecom.kf.says(customer, "晚")
    wecom.clock.advance(DAY)
    assert [item["msgid"] for item in await caller.pull()] == [kept]


async def test_a_cursor_is_short_opaque_and_of_its_account(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    account, other = next(iter(wecom.kf.accounts)), wecom.kf.account("二号")
    wecom.kf.says(customer, "在吗")
    cursor = (await caller.call("kf/sync_msg", open_kfid=account))["next_cursor"]
    assert len(cursor) <= 64
    assert await caller.code("kf/sync_msg", open_kfid=other, cursor=cursor) == 40058
    assert await caller.code("kf/sync_msg", open_kfid=account, cursor=cursor[:-1]) == 40058
    assert await caller.pull(account, cursor) == []


async def test_a_notification_carries_a_token_for_ten_minutes(
    wecom: WeCom, caller: Caller, ours: Receiver, customer: str
) -> None:
    wecom.kf.says(customer, "机密")
    await wecom.callbacks.settled()
    (event,) = ours.got
    assert event.keys() == {"ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId"}
    assert [item["text"]["content"] for item in await caller.pull(token=event["Token"])] == [
        "机密"
    ]
    wecom.clock.advance(600)
    account = event["OpenKfId"]
    assert await caller.code("kf/sync_msg", open_kfid=account, token=event["Token"]) == 95007


async def test_pulls_without_a_token_are_rationed(
    wecom: WeCom, caller: Caller, customer: str
) -> None:
    account = next(iter(wecom.kf.accounts))
    codes = [await caller.code("kf/sync_msg", open_kfid=account) for _ in range(21)]
    assert codes == [0] * 20 + [45009]


async def test_an_account_that_is_not_ours_is_closed(wecom: WeCom, caller: Caller) -> None:
    account = next(iter(wecom.kf.accounts.values()))
    account.is_managed = False
    assert await caller.code("kf/sync_msg", open_kfid=account.open_kfid) == 48007
    (told,) = (await caller.call("kf/account/list"))["account_list"]
    assert told["manage_privilege"] is False
