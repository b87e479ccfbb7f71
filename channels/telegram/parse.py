"""One update of the Bot API, as JSON values → one Inbound; people's names are left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from channels.decoding import moment, shallow
from channels.plain_text import plain_text
from channels.telegram.keyboard import pressed_value
from outreach.groups.joining import TITLE
from records.messages import Inbound, InboundKind

KIND = "telegram"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")

EDIT_SECONDS = 60  # an edit within this time is a typing mistake put right; later ones are ignored

_COMMAND = re.compile(
    r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL | re.ASCII
)
_COMMANDS = {
    "help": "帮助",
    "cancel": "返回",
    "restart": "重来",
    "human": "人工",
    "stop": "停",
    "delete": "删除",
}
_NOT_FOR_US = frozenset({"channel_post", "edited_channel_post"})
# Messages that the app writes when something changes in the chat: nobody said them.
_SERVICE = frozenset(
    {
        "chat_background_set",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "left_chat_member",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "pinned_message",
        "write_access_allowed",
    }
)
_NAMES = frozenset({"first_name", "last_name", "username", "title"})
_NONSENSE = (LookupError, TypeError, AttributeError, ValueError, OverflowError, OSError)

Json = Mapping[str, Any]
_Content = tuple[InboundKind, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is, as getMe said."""

    id: int
    username: str


def is_update(value: object) -> bool:
    """Whether this can be stored and confirmed at all."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return type(number) is int and 0 <= number < 2**63


def parse(update: Json, me: Me, now: datetime) -> Inbound | None:
    """The message in an update; None where it is not for us; UNREADABLE where it has no sense.

    `now` stands in where Telegram gives no time: for a tap, and for what cannot be read.
    """
    try:
        for name, read in _READERS.items():
            if name in update:
                return read(_object(update[name]), update["update_id"], me, now)
    except _NONSENSE:
        return _unreadable(update, now)
    return None if _NOT_FOR_US.intersection(update) else _unreadable(update, now)


def callback_id(update: Json) -> str:
    """What a tap must be acknowledged by; "" where the update is no tap."""
    tap = update.get("callback_query")
    return str(tap.get("id", "")) if isinstance(tap, dict) else ""


def _message(message: Json, number: int, me: Me, now: datetime) -> Inbound | None:
    if "migrate_to_chat_id" in message:
        moved_to = str(_whole(message["migrate_to_chat_id"]))
        return _inbound(message, number, (InboundKind.MIGRATED, moved_to, {}))
    if _is_nobody(message):
        return None
    if _is_group(_object(message["chat"])):
        return _group_message(message, number, me)
    text = _text(message)
    content = _content(message, text, me)
    return _inbound(message, number, content) if content else None


def _group_message(message: Json, number: int, me: Me) -> Inbound | None:
    """In groups we read only what is said to us: a command, our name, an answer to us."""
    text, mentions = _mention(me.username).subn(" ", _text(message))
    text = text.strip()
    if not (mentions or _COMMAND.fullmatch(text) or _answers_us(message, me)):
        return None
    if mentions and not text:
        text = _COMMANDS["help"]  # our name and nothing else
    content = _content(message, text, me)
    return _inbound(message, number, content) if content else None


def _edited(message: Json, number: int, me: Me, now: datetime) -> Inbound | None:
    chat = _object(message["chat"])
    is_prompt = _whole(message["edit_date"]) - _whole(message["date"]) <= EDIT_SECONDS
    if chat["type"] != "private" or "text" not in message or not is_prompt:
        return None
    return _message(message, number, me, now)


def _tap(tap: Json, number: int, me: Me, now: datetime) -> Inbound:
    message = _object(tap["message"])
    value = pressed_value(_string(tap["data"]), message.get("reply_markup") or {})
    kind = InboundKind.OPTION if value else InboundKind.OTHER
    said = {**message, "from": tap["from"], "date": int(now.timestamp())}
    return _inbound(said, number, (kind, value, {}))


def _membership(change: Json, number: int, me: Me, now: datetime) -> Inbound | None:
    was, is_there = _is_there(change["old_chat_member"]), _is_there(change["new_chat_member"])
    if was == is_there:
        return None
    if not _is_many(_object(change["chat"])):
        kind = InboundKind.UNBLOCKED if is_there else InboundKind.BLOCKED
        return _inbound(change, number, (kind, "", {}))
    if not is_there:
        return _inbound(change, number, (InboundKind.LEFT, "", {}))
    title = {TITLE: _string(change["chat"].get("title", ""))}
    return _inbound(change, number, (InboundKind.JOINED, "", title))


_READERS: Mapping[str, Callable[[Json, int, Me, datetime], Inbound | None]] = {
    "message": _message,
    "callback_query": _tap,
    "my_chat_member": _membership,
    "edited_message": _edited,
}


def _inbound(message: Json, number: int, content: _Content) -> Inbound:
    chat = _object(message["chat"])
    kind, text, extra = content
    if message.get("is_topic_message"):
        extra = {**extra, "thread": str(_whole(message["message_thread_id"]))}
    return Inbound(
        channel=KIND,
        chat=str(_whole(chat["id"])),
        outer_id=str(number),
        kind=kind,
        text=text,
        sent_at=moment(_whole(message["date"])),
        sender=str(_whole(message["from"]["id"])) if "from" in message else "",
        sequence=number,
        is_group=_is_many(chat),
        extra=extra,
    )


def _content(message: Json, text: str, me: Me) -> _Content | None:
    """What a message says; None where it says nothing or speaks to another bot."""
    if "contact" in message:
        return _contact(message, _object(message["contact"]))
    if "voice" in message:
        voice = _object(message["voice"])
        seconds = str(_whole(voice.get("duration", 0)))
        extra = {"file_id": _string(voice["file_id"]), "duration": seconds}
        return InboundKind.VOICE, text, extra
    extra = {"file_id": _string(message["photo"][-1]["file_id"])} if "photo" in message else {}
    if text:
        return _words(text, extra, me)
    if extra:
        return InboundKind.PICTURE, "", extra
    return None if _SERVICE.intersection(message) else (InboundKind.OTHER, "", {})


def _words(text: str, extra: dict[str, str], me: Me) -> _Content | None:
    command = _COMMAND.fullmatch(text)
    if command is None:
        return InboundKind.TEXT, text, extra
    if command["bot"] and command["bot"].lower() != me.username.lower():
        return None
    if command["name"] == "start":
        return InboundKind.START, (command["rest"] or "").strip(), extra
    return InboundKind.TEXT, _COMMANDS.get(command["name"].lower(), text), extra


def _contact(message: Json, contact: Json) -> _Content:
    """A number counts only as the sender's own: anybody's card can be passed on."""
    if contact.get("user_id") != message["from"]["id"]:
        return InboundKind.OTHER, "", {"contact": "foreign"}
    if _is_group(message["chat"]):
        return InboundKind.OTHER, "", {}  # a number shown to the whole group is not taken down
    return InboundKind.CONTACT, _string(contact["phone_number"]), {}


def _unreadable(update: Json, now: datetime) -> Inbound:
    # The raw update travels as text, so that the door masks and bounds it like anything said.
    return Inbound(
        channel=KIND,
        chat=_some_chat(update),
        outer_id=str(update["update_id"]),
        kind=InboundKind.UNREADABLE,
        text=orjson.dumps(shallow(update, without=_NAMES)).decode(),
        sent_at=now,
        sequence=update["update_id"],
    )


def _some_chat(update: Json) -> str:
    for value in update.values():
        chat = value.get("chat") if isinstance(value, dict) else None
        if isinstance(chat, dict) and type(chat.get("id")) is int:
            return str(chat["id"])
    return ""


def _text(message: Json) -> str:
    return plain_text(_string(message.get("text", message.get("caption", ""))))


def _is_nobody(message: Json) -> bool:
    """Channels, and other bots; but an administrator who hides behind the group is somebody."""
    is_bot = message.get("from", {}).get("is_bot") and "sender_chat" not in message
    return bool(is_bot) or _object(message["chat"])["type"] == "channel"


def _is_group(chat: Json) -> bool:
    return chat["type"] in ("group", "supergroup")


def _is_many(chat: Json) -> bool:
    return _is_group(chat) or chat["type"] == "channel"


def _answers_us(message: Json, me: Me) -> bool:
    # Everything in a topic "answers" the notice that the topic was made; that is not meant.
    answered = message.get("reply_to_message") or {}
    is_ours = answered.get("from", {}).get("id") == me.id
    return is_ours and "forum_topic_created" not in answered


def _is_there(member: Json) -> bool:
    if member["status"] == "restricted":
        return bool(member["is_member"])
    return member["status"] in ("member", "administrator", "creator")


@lru_cache(maxsize=4)
def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(username)}\b", re.IGNORECASE | re.ASCII)


def _object(value: Any) -> Json:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number was expected")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text was expected")
    return value
