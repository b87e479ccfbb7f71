"""Options as Telegram buttons, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from records.messages import Option

BUTTONS = 100  # Telegram's most in one keyboard
DATA_BYTES = 64
CONTACT_LABEL = "📱 发送我的手机号"

_SHORT = 6  # characters of a label that fit half a small screen in large type
_REFERENCE = "#"  # callback_data that stands for a value which is too long: "#<index>"


def markup(
    options: Sequence[Option], *, wants_contact: bool, is_private: bool
) -> dict[str, Any] | None:
    """The reply_markup of a message.

    Sharing one's number needs a reply keyboard, which groups refuse; its options come back as
    typed labels. A private message without buttons clears such a keyboard away, because Telegram
    can do that only together with a message.
    """
    if wants_contact and is_private:
        return _contact_keyboard(options)
    if options:
        return _inline_keyboard(options[:BUTTONS])
    return {"remove_keyboard": True} if is_private else None


def labels(reply_markup: Mapping[str, Any] | None) -> list[str]:
    """What the buttons of a keyboard say."""
    rows = (reply_markup or {}).get("inline_keyboard", ())
    return [button["text"] for row in rows for button in row]


def pressed_value(data: str, reply_markup: Mapping[str, Any]) -> str:
    """The value of a pressed button; the label where the value was too long to travel.

    "" when the keyboard is needed and Telegram no longer shows it to us.
    """
    if not data.startswith(_REFERENCE):
        return data
    for row in reply_markup.get("inline_keyboard", ()):
        for button in row:
            if button.get("callback_data") == data:
                return str(button["text"])
    return ""


def _inline_keyboard(options: Sequence[Option]) -> dict[str, Any]:
    buttons = [
        {"text": option.label, "callback_data": _data(option.value, index)}
        for index, option in enumerate(options)
    ]
    return {"inline_keyboard": _rows(buttons)}


def _contact_keyboard(options: Sequence[Option]) -> dict[str, Any]:
    share = {"text": CONTACT_LABEL, "request_contact": True}
    others = _rows([{"text": option.label} for option in options[: BUTTONS - 1]])
    return {"keyboard": [[share], *others], "resize_keyboard": True, "one_time_keyboard": True}


def _rows(buttons: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    wide = 2 if all(len(button["text"]) <= _SHORT for button in buttons) else 1
    return [buttons[i : i + wide] for i in range(0, len(buttons), wide)]


def _data(value: str, index: int) -> str:
    travels = 0 < len(value.encode()) <= DATA_BYTES and not value.startswith(_REFERENCE)
    return value if travels else f"{_REFERENCE}{index}"
