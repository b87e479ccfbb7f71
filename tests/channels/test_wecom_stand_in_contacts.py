"""The stand-in's 客户联系: tasks wait for their steward, quotas count, changes are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.wecom.caller import Caller, Receiver, receiver
from tests.support.wecom.clock import DAY
from tests.support.wecom.group_send import Quota
from tests.support.wecom.server import WeCom


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        wecom.tokens.lifetime = 900 * DAY
        wecom.contacts.sends.dispatch_seconds = 0.0
        wecom.contacts.steward("LiSi")
        yield wecom


@pytest.fixture
async def caller(wecom: WeCom) -> AsyncIterator[Caller]:
    async with Caller(wecom, "contact") as caller:
        yield caller


@pytest.fixture
async def ours(wecom: WeCom) -> AsyncIterator[Receiver]:
    ours = receiver(wecom, wecom.tokens.apps["contact"])
    await ours.start()
    assert await wecom.listen(ours.address, "contact") == ["contact"]
    yield ours
    await ours.stop()


def _friend(wecom: WeCom, steward: str = "LiSi") -> str:
    customer = wecom.contacts.customer()
    wecom.contacts.befriend(steward, customer)
    return customer


async def _call(caller: Caller, name: str, **body: Any) -> dict[str, Any]:
    return await caller.call(f"externalcontact/{name}", **body)


async def _task(caller: Caller, *customers: str, **more: Any) -> str:
    body: dict[str, Any] = {"text": {"content": "招工"}, "external_userid": list(customers)}
    return str((await _call(caller, "add_msg_template", **{**body, **more}))["msgid"])


async def _statuses(caller: Caller, task: str, member: str = "LiSi") -> list[int]:
    answer = await _call(caller, "get_groupmsg_send_result", msgid=task, userid=member)
    return [row["status"] for row in answer["send_list"]]


def _until_november(wecom: WeCom) -> float:
    """Seconds to a November, which has 30 days."""
    day = wecom.clock.day()
    november = day.replace(year=day.year + 1, month=11, day=10)
    return (november - day).total_seconds()


async def test_a_task_sends_nothing_until_its_member_confirms(
    wecom: WeCom, caller: Caller
) -> None:
    here, gone = _friend(wecom), _friend(wecom)
    task = await _task(caller, here, gone)
    wecom.contacts.leaves(gone, "LiSi")
    assert await _statuses(caller, task) == [0, 0]
    assert not list(wecom.phones.everything())
    assert wecom.contacts.confirms(task, "LiSi") == [here]
    assert await _statuses(caller, task) == [1, 2]
    (row,) = (await _call(caller, "get_groupmsg_task", msgid=task))["task_list"]
    assert row["status"] == 2
    assert wecom.phones.texts(here) == ["招工"]


async def test_who_cannot_be_reached_is_named_at_once(wecom: WeCom, caller: Caller) -> None:
    here, stranger = _friend(wecom), wecom.contacts.customer()
    body = {"text": {"content": "招工"}}
    answer = await _call(caller, "add_msg_template", external_userid=[here, stranger], **body)
    assert answer["fail_list"] == [stranger]
    answer = await _call(caller, "add_msg_template", external_userid=[stranger], **body)
    assert answer["errcode"] == 41048


async def test_who_talked_last_gets_the_task(wecom: WeCom, caller: Caller) -> None:
    wecom.contacts.steward("WangWu")
    customer = _friend(wecom)
    wecom.contacts.befriend("WangWu", customer)
    wecom.clock.advance(60)
    wecom.contacts.talk("LiSi", customer)
    task = await _task(caller, customer)
    assert list(wecom.contacts.sends.tasks[task].work) == ["LiSi"]


@pytest.mark.parametrize(("quota", "most"), [(Quota.MONTH, 30), (Quota.WEEK, 7), (Quota.DAY, 1)])
async def test_a_customer_gets_no_more_than_the_quota(
    wecom: WeCom, caller: Caller, quota: Quota, most: int
) -> None:
    wecom.contacts.sends.quota = quota
    wecom.clock.advance(_until_november(wecom))
    customer = _friend(wecom)
    wecom.contacts.sends.spend(customer, most - 1)
    tasks = [await _task(caller, customer) for _ in range(2)]
    for task in tasks:
        wecom.contacts.confirms(task, "LiSi")
    assert [await _statuses(caller, task) for task in tasks] == [[1], [3]]
    assert wecom.contacts.sends.over_quota() == 1


async def test_a_new_task_is_still_being_dispatched(wecom: WeCom, caller: Caller) -> None:
    wecom.contacts.sends.dispatch_seconds = 3.0
    task = await _task(caller, _friend(wecom))
    path = "externalcontact/get_groupmsg_task"
    assert await caller.code(path, msgid=task) == 41063
    wecom.clock.advance(3)
    assert await caller.code(path, msgid=task) == 0


async def test_a_task_can_be_reminded_thrice_a_day_and_cancelled(
    wecom: WeCom, caller: Caller
) -> None:
    task = await _task(caller, _friend(wecom))
    remind, cancel = (f"externalcontact/{w}_groupmsg_send" for w in ("remind", "cancel"))
    assert [await caller.code(remind, msgid=task) for _ in range(4)] == [0, 0, 0, 41094]
    wecom.clock.advance(DAY)
    assert await caller.code(remind, msgid=task) == 0
    assert await caller.code(cancel, msgid=task) == 0
    assert await caller.code(remind, msgid=task) == 41093
    with pytest.raises(LookupError):
        wecom.contacts.confirms(task, "LiSi")


async def test_a_group_gets_its_task_through_its_owner(wecom: WeCom, caller: Caller) -> None:
    own, other = (wecom.contacts.group(owner) for owner in ("LiSi", "WangWu"))
    body = {"chat_type": "group", "text": {"content": "招工"}, "chat_id_list": [own, other]}
    assert await caller.code("externalcontact/add_msg_template", **body) == 40058
    task = (await _call(caller, "add_msg_template", sender="LiSi", **body))["msgid"]
    assert await _statuses(caller, task) == []
    wecom.contacts.confirms(task, "LiSi")
    assert await _statuses(caller, task) == [1]
    assert (wecom.phones.texts(own), wecom.phones.texts(other)) == (["招工"], [])


async def test_results_come_in_pages(wecom: WeCom, caller: Caller) -> None:
    task = await _task(caller, *[_friend(wecom) for _ in range(5)])
    found, cursor = 0, ""
    for _ in range(3):
        body = {"msgid": task, "userid": "LiSi", "limit": 2, "cursor": cursor}
        page = await _call(caller, "get_groupmsg_send_result", **body)
        found, cursor = found + len(page["send_list"]), page["next_cursor"]
    assert (found, cursor) == (5, "")


@pytest.mark.parametrize(("seconds", "codes"), [(19, [0, 41051]), (20, [41050, 41050])])
async def test_a_new_customer_is_welcomed_once_within_20_seconds(
    wecom: WeCom, caller: Caller, seconds: int, codes: list[int]
) -> None:
    customer = wecom.contacts.customer()
    code = wecom.contacts.befriend("LiSi", customer)
    wecom.clock.advance(seconds)
    body = {"welcome_code": code, "text": {"content": "您好"}}
    path = "externalcontact/send_welcome_msg"
    assert [await caller.code(path, **body) for _ in range(2)] == codes
    assert len(wecom.phones.texts(customer)) == codes.count(0)


async def test_no_code_where_the_console_welcomes_and_none_after_talk(
    wecom: WeCom, caller: Caller
) -> None:
    wecom.contacts.steward("WangWu", has_native_welcome=True)
    customer = wecom.contacts.customer()
    assert not wecom.contacts.befriend("WangWu", customer)
    code = wecom.contacts.befriend("LiSi", customer)
    wecom.contacts.talk("LiSi", customer)
    body = {"welcome_code": code, "text": {"content": "您好"}}
    assert await caller.code("externalcontact/send_welcome_msg", **body) == 41051


async def test_changes_are_told(wecom: WeCom, ours: Receiver) -> None:
    customer = wecom.contacts.customer()
    code = wecom.contacts.befriend("LiSi", customer, state="village-3")
    chat = wecom.contacts.group("LiSi")
    wecom.contacts.joins(chat, customer)
    wecom.contacts.quits(chat, customer)
    wecom.contacts.dismisses(chat)
    await wecom.callbacks.settled()
    told = {(e["Event"], e["ChangeType"], e.get("UpdateDetail")) for e in ours.got}
    chats = ("create", None), ("update", "add_member"), ("update", "del_member"), ("dismiss", None)
    expected = {("change_external_chat", *one) for one in chats}
    assert told == expected | {("change_external_contact", "add_external_contact", None)}
    (added,) = (e for e in ours.got if e["ChangeType"] == "add_external_contact")
    assert (added["FromUserName"], added["State"], added["WelcomeCode"]) == (
        "sys",
        "village-3",
        code,
    )


async def test_tags_of_the_console_are_told_and_not_ours_to_change(
    wecom: WeCom, caller: Caller, ours: Receiver
) -> None:
    tag = wecom.contacts.makes_tag("意向", "养殖")
    assert await caller.code("externalcontact/edit_corp_tag", id=tag, name="种植") == 40068
    wecom.contacts.renames_tag(tag, "种植")
    wecom.contacts.deletes_tag(tag)
    await wecom.callbacks.settled()
    told = {(e["Event"], e["ChangeType"], e["Id"]) for e in ours.got}
    assert told == {("change_external_tag", kind, tag) for kind in ("create", "update", "delete")}


async def test_groups_are_listed_and_opened(wecom: WeCom, caller: Caller) -> None:
    customer = _friend(wecom)
    chats = [wecom.contacts.group("LiSi", f"群{n}", customer) for n in range(3)]
    assert (await _call(caller, "groupchat/list"))["errcode"] == 40058
    first = await _call(caller, "groupchat/list", limit=2)
    rest = await _call(caller, "groupchat/list", limit=2, cursor=first["next_cursor"])
    found = [*first["group_chat_list"], *rest["group_chat_list"]]
    assert [row["chat_id"] for row in found] == chats
    group = (await _call(caller, "groupchat/get", chat_id=chats[0], need_name=1))["group_chat"]
    assert [(one["userid"], one["type"]) for one in group["member_list"]] == [
        ("LiSi", 1),
        (customer, 2),
    ]


async def test_tags_are_made_marked_and_removed(wecom: WeCom, caller: Caller) -> None:
    customer = _friend(wecom)
    body = {"group_name": "意向", "tag": [{"name": "养殖"}, {"name": "养殖"}, {"name": "种植"}]}
    tags = (await _call(caller, "add_corp_tag", **body))["tag_group"]["tag"]
    assert [tag["name"] for tag in tags] == ["养殖", "种植"]
    who = {"userid": "LiSi", "external_userid": customer}
    path = "externalcontact/mark_tag"
    assert await caller.code(path, **who, add_tag=[tags[0]["id"]]) == 0
    assert await caller.code(path, **who, add_tag=["et0"]) == 40068
    assert await caller.code(path, **who) == 40063
    stranger = {**who, "external_userid": wecom.contacts.customer()}
    assert await caller.code(path, **stranger, add_tag=[tags[0]["id"]]) == 84061
    read = await caller.read("externalcontact/get", external_userid=customer)
    assert [tag["tag_name"] for tag in read["follow_user"][0]["tags"]] == ["养殖"]
