"""What an error of the Bot API means for a message, in our closed list."""

from __future__ import annotations

import re

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from channels.base import FailureKind, SendFailure
from channels.telegram.request import NotSent, SlowDown, UnreadableAnswer

# Parts of the server's descriptions of a 400, in lower case, and what they mean. First match wins.
_REFUSALS = (
    ("chat not found", FailureKind.BAD_ADDRESS),
    ("user not found", FailureKind.BAD_ADDRESS),
    ("peer_id_invalid", FailureKind.BAD_ADDRESS),
    ("chat_id is empty", FailureKind.BAD_ADDRESS),
    ("not enough rights", FailureKind.MISCONFIGURED),
    ("have no rights", FailureKind.MISCONFIGURED),
    ("need administrator rights", FailureKind.MISCONFIGURED),
    ("chat_write_forbidden", FailureKind.MISCONFIGURED),
    ("topic_closed", FailureKind.MISCONFIGURED),
    ("message is too long", FailureKind.TOO_LONG),
)
_DONE_ALREADY = (
    "message is not modified",
    "message to edit not found",
    "message to delete not found",
    "query is too old",
)
_THREAD_GONE = ("message thread not found", "topic_closed", "topic_deleted")
_CONTENT = (
    "can't parse",
    "message is too long",
    "button_data_invalid",
    "reply markup is too long",
    "phone number can be requested in private chats only",
)


def is_done_already(error: TelegramError) -> bool:
    """The server refuses because there is nothing left to do."""
    return _says(error, _DONE_ALREADY)


def is_thread_gone(error: TelegramError) -> bool:
    """The topic of a group was closed or deleted."""
    return _says(error, _THREAD_GONE)


def is_about_content(error: TelegramError) -> bool:
    """The keyboard or the length is refused: the same words may pass in a plainer form."""
    return _says(error, _CONTENT)


def as_failure(error: TelegramError) -> SendFailure:
    """The failure that the sender acts on."""
    if isinstance(error, SlowDown):
        return SendFailure(
            FailureKind.THROTTLED, "asked to slow down", retry_after=error.retry_after
        )
    if isinstance(error, ChatMigrated):
        return SendFailure(
            FailureKind.MOVED, "group was upgraded", moved_to=str(error.new_chat_id)
        )
    return SendFailure(_kind(error), detail_of(error))


def detail_of(error: TelegramError) -> str:
    """The server's words up to the first sign or figure: after that they may quote a message."""
    said = re.match(r"[A-Za-z_' ]*", error.message.removeprefix("Forbidden: "))
    return (said[0].strip() if said else "")[:60] or type(error).__name__


def _kind(error: TelegramError) -> FailureKind:
    # BadRequest is a NetworkError to PTB, so it is looked at before the rest of those.
    match error:
        case BadRequest():
            text = error.message.lower()
            return next((kind for part, kind in _REFUSALS if part in text), FailureKind.REJECTED)
        case Forbidden():
            return FailureKind.BLOCKED_BY_PERSON
        case InvalidToken():
            return FailureKind.MISCONFIGURED
        case NotSent():
            return FailureKind.UNREACHABLE
        case UnreadableAnswer():
            return FailureKind.UNREADABLE_ANSWER
    return FailureKind.UNCERTAIN


def _says(error: TelegramError, parts: tuple[str, ...]) -> bool:
    return isinstance(error, BadRequest) and any(p in error.message.lower() for p in parts)
