"""The terminal: lines in, replies out, a transcript, and nothing that breaks it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path

import pytest

from channels.base import Channel, FailureKind, SendFailure
from channels.terminal.channel import STORE_DOWN, Terminal, talk
from channels.terminal.lines import NO_WORDS, TOO_LONG, UNREADABLE, read_lines
from records.database import StoreUnavailable
from records.messages import Inbound, Option, Outgoing

CHOICE = (Option("1 同意", "yes"), Option("不同意", "no"))


class Session:
    """A terminal whose other end says everything back, with a choice."""

    def __init__(self) -> None:
        self.screen: list[str] = []
        self.transcript: list[str] = []
        self.heard: list[Inbound] = []
        self.fault: Exception | None = None
        self.terminal = Terminal(
            self.screen.append, chat="here", transcript=self.transcript.append
        )
        self._due: list[Inbound] = []

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        if self.fault:
            raise self.fault
        batch = list(messages)
        self.heard += batch
        self._due += batch
        return [True] * len(batch)

    async def settled(self) -> None:
        for message in self._due:
            text = f"您说：{message.text}\n行吗？"
            await self.terminal.send(Outgoing(1, "terminal", "here", text, CHOICE))
        self._due.clear()

    async def talk(self, data: bytes, now: datetime) -> str:
        """Feed these bytes through a pipe; what the screen shows in the end."""
        reader, writer = os.pipe()
        feeding = asyncio.create_task(asyncio.to_thread(_feed, writer, data))
        await talk(
            self.terminal,
            read_lines(reader),
            receive=self.receive,
            settled=self.settled,
            now=lambda: now,
        )
        await feeding
        os.close(reader)
        return "".join(self.screen)


def _feed(writer: int, data: bytes) -> None:
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(data)


@pytest.fixture
def session() -> Session:
    return Session()


async def lines_of(path: Path) -> list[str]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return [line async for line in read_lines(descriptor)]
    finally:
        os.close(descriptor)


async def test_a_line_in_and_its_reply_out(session: Session, now: datetime) -> None:
    assert await session.talk("登记\n".encode(), now) == "您说：登记\n行吗？\n1 同意\n· 不同意\n"


async def test_the_last_line_is_answered_before_the_end(session: Session, now: datetime) -> None:
    await session.talk("一\n二\n三".encode(), now)
    assert [message.text for message in session.heard] == ["一", "二", "三"]
    assert session.screen[-1].startswith("您说：三")


async def test_every_line_is_a_message_of_its_own(session: Session, now: datetime) -> None:
    await session.talk(b"1\n1\n", now)
    first, second = session.heard
    assert (first.text, first.conversation, first.sent_at) == ("1", "terminal:here", now)
    assert first.outer_id != second.outer_id


async def test_the_talk_is_written_down_as_tests_read_it(session: Session, now: datetime) -> None:
    await session.talk("登记\n".encode(), now)
    assert session.transcript == ["> 登记\n", "< 您说：登记\\n行吗？ [1 同意 | 不同意]\n"]


async def test_a_reply_without_a_choice_has_no_brackets(session: Session) -> None:
    await session.terminal.send(Outgoing(1, "terminal", "here", "好的。"))
    assert (session.screen, session.transcript) == (["好的。\n"], ["< 好的。\n"])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("贷".encode() * 3_500_000, TOO_LONG),
        (b"a" * 4001, TOO_LONG),
        (b"\xff\xfe\x00", UNREADABLE),
        ("贷款".encode("gb18030"), UNREADABLE),
        (b"\x00\x07\x1b", NO_WORDS),
    ],
    ids=["ten megabytes", "one letter too many", "no text", "another encoding", "only controls"],
)
async def test_a_line_that_cannot_be_sent_gets_a_sentence(
    session: Session, now: datetime, line: bytes, sentence: str
) -> None:
    shown = await session.talk(line + "\n好\n".encode(), now)
    assert shown.startswith(sentence + "\n您说：好")
    assert [message.text for message in session.heard] == ["好"]


@pytest.mark.parametrize(
    ("line", "text"),
    [("\x1b[31m红\x07", "[31m红"), ("  登记\t ", "登记"), ("👨‍👩‍👧", "👨‍👩‍👧"), ("好\r", "好")],
)
async def test_what_steers_a_terminal_is_left_out(
    session: Session, now: datetime, line: str, text: str
) -> None:
    await session.talk(line.encode() + b"\n", now)
    assert [message.text for message in session.heard] == [text]


async def test_a_reply_cannot_steer_the_terminal(session: Session) -> None:
    await session.terminal.send(Outgoing(1, "terminal", "here", "\x1b]0;x\x07好"))
    assert session.screen == ["]0;x好\n"]


async def test_blank_lines_say_nothing(session: Session, now: datetime) -> None:
    assert await session.talk(b"\n  \n\t\n", now) == ""


async def test_a_store_that_is_away_gets_a_sentence(session: Session, now: datetime) -> None:
    session.fault = StoreUnavailable("the database is locked")
    assert await session.talk("好\n".encode(), now) == STORE_DOWN + "\n"


async def test_another_sessions_messages_are_not_shown(session: Session) -> None:
    with pytest.raises(SendFailure) as failure:
        await session.terminal.send(Outgoing(1, "terminal", "elsewhere", "给别人的"))
    assert (failure.value.kind, session.screen) == (FailureKind.UNREACHABLE, [])


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", []), (b"\n", [""]), (b"a\nb", ["a", "b"]), (b"a\r\n\nb\n", ["a\r", "", "b"])],
)
async def test_lines_of_a_file(tmp_path: Path, content: bytes, lines: list[str]) -> None:
    (tmp_path / "lines").write_bytes(content)
    assert await lines_of(tmp_path / "lines") == lines


async def test_a_letter_on_the_edge_of_a_read_stays_whole(tmp_path: Path) -> None:
    words = "雁" * 3999
    (tmp_path / "lines").write_text("\n".join(["a" + words] * 20), encoding="utf-8")
    assert await lines_of(tmp_path / "lines") == ["a" + words] * 20


async def test_a_closed_terminal_is_the_end(now: datetime) -> None:
    reader, writer = os.pipe()
    os.close(writer)
    os.close(reader)
    assert [line async for line in read_lines(reader)] == []


async def test_a_silent_keyboard_does_not_hold_up_the_end() -> None:
    reader, writer = os.pipe()
    lines: AsyncIterator[str] = read_lines(reader)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(lines), 0.05)
    os.close(writer)
    os.close(reader)


async def test_it_needs_nothing_from_outside(session: Session) -> None:
    channel: Channel = session.terminal
    await channel.start(session.receive)
    await channel.stop()
    await channel.close()
    assert (list(channel.routes(session.receive)), channel.fault()) == ([], "")
    assert await channel.check() == ""
