"""Telegram's groups come with their size, and can be asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from channels.telegram.channel import Telegram
from outreach.groups.crowds import Counting, Crowd
from outreach.groups.joining import SIZE, TITLE
from records.messages import InboundKind
from tests.support.bot_api import BotApi
from tests.support.telegram_channel import ListDoor, a_channel, hooked, polling

Way = Callable[[BotApi, ListDoor], AbstractAsyncContextManager[object]]
GROUP, UPGRADED = -77, -100577


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Telegram]:
    made = a_channel(api)
    yield made
    await made.close()


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
@pytest.mark.parametrize("way", [polling, hooked])
async def test_a_group_comes_in_with_its_title_and_size(api: BotApi, way: Way, kind: str) -> None:
    door = ListDoor()
    async with way(api, door):
        api.take_in(GROUP, "广州老乡群", 312, by=7, kind=kind)
        (notice,) = await door.keeps(1)
    assert (notice.kind, notice.sender, notice.is_group) == (InboundKind.JOINED, "7", True)
    assert notice.extra == {TITLE: "广州老乡群", SIZE: "312"}


@pytest.mark.parametrize("method", ["getChat", "getChatMemberCount"])
async def test_a_group_that_cannot_be_counted_comes_in_all_the_same(
    api: BotApi, method: str
) -> None:
    api.fail_next(method, 502, "Bad Gateway")
    door = ListDoor()
    async with polling(api, door):
        api.take_in(GROUP, "广州老乡群", 312)
        (notice,) = await door.keeps(1)
    assert notice.extra == {TITLE: "广州老乡群"}


async def test_whoever_throws_the_bot_out_is_heard(api: BotApi) -> None:
    door = ListDoor()
    async with polling(api, door):
        api.take_in(GROUP, "广州老乡群", 312)
        api.throw_out(GROUP)
        await door.keeps(2)
    assert door.kinds == [InboundKind.JOINED, InboundKind.LEFT]


async def test_a_group_is_asked_for_by_its_address(api: BotApi, channel: Telegram) -> None:
    api.take_in(GROUP, "广州老乡群", 312)
    assert isinstance(channel, Counting)
    assert await channel.crowd(str(GROUP)) == Crowd("广州老乡群", 312)


async def test_a_group_that_threw_the_bot_out_is_gone(api: BotApi, channel: Telegram) -> None:
    api.throw_out(GROUP)
    assert await channel.crowd(str(GROUP)) == Crowd(is_gone=True)
    assert await channel.crowd("-1") == Crowd(is_gone=True)


async def test_an_upgraded_group_says_its_new_address(api: BotApi, channel: Telegram) -> None:
    api.migrate(GROUP, UPGRADED)
    assert await channel.crowd(str(GROUP)) == Crowd(moved_to=str(UPGRADED))


@pytest.mark.parametrize(("status", "words"), [(429, "Too Many Requests"), (502, "Bad Gateway")])
async def test_a_server_in_trouble_says_nothing(
    api: BotApi, channel: Telegram, status: int, words: str
) -> None:
    api.take_in(GROUP, "广州老乡群", 312)
    api.fail_next("getChat", status, words)
    assert await channel.crowd(str(GROUP)) == Crowd()
