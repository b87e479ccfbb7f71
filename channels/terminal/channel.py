"""The terminal as a channel, for `talk` and demonstrations: one chat a session."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime

from aiohttp import web

from channels.base import FailureKind, Limits, Receive, SendFailure
from channels.plain_text import plain_text
from channels.terminal.lines import fault_of
from records.database import StoreUnavailable
from records.messages import Inbound, InboundKind, Outgoing, Receipt

STORE_DOWN = "系统正忙，这句话还没有收下，请过一会儿再发。"


def _nowhere(_text: str) -> None:
    """No transcript is kept."""


class Terminal:
    """Writes replies as plain text; `transcript` gets the talk in the form that tests read."""

    kind = "terminal"
    limits = Limits(
        text_length=100_000,
        per_chat=1000,
        per_group=1000,
        bulk=1000,
        burst=1000,
        is_shared=False,
    )

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        chat: str,
        transcript: Callable[[str], None] = _nowhere,
    ) -> None:
        self.chat = chat
        self._write = write
        self._transcript = transcript

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """None: nothing comes over HTTP."""
        return ()

    async def start(self, receive: Receive) -> None:
        """Nothing to open; `talk` feeds the lines."""

    async def stop(self) -> None:
        """Nothing to end: the input ends by itself."""

    async def close(self) -> None:
        """Nothing to release."""

    def fault(self) -> str:
        """A terminal is there or the program is not."""
        return ""

    async def check(self) -> str:
        """As `fault`."""
        return ""

    async def send(self, message: Outgoing) -> Receipt:
        """Print one message. Another session's is not ours to show."""
        if message.chat != self.chat:
            raise SendFailure(FailureKind.UNREACHABLE, "that session is not open here")
        self._write(_printed(message))
        self._transcript(_transcribed(message))
        return Receipt()

    async def hear(self, line: str, receive: Receive, now: datetime) -> bool:
        """Pass one line on; whether there is something to wait for. A fault gets a sentence."""
        text = plain_text(line)
        if fault := fault_of(line):
            self._write(fault + "\n")
        elif text:
            self._transcript(f"> {text}\n")
            try:
                await receive([self._inbound(text, now)])
            except StoreUnavailable:
                self._write(STORE_DOWN + "\n")
            else:
                return True
        return False

    def _inbound(self, text: str, now: datetime) -> Inbound:
        return Inbound(
            channel=self.kind,
            chat=self.chat,
            outer_id=str(uuid.uuid4()),
            kind=InboundKind.TEXT,
            text=text,
            sent_at=now,
            sender=self.chat,
        )


async def talk(
    terminal: Terminal,
    lines: AsyncIterator[str],
    *,
    receive: Receive,
    settled: Callable[[], Awaitable[None]],
    now: Callable[[], datetime],
) -> None:
    """Feed each line and wait until `settled` says that its replies are out, to the last one."""
    async for line in lines:
        if await terminal.hear(line, receive, now()):
            await settled()


def _printed(message: Outgoing) -> str:
    options = (_choice(option.label) for option in message.options)
    return "\n".join(plain_text(line) for line in (message.text, *options)) + "\n"


def _choice(label: str) -> str:
    # Where a number is an answer, the label bears it; one of our own would be a lie.
    return label if label[:1].isdigit() else f"· {label}"


def _transcribed(message: Outgoing) -> str:
    # One line a reply: a line feed within it is written as \n.
    text = plain_text(message.text).replace("\n", "\\n")
    labels = " | ".join(option.label for option in message.options)
    return f"< {text} [{labels}]\n" if labels else f"< {text}\n"
