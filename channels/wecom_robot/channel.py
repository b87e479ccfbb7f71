"""The channel of group robots (群机器人, 消息推送): alerts, reports and posts to groups of staff.

Limits: 20 messages a minute for each robot; text 2048 bytes, markdown 4096 bytes of UTF-8; a
picture (JPG, PNG) of 2 MB, a message of its own (developer.work.weixin.qq.com, pages 91770 and
99398). The platform knows no repetition.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping

from aiohttp import web

from channels.base import Channel, FailureKind, Limits, Receive, SendFailure
from channels.merging import split_bytes
from channels.pictures import Pictures
from channels.wecom.client import RobotClient
from channels.wecom.failures import WecomError
from records.messages import Outgoing, Receipt

KIND = "wecom_robot"
TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096
MARKDOWN = "markdown"  # in a message's extras: the text is to be shown as markdown


class Robots(Channel):
    """All robots of the settings; a chat is a robot's name there."""

    kind = KIND
    # Five at once and fifteen a minute: never more than twenty in any minute.
    limits = Limits(
        text_length=TEXT_BYTES // 3, per_chat=15 / 60, per_group=15 / 60, bulk=5.0, burst=5
    )

    def __init__(
        self, clients: Mapping[str, RobotClient], pictures: Pictures | None = None
    ) -> None:
        self._clients = clients
        self._pictures = pictures
        self._sent: dict[int, int] = {}  # message → parts that arrived before a failure

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """None: robots hear nothing."""
        return ()

    async def start(self, receive: Receive) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing comes in."""

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.close()

    def fault(self) -> str:
        """What WeCom complained of, by robot."""
        faults = {name: client.fault() for name, client in self._clients.items()}
        return "; ".join(f"robot {name}: {fault}" for name, fault in faults.items() if fault)

    async def check(self) -> str:
        """As `fault`: a robot can only be tried by speaking in its group."""
        return self.fault()

    async def send(self, message: Outgoing) -> Receipt:
        """Say a message in the robot's group, in parts where it is long; raises SendFailure."""
        client = self._clients.get(message.chat)
        if client is None:
            raise SendFailure(
                FailureKind.BAD_ADDRESS, "no robot of this name in GUIYAN_WECOM_ROBOTS"
            )
        content = await self._pictures.of(message) if self._pictures else None
        wanted = [*([_picture(content)] if content else []), *_bodies(message)]
        sent = self._sent.pop(message.id, 0)
        try:
            while sent < len(wanted):
                await client.send(wanted[sent])
                sent += 1
        except WecomError as error:
            self._sent[message.id] = sent
            raise error.as_failure() from None
        return Receipt()


def _picture(content: bytes) -> dict[str, object]:
    # The digest is the platform's check against damage, no secret rests on it.
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(content).decode(), "md5": digest}
    return {"msgtype": "image", "image": image}


def _bodies(message: Outgoing) -> list[dict[str, object]]:
    msgtype, limit = (
        ("markdown", MARKDOWN_BYTES) if MARKDOWN in message.extra else ("text", TEXT_BYTES)
    )
    parts = split_bytes(message.text, limit)
    return [{"msgtype": msgtype, msgtype: {"content": part}} for part in parts]
