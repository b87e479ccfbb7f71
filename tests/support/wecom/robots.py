"""群机器人: webhook robots of groups of staff."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.support.wecom.cards import check_card
from tests.support.wecom.clock import MINUTE
from tests.support.wecom.limits import Window
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.wire import Body, Refused, list_of, object_of, size, text_of
from tests.support.wecom.world import Corp

_PER_MINUTE = 20
_IMAGE_BYTES = 2 * 1024 * 1024
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(slots=True)
class Robot:
    """One robot; its group's phone is under its key."""

    name: str
    key: str
    sends: Window
    is_disabled: bool = False


class Robots:
    """All robots of the corp."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._robots: dict[str, Robot] = {}
        self.too_long_code = 40058  # or 45002: sources differ

    def add(self, name: str = "值班群") -> str:
        """A new robot; its key."""
        robot = Robot(name, self._corp.ids.key(), Window(_PER_MINUTE, MINUTE))
        self._robots[robot.key] = robot
        return robot.key

    def remove(self, key: str) -> None:
        del self._robots[key]

    def disable(self, key: str, is_disabled: bool = True) -> None:
        self._robots[key].is_disabled = is_disabled

    def known(self) -> list[str]:
        return list(self._robots)

    def shown(self, key: str) -> list[Shown]:
        """What the robot's group sees."""
        return self._corp.phones.of(key)

    def find(self, key: str) -> Robot:
        """The robot, or a refusal."""
        if key not in self._robots:
            raise Refused(93000, "invalid webhook url")
        if self._robots[key].is_disabled:
            raise Refused(93004, "robot is disabled")
        return self._robots[key]

    def send(self, key: str, body: Body) -> Body:
        """`webhook/send`."""
        robot = self.find(key)
        now = self._corp.clock.now()
        if not robot.sends.take(now):
            raise Refused(45009, "api freq out of limit")
        msgtype = text_of(body, "msgtype", code=40008)
        if msgtype not in self._checks():
            raise Refused(40008, "invalid message type")
        content = object_of(body, msgtype)
        self._checks()[msgtype](key, content)
        shown = Shown(now, key, robot.name, By.US, msgtype, dict(content))
        self._corp.phones.show(shown)
        return {}

    async def upload(self, key: str, request: web.BaseRequest) -> Body:
        """`webhook/upload_media`: the file is for this robot only."""
        kind = request.query.get("type", "")
        if kind not in {"file", "voice"}:
            raise Refused(40004, "invalid media type")
        return await self._corp.media.upload(request, kind, only_for=self.find(key).key)

    def _checks(self) -> dict[str, Callable[[str, Body], None]]:
        return {
            "text": lambda key, content: self._text(content, 2048),
            "markdown": lambda key, content: self._text(content, 4096),
            "markdown_v2": lambda key, content: self._text(content, 4096),
            "image": lambda key, content: _image(content),
            "news": lambda key, content: _news(content),
            "file": self._file,
            "voice": self._file,
            "template_card": lambda key, content: _card(content),
        }

    def _text(self, content: Body, most: int) -> None:
        if size(text_of(content, "content", code=44004)) > most:
            raise Refused(self.too_long_code, f"content exceed max length {most}")

    def _file(self, key: str, content: Body) -> None:
        self._corp.media.find(text_of(content, "media_id"), used_by=key)


def _image(content: Body) -> None:
    try:
        raw = b64decode(text_of(content, "base64"), validate=True)
    except NotBase64:
        raise Refused(40058, "invalid base64") from None
    if hashlib.md5(raw).hexdigest() != text_of(content, "md5"):
        raise Refused(301019, "invalid image md5")
    if len(raw) > _IMAGE_BYTES or not raw.startswith(_IMAGE_STARTS):
        raise Refused(40009, "invalid image size")


def _news(content: Body) -> None:
    for article in list_of(content, "articles", least=1, most=8):
        text_of(article, "title", most=128)
        text_of(article, "url")


def _card(content: Body) -> None:
    check_card(content)
    if content["card_type"] not in {"text_notice", "news_notice"}:
        raise Refused(40058, "invalid card_type for a robot")
