"""A corp id or a secret that is refused is told and left alone; what passes is asked again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from channels.base import FailureKind
from channels.wecom.client import Client
from channels.wecom.failures import Trouble, WecomError
from records.database import Database
from tests.support.scripted_wecom import CORP, SECRET, TOKEN, Clock, Raw, ScriptedWecom, a_client

PATH = "kf/account/list"


@pytest.fixture
def kind() -> str:
    """What is told here is the same on both databases."""
    return "sqlite"


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedWecom]:
    async with ScriptedWecom() as server:
        yield server


@pytest.fixture
async def client(server: ScriptedWecom, database: Database, clock: Clock) -> AsyncIterator[Client]:
    client = a_client(server, database, clock)
    yield client
    await client.close()


@pytest.mark.parametrize("code", [40001, 40013, 40091, 41002, 41004])
async def test_refused_credentials_are_asked_for_once_and_told(
    client: Client, server: ScriptedWecom, code: int
) -> None:
    server.script["gettoken"] = [code]
    results = await asyncio.gather(*(_trouble(client) for _ in range(200)))
    assert set(results) == {Trouble.CREDENTIALS}
    assert (server.count("gettoken"), server.count(PATH)) == (1, 0)
    assert "GUIYAN_WECOM_KF_SECRET" in client.fault()


async def test_a_wrong_secret_is_tried_a_few_times_an_hour(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.secret = "reset"
    for _ in range(3600):
        await _trouble(client)
        clock.turn(seconds=1)
    assert 2 <= server.count("gettoken") <= 6


async def test_a_mended_secret_clears_the_fault(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.script["gettoken"] = [40001]
    assert await client.check() == client.fault() != ""
    clock.turn(minutes=5)
    assert await client.check() == client.fault() == ""


async def test_a_blocked_address_is_left_alone_for_an_hour(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.script["gettoken"] = [45009]
    assert await _trouble(client) is Trouble.TOO_FAST
    clock.turn(minutes=59)
    assert await _trouble(client) is Trouble.TOO_FAST
    assert server.count("gettoken") == 1
    clock.turn(minutes=1)
    await client.call(PATH, {})


async def test_a_token_that_is_refused_again_and_again_is_no_storm(
    client: Client, server: ScriptedWecom
) -> None:
    server.script[PATH] = [40014] * 1000
    results = [await _trouble(client) for _ in range(100)]
    assert server.count("gettoken") <= 10
    assert set(results) == {Trouble.TOKEN, Trouble.TOO_FAST}


@pytest.mark.parametrize(
    "bad",
    [
        -1,
        Raw(),
        Raw(b"<html>", 502),
        {"errcode": 0, "expires_in": 7200},
        {"errcode": 0, "access_token": "", "expires_in": 7200},
        {"errcode": 0, "access_token": TOKEN, "expires_in": 0},
        {"errcode": 0, "access_token": TOKEN, "expires_in": "soon"},
    ],
)
async def test_without_a_token_a_message_has_certainly_not_left(
    client: Client, server: ScriptedWecom, bad: int | Raw
) -> None:
    server.script["gettoken"] = [bad, bad]  # aiohttp asks a cut GET again
    with pytest.raises(WecomError) as raised:
        await client.call("kf/send_msg", {})
    assert raised.value.as_failure().kind is FailureKind.UNREACHABLE
    assert server.count("kf/send_msg") == 0


async def test_a_passing_failure_is_asked_again_soon(
    client: Client, server: ScriptedWecom, clock: Clock
) -> None:
    server.script["gettoken"] = [-1]
    results = await asyncio.gather(*(_trouble(client) for _ in range(50)))
    assert (set(results), server.count("gettoken")) == ({Trouble.NOT_SENT}, 1)
    clock.turn(seconds=1)
    await client.call(PATH, {})
    assert client.fault() == ""


async def test_nothing_secret_is_told_when_all_goes_wrong(
    client: Client, server: ScriptedWecom, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for code in (40001, 60020, 45009):
        server.script["gettoken"] = [code]
        await _trouble(client)
        clock.turn(hours=2)
    assert "gettoken" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, CORP, TOKEN))


async def _trouble(client: Client) -> Trouble:
    with pytest.raises(WecomError) as raised:
        await client.call(PATH, {})
    return raised.value.trouble
