"""The API of 群发: making tasks, and asking what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tests.support.wecom.clock import DAY
from tests.support.wecom.contacts import Contacts
from tests.support.wecom.group_send import Result, Status, Task
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, list_of, number_of, object_of, text_of

T = TypeVar("T")

_TEXT_BYTES = 4000
_ATTACHMENTS = {"image", "link", "miniprogram", "video", "file"}
_MONTH = 31 * DAY


class GroupSendCalls:
    """What our side may call."""

    def __init__(self, world: Contacts) -> None:
        self._world = world

    def calls(self) -> dict[str, Callable[[App, Body], Body]]:
        return {
            "add_msg_template": self.add,
            "get_groupmsg_list_v2": self.listed,
            "get_groupmsg_task": self.members,
            "get_groupmsg_send_result": self.results,
            "remind_groupmsg_send": self.remind,
            "cancel_groupmsg_send": self.cancel,
        }

    def add(self, app: App, body: Body) -> Body:
        messages = self.messages(body)
        is_group = body.get("chat_type", "single") == "group"
        sender = str(body.get("sender") or "")
        failed: list[str] = []
        if is_group:
            work = self._group_work(body, sender)
        else:
            work, failed = self._single_work(body, sender)
        if not any(work.values()):
            raise Refused(41048, "no customer to send", fail_list=failed)
        msgid = "msg" + self._world.corp.ids.word(30)
        self._world.sends.add(
            Task(
                msgid=msgid,
                is_group=is_group,
                created_at=self._world.corp.clock.now(),
                messages=messages,
                sender=sender,
                allows_choice=bool(body.get("allow_select")) and not is_group,
                work={m: {one: Result() for one in found} for m, found in work.items()},
            )
        )
        return {"fail_list": failed, "msgid": msgid}

    def messages(self, body: Body) -> list[tuple[str, Body]]:
        """The text and the attachments, which go out as separate messages."""
        found: list[tuple[str, Body]] = []
        if body.get("text"):
            content = text_of(object_of(body, "text"), "content", most=_TEXT_BYTES)
            found.append(("text", {"content": content}))
        for one in list_of(body, "attachments", most=9):
            kind = one.get("msgtype")
            if kind not in _ATTACHMENTS:
                raise Refused(40008, "invalid attachment msgtype")
            found.append((kind, self._attachment(kind, object_of(one, kind))))
        if not found:
            raise Refused(41043, "text and attachments are both empty")
        return found

    def listed(self, app: App, body: Body) -> Body:
        start, end = body.get("start_time"), body.get("end_time")
        if not isinstance(start, int) or not isinstance(end, int) or end - start > _MONTH:
            raise Refused(40058, "start_time and end_time: at most a month apart")
        is_group = body.get("chat_type") == "group"
        found = [
            task
            for task in self._world.sends.tasks.values()
            if task.is_group == is_group and start <= task.created_at <= end
        ]
        page, cursor = _page(found, body, most=100, default=50)
        return {"group_msg_list": [_listed(task) for task in page], "next_cursor": cursor}

    def members(self, app: App, body: Body) -> Body:
        task = self._world.sends.find(body.get("msgid"))
        page, cursor = _page(list(task.work), body, most=1000, default=500)
        told = [
            {"userid": m, "status": 2, "send_time": int(task.done[m])}
            if m in task.done
            else {"userid": m, "status": 0}
            for m in page
        ]
        return {"task_list": told, "next_cursor": cursor}

    def results(self, app: App, body: Body) -> Body:
        task = self._world.sends.find(body.get("msgid"))
        member = text_of(body, "userid")
        if member not in task.work:
            raise Refused(40003, "invalid userid")
        rows = [
            (receiver, result)
            for receiver, result in task.work[member].items()
            if not task.is_group or result.status is Status.SENT
        ]
        page, cursor = _page(rows, body, most=1000, default=500)
        told = [_result(task, member, receiver, result) for receiver, result in page]
        return {"send_list": told, "next_cursor": cursor}

    def remind(self, app: App, body: Body) -> Body:
        task = self._open(body)
        if not task.reminders.take(self._world.corp.clock.now()):
            raise Refused(41094, "remind count out of limit")
        task.reminded += [member for member in task.work if member not in task.done]
        return {}

    def cancel(self, app: App, body: Body) -> Body:
        self._open(body).is_cancelled = True
        return {}

    def _open(self, body: Body) -> Task:
        task = self._world.sends.find(body.get("msgid"))
        if task.is_cancelled:
            raise Refused(41093, "group msg was cancelled")
        return task

    def _group_work(self, body: Body, sender: str) -> dict[str, list[str]]:
        if not sender:
            raise Refused(40058, "sender is required for chat_type group")
        asked = list_of(body, "chat_id_list", most=2000)
        own = [g.chat_id for g in self._world.groups.values() if g.owner == sender]
        return {sender: [one for one in asked if one in own] if asked else own}

    def _single_work(self, body: Body, sender: str) -> tuple[dict[str, list[str]], list[str]]:
        asked = list_of(body, "external_userid", most=10_000)
        tags = body.get("tag_filter")
        if not asked and not tags and not sender:
            raise Refused(40058, "sender, external_userid and tag_filter are all empty")
        if not asked:
            asked = list(dict.fromkeys(customer for _, customer in self._world.contacts))
        work: dict[str, list[str]] = {}
        failed: list[str] = []
        for customer in asked:
            member = self._member(customer, sender, None if body.get("external_userid") else tags)
            if member:
                work.setdefault(member, []).append(customer)
            elif body.get("external_userid"):
                failed.append(customer)
        return work, failed

    def _member(self, customer: str, sender: str, tags: Any) -> str:
        """Who gets the task for this customer: the one who talked last."""
        for contact in self._world.friends(customer):
            if sender and contact.userid != sender:
                continue
            if not tags or _fits(contact.tags, tags):
                return contact.userid
        return ""

    def _attachment(self, kind: str, content: Body) -> Body:
        if kind == "link":
            text_of(content, "title", most=128)
            text_of(content, "url", most=2048)
        elif kind == "miniprogram":
            text_of(content, "title", most=64)
            text_of(content, "appid")
            text_of(content, "page")
        elif not (kind == "image" and content.get("pic_url")):
            self._world.corp.media.find(text_of(content, "media_id"))
        return dict(content)


def _fits(own: set[str], tags: Body) -> bool:
    """One of each list, of all lists."""
    groups = list_of(tags, "group_list")
    return all(own & set(list_of(group, "tag_list", most=100)) for group in groups)


def _listed(task: Task) -> Body:
    text = next((content for kind, content in task.messages if kind == "text"), None)
    return {
        "msgid": task.msgid,
        "create_time": int(task.created_at),
        "create_type": 0,
        **({"text": text} if text else {}),
        "attachments": [{"msgtype": k, k: c} for k, c in task.messages if k != "text"],
    }


def _result(task: Task, member: str, receiver: str, result: Result) -> Body:
    who = "chat_id" if task.is_group else "external_userid"
    sent = {"send_time": int(result.sent_at)} if result.sent_at else {}
    return {who: receiver, "userid": member, "status": int(result.status), **sent}


def _page(found: Sequence[T], body: Body, *, most: int, default: int) -> tuple[Sequence[T], str]:
    limit = number_of(body, "limit", default, most=most) or default
    start = int(body.get("cursor") or 0)
    end = start + limit
    return found[start:end], str(end) if end < len(found) else ""
