"""What the Bot API refuses, in the server's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # code points
DATA_LIMIT = 64  # bytes
BUTTON_LIMIT = 100
PHOTO_LIMIT = 10 * 1024**2  # bytes
_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")

Params = Mapping[str, Any]


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass(slots=True)
class Chat:
    """A chat that the bot knows; `refusal` is what every send into it is answered with."""

    id: int
    type: str
    refusal: Refused | None = None
    title: str = "村里的群"
    members: int = 12  # with the bots
    threads: dict[int, bool] = field(default_factory=dict)  # topic → is open

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def as_json(self) -> dict[str, Any]:
        name = {"first_name": "甲"} if self.is_private else {"title": self.title}
        return {"id": self.id, "type": self.type, **name}


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def check_message(params: Params, chat: Chat) -> None:
    """Refuse what the server refuses in sendMessage."""
    if chat.refusal is not None:
        raise chat.refusal
    if "photo" in params:
        check_caption(params["text"])
    else:
        check_text(params.get("text"))
    check_thread(params.get("message_thread_id"), chat)
    check_markup(params.get("reply_markup"), chat)


def check_text(text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise bad("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad("message is too long")


def check_caption(text: str) -> None:
    """The words under a photo, which may be none."""
    if len(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")


def check_photo(content: bytes) -> None:
    """Refuse a file that is no photo, or too large for one."""
    if not content.startswith(_PHOTOS):
        raise bad("IMAGE_PROCESS_FAILED")
    if len(content) > PHOTO_LIMIT:
        raise bad("PHOTO_INVALID_SIZE")


def check_thread(thread: object, chat: Chat) -> None:
    if thread is None:
        return
    if not isinstance(thread, int) or thread not in chat.threads:
        raise bad("message thread not found")
    if not chat.threads[thread]:
        raise bad("TOPIC_CLOSED")


def check_markup(markup: object, chat: Chat) -> None:
    """Refuse a keyboard that is malformed, too large, or in the wrong kind of chat."""
    if markup is None:
        return
    if not isinstance(markup, Mapping):
        raise bad("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in markup:
        _check_inline(_rows(markup["inline_keyboard"]))
    elif "keyboard" in markup:
        _check_reply_keyboard(_rows(markup["keyboard"]), chat)


def _rows(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad("can't parse reply keyboard markup JSON object")
    buttons = [button for row in value for button in row]
    if len(buttons) > BUTTON_LIMIT:
        raise bad("reply markup is too long")
    return [{"text": b} if isinstance(b, str) else b for b in buttons]


def _check_inline(buttons: list[Mapping[str, Any]]) -> None:
    for button in buttons:
        if not button.get("text"):
            raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
        if "callback_data" not in button and "url" not in button:
            raise bad(
                "can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            )
        data = button.get("callback_data", "-")
        if not 1 <= len(data.encode()) <= DATA_LIMIT:
            raise bad("BUTTON_DATA_INVALID")


def _check_reply_keyboard(buttons: list[Mapping[str, Any]], chat: Chat) -> None:
    for button in buttons:
        if not button.get("text"):
            raise bad('can\'t parse keyboard button: Field "text" must be of type String')
        if button.get("request_contact") and not chat.is_private:
            raise bad("phone number can be requested in private chats only")
