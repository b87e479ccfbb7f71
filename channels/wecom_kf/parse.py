"""One item of kf/sync_msg → what somebody said, or what happened to a talk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from channels.decoding import moment, shallow
from channels.plain_text import plain_text
from channels.wecom.keys import value_of
from records.messages import Inbound, InboundKind

KIND = "wecom_kf"
CODE_LIFE = timedelta(seconds=20)  # of a welcome_code, and of the one at the end of a talk

_FROM_CUSTOMER, _FROM_SYSTEM = 3, 4
_ENDED = 3  # a session_status_change that hands the talk back
_LONGEST_ID = 80  # WeCom's have 64 at most
_NONSENSE = (LookupError, TypeError, AttributeError, ValueError, OverflowError, OSError)
_FILES = {"image": InboundKind.PICTURE, "voice": InboundKind.VOICE}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody opened the talk; by `code`, if there is one, they may be greeted until `until`."""

    chat: str
    code: str
    until: datetime
    start: Inbound


@dataclass(frozen=True, slots=True)
class NotArrived:
    """A message that was accepted did not arrive, for a reason of the platform's list."""

    chat: str
    msgid: str
    fail_type: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A talk went to one of the staff, or came back.

    By `code` one message may be sent until `until`, where it came back.
    """

    chat: str
    servicer: str  # "" = it came back
    notice: Inbound
    code: str
    until: datetime


Item = Inbound | Entered | NotArrived | Handed


def parse(item: Any, now: datetime) -> Item | None:
    """What an item says; None where it is nothing to us; UNREADABLE where it has no sense."""
    try:
        if item["origin"] == _FROM_CUSTOMER:
            return _said(item)
        return _event(item) if item["origin"] == _FROM_SYSTEM else None
    except _NONSENSE:
        return _unreadable(item, now)


def chat_of(open_kfid: str, external_userid: str) -> str:
    """The address of somebody at one account."""
    return f"{open_kfid}/{external_userid}"


def parties(chat: str) -> tuple[str, str]:
    """The account and the customer of an address."""
    open_kfid, _, external_userid = chat.partition("/")
    return open_kfid, external_userid


def _said(item: Json) -> Inbound:
    msgtype = _string(item["msgtype"])
    content = item.get(msgtype) or {}
    kind, text, extra = InboundKind.OTHER, "", {}
    if msgtype == "text":
        kind, text = _words(content)
    elif msgtype in _FILES:
        kind, extra = _FILES[msgtype], {"file_id": _string(content["media_id"])}
    elif msgtype == "location":
        kind, text = _place(content)
    return _inbound(item, _chat(item), kind, plain_text(text), extra)


def _words(content: Json) -> tuple[InboundKind, str]:
    value = value_of(str(content.get("menu_id") or ""))
    return (
        (InboundKind.OPTION, value) if value else (InboundKind.TEXT, _string(content["content"]))
    )


def _place(content: Json) -> tuple[InboundKind, str]:
    where = str(content.get("address") or content.get("name") or "")
    return (InboundKind.TEXT, where) if where else (InboundKind.OTHER, "")


def _event(item: Json) -> Item | None:
    event = item["event"]
    match event["event_type"]:
        case "enter_session":
            return _entered(item, event)
        case "msg_send_fail":
            return NotArrived(_chat(event), _string(event["fail_msgid"]), int(event["fail_type"]))
        case "user_recall_msg":
            taken_back = _string(event["recall_msgid"])
            return _inbound(item, _chat(event), InboundKind.RECALLED, taken_back, {})
        case "session_status_change":
            return _handed(item, event)
    return None


def _handed(item: Json, event: Json) -> Handed:
    is_back = int(event["change_type"]) == _ENDED
    servicer = "" if is_back else str(event.get("new_servicer_userid") or "?")
    code = str(event.get("msg_code") or "") if is_back else ""
    kind = InboundKind.UNSTAFFED if is_back else InboundKind.STAFFED
    notice = _inbound(item, _chat(event), kind, "", {})
    until = notice.sent_at + CODE_LIFE
    if code:
        notice = replace(notice, extra={"say_until": until.isoformat()})
    return Handed(_chat(event), servicer, notice, code, until)


def _entered(item: Json, event: Json) -> Entered | None:
    code, place = str(event.get("welcome_code") or ""), str(event.get("scene_param") or "")
    if not code and not place:
        return None  # welcomed already: they know us
    came_by = plain_text(place or str(event.get("scene") or ""))
    extra = {} if code else {"again": "1"}  # no greeting, only the place of the code
    start = _inbound(item, _chat(event), InboundKind.START, came_by, extra)
    return Entered(_chat(event), code, start.sent_at + CODE_LIFE, start)


def _inbound(
    item: Json, chat: str, kind: InboundKind, text: str, extra: dict[str, str]
) -> Inbound:
    return Inbound(
        channel=KIND,
        chat=chat,
        outer_id=_id(item["msgid"]),
        kind=kind,
        text=text,
        sent_at=moment(int(item["send_time"])),
        sender=parties(chat)[1],
        extra=extra,
    )


def _unreadable(item: Any, now: datetime) -> Inbound | None:
    if not isinstance(item, dict) or not isinstance(item.get("msgid"), str):
        return None
    whole = orjson.dumps(shallow(item))
    return Inbound(
        channel=KIND,
        chat="",
        outer_id=_known_by(item["msgid"], whole),
        kind=InboundKind.UNREADABLE,
        text=whole.decode(),
        sent_at=now,
    )


def _chat(ids: Json) -> str:
    return chat_of(_id(ids["open_kfid"]), _id(ids["external_userid"]))


def _known_by(msgid: str, whole: bytes) -> str:
    """The id of what makes no sense; where not even that does, the same for each repeat of it."""
    return msgid if 0 < len(msgid) <= _LONGEST_ID else hashlib.sha256(whole).hexdigest()


def _id(value: Any) -> str:
    found = _string(value)
    if len(found) > _LONGEST_ID:
        raise ValueError("too long for an id")
    return found


def _string(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("a text was expected")
    return value
