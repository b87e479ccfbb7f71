"""The people on the other side of the Bot API stand-in: they write, tap, block and edit."""

from __future__ import annotations

import time
from typing import Any

from tests.support.bot_api_checks import Chat, Refused
from tests.support.bot_api_updates import Updates


class People:
    """Makes updates as Telegram makes them, and keeps the chats that the bot knows."""

    def __init__(self, updates: Updates, username: str, bot_id: int) -> None:
        self.updates = updates
        self.username = username
        self.me = {"id": bot_id, "is_bot": True, "first_name": "归雁", "username": username}
        self.chats: dict[int, Chat] = {}
        self.taps: set[str] = set()
        self.ahead = 0.0  # seconds: of a rehearsal whose clocks are set ahead
        self.wrote: dict[int, float] = {}  # update id → when it was made
        self.files: dict[str, bytes] = {}  # file id → what was sent
        self._written = 0

    def chat(self, number: int, kind: str = "") -> Chat:
        """The chat of this number; made when it is new: a group below zero, else private."""
        if number not in self.chats:
            kind = kind or ("private" if number > 0 else "supergroup")
            self.chats[number] = Chat(number, kind)
        return self.chats[number]

    def say(self, chat: int, text: str, **more: Any) -> int:
        """A person writes; the update's id."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}]
        if text.startswith("/"):
            more = {"entities": entities, **more}
        return self.write(chat, text=text, **more)

    def write(self, chat: int, *, sender: int = 0, **content: Any) -> int:
        """A person sends a message of any kind."""
        return self.give({"message": self.message(chat, sender=sender, **content)})

    def speak(self, chat: int, content: bytes, seconds: int = 2) -> int:
        """A person sends a voice note."""
        file_id = f"AwACAgUAAxkBAAI{len(self.files)}"
        self.files[file_id] = content
        voice = {"file_id": file_id, "file_unique_id": f"u{len(self.files)}", "duration": seconds}
        return self.write(chat, voice={**voice, "mime_type": "audio/ogg"})

    def show(self, chat: int, content: bytes, caption: str = "") -> int:
        """A person sends a photo, as the server has it: small, and as it was sent."""
        file_id = f"AgACAgUAAxk{len(self.files)}"
        self.files[file_id] = content
        sizes = [{"file_id": "small", "width": 90, "height": 90}, {"file_id": file_id}]
        words: dict[str, Any] = {"caption": caption} if caption else {}
        return self.write(chat, photo=sizes, **words)

    def find_file(self, params: dict[str, Any]) -> dict[str, Any]:
        """`getFile`: the path under which a file can be had."""
        file_id = str(params.get("file_id"))
        if file_id not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        return {"file_id": file_id, "file_size": size, "file_path": f"voice/{file_id}.oga"}

    def message(self, chat: int, *, sender: int = 0, **content: Any) -> dict[str, Any]:
        self._written += 1
        return {
            "message_id": 500_000 + self._written,
            "from": person(sender or abs(chat)),
            "chat": self.chat(chat).as_json(),
            "date": int(time.time() + self.ahead),
            **content,
        }

    def tap(self, chat: int, message: dict[str, Any], data: str, *, sender: int = 0) -> int:
        """A person presses the button with this callback_data under a message of the bot."""
        number = str(7_000_000 + len(self.taps))
        self.taps.add(number)
        query = {
            "id": number,
            "from": person(sender or abs(chat)),
            "chat_instance": str(chat),
            "message": message,
            "data": data,
        }
        return self.give({"callback_query": query})

    def change_membership(self, chat: int, old: str, new: str, *, by: int = 0) -> int:
        """The bot is added, made admin, removed, blocked or unblocked."""
        change = {
            "chat": self.chat(chat).as_json(),
            "from": person(by or abs(chat)),
            "date": int(time.time() + self.ahead),
            "old_chat_member": {"user": self.me, "status": old},
            "new_chat_member": {"user": self.me, "status": new},
        }
        return self.give({"my_chat_member": change})

    def take_in(
        self, chat: int, title: str, members: int, *, by: int = 0, kind: str = "supergroup"
    ) -> int:
        """A person takes the bot into a group, or makes it an administrator of a channel."""
        there = self.chat(chat, kind)
        there.title, there.members, there.refusal = title, members, None
        new = "administrator" if kind == "channel" else "member"
        return self.change_membership(chat, "left", new, by=by)

    def throw_out(self, chat: int) -> int:
        """The bot is removed from a group, where it may do nothing any more."""
        out = "Forbidden: bot was kicked from the supergroup chat"
        self.chat(chat).refusal = Refused(403, out)
        return self.change_membership(chat, "member", "kicked")

    def find_chat(self, params: dict[str, Any]) -> Chat:
        """`getChat`, `getChatMemberCount`: a chat that the bot may look at."""
        chat = self.chats.get(int(params["chat_id"]))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.refusal is not None:
            raise chat.refusal
        return chat

    def block(self, chat: int) -> None:
        """From now on sends to this person are refused; the bot hears of it."""
        blocked = Refused(403, "Forbidden: bot was blocked by the user")
        self.chat(chat).refusal = blocked
        self.change_membership(chat, "member", "kicked")

    def migrate(self, old: int, new: int) -> None:
        """A group becomes a supergroup with a new address."""
        moved = "Bad Request: group chat was upgraded to a supergroup chat"
        self.chat(old).refusal = Refused(400, moved, migrate_to_chat_id=new)
        self.chat(new)
        self.write(old, migrate_to_chat_id=new)
        self.write(new, migrate_from_chat_id=old)

    def give(self, update: dict[str, Any], *, is_raw: bool = False) -> int:
        """Put an update in the queue, however it looks if it is raw."""
        number = self.updates.add(update, is_raw=is_raw)
        self.wrote[number] = time.time()
        return number


def person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "甲", "language_code": "zh-hans"}
