"""Outgoing messages as calls, and a plainer form for what Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest, TelegramError, TimedOut
from telegram.request import BaseRequest

from channels.base import FailureKind, SendFailure
from channels.pictures import PICTURE, Pictures, name_of
from channels.splitting import split
from channels.telegram.client import Client
from channels.telegram.failures import (
    as_failure,
    is_about_content,
    is_done_already,
    is_thread_gone,
)
from channels.telegram.keyboard import labels, markup
from records.messages import Outgoing

TEXT_LENGTH = 4096  # code points
_PLAIN_LENGTH = TEXT_LENGTH // 2
_CAPTION_LENGTH = 1024
_REMEMBERED = 10_000
_UPLOAD_SECONDS = 15.0  # of a picture
_SECONDS = 18.0  # for all parts: after 20 the sender takes a claim for a dead process's

Call = dict[str, Any]


def calls(message: Outgoing) -> list[Call]:
    """The parameters of each call that a message takes; the options go with the last.

    The text goes as it is, without a parse mode: nothing in it can be mistaken for mark-up.
    """
    chat, thread = _number(message.chat), message.extra.get("thread")
    if gone := message.extra.get("delete"):
        return [{"chat_id": chat, "message_id": int(gone)}]
    *earlier, last = split(message.text, TEXT_LENGTH)
    wants_contact = "wants_contact" in message.extra
    plain = markup((), wants_contact=False, is_private=chat > 0)
    final = markup(message.options, wants_contact=wants_contact, is_private=chat > 0)
    return [
        {
            "chat_id": chat,
            "text": text,
            "message_thread_id": int(thread) if thread else None,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": keyboard,
        }
        for text, keyboard in [*((part, plain) for part in earlier), (last, final)]
    ]


def pictured(parts: Sequence[Call], photo: InputFile | str) -> list[Call]:
    """The same calls with a picture: above the words where they fit under it, else before them."""
    first, *others = parts
    fits = not others and len(first["text"]) <= _CAPTION_LENGTH
    call = {"chat_id": first["chat_id"], "photo": photo}
    if not fits:
        return [call, *parts]
    thread, keyboard = first["message_thread_id"], first["reply_markup"]
    words = {"caption": first["text"]} if first["text"] else {}
    return [{**call, **words, "message_thread_id": thread, "reply_markup": keyboard}]


def mended(call: Call, error: BadRequest) -> list[Call]:
    """What to try once instead of a refused call; nothing where trying is no use."""
    if "message_id" in call:
        return []
    if "photo" in call:  # the words alone would not be what was agreed to
        return []
    if is_thread_gone(error) and call["message_thread_id"]:
        return [{**call, "message_thread_id": None}]
    if not is_about_content(error):
        return []
    lines = [call["text"], *labels(call["reply_markup"])]
    parts = split("\n".join(lines), _PLAIN_LENGTH)
    return [{**call, "text": part, "reply_markup": None} for part in parts]


class Deliveries:
    """Sends the parts of messages; a repeated message goes on where it stopped."""

    def __init__(
        self, client: Client, *, pictures: Pictures | None = None, seconds: float = _SECONDS
    ) -> None:
        self._client = client
        self._pictures = pictures
        self._seconds = seconds
        self._known: dict[str, str] = {}  # picture → the file that Telegram has of it
        self._parts_sent: dict[int, int] = {}  # message id → parts that arrived before a failure

    async def deliver(self, message: Outgoing) -> str:
        """Telegram's id of the last part. Raises SendFailure."""
        outer_id, parts = "", await self._parts(message)
        sent = self._parts_sent.pop(message.id, 0)
        try:
            async with asyncio.timeout(self._seconds):
                while sent < len(parts):
                    outer_id = await self._send(parts[sent], message.extra.get(PICTURE, ""))
                    sent += 1
        except TelegramError as error:
            raise self._stopped(message.id, sent, error) from None
        except TimeoutError:
            raise self._stopped(message.id, sent, TimedOut()) from None
        return outer_id

    async def _parts(self, message: Outgoing) -> list[Call]:
        parts = calls(message)
        content = await self._pictures.of(message) if self._pictures else None
        if content is None:
            return parts
        known = self._known.get(message.extra[PICTURE])
        return pictured(parts, known or InputFile(content, filename=name_of(content)))

    async def _send(self, call: Call, picture: str) -> str:
        try:
            return await self._post(call, picture)
        except BadRequest as error:
            if is_done_already(error):
                return ""
            instead = mended(call, error)
            if not instead:
                raise
        return [await self._post(part, picture) for part in instead][-1]

    async def _post(self, call: Call, picture: str) -> str:
        seconds = _UPLOAD_SECONDS if "photo" in call else BaseRequest.DEFAULT_NONE
        result = await self._client.call(_method(call), call, seconds=seconds)
        if not isinstance(result, dict):
            return ""
        if result.get("photo"):
            self._remember(picture, str(result["photo"][-1].get("file_id") or ""))
        return str(result.get("message_id", ""))

    def _remember(self, picture: str, file_id: str) -> None:
        """What Telegram has is not brought there again, for the next group."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        if file_id:
            self._known[picture] = file_id

    def _stopped(self, message_id: int, sent: int, error: TelegramError) -> SendFailure:
        if len(self._parts_sent) >= _REMEMBERED:
            self._parts_sent.clear()  # they were given up on
        if sent:
            self._parts_sent[message_id] = sent
        return as_failure(error)


def _method(call: Call) -> str:
    if "message_id" in call:
        return "deleteMessage"
    return "sendPhoto" if "photo" in call else "sendMessage"


def _number(chat: str) -> int:
    try:
        return int(chat)
    except ValueError:
        raise SendFailure(FailureKind.BAD_ADDRESS, "not a chat number") from None
