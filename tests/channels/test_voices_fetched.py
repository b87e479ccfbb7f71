"""What people spoke can be had from their channel while it is there, and nothing leaks if not."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from channels.telegram.channel import Telegram
from records.database import Database
from records.messages import InboundKind
from records.vault import Vault
from tests.support.bot_api import BotApi
from tests.support.speech_api import amr, ogg
from tests.support.telegram_channel import ListDoor, polling
from tests.support.wecom.clock import DAY
from tests.support.wecom.faults import BAD_GATEWAY
from tests.support.wecom.server import WeCom
from tests.support.wecom_line import Line, a_line
from tests.support.wecom_member_line import a_member_line

HUGE = b"OggS" + bytes(5 * 1024 * 1024)


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom() as wecom:
        yield wecom


@pytest.fixture
async def line(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Line]:
    async with a_line(wecom, database, vault) as line:
        yield line


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def door() -> ListDoor:
    return ListDoor()


@pytest.fixture
async def telegram(api: BotApi, door: ListDoor) -> AsyncIterator[Telegram]:
    async with polling(api, door) as channel:
        yield channel


async def test_a_voice_of_a_customer_is_fetched_as_it_was_sent(line: Line) -> None:
    line.wecom.kf.sends_file(line.wecom.kf.customer(), "voice", amr())
    await line.hears(1)
    assert line.heard[0].kind is InboundKind.VOICE
    assert await line.channel.fetch(line.heard[0]) == amr()


async def test_after_three_days_it_is_gone(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.wecom.kf.sends_file(line.wecom.kf.customer(), "voice", amr())
    await line.hears(1)
    line.wecom.clock.advance(3 * DAY + 1)
    assert await line.channel.fetch(line.heard[0]) is None
    assert "media (40007) at media/get" in caplog.text
    assert line.heard[0].extra["file_id"] not in caplog.text


async def test_a_stumbling_wecom_is_asked_again(line: Line) -> None:
    line.wecom.kf.sends_file(line.wecom.kf.customer(), "voice", amr())
    await line.hears(1)
    line.wecom.faults.next("media/get", BAD_GATEWAY)
    assert await line.channel.fetch(line.heard[0]) == amr()


async def test_a_voice_of_a_member_is_fetched(
    wecom: WeCom, database: Database, vault: Vault
) -> None:
    async with a_member_line(wecom, database, vault) as line:
        wecom.app.sends_file("zhangsan", "voice", amr())
        await line.hears(1)
        assert await line.channel.fetch(line.heard[0]) == amr()


async def test_a_voice_note_is_fetched(api: BotApi, door: ListDoor, telegram: Telegram) -> None:
    api.speak(42, ogg("甲"))
    [voice] = await door.keeps(1)
    assert await telegram.fetch(voice) == ogg("甲")


async def test_a_voice_note_is_asked_for_twice(
    api: BotApi, door: ListDoor, telegram: Telegram
) -> None:
    api.speak(42, ogg())
    [voice] = await door.keeps(1)
    api.fail_next("getFile", 502, "Bad Gateway")
    assert await telegram.fetch(voice) == ogg()


@pytest.mark.parametrize("content", [HUGE, b""])
async def test_a_file_too_large_or_empty_is_none_that_could_be_heard(
    content: bytes, api: BotApi, door: ListDoor, telegram: Telegram
) -> None:
    api.speak(42, content)
    [voice] = await door.keeps(1)
    assert not await telegram.fetch(voice)


async def test_an_unknown_file_is_said_without_its_address(
    api: BotApi, door: ListDoor, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    api.speak(42, ogg())
    [voice] = await door.keeps(1)
    with caplog.at_level(logging.DEBUG, "guiyan"):
        assert await telegram.fetch(replace(voice, extra={"file_id": "gone"})) is None
    assert "a file could not be fetched: BadRequest" in caplog.text
    assert api.token not in caplog.text
