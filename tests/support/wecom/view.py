"""Everything that the page shows, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tests.support.wecom.clock import CHINA
from tests.support.wecom.kf_session import State
from tests.support.wecom.phones import Shown
from tests.support.wecom.wire import Body

if TYPE_CHECKING:
    from tests.support.wecom.server import WeCom

_STATES = {
    State.NEW: "未处理",
    State.ASSISTANT: "智能助手接待",
    State.QUEUED: "排队等人工",
    State.SERVICER: "人工接待中",
    State.OVER: "未开始或已结束",
}
_KINDS = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]"}


def view(wecom: WeCom) -> Body:
    """The whole state, short enough to be fetched again and again."""
    return {
        "customers": [_customer(wecom, number) for number in wecom.kf.customers],
        "ways": [{"url": u, "scene": scene} for u, (_, scene) in wecom.kf.ways.items()],
        "members": [_member(wecom, member.userid) for member in wecom.corp.members.values()],
        "menu": _menu(wecom),
        "stewards": list(wecom.contacts.stewards),
        "tasks": list(_tasks(wecom)),
        "groups": [_group(wecom, chat_id) for chat_id in wecom.contacts.groups],
        "robots": [_robot(wecom, key) for key in wecom.robots.known()],
        "refused": _refused(wecom),
        "silent": [name for name, app in wecom.tokens.apps.items() if not app.url],
    }


def _customer(wecom: WeCom, number: str) -> Body:
    session = wecom.kf.session(number)
    customer = wecom.kf.customers[number]
    return {
        "id": number,
        "name": customer.nickname,
        "left": wecom.kf.left(number),
        "state": _STATES[session.state],
        "is_queued": session.state is State.QUEUED,
        "is_with_staff": session.state is State.SERVICER,
        "servicer": session.servicer,
        "has_blocked": customer.has_blocked,
        "friends": [contact.userid for contact in wecom.contacts.friends(number)],
        "messages": [_shown(one) for one in wecom.phones.of(number)],
    }


def _member(wecom: WeCom, userid: str) -> Body:
    name = wecom.corp.members[userid.lower()].name
    return {
        "id": userid,
        "name": f"{name}（{userid}）",
        "messages": [_shown(one) for one in wecom.app.shown(userid)],
    }


def _group(wecom: WeCom, chat_id: str) -> Body:
    group = wecom.contacts.groups[chat_id]
    return {
        "id": chat_id,
        "name": group.name,
        "owner": group.owner,
        "people": list(group.people),
        "messages": [_shown(one) for one in wecom.phones.of(chat_id)],
    }


def _robot(wecom: WeCom, key: str) -> Body:
    messages = [_shown(one) for one in wecom.robots.shown(key)]
    return {"id": key, "name": wecom.robots.find(key).name, "messages": messages}


def _tasks(wecom: WeCom) -> Iterable[Body]:
    for task in wecom.contacts.sends.tasks.values():
        for member, results in task.work.items():
            yield {
                "id": task.msgid,
                "member": member,
                "receivers": len(results),
                "text": " ".join(body.get("content", "") for _, body in task.messages),
                "is_done": member in task.done,
                "is_cancelled": task.is_cancelled,
                "reminded": task.reminded.count(member),
            }


def _menu(wecom: WeCom) -> list[str]:
    """The words of what can be tapped in the app's menu."""
    buttons = [one for b in wecom.app.menu.buttons for one in b.get("sub_button") or [b]]
    return [one["name"] for one in buttons if one.get("type") == "click"]


def _refused(wecom: WeCom) -> list[Body]:
    """What we asked for in vain, by path and errcode."""
    return [
        {"path": path, "code": code, "count": count}
        for (path, code), count in sorted(wecom.answers.items())
        if code
    ]


def _shown(one: Shown) -> Body:
    return {
        "at": datetime.fromtimestamp(one.at, CHINA).strftime("%H:%M:%S"),
        "by": one.by.value,
        "text": one.text or _KINDS.get(one.msgtype, f"[{one.msgtype}]"),
        "choices": one.choices,
        "type": one.msgtype,
        "msgid": one.msgid,
        "is_recalled": one.recalled,
        "replaced": one.replaced,
    }
